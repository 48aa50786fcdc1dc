/* SPDX-License-Identifier: MIT */
/*
 * address_names.c - names of mail systems and of Notes; see address_names.h.
 *
 * In: one address in UTF-8. Out: whether it looks like such a name, guessed from its form.
 */
#include "mail/address_names.h"

#include "mail/address_chars.h"

bool address_is_system(struct span s)
{
    /* Exchange's own sender, whose number is the same everywhere. */
    static const struct span exchange = SPAN("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e");
    static const struct span names[] = {
        SPAN("mailer-daemon"),  SPAN("mailerdaemon"),    SPAN("mailer_daemon"), SPAN("mailer.daemon"),
        SPAN("mail-daemon"),    SPAN("maildaemon"),      SPAN("mail.daemon"),   SPAN("mdaemon"),
        SPAN("postmaster"),     SPAN("post-master"),     SPAN("double-bounce"), SPAN("no-reply"),
        SPAN("noreply"),        SPAN("no_reply"),        SPAN("no.reply"),      SPAN("do-not-reply"),
        SPAN("donotreply"),     SPAN("do_not_reply"),    SPAN("non-reply"),     SPAN("mailsystem"),
        SPAN("mail-system"),    SPAN("nao-responda"),    SPAN("naoresponda"),   SPAN("no-responder"),
        SPAN("noresponder"),    SPAN("ne-pas-repondre"), SPAN("nepasrepondre"), SPAN("nicht-antworten"),
        SPAN("nichtantworten"),
    };
    struct span local = span_trim(s);
    if (local.n && local.s[0] == '<')
        local.s++, local.n--;
    local.n = address_at(local);
    if (local.n > 1 && local.s[0] == '"' && local.s[local.n - 1] == '"')
        local = span_of(local.s + 1, local.n - 2);
    if (!local.n || !strchr("mpdnMPDN", local.s[0])) /* the first letters of all these names */
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (span_same_nocase(local, names[i]))
            return true;
    return span_starts_with(local, exchange);
}

/* Takes off the part before the next slash. */
static struct span next_part(struct span *rest)
{
    const char *end = rest->n ? memchr(rest->s, '/', rest->n) : NULL;
    struct span part = span_of(rest->s, end ? (size_t)(end - rest->s) : rest->n);
    size_t used = part.n + (end != NULL);
    *rest = span_of(rest->s + used, rest->n - used);
    return part;
}

/* One part of an abbreviated Notes name: it starts with a capital, a digit or a letter
 * beyond ASCII, and consists of the characters of names. */
static bool is_name_part(struct span s)
{
    if (!s.n || !(ascii_is_digit(s.s[0]) || (s.s[0] >= 'A' && s.s[0] <= 'Z') || (unsigned char)s.s[0] >= 0x80))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(ascii_is_alnum(s.s[i]) || (unsigned char)s.s[i] >= 0x80 || (s.s[i] && strchr(" .-'_&", s.s[i]))))
            return false;
    return true;
}

bool address_is_notes(struct span s)
{
    s = span_trim(s);
    size_t at = address_at(s);
    struct span domain = at < s.n ? span_of(s.s + at + 1, s.n - at - 1) : span_of(NULL, 0);
    if (at < s.n && (!domain.n || memchr(domain.s, '.', domain.n))) /* a Notes domain has no dot */
        return false;
    struct span name = span_of(s.s, at);
    if (span_starts_nocase(name, "CN="))
        return span_find_nocase(name, "/O=") || span_find_nocase(name, "/OU=") || span_find_nocase(name, "/C=");
    struct span first = next_part(&name);
    if (!is_name_part(first) || !name.n || (!domain.n && !memchr(first.s, ' ', first.n)))
        return false;
    while (name.n)
        if (!is_name_part(next_part(&name)))
            return false;
    return true;
}
