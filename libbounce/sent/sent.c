/* SPDX-License-Identifier: MIT */
/*
 * sent.c - filling and sharing what a sender knows, and the marks that it puts on its mail.
 *
 * In: the calls of bounce.h. Out: a struct bounce_sent, Message-IDs and return paths. Refused: changes once options use
 * it, domains without a letter, names that would not fit into an address.
 */
#include "sent/sent.h"

#include <string.h>
#include <time.h>

enum { SECONDS_OF_DAY = 24 * 3600, LOCAL_PART_BYTES = 64 /* RFC 5321 4.5.3.1.1 */ };

bounce_sent *bounce_sent_new(void)
{
    bounce_sent *sent = g_new0(bounce_sent, 1);
    sent->references = 1;
    sent->domains = g_ptr_array_new_with_free_func(g_free);
    sent->relays = g_ptr_array_new_with_free_func(g_free);
    return sent;
}

bounce_sent *bounce_sent_ref(bounce_sent *sent)
{
    if (sent)
        g_atomic_int_inc(&sent->references);
    return sent;
}

void bounce_sent_unref(bounce_sent *sent)
{
    if (!sent || !g_atomic_int_dec_and_test(&sent->references))
        return;
    g_ptr_array_unref(sent->domains);
    g_ptr_array_unref(sent->relays);
    sent_ids_clear(&sent->ids);
    sent_keys_clear(&sent->keys);
    g_free(sent);
}

/* "@Ours.example." is "ours.example". */
static bounce_status add_name(bounce_sent *sent, bool relay, const char *domain)
{
    if (!sent || sent->in_use || !domain)
        return BOUNCE_ERROR_ARGUMENT;
    struct span s = span_trim(span_z(domain));
    if (s.n && s.s[0] == '@')
        s = span_of(s.s + 1, s.n - 1);
    while (s.n && s.s[s.n - 1] == '.')
        s.n--;
    bool sane = s.n > 0 && s.s[0] != '.';
    for (size_t i = 0; i < s.n; i++)
        sane = sane && (ascii_is_alnum(s.s[i]) || strchr("-._", s.s[i]) || (unsigned char)s.s[i] >= 0x80);
    if (!sane)
        return BOUNCE_ERROR_ARGUMENT;
    g_ptr_array_add(relay ? sent->relays : sent->domains, g_ascii_strdown(s.s, (gssize)s.n));
    return BOUNCE_OK;
}

bounce_status bounce_sent_add_domain(bounce_sent *sent, const char *domain)
{
    return add_name(sent, false, domain);
}

bounce_status bounce_sent_add_relay(bounce_sent *sent, const char *domain)
{
    return add_name(sent, true, domain);
}

bounce_status bounce_sent_add_id(bounce_sent *sent, const char *message_id)
{
    if (!sent || sent->in_use || !message_id)
        return BOUNCE_ERROR_ARGUMENT;
    sent_ids_add(&sent->ids, span_z(message_id));
    return BOUNCE_OK;
}

bounce_status bounce_sent_add_key(bounce_sent *sent, bounce_key_kind kind, unsigned number, const void *secret,
                                  size_t length)
{
    if (!sent || sent->in_use || !secret || kind < BOUNCE_KEY_HMAC || kind > BOUNCE_KEY_SRS || number > 9)
        return BOUNCE_ERROR_ARGUMENT;
    const char *wrong = sent_keys_add(&sent->keys, (enum sent_key_kind)kind, (int)number, span_of(secret, length));
    return wrong ? BOUNCE_ERROR_LIMIT : BOUNCE_OK;
}

bounce_status bounce_sent_set_time(bounce_sent *sent, int64_t seconds)
{
    if (!sent || sent->in_use || seconds < 0)
        return BOUNCE_ERROR_ARGUMENT;
    sent->has_time = true;
    sent->time = seconds;
    return BOUNCE_OK;
}

