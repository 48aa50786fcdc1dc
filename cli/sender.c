/* SPDX-License-Identifier: MIT */
/*
 * sender.c - see sender.h.
 *
 * In: options. Out: a bounce_sent that the parser checks reports against. Refused: names that are not domains, files
 * that cannot be read or are wrong; no message shows a key.
 */
#include "sender.h"

#include "output/calendar.h"
#include "output/complain.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_BYTES = 4096 + 32 };

int64_t sender_read_date(const char *text)
{
    int64_t days;
    if (strlen(text) != strlen("2026-11-30") || !calendar_days(text, &days) || days < 0)
        return -1;
    return days * 86400 + 86399;
}

/* "keys.txt:3:1", or the path alone. */
static bool refuse(const char *path, const bounce_error *error)
{
    char place[PLACE_BYTES];
    if (error->line)
        snprintf(place, sizeof place, "%s:%u:%u", path, (unsigned)error->line, (unsigned)error->column);
    else
        snprintf(place, sizeof place, "%s", path);
    complain(place, error->message);
    return false;
}

static bool add(bounce_sent *sent, const struct sender_option *option)
{
    bounce_error error;
    switch (option->kind) {
    case SENDER_IDS:
        return bounce_sent_read_ids(sent, option->value, &error) == BOUNCE_OK || refuse(option->value, &error);
    case SENDER_KEYS:
        return bounce_sent_read_keys(sent, option->value, &error) == BOUNCE_OK || refuse(option->value, &error);
    case SENDER_RELAY:
        if (bounce_sent_add_relay(sent, option->value) == BOUNCE_OK)
            return true;
        break;
    case SENDER_DOMAIN:
        if (bounce_sent_add_domain(sent, option->value) == BOUNCE_OK)
            return true;
        break;
    }
    const char *name = option->kind == SENDER_RELAY ? "--relay" : "--own-domain";
    complain(*option->value ? option->value : name, "not a domain");
    return false;
}

bool sender_apply(const struct sender *s, bounce_options *o)
{
    bool right = true;
    bounce_options_set_authserv_id(o, s->authserv_id);
    if (!s->count)
        return true;
    bounce_sent *sent = bounce_sent_new();
    for (size_t i = 0; right && i < s->count; i++)
        right = add(sent, &s->options[i]);
    if (s->as_of >= 0)
        bounce_sent_set_time(sent, s->as_of);
    bounce_options_set_sent(o, sent);
    bounce_sent_unref(sent);
    return right;
}
