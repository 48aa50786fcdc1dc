/* SPDX-License-Identifier: MIT */
/*
 * options_rules.c - which options on rules go together.
 *
 * In: settings. Out: nothing. Refused, with exit status 2: options that have no
 * meaning beside what else was asked for, and a reason that does not exist.
 */
#include "options_rules.h"

#include <stdio.h>
#include <string.h>

/* Lists all possible words in one line. */
static int refuse_reason(const char *word)
{
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, "not one of");
    for (int i = BOUNCE_REASON_UNKNOWN + 1; i <= BOUNCE_REASON_DELIVERED && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " %s", bounce_reason_name((bounce_reason)i));
    return usage_error(word, text);
}

static int check_draft(const struct settings *s)
{
    if (bounce_reason_from_name(s->draft_rule) == BOUNCE_REASON_UNKNOWN)
        return refuse_reason(s->draft_rule);
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
