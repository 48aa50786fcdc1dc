/* SPDX-License-Identifier: MIT */
/*
 * block_shapes.c - what stands beside an address in a line, and what that makes
 * of it.
 *
 * In: a line of a report, and an address in it. Out: its shape, from an address
 * that is all of its line to one inside of a sentence. Refused: an address behind
 * a label of another's ("From:").
 */
#include "reading/block_shapes.h"

#include <string.h>

/* Words in front of an address that is not a recipient. */
static const struct span foreign_labels[] = {
    SPAN("from"),       SPAN("sender"),     SPAN("reply"),       SPAN("return"),        SPAN("message"),
    SPAN("id"),         SPAN("contact"),    SPAN("cc"),          SPAN("bcc"),           SPAN("date"),
    SPAN("by"),         SPAN("postmaster"), SPAN("admin"),       SPAN("support"),       SPAN("help"),
    SPAN("mail from"),  SPAN("de"),         SPAN("von"),         SPAN("envelope-from"), SPAN("your address"),
    SPAN("absender"),   SPAN("originator"), SPAN("da"),          SPAN("mittente"),      SPAN("expéditeur"),
    SPAN("expediteur"), SPAN("remitente"),  SPAN("remetente"),   SPAN("nadawca"),       SPAN("afzender"),
    SPAN("avsändare"),  SPAN("afsender"),   SPAN("отправитель"), SPAN("差出人"),        SPAN("送信者"),
    SPAN("发件人"),     SPAN("寄件人")};

static bool is_foreign_label(struct span label)
{
    label = span_trim(label);
    for (size_t i = 0; i < COUNT(foreign_labels); i++)
        if (span_starts_with(label, foreign_labels[i])) {
            size_t n = foreign_labels[i].n;
            if (n == label.n || !ascii_is_alpha(label.s[n]))
                return true;
        }
    return false;
}

/* Strips "* ", "- ", "> ", "1. " and the like from the front. */
static struct span strip_bullets(struct span t)
{
    for (;;) {
        t = span_trim(t);
        size_t i = 0;
        while (i < t.n && strchr("*->+o|#=.\"'`", t.s[i]) && t.s[i])
            i++;
        if (i && i < t.n && (t.s[i] == ' ' || t.s[i] == '\t' || t.s[0] != 'o')) {
            t = span_of(t.s + i, t.n - i);
            continue;
        }
        i = 0;
        while (i < t.n && i < 3 && ascii_is_digit(t.s[i]))
            i++;
        if (i && i + 1 < t.n && (t.s[i] == ')' || t.s[i] == '.') && t.s[i + 1] == ' ') {
            t = span_of(t.s + i + 1, t.n - i - 1);
            continue;
        }
        return t;
    }
}

/* True if what stands behind an address on its line adds nothing. */
static bool is_tail(struct span rest, const struct found_address *found)
{
    rest = span_trim(rest);
    for (;;) {
        if (rest.n && strchr(">\"':;,.)]`*-", rest.s[0]))
            rest = span_trim(span_of(rest.s + 1, rest.n - 1));
        else if (rest.n >= 3 && (!memcmp(rest.s, "\xef\xbc", 2) || !memcmp(rest.s, "\xe3\x80", 2)))
            rest = span_trim(span_of(rest.s + 3, rest.n - 3)); /* full-width marks */
        else
            break;
    }
    if (!rest.n)
        return true;
    if (rest.s[0] == '(' && rest.s[rest.n - 1] == ')' && rest.n < 80)
        return span_find_nocase(rest, "expanded") || !memchr(rest.s, ' ', rest.n);
    /* "joe@x <joe@x>", "joe@x<mailto:joe@x>", "joe@x (joe@x)" */
    size_t pos = 0;
    struct found_address again;
    if (address_next(rest, &pos, &again) && again.start <= 8)
        return again.address.n == found->address.n &&
               !strncasecmp(again.address.s, found->address.s, again.address.n) && rest.n - again.end < 4;
    return false;
}

