/* SPDX-License-Identifier: MIT */
/*
 * shown_header.c - the header of a returned message that a report shows in its own text.
 *
 * In: the lines of the text. Out: where the message begins, and its fields. It
 * begins with a block of header fields (RFC 5322 2.2) at the left margin; the line
 * that announces it belongs to it. Refused: fields that a report's prose may have, too
 * ("To:", "Subject:"), unless they are announced or one beside them occurs only in mail.
 */
#include "reading/shown_header.h"
#include "base/limits.h"
#include "reading/lines.h"
#include "text/header.h"

#include <string.h>

enum { HEADER_RUN_LINES = 64 };

/* Fields that a mail's header has, and a report's prose hardly ever has. */
static bool is_header_name(struct span name, bool *strong)
{
    static const struct span sure[] = {SPAN("received"),       SPAN("return-path"),
                                       SPAN("message-id"),     SPAN("mime-version"),
                                       SPAN("dkim-signature"), SPAN("delivered-to"),
                                       SPAN("content-type"),   SPAN("content-transfer-encoding"),
                                       SPAN("x-mailer"),       SPAN("x-originating-ip"),
                                       SPAN("reply-to"),       SPAN("domainkey-signature"),
                                       SPAN("received-spf"),   SPAN("authentication-results"),
                                       SPAN("x-received"),     SPAN("list-id"),
                                       SPAN("precedence")};
    static const struct span plain[] = {SPAN("from"),       SPAN("to"),          SPAN("subject"),
                                        SPAN("date"),       SPAN("cc"),          SPAN("sender"),
                                        SPAN("errors-to"),  SPAN("in-reply-to"), SPAN("references"),
                                        SPAN("importance"), SPAN("x-priority"),  SPAN("organization")};
    *strong = false;
    for (size_t i = 0; i < COUNT(sure); i++)
        if (span_same_nocase(name, sure[i]))
            return *strong = true;
    for (size_t i = 0; i < COUNT(plain); i++)
        if (span_same_nocase(name, plain[i]))
            return true;
    return name.n > 3 && (name.s[0] == 'X' || name.s[0] == 'x') && name.s[1] == '-';
}

/* The name of a header field that begins at the left margin of this line. */
static struct span field_name(struct span line)
{
    size_t i = 0;
    while (i < line.n && (ascii_is_alnum(line.s[i]) || line.s[i] == '-' || line.s[i] == '_'))
        i++;
    size_t name = i;
    while (i < line.n && line.s[i] == ' ')
        i++;
    if (!name || i >= line.n || line.s[i] != ':')
        return span_of(NULL, 0);
    return span_of(line.s, name);
}

/* Whether a header goes on at line i, which is not a field: pages (HTML) have lost the white space before the lines
 * that continue a field. */
static bool header_goes_on(const struct text_line *lines, size_t count, size_t i)
{
    enum { FOLDED_LINES = 4 };
    bool strong;
    for (const size_t last = count < i + FOLDED_LINES ? count : i + FOLDED_LINES; i < last && !lines[i].blank; i++)
        if (is_header_name(field_name(lines[i].s), &strong))
            return true;
    return false;
}

/* How many header fields of a mail begin at line i in an unbroken run, and
 * whether the run can only be a mail's header. */
static size_t header_run(const struct text_line *lines, size_t count, size_t i, bool *sure)
{
    size_t fields = 0, strong_fields = 0;
    if (count > i + HEADER_RUN_LINES) /* keeps hostile text linear */
        count = i + HEADER_RUN_LINES;
    for (; i < count && !lines[i].blank; i++) {
        if (fields && (lines[i].s.s[0] == ' ' || lines[i].s.s[0] == '\t'))
            continue;
        struct span name = field_name(lines[i].s);
        bool strong;
        if (!name.n && !(strong_fields && header_goes_on(lines, count, i)))
            break;
        if (is_header_name(name, &strong)) {
            fields++;
            strong_fields += strong;
        }
    }
    *sure = strong_fields > 0;
    return fields;
}

