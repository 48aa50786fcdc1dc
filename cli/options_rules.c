/* SPDX-License-Identifier: MIT */
/*
 * options_rules.c - which options on rules go together.
 *
 * In: settings. Out: nothing. Refused, with exit status 2: options that have no
 * meaning beside what else was asked for, and a reason that does not exist.
 */
#include "options_rules.h"

#include <string.h>

static int check_draft(const struct settings *s)
{
    bool unknown = bounce_reason_from_name(s->draft_rule) == BOUNCE_REASON_UNKNOWN;
    if (unknown)
        return usage_error(s->draft_rule, "not a reason; doc/reasons.md lists them, as in --draft-rule mailbox-full");
    if (s->mode != MODE_CLASSIFY && s->mode != MODE_REPLY)
        return usage_error("--draft-rule", "is for mails, and for replies with --reply");
    if (s->events || s->suppress || s->undecided)
        return usage_error("--draft-rule", "cannot be used with --events, --suppress and --undecided");
    return 0;
}

int settings_check_rules(const struct settings *s)
{
    if (s->mode == MODE_HELP || s->mode == MODE_VERSION)
        return 0;
    if (s->against_count && s->mode != MODE_TEST_RULES)
        return usage_error("--against", "is for --test-rules");
    if (s->undecided && s->mode >= MODE_CHECK_RULES)
        return usage_error("--undecided", "is for mails, replies, logs and events");
    if (s->undecided && s->suppress)
        return usage_error("--undecided", "cannot be used with --suppress");
    if (s->undecided && s->fields.count)
        return usage_error("--undecided", "prints rules, which have no fields");
    return s->draft_rule ? check_draft(s) : 0;
}