int64_t sent_today(const struct bounce_sent *sent)
{
    return (sent->has_time ? sent->time : (int64_t)time(NULL)) / SECONDS_OF_DAY;
}

/* ------------------------------------------------------------- making */

/* The key that signs: the first of our own that was given. */
static const struct sent_key *signing_key(const struct bounce_sent *sent)
{
    for (size_t i = 0; sent && i < sent->keys.count; i++)
        if (sent->keys.list[i].kind == KEY_HMAC)
            return &sent->keys.list[i];
    return NULL;
}

/* Bytes of a local part or domain without quotes. more: others that may be in it. */
static bool is_plain(struct span s, const char *more)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum(s.s[i]) && !(s.s[i] && strchr(more, s.s[i])))
            return false;
    return s.n > 0;
}

static bounce_status put(char *buffer, size_t capacity, char *text)
{
    const size_t n = strlen(text);
    const bool fits = n < capacity;
    if (fits)
        memcpy(buffer, text, n + 1);
    else if (capacity)
        buffer[0] = '\0';
    g_free(text);
    return fits ? BOUNCE_OK : BOUNCE_ERROR_LIMIT;
}

bounce_status bounce_sent_message_id(const bounce_sent *sent, const char *unique, const char *domain, char *buffer,
                                     size_t capacity)
{
    const struct sent_key *key = signing_key(sent);
    if (capacity && buffer)
        buffer[0] = '\0';
    if (!key || !buffer || !unique || !domain || !is_plain(span_z(unique), "!#$%&'*+-/=?^_`{|}~.") ||
        !is_plain(span_z(domain), "-."))
        return BOUNCE_ERROR_ARGUMENT;
    char mark[MARK_BYTES + MARK_ID_MAC + 1];
    char *front = g_strconcat(unique, ".", NULL), *back = g_strconcat("@", domain, NULL);
    sent_mark_make(key, USE_MESSAGE_ID, span_z(front), span_z(back), sent_today(sent), mark);
    char *id = g_strconcat("<", front, mark, back, ">", NULL);
    g_free(front);
    g_free(back);
    return put(buffer, capacity, id);
}

/* "-anna=maple.example" for anna@maple.example; NULL if that cannot be written so. */
static char *hide(const char *recipient)
{
    if (!recipient)
        return g_strdup("");
    const char *at = strrchr(recipient, '@');
    if (!at || at == recipient || !is_plain(span_z(at + 1), "-.") ||
        !is_plain(span_of(recipient, (size_t)(at - recipient)), "!#$%&'*+-/=?^_`{|}~."))
        return NULL;
    return g_strdup_printf("-%.*s=%s", (int)(at - recipient), recipient, at + 1);
}

bounce_status bounce_sent_return_path(const bounce_sent *sent, const char *sender, const char *recipient, char *buffer,
                                      size_t capacity)
{
    const struct sent_key *key = signing_key(sent);
    const char *at = sender ? strrchr(sender, '@') : NULL;
    if (capacity && buffer)
        buffer[0] = '\0';
    char *hidden = hide(recipient);
    if (!key || !buffer || !at || !hidden || !is_plain(span_z(at + 1), "-.") ||
        !is_plain(span_of(sender, (size_t)(at - sender)), "!#$%&'*-/=?^_`{|}~.")) { /* the '+' is ours */
        g_free(hidden);
        return BOUNCE_ERROR_ARGUMENT;
    }
    char mark[MARK_BYTES + MARK_ID_MAC + 1];
    char *front = g_strdup_printf("%.*s+", (int)(at - sender), sender), *back = g_strconcat(hidden, at, NULL);
    sent_mark_make(key, USE_RETURN_PATH, span_z(front), span_z(back), sent_today(sent), mark);
    char *path = g_strconcat(front, mark, back, NULL);
    const bool short_enough = strlen(front) + strlen(mark) + strlen(hidden) <= LOCAL_PART_BYTES;
    g_free(front);
    g_free(back);
    g_free(hidden);
    return put(buffer, short_enough ? capacity : 0, path);
}