/* "--- Below this line is a copy of the message.", "Original message headers:" */
static bool looks_like_announcement(const struct reading *rd, struct text_line *l)
{
    struct span t = l->trimmed;
    if (!t.n || t.n > 90)
        return false;
    if (strchr("-=_*~+#", t.s[0]) || t.s[t.n - 1] == ':')
        return true;
    return word_search(rd->words->of[WORDS_RETURNED_MESSAGE], t, reading_line_pairs(l));
}

/* Whether the fields at line i are a summary of the message, below which the report goes on: "The mail was blocked".
 * announcement: the line above them, which must not call them a copy. */
static bool report_goes_on(const struct reading *rd, size_t i, size_t announcement)
{
    enum { LINES_BELOW = 3 };
    const struct text_line *l = &rd->lines[announcement];
    if (strchr("-=_*~+#", l->trimmed.s[0]) ||
        word_search(rd->words->of[WORDS_RETURNED_MESSAGE], l->trimmed, reading_known_pairs(l)))
        return false;
    const size_t last = rd->line_count < i + HEADER_RUN_LINES ? rd->line_count : i + HEADER_RUN_LINES;
    while (i < last && !rd->lines[i].blank)
        i++;
    while (i < last && rd->lines[i].blank)
        i++;
    for (size_t k = i; k < last && k < i + LINES_BELOW; k++)
        if (!rd->lines[k].blank && word_search(rd->words->of[WORDS_SUMMARY_THEN], rd->lines[k].s, UINT64_MAX))
            return true;
    return false;
}

size_t shown_header_find(const struct reading *rd, size_t *header)
{
    struct text_line *lines = rd->lines;
    const size_t count = rd->line_count;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].blank || !ascii_is_alpha(lines[i].s.s[0]) || !field_name(lines[i].s).n)
            continue;
        if (i && !lines[i - 1].blank && !looks_like_announcement(rd, &lines[i - 1]))
            continue;
        bool sure;
        size_t fields = header_run(lines, count, i, &sure);
        if (fields < 2 || (i == 0 && fields < 4))
            continue;
        size_t cut = i;
        while (cut && lines[cut - 1].blank)
            cut--;
        bool announced = cut && looks_like_announcement(rd, &lines[cut - 1]);
        if (!sure && !(announced && fields >= 3))
            continue;
        *header = i;
        if (!sure && report_goes_on(rd, i, cut - 1))
            return count;
        /* "-----------------------------------------" below "Included is a copy of the message header:" */
        for (int k = 0; announced && cut && k < 2 && looks_like_announcement(rd, &lines[cut - 1]); k++)
            cut--;
        return cut ? cut : i;
    }
    *header = count;
    return count;
}

/* The text from line i on, as it is in its part. */
static struct span text_from(struct reading *rd, size_t i)
{
    const struct span whole = message_part_text(&rd->m, rd->lines[i].part);
    const char *begin = rd->lines[i].begin;
    return span_of(begin, (size_t)(whole.s + whole.n - begin));
}

/* The same as the lines were read. */
static struct span joined_from(const struct reading *rd, size_t i)
{
    const uint32_t part = rd->lines[i].part;
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (; i < rd->line_count && rd->lines[i].part == part; i++) {
        strbuf_add(&b, rd->lines[i].s.s, rd->lines[i].s.n);
        strbuf_putc(&b, '\n');
    }
    return span_of(b.s, b.n);
}

void shown_header_read(struct reading *rd, size_t i)
{
    struct span rest = rd->is_rewritten ? joined_from(rd, i) : text_from(rd, i);
    bool truncated = false;
    fields_read_group(rd->scratch, &rest, LIMIT_HEADER_LINES, &rd->text_original, NULL, &truncated);
    if (truncated)
        rd->m.flags |= MESSAGE_TOO_MANY_HEADERS;
    rd->text_original_has_body = span_trim(rest).n > 0;
}
