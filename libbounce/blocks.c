/* SPDX-License-Identifier: MIT */
/*
 * blocks.c - finds the recipients in the free text of any writer.
 *
 * In: the lines of a report. Out: a block for each address that the text shows
 * as failed: a line of its own ("<joe@example.net>:", "To: joe@example.net"),
 * or, where no line does that, a sentence or reply that names it. Refused:
 * the sender, servers' own names, addresses to write to for help.
 */
#include "address.h"
#include "address_index.h"
#include "limits.h"
#include "reading.h"

#include <stdlib.h>
#include <string.h>

enum shape { SHAPE_NONE, SHAPE_ALONE, SHAPE_LEADS, SHAPE_INSIDE, SHAPE_REPLY, SHAPE_SUMMARY }; /* strongest first */

struct candidate {
    struct span address;
    size_t line;
    enum shape shape;
};

struct candidates {
    struct reading *rd;
    struct candidate *list;
    size_t count, capacity;
    bool servers_too;  /* a postmaster may be a recipient */
    struct span *contacts; /* addresses that the text names as somebody to turn to */
    size_t contact_count;
    bool parents_too;  /* "generated from joe@example.net", where the address itself is not disclosed */
    struct address_index seen; /* place in list */
    struct address_index own;  /* bits: in which field of the report's header */
    const char *original_to;   /* of the returned message */
    size_t said_line;          /* for which says_failure() has answered said */
    enum shape said;
};

enum { OWN_FROM = 1, OWN_TO = 2, OWN_PATH = 4 };

/* Words in front of an address that is not a recipient. */
static const char *const foreign_labels[] = {"from", "sender", "reply", "return", "message", "id", "contact", "cc", "bcc",
                                             "date", "by", "postmaster", "admin", "support", "help", "mail from",
                                             "de", "von", "envelope-from", "your address", "absender",
                                             "originator", "da", "mittente", "expéditeur", "expediteur", "remitente",
                                             "remetente", "nadawca", "afzender", "avsändare", "afsender", "отправитель",
                                             "差出人", "送信者", "发件人", "寄件人", NULL};
/* Words of a sentence that names an address to turn to. */
static const char *const contact_words[] = {"contact", "assistance", "questions", "mailto:", "send mail to", "complain",
                                            "please write", "e-mail us", "email us", "mail us", "report this", "write to",
                                            "sent by", "sent from", "from:", "further help", "get in touch", "forward this",
                                            "message-id", "received:", "envelope-from", "return-path", "(from ", "by writing",
                                            "abuse@", "on behalf of", "unsubscribe", "wenden sie sich", "subscribe to",
                                            NULL};

/* The surest of them. */
static const char *const turn_to_words[] = {"contact", "assistance", "questions", "mailto:", "write to", "send mail to",
                                            "complain", NULL};

static bool in_words(const char *const *words, struct span t)
{
    for (size_t i = 0; words[i]; i++)
        if (span_find_nocase(t, words[i]))
            return true;
    return false;
}

static bool is_foreign_label(struct span label)
{
    label = span_trim(label);
    for (size_t i = 0; foreign_labels[i]; i++)
        if (span_starts_nocase(label, foreign_labels[i])) {
            size_t n = strlen(foreign_labels[i]);
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
        return again.address.n == found->address.n && !strncasecmp(again.address.s, found->address.s, again.address.n) &&
               rest.n - again.end < 4;
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
static enum shape shape_of(struct span line, const struct found_address *found)
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
        return r.n && (strchr(":;-(.,", r.s[0]) || found->bracketed || rest.s[0] == '\t' || (rest.n > 1 && rest.s[1] == ' ') ||
                       span_starts_nocase(r, "on "))
                   ? SHAPE_LEADS
                   : SHAPE_INSIDE;
    }
    /* "Joe User <joe@example.net>" */
    if (found->bracketed && tail && before.n < 60 && !span_find_nocase(before, " to") && before.s[0] != '(')
        return span_equal_nocase(before, "to") || before.s[0] == '"' || (ascii_upper(before.s[0]) == before.s[0])
                   ? SHAPE_ALONE
                   : SHAPE_INSIDE;
    if (span_equal_nocase(before, "to") || span_equal_nocase(before, "recipient") || span_equal_nocase(before, "user") ||
        span_equal_nocase(before, "for"))
        return tail ? SHAPE_ALONE : SHAPE_LEADS;
    return SHAPE_INSIDE;
}