/* Bytes of a colon, full-width or not, at the end; 0: none. */
static size_t ends_with_colon(struct span before)
{
    if (before.n && before.s[before.n - 1] == ':')
        return 1;
    return before.n >= 3 && !memcmp(before.s + before.n - 3, "\xef\xbc\x9a", 3) ? 3 : 0;
}

/* The words in front of the address: none, a label ("Recipient address:"), a
 * display name, or a sentence. */
enum shape shape_of(struct span line, const struct found_address *found)
{
    if (span_starts_nocase(span_trim(line), ">>> ")) /* what was said to a server */
        return SHAPE_REPLY;
    struct span t = strip_bullets(line);
    struct span before = span_of(t.s, found->address.s > t.s ? (size_t)(line.s + found->start - t.s) : 0);
    if (line.s + found->start < t.s)
        before = span_of(t.s, 0);
    before = span_trim(before);
    struct span rest = span_of(line.s + found->end, line.n - found->end);
    bool tail = is_tail(rest, found);
    size_t colon = ends_with_colon(before);
    if (colon) {
        struct span label = span_of(before.s, before.n - colon);
        if (is_foreign_label(label))
            return SHAPE_NONE;
        return tail && label.n <= 60 ? SHAPE_ALONE : SHAPE_INSIDE;
    }
    if (!before.n) {
        if (tail)
            return SHAPE_ALONE;
        struct span r = span_trim(rest);
        return r.n && (strchr(":;-(.,", r.s[0]) || found->bracketed || rest.s[0] == '\t' ||
                       (rest.n > 1 && rest.s[1] == ' ') || span_starts_nocase(r, "on "))
                   ? SHAPE_LEADS
                   : SHAPE_INSIDE;
    }
    /* "Joe User <joe@example.net>" */
    if (found->bracketed && tail && before.n < 60 && !span_find_nocase(before, " to") && before.s[0] != '(')
        return span_equal_nocase(before, "to") || before.s[0] == '"' || (ascii_upper(before.s[0]) == before.s[0])
                   ? SHAPE_ALONE
                   : SHAPE_INSIDE;
    if (span_equal_nocase(before, "to") || span_equal_nocase(before, "recipient") ||
        span_equal_nocase(before, "user") || span_equal_nocase(before, "for"))
        return tail ? SHAPE_ALONE : SHAPE_LEADS;
    return SHAPE_INSIDE;
}

bool introduces_sender(struct span before)
{
    static const struct span words[] = {SPAN("from"),   SPAN("from:"),    SPAN("sender"),
                                        SPAN("from <"), SPAN("sender <"), SPAN("sender:")};
    before = span_trim(before);
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_ends_with(before, words[i]))
            return true;
    return false;
}

/* "To: ..." beside "Subject: ..." and "Sent: ...": a summary of the returned
 * message, which tells to whom it went, not who failed. */
bool stands_in_summary(struct reading *rd, size_t i)
{
    static const struct span names[] = {SPAN("Subject:"),   SPAN("Sent:"),   SPAN("Date:"),    SPAN("Betreff:"),
                                        SPAN("Objet :"),    SPAN("Asunto:"), SPAN("Oggetto:"), SPAN("Assunto:"),
                                        SPAN("Onderwerp:"), SPAN("Temat:"),  SPAN("Ämne:"),    SPAN("Тема:"),
                                        SPAN("件名"),       SPAN("主题"),    SPAN("主旨")};
    static const struct span labels[] = {SPAN("To"),    SPAN("Cc"),   SPAN("An:"),   SPAN("À :"), SPAN("A :"),
                                         SPAN("Para:"), SPAN("A:"),   SPAN("Aan:"),  SPAN("Do:"), SPAN("Till:"),
                                         SPAN("Кому:"), SPAN("宛先"), SPAN("收件人")};
    bool labelled = false;
    for (size_t n = 0; n < COUNT(labels) && !labelled; n++)
        labelled = span_starts_with(rd->lines[i].trimmed, labels[n]);
    if (!labelled)
        return false;
    for (size_t k = i > 3 ? i - 3 : 0; k < i + 4 && k < rd->line_count; k++)
        for (size_t n = 0; n < COUNT(names); n++)
            if (span_starts_with(rd->lines[k].trimmed, names[n]))
                return true;
    return false;
}
