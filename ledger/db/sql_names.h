/* SPDX-License-Identifier: MIT */
/* sql_names.h - the names of the statements in sql/statements.sql, in their order. */
#ifndef LEDGER_DB_SQL_NAMES_H
#define LEDGER_DB_SQL_NAMES_H

// clang-format off
#define SQL_NAMES(X) \
    X(has_tables) \
    X(get_setting) \
    X(put_setting) \
    X(find_word) \
    X(add_word) \
    X(get_word) \
    X(find_domain) \
    X(add_domain) \
    X(find_scope) \
    X(add_scope) \
    X(tenant_of) \
    X(find_address) \
    X(add_address) \
    X(add_name) \
    X(find_sent) \
    X(add_unresolved) \
    X(events_of) \
    X(put_event) \
    X(change_event) \
    X(drop_event) \
    X(add_hour) \
    X(hours_of) \
    X(first_hour) \
    X(reasons_of) \
    X(any_trip) \
    X(trips_of) \
    X(add_trip) \
    X(drop_trip) \
    X(counted_between) \
    X(complaints_between) \
    X(count_of_message) \
    X(addresses_of_message) \
    X(sent_of_message) \
    X(states_of) \
    X(put_state) \
    X(drop_state) \
    X(add_change) \
    X(ticking_addresses) \
    X(ticking_domains) \
    X(put_domain_delivery) \
    X(put_domain_event) \
    X(domain_events_of) \
    X(domain_state_of) \
    X(put_domain_state) \
    X(last_change) \
    X(would_change) \
    X(may_address) \
    X(may_domain) \
    X(any_domain_state) \
    X(any_domain_row) \
    X(any_forgotten) \
    X(is_forgotten) \
    X(put_forgotten) \
    X(drop_forgotten) \
    X(changes_after) \
    X(suppressed) \
    X(suppressed_in) \
    X(suppressed_since) \
    X(due) \
    X(held) \
    X(find_by_name) \
    X(show_address) \
    X(show_names) \
    X(show_states) \
    X(show_events) \
    X(show_changes) \
    X(forget_address) \
    X(forget_sent) \
    X(is_suppressed) \
    X(prune_events) \
    X(prune_sent) \
    X(put_sent) \
    X(figures) \
    X(figures_of_words) \
    X(figures_of_sending_domains) \
    X(figures_of_domains) \
    X(figures_of_scopes) \
    X(figures_of_states) \
    X(figures_of_full) \
    X(figures_of_roles) \
    X(outcomes) \
    X(unresolved_between) \
    X(exported) \
    X(exported_in) \
    X(addresses_after) \
    X(subjects) \
    X(drop_trips) \
    X(replayed)
// clang-format on

#endif