static void collect_own(struct candidates *c)
{
    const struct { const char *value; size_t bit; } own[] = {
        {c->rd->from, OWN_FROM}, {c->rd->to, OWN_TO}, {c->rd->return_path, OWN_PATH},
        {reading_original(c->rd, "From"), OWN_TO} /* whoever wrote the returned message */};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct span value = span_z(own[i].value);
        struct found_address found;
        for (size_t pos = 0; value.n && address_next(value, &pos, &found);)
            *address_index_at(&c->own, found.address, 0) |= own[i].bit;
    }
    c->original_to = reading_original(c->rd, "To");
}

static bool is_own_address(struct candidates *c, struct span s)
{
    size_t fields;
    if (!address_index_find(&c->own, s, &fields))
        return false;
    if (fields & OWN_FROM || !(fields & OWN_TO))
        return true;
    /* A sender may write to himself. */
    const char *to = c->original_to;
    return !(to && span_find_nocase(span_z(to), arena_strndup(c->rd->scratch, s.s, s.n)));
}

/* True if an address stands alone in line i, without a label, and the line
 * below is its reply: "#550 5.1.1 ...", "mx.example.net #<... #5.7.1 smtp;550 ...". */
static bool reply_below(struct reading *rd, size_t i, struct span address)
{
    struct span t = rd->lines[i].trimmed;
    if (i + 1 >= rd->region_last || rd->lines[i + 1].blank || address.s < t.s || address.s > t.s + 1)
        return false;
    struct reply reply;
    reply_read_parts(rd->scratch, rd->lines[i + 1].trimmed, 0, &reply);
    return reply.code >= 400;
}

/* An address that stands twice counts where it stands stronger, or where its
 * reply stands (Exchange: first for people, then for administrators). */
static void add(struct candidates *c, struct span address, size_t line, enum shape shape)
{
    size_t i = *address_index_at(&c->seen, address, c->count);
    if (i < c->count) {
        bool better = shape == c->list[i].shape && shape == SHAPE_ALONE && reply_below(c->rd, line, address) &&
                      !reply_below(c->rd, c->list[i].line, c->list[i].address);
        if (shape < c->list[i].shape || better)
            c->list[i] = (struct candidate){address, line, shape};
        return;
    }
    if (c->count >= LIMIT_RECIPIENTS) {
        report_warn(c->rd->report, "too-many-recipients", "the report names more recipients than are read");
        return;
    }
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? c->capacity * 2 : 8;
        struct candidate *grown = arena_alloc(c->rd->scratch, c->capacity * sizeof *grown);
        if (c->count)
            memcpy(grown, c->list, c->count * sizeof *grown);
        c->list = grown;
    }
    c->list[c->count++] = (struct candidate){address, line, shape};
}

/* Whether a sentence with an address says that its delivery failed: NONE, in
 * words (INSIDE), or in a reply that names it (REPLY). */
static enum shape says_failure(struct reading *rd, struct span line)
{
    struct reply reply;
    reply_read_parts(rd->scratch, line, 0, &reply);
    if (reply.code >= 400 || reply.status.class_ >= 4)
        return SHAPE_REPLY;
    struct norm_text norm;
    text_normalise(rd->scratch, line, LIMIT_SUBJECT_BYTES, &norm);
    struct match_subject *s = match_subject_new(rd->parser->matcher, rd->scratch, &norm);
    struct match_scope scope = {.origin = ORIGIN_BESIDE};
    struct match_hit hit;
    if (match_best(rd->parser->matcher, s, &scope, 1, 5, BOUNCE_REASON_UNKNOWN, &hit))
        return SHAPE_INSIDE;
    static const char *const words[] = {"rcpt to", "recipient", "undeliver", "not deliver", "delivery to", "could not", "cannot be",
                                        "failed", "addressed to", "sent to", "message to", "mail to", "deliver to",
                                        "account", "rejected", "unable to", "mailbox", NULL};
    return in_words(words, line) ? SHAPE_INSIDE : SHAPE_NONE;
}

/* ... asked once for a line, however many addresses it has. */
static enum shape line_says_failure(struct candidates *c, size_t line)
{
    if (c->said_line != line)
        c->said = says_failure(c->rd, c->rd->lines[line].s);
    c->said_line = line;
    return c->said;
}

bool introduces_sender(struct span before)
{
    static const char *const words[] = {"from", "from:", "sender", "from <", "sender <", "sender:", NULL};
    before = span_trim(before);
    for (size_t i = 0; words[i]; i++) {
        size_t n = strlen(words[i]);
        if (before.n >= n && span_equal_nocase(span_of(before.s + before.n - n, n), words[i]))
            return true;
    }
    return false;
}

