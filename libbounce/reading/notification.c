/* SPDX-License-Identifier: MIT */
/*
 * notification.c - Amazon SES notifications: JSON that SNS sends by mail.
 *
 * In: the text of a mail. Out: recipients of its bounce, complaint or delivery.
 * Mail programs fold and cut such bodies, so that they are often no JSON any
 * more; what is read are the strings and the keys in front of them, in order.
 * The notification may be a string inside that of SNS.
 * Refused: text without "notificationType" (or "eventType") near its front.
 */
#include <string.h>

#include "mail/address.h"
#include "reading/findings.h"
#include "reading/notification.h"
#include "reading/reading.h"

enum json_token { TOKEN_END, TOKEN_STRING, TOKEN_MARK };

struct json {
    struct span rest;
    struct strbuf text; /* of the string just read */
    char mark;          /* one of {}[]:, */
};

/* \uXXXX; surrogates become U+FFFD one by one, which no address needs. Without
 * four digits it is no such escape: what follows may be half of a character. */
static void read_escape(struct json *j)
{
    char c = j->rest.s[0];
    uint32_t u = 0;
    size_t used = 1;
    for (; c == 'u' && used < 5 && used < j->rest.n; used++) {
        char h = ascii_lower(j->rest.s[used]);
        if (!ascii_is_digit(h) && !(h >= 'a' && h <= 'f'))
            break;
        u = u * 16 + (uint32_t)(ascii_is_digit(h) ? h - '0' : h - 'a' + 10);
    }
    if (used == 5) {
        strbuf_putu(&j->text, u ? u : 0xfffd);
    } else {
        strbuf_putc(&j->text, c == 'n' || c == 'r' || c == 't' ? ' ' : c);
        used = 1;
    }
    j->rest = span_of(j->rest.s + used, j->rest.n - used);
}

static enum json_token next_token(struct json *j)
{
    while (j->rest.n && !strchr("\"{}[]:,", j->rest.s[0]))
        j->rest = span_of(j->rest.s + 1, j->rest.n - 1);
    if (!j->rest.n)
        return TOKEN_END;
    char c = j->rest.s[0];
    j->rest = span_of(j->rest.s + 1, j->rest.n - 1);
    if (c != '"') {
        j->mark = c;
        return TOKEN_MARK;
    }
    j->text.n = 0;
    while (j->rest.n && j->rest.s[0] != '"') {
        c = j->rest.s[0];
        j->rest = span_of(j->rest.s + 1, j->rest.n - 1);
        if (c == '\\' && j->rest.n)
            read_escape(j);
        else
            strbuf_putc(&j->text, c == '\n' || c == '\r' ? ' ' : c);
    }
    if (j->rest.n)
        j->rest = span_of(j->rest.s + 1, j->rest.n - 1);
    return TOKEN_STRING;
}

/* What is known so far while walking through the keys. */
struct walk {
    struct reading *rd;
    bounce_action action; /* of the list that the walk is in */
    bool open;            /* a recipient, not yet among the findings: */
    struct finding to;
};

static void end_recipient(struct walk *w)
{
    if (!w->open)
        return;
    struct finding *f = findings_add(w->rd, FINDING_FIELDS, READER_NOTIFICATION);
    w->to.parent = f->parent;
    *f = w->to;
    if (f->diagnostic) {
        f->text = texts_intern(w->rd, span_z(f->diagnostic));
        f->where = "Diagnostic-Code";
        f->command = texts_reply(w->rd, f->text)->command;
    }
    w->open = false;
}

static void begin_recipient(struct walk *w, const char *address)
{
    end_recipient(w);
    if (!address_is_plausible(span_z(address)))
        return;
    w->open = true;
    w->to = (struct finding){.kind = FINDING_FIELDS,
                             .reader = READER_NOTIFICATION,
                             .address = arena_strdup(&w->rd->report->arena, address),
                             .address_type = "rfc822",
                             .action = w->action,
                             .last_attempt = INT64_MIN,
                             .will_retry_until = INT64_MIN,
                             .attempts = -1};
}

