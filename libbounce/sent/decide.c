/* SPDX-License-Identifier: MIT */
/*
 * decide.c - yes, no or unknown: see sent.h.
 *
 * In: what a sender knows, and what a report shows. Out: an answer and one word for why. "Yes" needs one valid key, or
 * a Message-ID that was sent. "No" needs positive proof: the returned message names nobody of ours anywhere, or a key
 * fails next to a valid one. All else is unknown: missing, late or unusual facts do not prove that a report is forged.
 */
#define _GNU_SOURCE 1 /* memrchr() */
#include "sent/sent.h"

#include <string.h>

#include "base/limits.h"

/* ------------------------------------------------------------- domains */

static bool is_name_byte(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* The domain itself or the end of a longer name; not the front of one. */
static bool text_has_domain(struct span text, struct span domain)
{
    for (const char *at = text.s; at;) {
        const struct span rest = span_of(at, (size_t)(text.s + text.n - at));
        const char *found = span_find_word(rest, domain);
        if (!found)
            return false;
        const char *after = found + domain.n, *end = text.s + text.n;
        const bool begins = found == text.s || !is_name_byte(found[-1]);
        const bool ends =
            after == end || (!is_name_byte(*after) && !(*after == '.' && after + 1 < end && is_name_byte(after[1])));
        if (begins && ends)
            return true;
        at = after;
    }
    return false;
}

/* Whether a text names one of the domains, or a host or address in it. */
static bool names_domain(const GPtrArray *domains, struct span text)
{
    for (guint i = 0; text.n && i < domains->len; i++)
        if (text_has_domain(text, span_z(g_ptr_array_index(domains, i))))
            return true;
    return false;
}

/* ---------------------------------------------------------------- keys */

/* What all keyed values of a mail say together. */
struct checks {
    const struct bounce_sent *sent;
    int64_t day;
    const char *valid; /* why the first valid one is valid; NULL: none */
    bool expired, failed;
};

static void note(struct checks *c, enum sent_check check, const char *why)
{
    if (check == CHECK_VALID && !c->valid)
        c->valid = why;
    c->expired |= check == CHECK_EXPIRED;
    c->failed |= check == CHECK_FAILED;
}

/* A Message-ID: in the list, or with our mark. */
static void check_id(struct checks *c, struct span id)
{
    const struct bounce_sent *sent = c->sent;
    id = sent_id_trim(id);
    if (!id.n)
        return;
    if (sent_ids_has(&sent->ids, id))
        note(c, CHECK_VALID, "sent-id");
    if (sent->keys.count)
        note(c, sent_check_id(&sent->keys, id, names_domain(sent->domains, id), c->day), "message-id-key");
}

static bool is_between_ids(char c)
{
    return ascii_is_space(c) || c == ',';
}

/* "<a@b> <c@d>": References and In-Reply-To have several, the newest of them last. */
static void check_ids(struct checks *c, struct span text)
{
    enum { IDS = 16 }; /* of one field */
    for (size_t seen = 0; seen < IDS; seen++) {
        while (text.n && is_between_ids(text.s[text.n - 1]))
            text.n--;
        size_t begin = text.n;
        while (begin && !is_between_ids(text.s[begin - 1]) && (begin == text.n || text.s[begin - 1] != '>'))
            begin--;
        if (begin == text.n)
            return;
        check_id(c, span_of(text.s + begin, text.n - begin));
        text.n = begin;
    }
}

/* An address with each of its wraps, such as prvs= around our own return path. */
static void check_address(struct checks *c, struct span address)
{
    static const size_t batv_front = sizeof "prvs=0123456789=" - 1;
    const struct sent_keys *keys = &c->sent->keys;
    address = sent_id_trim(address);
    const char *at = address.n ? memrchr(address.s, '@', address.n) : NULL;
    if (!at)
        return;
    struct span local = span_of(address.s, (size_t)(at - address.s));
    const struct span domain = span_of(at + 1, address.n - local.n - 1);
    const bool own = names_domain(c->sent->domains, domain);
    note(c, sent_check_srs(keys, local, own, c->day), "srs");
    note(c, sent_check_batv(keys, local, domain, own, c->day), "batv");
    if (span_starts_nocase(local, "prvs=") && local.n > batv_front)
        local = span_of(local.s + batv_front, local.n - batv_front);
    note(c, sent_check_path(keys, local, domain, own, c->day), "return-path-key");
}

static struct checks check_all(const struct bounce_sent *sent, const struct sent_mail *mail)
{
    struct checks c = {.sent = sent, .day = sent->keys.count ? sent_today(sent) : 0};
    for (size_t i = 0; i < mail->id_count; i++)
        check_ids(&c, span_z(mail->ids[i]));
    for (size_t i = 0; sent->keys.count && i < mail->address_count; i++)
        check_address(&c, span_z(mail->addresses[i]));
    return c;
}

/* ------------------------------------------------------------ the answer */

bool sent_signs_mail(const struct bounce_sent *sent)
{
    for (size_t i = 0; i < sent->keys.count; i++)
        if (sent->keys.list[i].kind == KEY_HMAC)
            return true;
    return sent->ids.count > 0;
}

/* Whether the returned header names its sender well enough to say that the sender is none of us: it has all five
 * fields; or, if we would know our own Message-IDs, two of them in a message that came back whole. */
static bool is_complete(const struct bounce_sent *sent, const struct sent_mail *mail)
{
    const unsigned two = SENT_FROM | SENT_MESSAGE_ID;
    if (mail->present == SENT_ALL_FIELDS)
        return true;
    return sent_signs_mail(sent) && mail->whole && (mail->present & two) == two;
}

static bool names_us(const struct bounce_sent *sent, const struct sent_mail *mail)
{
    for (size_t i = 0; i < mail->named_count; i++)
        if (names_domain(sent->domains, mail->named[i]) || names_domain(sent->relays, mail->named[i]))
            return true;
    return false;
}

/* The answer without a valid key: unknown if the message may still be ours. */
static struct sent_answer without_key(const struct bounce_sent *sent, const struct sent_mail *mail)
{
    const struct sent_answer no_key = {BOUNCE_SENT_UNKNOWN, sent->ids.count ? "id-not-listed" : "no-key"};
    if (!mail->returned)
        return (struct sent_answer){BOUNCE_SENT_UNKNOWN, "not-returned"};
    if (names_domain(sent->relays, mail->message_id))
        return (struct sent_answer){BOUNCE_SENT_UNKNOWN, "id-replaced"};
    if (!sent->domains->len || names_us(sent, mail))
        return no_key;
    if (!is_complete(sent, mail))
        return (struct sent_answer){BOUNCE_SENT_UNKNOWN, "headers-cut"};
    return (struct sent_answer){BOUNCE_SENT_NO, "foreign"};
}

bool sent_is_empty(const struct bounce_sent *sent)
{
    return !sent->domains->len && !sent->relays->len && !sent->ids.count && !sent->keys.count;
}

struct sent_answer sent_decide(const struct bounce_sent *sent, const struct sent_mail *mail)
{
    const struct checks c = check_all(sent, mail);
    if (c.valid && c.failed)
        return (struct sent_answer){BOUNCE_SENT_NO, "key-mismatch"};
    if (c.valid)
        return (struct sent_answer){BOUNCE_SENT_YES, c.valid};
    if (c.expired)
        return (struct sent_answer){BOUNCE_SENT_UNKNOWN, "key-expired"};
    const struct sent_answer answer = without_key(sent, mail);
    if (c.failed && answer.answer == BOUNCE_SENT_UNKNOWN)
        return (struct sent_answer){BOUNCE_SENT_UNKNOWN, "key-failed"};
    return answer;
}