static bool names_parent(struct span before)
{
    static const char *const words[] = {"expanded from", "generated from", "generated by", "originally", "forwarded from",
                                        "ultimately generated", NULL};
    return in_words(words, before);
}

/* "pipe to |/usr/bin/filter" and below it "generated by robot@example.net": a
 * recipient that has no other address. The line of the pipe; SIZE_MAX: none. */
static size_t pipe_above(const struct candidates *c, size_t i)
{
    enum { LINES_ABOVE = 3 };
    for (size_t k = i; k-- > 0 && i - k <= LINES_ABOVE && !c->rd->lines[k].blank;) {
        struct span t = c->rd->lines[k].trimmed;
        if (memchr(t.s, '@', t.n))
            break;
        if (t.s[0] == '"' || t.s[0] == '|' || span_starts_nocase(t, "pipe to") || span_starts_nocase(t, "save to"))
            return k;
    }
    return SIZE_MAX;
}

/* Remembers the addresses of sentences such as "please contact <help@example.net>":
 * they are no recipients wherever else they stand. */
static void find_contacts(struct candidates *c)
{
    enum { MAX_CONTACTS = 16 };
    const char *const *words = turn_to_words;
    struct reading *rd = c->rd;
    c->contacts = arena_alloc(rd->scratch, MAX_CONTACTS * sizeof *c->contacts);
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct span line = rd->lines[i].s;
        struct found_address found;
        size_t pos = 0;
        if (!memchr(line.s, '@', line.n) || !in_words(words, line))
            continue;
        while (c->contact_count < MAX_CONTACTS && address_next(line, &pos, &found))
            if (in_words(words, span_of(line.s, found.start)))
                c->contacts[c->contact_count++] = found.address;
    }
}

static bool is_contact(const struct candidates *c, struct span address)
{
    for (size_t i = 0; i < c->contact_count; i++)
        if (c->contacts[i].n == address.n && !strncasecmp(c->contacts[i].s, address.s, address.n))
            return true;
    return false;
}

/* "To: ..." beside "Subject: ..." and "Sent: ...": a summary of the returned
 * message, which tells to whom it went, not who failed. */
static bool in_summary(struct reading *rd, size_t i)
{
    static const char *const names[] = {"Subject:", "Sent:", "Date:", "Betreff:", "Objet :", "Asunto:", "Oggetto:", "Assunto:", "Onderwerp:", "Temat:", "Ämne:",
                                        "Тема:", "件名", "主题", "主旨", NULL};
    static const char *const labels[] = {"To", "Cc", "An:", "À :", "A :", "Para:", "A:", "Aan:", "Do:", "Till:",
                                         "Кому:", "宛先", "收件人", NULL};
    bool labelled = false;
    for (size_t n = 0; labels[n] && !labelled; n++)
        labelled = span_starts_nocase(rd->lines[i].trimmed, labels[n]);
    if (!labelled)
        return false;
    for (size_t k = i > 3 ? i - 3 : 0; k < i + 4 && k < rd->line_count; k++)
        for (size_t n = 0; names[n]; n++)
            if (span_starts_nocase(rd->lines[k].trimmed, names[n]))
                return true;
    return false;
}

static void scan_line(struct candidates *c, size_t i)
{
    struct reading *rd = c->rd;
    struct span line = rd->lines[i].s;
    struct found_address found;
    size_t pos = 0, seen = 0;
    while (seen < 64 && address_next(line, &pos, &found)) {
        seen++;
        if ((address_is_system(found.address) && !c->servers_too) || is_own_address(c, found.address))
            continue;
        /* "(expanded from: <x>)", "originally addressed to x": another name for a recipient. */
        struct span before = span_of(line.s, found.start);
        bool parent = names_parent(before);
        size_t pipe = parent && !c->parents_too ? pipe_above(c, i) : SIZE_MAX;
        if (parent && !c->parents_too && pipe == SIZE_MAX)
            continue;
        if (!parent && introduces_sender(before))
            continue;
        if (parent && !c->parents_too) {
            add(c, found.address, pipe, SHAPE_ALONE);
            continue;
        }
        enum shape shape = seen == 1 ? shape_of(line, &found) : SHAPE_INSIDE;
        if (seen > 1 && c->count && c->list[c->count - 1].line == i && c->list[c->count - 1].shape == SHAPE_ALONE)
            shape = SHAPE_ALONE; /* a list in one line */
        if (shape == SHAPE_NONE)
            continue;
        bool asks = in_words(contact_words, shape == SHAPE_ALONE ? before : line);
        if (is_contact(c, found.address) || (asks && !names_parent(line))) /* "(expanded from: <x>)" asks nobody */
            continue;
        if (shape == SHAPE_INSIDE && !parent && (shape = line_says_failure(c, i)) == SHAPE_NONE)
            continue;

        if (shape == SHAPE_ALONE && i && !rd->lines[i - 1].blank && in_words(turn_to_words, rd->lines[i - 1].s))
            continue;
        if (in_summary(rd, i))
            shape = SHAPE_SUMMARY;
        add(c, found.address, i, shape);
    }
}

