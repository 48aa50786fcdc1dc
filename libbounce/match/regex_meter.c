/* SPDX-License-Identifier: MIT */
/*
 * regex_meter.c - puts callouts into an expression, so that what it costs can be charged.
 *
 * In: an expression that PCRE2 accepts. Out: the same with a callout wherever it can take more than one way: at its
 * start, after each repeat of no fixed number, at the end of each alternative and of a group that is repeated, before
 * each reference and call. Between two of them an expression can do no more than is written in it. Refused: an
 * expression that has callouts.
 */
#include "match/regex_meter.h"
#include "base/limits.h"
#include "match/regex_scan.h"

#include <string.h>

enum { WORK_MAX = 1 << 24, LOOK_WORK = 2 * LIMIT_STEP_CHARS /* the interpreter calls itself */ };

struct meter {
    struct strbuf out;
    const char *source, *start; /* the callout at the start of an alternative */
    size_t copied;              /* of source */
    size_t depth;
    bool has_alternatives[REGEX_NESTING_MAX + 1]; /* by depth, of the group */
    size_t work[REGEX_NESTING_MAX + 1];           /* likewise, so far */
};

static void insert(struct meter *m, size_t at, const char *callout)
{
    strbuf_add(&m->out, m->source + m->copied, at - m->copied);
    strbuf_puts(&m->out, callout);
    m->copied = at;
}

/* "(*UTF)" and its like are allowed only at the very beginning. */
static bool is_leading_verb(const char *s)
{
    static const char *const names[] = {"UTF", "UCP", "NO_", "NOTEMPTY", "LIMIT_", "CR", "LF", "ANY", "NUL", "BSR_"};
    bool is = false;
    for (size_t i = 0; !is && i < sizeof names / sizeof *names; i++)
        is = s[0] == '(' && s[1] == '*' && !strncmp(s + 2, names[i], strlen(names[i]));
    return is;
}

static size_t leading_verbs(const char *s)
{
    size_t at = 0;
    while (is_leading_verb(s + at))
        at += strcspn(s + at, ")") + (strchr(s + at, ')') != NULL);
    return at;
}

static size_t times(size_t work, uint32_t n)
{
    return n && work > WORK_MAX / n ? WORK_MAX : work * (n ? n : 1);
}

static void add_work(struct meter *m, size_t work)
{
    size_t *sum = &m->work[m->depth];
    *sum = *sum + work < WORK_MAX ? *sum + work : WORK_MAX;
}

static void enter(struct meter *m)
{
    m->depth++;
    m->has_alternatives[m->depth] = false;
    m->work[m->depth] = 0;
}

static void leave(struct meter *m, const struct regex_piece *piece)
{
    if (m->has_alternatives[m->depth] || piece->max > 1)
        insert(m, piece->start, "(?C3)");
    size_t work = m->work[m->depth--];
    add_work(m, times(work, piece->min));
}

static void pass_or(struct meter *m, const struct regex_piece *piece)
{
    m->has_alternatives[m->depth] = true;
    if (m->depth)
        insert(m, piece->start, "(?C3)");
    else
        insert(m, piece->next, m->start);
    add_work(m, 1);
}

static void pass(struct meter *m, const struct regex_piece *piece)
{
    switch (piece->kind) {
    case PIECE_LOOK:
        add_work(m, LOOK_WORK);
        enter(m);
        return;
    case PIECE_OPEN: enter(m); return;
    case PIECE_OR: pass_or(m, piece); return;
    case PIECE_CLOSE: leave(m, piece); break;
    case PIECE_REFERENCE: insert(m, piece->start, "(?C2)"); break;
    case PIECE_CALL: insert(m, piece->start, "(?C0)"); break;
    default: add_work(m, times(1, piece->min));
    }
    if (piece->min != piece->max)
        insert(m, piece->next, "(?C0)");
}

/* \X is a repeat without an end. */
static bool is_cluster(const struct meter *m, const struct regex_piece *piece)
{
    return piece->kind == PIECE_ATOM && !piece->quoted && !strncmp(m->source + piece->start, "\\X", 2);
}

/* True if every alternative of the expression begins with ^ or \A. */
static bool is_anchored(const char *source)
{
    struct regex_scan scan;
    bool at_start = true;
    regex_scan_init(&scan, source);
    for (struct regex_piece p = regex_scan_next(&scan); p.kind != PIECE_END; p = regex_scan_next(&scan)) {
        if (at_start && (p.kind != PIECE_START || source[p.end - 1] == 'G' || p.min != 1))
            return false;
        at_start = p.kind == PIECE_OR && !scan.depth;
    }
    return !at_start;
}

bool regex_meter(struct arena *a, const char *source, struct regex_metered *metered)
{
    struct meter m = {.source = source, .start = is_anchored(source) ? "" : "(?C1)"};
    struct regex_scan scan;
    strbuf_init(&m.out, a);
    regex_scan_init(&scan, source);
    insert(&m, leading_verbs(source), m.start);
    for (struct regex_piece p = regex_scan_next(&scan); p.kind != PIECE_END; p = regex_scan_next(&scan)) {
        if (p.kind == PIECE_CALLOUT || scan.failed)
            return false;
        pass(&m, &p);
        if (is_cluster(&m, &p) && p.min == p.max)
            insert(&m, p.next, "(?C0)");
    }
    insert(&m, strlen(source), "");
    *metered = (struct regex_metered){.source = m.out.s, .work = m.work[0], .anchored = !*m.start};
    return !m.depth;
}