static void take_pair(struct walk *w, const char *key, const char *value)
{
    struct arena *a = &w->rd->report->arena;
    if (!strcmp(key, "emailAddress") && w->action)
        begin_recipient(w, value);
    else if (!strcmp(key, "feedbackId"))
        end_recipient(w);
    else if (!strcmp(key, "complaintFeedbackType"))
        w->rd->report->strings[BOUNCE_REPORT_FEEDBACK_TYPE] = arena_strdup(a, value);
    else if (!strcmp(key, "reportingMTA")) {
        const char *semicolon = strchr(value, ';');
        struct span host = span_trim(span_z(semicolon ? semicolon + 1 : value));
        w->rd->report->strings[BOUNCE_REPORT_REPORTING_MTA] = arena_strndup(a, host.s, host.n);
    } else if (!w->open) {
        return;
    } else if (!strcmp(key, "diagnosticCode") || !strcmp(key, "smtpResponse")) {
        struct span v = span_z(value);
        if (span_starts_nocase(v, "smtp;")) {
            w->to.diagnostic_type = "smtp";
            v = span_trim(span_of(v.s + 5, v.n - 5));
        }
        w->to.diagnostic = arena_strndup(a, v.s, v.n);
    } else if (!strcmp(key, "status")) {
        enhanced_parse(span_z(value), &w->to.status, NULL);
    }
}

static bounce_action list_action(const char *key)
{
    return !strcmp(key, "bouncedRecipients")      ? BOUNCE_ACTION_FAILED
           : !strcmp(key, "complainedRecipients") ? BOUNCE_ACTION_COMPLAINT
           : !strcmp(key, "delayedRecipients")    ? BOUNCE_ACTION_DELAYED
                                                  : BOUNCE_ACTION_UNKNOWN;
}

/* "delivery":{"recipients":["a@x",...],"smtpResponse":"250 ..."}: plain strings in a list. */
static void walk_tokens(struct walk *w, struct json *j)
{
    char *key = NULL, *last = NULL;
    bool delivery = false, in_list = false;
    for (enum json_token t; (t = next_token(j)) != TOKEN_END;) {
        if (t == TOKEN_STRING) {
            last = arena_strndup(w->rd->scratch, j->text.s, j->text.n);
            if (key)
                take_pair(w, key, last);
            else if (in_list && delivery)
                begin_recipient(w, last);
            key = NULL;
        } else if (j->mark == ':' && last) {
            key = last;
            last = NULL;
            delivery |= !strcmp(key, "delivery");
        } else if (j->mark == '[' && key) {
            w->action = list_action(key);
            in_list = delivery && !strcmp(key, "recipients");
            if (in_list)
                w->action = BOUNCE_ACTION_DELIVERED;
            key = NULL;
        } else if (j->mark == ']') {
            in_list = false;
            w->action = BOUNCE_ACTION_UNKNOWN;
        } else {
            if (j->mark == '{' && key && !strcmp(key, "mail"))
                end_recipient(w);
            key = NULL;
        }
    }
    end_recipient(w);
}

static bool has_type_in_front(struct span text)
{
    enum { FRONT_BYTES = 200 };
    struct span front = span_of(text.s, text.n < FRONT_BYTES ? text.n : FRONT_BYTES);
    return span_find(front, "\"notificationType\"") || span_find(front, "\"eventType\"");
}

/* Without raw delivery, SNS puts the notification into its own: "Message" : "{\"notificationType\" ...". The
 * string, or text itself. */
static struct span unwrapped(struct reading *rd, struct span text)
{
    const char *at = span_starts_nocase(span_trim(text), "{") ? span_find(text, "\"Message\"") : NULL;
    if (!at || !span_find(span_of(text.s, (size_t)(at - text.s)), "\"Notification\""))
        return text;
    struct json j = {.rest = span_of(at, (size_t)(text.s + text.n - at))};
    strbuf_init(&j.text, rd->scratch);
    next_token(&j); /* the key */
    const bool is_pair = next_token(&j) == TOKEN_MARK && j.mark == ':' && next_token(&j) == TOKEN_STRING;
    return is_pair ? span_of(j.text.s, j.text.n) : text;
}

bool notification_read(struct reading *rd)
{
    struct span text = has_type_in_front(rd->text) ? rd->text : unwrapped(rd, rd->text);
    if (!has_type_in_front(text))
        return false;
    struct json j = {.rest = text};
    strbuf_init(&j.text, rd->scratch);
    struct walk w = {.rd = rd};
    const size_t before = rd->findings.count;
    walk_tokens(&w, &j);
    return rd->findings.count > before;
}