/* Candidates that stand on a line of their own rule out those inside
 * sentences, and these rule out those that only a reply names. */
static void keep_strongest(struct candidates *c)
{
    enum shape best = SHAPE_SUMMARY;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].shape < best)
            best = c->list[i].shape;
    if (best == SHAPE_ALONE)
        best = SHAPE_LEADS;
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].shape <= best)
            c->list[kept++] = c->list[i];
    c->count = kept;
}

static int compare_lines(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->address.s < b->address.s ? -1 : a->address.s > b->address.s;
}

static void sort_by_line(struct candidates *c)
{
    if (c->count > 1)
        qsort(c->list, c->count, sizeof *c->list, compare_lines);
}

/* "The following recipients could not be reached:", then a name without a domain. */
static void scan_local_names(struct candidates *c)
{
    static const char *const words[] = {"recipient", "address", "user", "following", "delivered to", NULL};
    struct reading *rd = c->rd;
    bool announced = false;
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        struct span t = rd->lines[i].trimmed;
        if (rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        if (t.s[t.n - 1] == ':') {
            announced = in_words(words, t);
            continue;
        }
        size_t n = 0;
        while (n < t.n && (ascii_is_alnum(t.s[n]) || strchr("._-+", t.s[n])))
            n++;
        /* A name stands alone, or columns or marks divide it from what is said of it. */
        bool divided = n == t.n || (n + 1 < t.n && (strchr("\t\":;,(<", t.s[n]) || (t.s[n] == ' ' && strchr(" \t\"(-", t.s[n + 1]))));
        if (announced && n > 1 && divided)
            add(c, span_of(t.s, n), i, SHAPE_ALONE);
        announced = announced && n == t.n;
    }
}

static void scan(struct candidates *c)
{
    for (size_t i = c->rd->region_first; i < c->rd->region_last; i++)
        if (!c->rd->lines[i].blank && !c->rd->lines[i].boilerplate)
            scan_line(c, i);
}

/* From the surest reading to the boldest; the next is tried where one finds nobody. */
static void find_candidates(struct candidates *c)
{
    scan(c);
    if (!c->count) {
        c->parents_too = true;
        scan(c);
    }
    if (!c->count)
        scan_local_names(c);
    if (!c->count) {
        c->servers_too = true;
        scan(c);
        keep_strongest(c);
        if (c->count && c->list[0].shape >= SHAPE_INSIDE)
            c->count = 0;
    }
}

/* "----- Transcript of session follows -----": what comes behind speaks of all. */
static size_t section_end(struct reading *rd, size_t i, size_t last)
{
    for (i++; i < last; i++) {
        struct span t = rd->lines[i].trimmed;
        if (t.n > 8 && t.s[0] == '-' && t.s[1] == '-' && t.s[2] == '-' && rd->lines[i - 1].blank)
            return i;
    }
    return last;
}

size_t general_blocks(struct reading *rd, struct block **blocks)
{
    struct candidates c = {.rd = rd, .said_line = SIZE_MAX};
    address_index_init(&c.seen, rd->scratch);
    address_index_init(&c.own, rd->scratch);
    collect_own(&c);
    find_contacts(&c);
    find_candidates(&c);
    keep_strongest(&c);
    sort_by_line(&c);
    *blocks = arena_calloc(rd->scratch, c.count + 1, sizeof **blocks);
    for (size_t i = 0; i < c.count; i++) {
        struct block *b = &(*blocks)[i];
        b->address = arena_strndup(rd->scratch, c.list[i].address.s, c.list[i].address.n);
        b->first = c.list[i].line;
        b->body = b->first + (c.list[i].shape == SHAPE_ALONE);
        b->last = i + 1 < c.count ? c.list[i + 1].line : rd->region_last;
        if (c.count > 1)
            b->last = section_end(rd, b->first, b->last);
        if (b->last < b->body)
            b->last = b->body;
    }
    return c.count;
}
