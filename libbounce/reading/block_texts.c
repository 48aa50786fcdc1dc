/* SPDX-License-Identifier: MIT */
/*
 * block_texts.c - what the text says about the address of one block.
 *
 * In: the block and the rest of the lines. Out: findings: its texts by origin
 * (the reply of the receiving server, the transcript's lines that name it, the
 * prose beside it), and what these show: command, host, another name for the
 * same recipient.
 */
#include "reading/block_texts.h"
#include "base/limits.h"
#include "reading/clauses.h"
#include "reading/header_addresses.h"
#include "reading/headings.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"
#include "reading/sessions.h"
#include "reading/writer.h"

#include <string.h>

#include "mail/address.h"
#include "mail/address_index.h"
#include "mail/address_scan.h"
#include "reading/mentions.h"

/* What all blocks of a text have in common. */
struct block_context {
    struct address_index named;  /* recipients named before, by address */
    struct address_index finals; /* ... by alias the index of a finding */
    struct address_index hosts;  /* ... by address, if the host that was asked is known */
    struct sessions *sessions;
    const char *only; /* the address of the only one; NULL: none or several */
    struct {
        size_t *lines, count;
        bool is_known;
    } mailer_errors;          /* lines that say how a pipe ended */
    unsigned char *has_block; /* by mention id: 1 if a block is about it */
    struct line_clauses clauses;
    struct {
        size_t first, last;
        struct read_text *text;
    } shared; /* the last answer of shared_text() */
};

/* Where findings about a block go. */
struct block_reader {
    struct reading *rd;
    struct block_context *context; /* NULL: of the whole text */
    uint32_t parent;               /* FINDING_BLOCK or FINDING_WHOLE */
    bool if_silent;
};

/* A text whose reply states facts. line: in a transcript, where the lines
 * around it show command and host; SIZE_MAX: in none. */
static void add_reply(const struct block_reader *b, struct read_text *text, enum text_origin origin, const char *where,
                      bool said_by_remote, size_t line)
{
    struct reading *rd = b->rd;
    const struct reply *reply = texts_reply(rd, text);
    struct finding *f = findings_add_text(rd, b->parent, origin, where, text);
    if (!f)
        return;
    f->is_reply = true;
    f->said_by_remote = said_by_remote;
    f->if_silent = b->if_silent;
    f->command = reply->command;
    if (line == SIZE_MAX)
        return;
    f->line = (uint32_t)line + 1;
    if (!f->command && origin == ORIGIN_TRANSCRIPT)
        f->command = transcript_command(rd, line);
    if (!reply->host && paragraph_side(rd->lines[line].trimmed) == 1)
        f->remote_mta = transcript_host(rd, line);
}

/* Whether a line names the address of a block other than that of mention id `but`. */
static bool line_has_block_address(struct reading *rd, const struct block_context *c, size_t line, size_t but)
{
    size_t count;
    const struct mention *m = mentions_of_line(rd, line, &count);
    for (; count; m++, count--)
        if (m->id != but && c->has_block[m->id])
            return true;
    return false;
}

/* A paragraph that names several of them is a reply about none. */
static bool paragraph_has_other_block(struct reading *rd, const struct block_context *c, const struct paragraph *p,
                                      size_t but)
{
    size_t last = p->last < p->first + LIMIT_PARAGRAPH_LINES ? p->last : p->first + LIMIT_PARAGRAPH_LINES;
    for (size_t i = p->first; i < last; i++)
        if (line_has_block_address(rd, c, i, but))
            return true;
    if (last < p->last)
        paragraph_warn_long(rd);
    return false;
}

/* The best reply in lines [first, last): what the other side said wins over
 * what the reporting server makes of it. NULL: none. */
static const struct read_paragraph *find_reply(const struct block_reader *b, size_t first, size_t last,
                                               const char *only)
{
    struct reading *rd = b->rd;
    size_t id = only ? mentions_find(rd, only) : MENTIONS_NONE;
    const struct read_paragraph *best = NULL;
    for (size_t i = first, read = 0; i < last;) {
        if (rd->lines[i].blank || rd->lines[i].boilerplate) {
            i++;
            continue;
        }
        if (only && read == LIMIT_PARAGRAPHS_ABOUT_ONE) {
            report_warn(rd->report, "too-many-paragraphs", "more paragraphs may be about a recipient than are read");
            break;
        }
        /* Sendmail 5: another session begins, with another server. */
        if (best && word_at_start(rd->words->of[WORDS_TALKING_TO], rd->lines[i].s))
            break;
        const struct read_paragraph *r = paragraph_read(rd, i, last, false);
        i = r->p.last;
        read++;
        if (!reply_is_useful(&r->text->reply) ||
            (only && (paragraph_concerns_other(rd, &r->p, id) || paragraph_has_other_block(rd, b->context, &r->p, id))))
            continue;
        if (!best || (r->p.remote && !best->p.remote))
            best = r;
        if (best->p.remote)
            break;
    }
    return best;
}

/* Adds the best reply in lines [first, last); NULL if there is none.
 * remote_origin: for one that the other side said. */
static const struct read_paragraph *add_best_reply(const struct block_reader *b, size_t first, size_t last,
                                                   const char *only, enum text_origin remote_origin)
{
    const struct read_paragraph *r = find_reply(b, first, last, only);
    if (!r)
        return NULL;
    add_reply(b, r->text, r->p.remote ? remote_origin : ORIGIN_BESIDE, paragraph_where(b->rd, r->p.first), r->p.remote,
              r->p.first);
    return r;
}

/* What is written in lines [first, last). */
static void add_words(const struct block_reader *b, size_t first, struct read_text *text)
{
    struct finding *f = findings_add_text(b->rd, b->parent, ORIGIN_BESIDE, paragraph_where(b->rd, first), text);
    if (f)
        f->line = (uint32_t)first + 1;
}

/* ... unless the reply that was added is all there is. */
static void add_prose(const struct block_reader *b, const struct read_paragraph *reply, size_t first, size_t last)
{
    if (reply && reply->p.first >= first && paragraphs_empty(b->rd, first, reply->p.first) &&
        paragraphs_empty(b->rd, reply->p.last, last))
        return;
    add_words(b, first, paragraphs_text(b->rd, first, last));
}

/* "(expanded from: <x>)", "originally addressed to x": the names that the sender used. */
static void add_aliases(const struct block_reader *b, size_t first, size_t last)
{
    struct reading *rd = b->rd;
    for (size_t i = first; i < last; i++) {
        struct text_line *l = &rd->lines[i];
        if (!l->has_at && !(i + 1 < last && rd->lines[i + 1].has_at)) /* no address could follow */
            continue;
        const uint64_t pairs = reading_line_pairs(l);
        for (const struct search_word *w = rd->words->of[WORDS_ORIGINAL_NAME]; (w = word_search(w, l->s, pairs)); w++) {
            struct found_address found;
            size_t pos = (size_t)(span_find_word(l->s, w->text) - l->s.s) + w->text.n;
            if (!address_next(l->s, &pos, &found)) { /* then on the line below */
                pos = 0;
                if (i + 1 >= last || !address_next(rd->lines[i + 1].s, &pos, &found))
                    continue;
            }
            struct finding *f = findings_add(rd, FINDING_ALIAS, rd->findings.list[b->parent].reader);
            f->parent = b->parent;
            f->line = (uint32_t)i + 1;
            f->alias = arena_strndup(&rd->report->arena, found.address.s, found.address.n);
        }
    }
}

/* The end of the lines that belong to line i, which names a recipient. */
static size_t mention_end(const struct reading *rd, size_t i)
{
    enum { LINES = 8 };
    int side = paragraph_side(rd->lines[i].trimmed);
    size_t last = i + 1;
    while (last < rd->region_last && last < i + LINES && !rd->lines[last].blank && !rd->lines[last].has_at &&
           paragraph_side(rd->lines[last].trimmed) == side)
        last++;
    return last;
}

/* Other paragraphs that name this address: transcripts. In them the reply may
 * be on the next line. No more of them than are judged: several blocks may be
 * about one recipient. */
static void add_mentions(const struct block_reader *b, const char *address, const struct block *own,
                         const struct read_paragraph *reply)
{
    struct reading *rd = b->rd;
    size_t id = mentions_find(rd, address), cursor = MENTIONS_NONE, i;
    const size_t most = rd->findings.count + LIMIT_TEXTS;
    while (rd->findings.count < most && (i = mentions_next(rd, id, &cursor)) < rd->region_last) {
        if ((i >= own->first && i < own->body) || rd->lines[i].blank || rd->lines[i].boilerplate)
            continue;
        if (reply && i >= reply->p.first && i < reply->p.last) /* it says so already */
            continue;
        size_t from = i;
        if (paragraph_side(rd->lines[i].trimmed) == 2) { /* ">>> RCPT To:<joe@x>": the answer follows */
            from = i + 1;
            if (from >= rd->region_last || paragraph_side(rd->lines[from].trimmed) != 1)
                continue;
        }
        const struct span retold = session_retold(rd, i);
        if (retold.n) {
            add_reply(b, texts_intern(rd, retold), ORIGIN_TRANSCRIPT, paragraph_where(rd, i), false, SIZE_MAX);
            continue;
        }
        const struct read_paragraph *r = paragraph_read(rd, from, mention_end(rd, from), true);
        const char *where = paragraph_where(rd, from);
        if (reply_is_useful(&r->text->reply) || r->p.remote)
            add_reply(b, r->text, ORIGIN_TRANSCRIPT, where, r->p.remote, r->p.remote ? from : SIZE_MAX);
        else
            findings_add_text(rd, b->parent, ORIGIN_TRANSCRIPT, where, r->text);
    }
}

static struct block_context find_context(struct reading *rd, const struct block *blocks, size_t count)
{
    struct block_context c = {.only = NULL, .clauses = {.line = SIZE_MAX}};
    size_t named = 0;
    address_index_init(&c.named, rd->scratch);
    address_index_init(&c.finals, rd->scratch);
    address_index_init(&c.hosts, rd->scratch);
    c.sessions = count > 1 ? sessions_find(rd) : NULL;
    for (size_t i = 0; i < rd->findings.count; i++) {
        const struct finding *f = &rd->findings.list[i];
        if (f->kind != FINDING_FIELDS && f->kind != FINDING_LISTED)
            continue;
        c.only = named++ ? NULL : f->address;
        if (f->address)
            address_index_at(&c.named, span_z(f->address), i);
        if (f->remote_mta && f->address)
            address_index_at(&c.hosts, span_z(f->address), i);
        if (f->alias && f->address)
            address_index_at(&c.finals, span_z(f->alias), i);
    }
    c.has_block = arena_calloc(rd->scratch, mentions_addresses(rd) + 1, sizeof *c.has_block);
    for (size_t k = 0; count > 1 && k < count; k++) {
        size_t id = mentions_find(rd, blocks[k].address);
        if (id != MENTIONS_NONE)
            c.has_block[id] = 1;
    }
    return c;
}

/* Whether line i is about somebody other than mention id `who`. told: whether the line above is. */
static bool is_about_other(struct reading *rd, const struct block_context *c, size_t i, size_t who, bool told)
{
    if (rd->lines[i].blank || rd->lines[i].boilerplate || mentions_in_line(rd, i, who))
        return false;
    return told || line_has_block_address(rd, c, i, who);
}

/* Lines [first, last) without those about another recipient, which name it or follow such a line. */
static struct read_text *text_without_others(struct reading *rd, const struct block_context *c, size_t first,
                                             size_t last, size_t who)
{
    struct strbuf b;
    bool other = false;
    strbuf_init(&b, rd->scratch);
    for (size_t i = first; i < last && b.n < LIMIT_SEARCHED_BYTES; i++) {
        other = is_about_other(rd, c, i, who, other);
        if (other || rd->lines[i].boilerplate)
            continue;
        struct span words = paragraph_words(rd->lines[i].trimmed);
        strbuf_add(&b, words.s, words.n);
        strbuf_putc(&b, '\n');
    }
    return texts_add(rd, span_of(b.s, b.n));
}

/* What lines [first, last), which several recipients share, say about all of them. */
static struct read_text *shared_text(struct reading *rd, struct block_context *c, size_t first, size_t last)
{
    if (c->shared.text && c->shared.first == first && c->shared.last == last)
        return c->shared.text;
    c->shared.first = first;
    c->shared.last = last;
    return c->shared.text = text_without_others(rd, c, first, last, MENTIONS_NONE);
}

static bool names_others(struct reading *rd, const struct block_context *c, size_t first, size_t last, size_t who)
{
    for (size_t i = first; i < last; i++)
        if (rd->lines[i].has_at && is_about_other(rd, c, i, who, false))
            return true;
    return false;
}

/* The address by which the text's lines about a block are known. */
static const char *name_of_block(struct reading *rd, const struct block_context *c, const struct block *block,
                                 bool only)
{
    size_t i;
    if (only && c->only)
        return c->only;
    /* A list that was expanded is a recipient beside its members, and they tell nothing about it. */
    if (block->address && !address_index_find(&c->named, span_z(block->address), &i) &&
        address_index_find(&c->finals, span_z(block->address), &i))
        return rd->findings.list[i].address;
    return block->address;
}

static bool is_number(struct span s)
{
    return s.n == 3 && ascii_is_digit(s.s[0]) && ascii_is_digit(s.s[1]) && ascii_is_digit(s.s[2]);
}

/* What the dialect's patterns captured. */
static void add_captures(const struct block_reader *b, const struct block *block)
{
    struct reading *rd = b->rd;
    struct finding *f = &rd->findings.list[b->parent];
    const struct match_captures *c = &block->captures;
    struct arena *a = &rd->report->arena;
    struct address addr;
    if (c->original.n && header_address_read(rd, c->original, &addr))
        f->alias = addr.address;
    if (c->remote_mta.n)
        f->remote_mta = arena_strndup(a, c->remote_mta.s, c->remote_mta.n);
    if (is_number(c->reply_code))
        f->reply_code = (c->reply_code.s[0] - '0') * 100 + (c->reply_code.s[1] - '0') * 10 + (c->reply_code.s[2] - '0');
    if (c->status.n)
        enhanced_parse(c->status, &f->status, NULL);
    if (c->command.n)
        f->command = dialect_command(rd, c->command);
    if (block->diagnostic.n)
        add_reply(b, texts_intern(rd, block->diagnostic), ORIGIN_DIAGNOSTIC, paragraph_where(rd, block->first),
                  c->remote_mta.n || c->command.n, SIZE_MAX);
}

static void find_mailer_errors(struct reading *rd, struct block_context *c)
{
    c->mailer_errors.is_known = true;
    c->mailer_errors.lines = arena_alloc(rd->scratch, (rd->region_last + 1) * sizeof *c->mailer_errors.lines);
    for (size_t i = rd->region_first; i < rd->region_last; i++)
        if (word_search(rd->words->of[WORDS_MAILER_ERROR], rd->lines[i].s, reading_known_pairs(&rd->lines[i])))
            c->mailer_errors.lines[c->mailer_errors.count++] = i;
}

/* A pipe's own words are in the transcript, which identifies it only by the
 * exit status: "554 5.3.0 unknown mailer error 77". */
static void add_mailer_errors(const struct block_reader *b, const struct block *block)
{
    struct reading *rd = b->rd;
    struct block_context *c = b->context;
    struct span t = rd->lines[block->first].trimmed;
    if (t.n < 2 || (t.s[0] != '|' && t.s[1] != '|'))
        return;
    if (!c->mailer_errors.is_known)
        find_mailer_errors(rd, c);
    size_t k = 0;
    while (k < c->mailer_errors.count && c->mailer_errors.lines[k] < block->last)
        k++;
    for (size_t added = 0; k < c->mailer_errors.count && added < LIMIT_TEXTS; k++, added++) {
        const size_t i = c->mailer_errors.lines[k];
        findings_add_text(rd, b->parent, ORIGIN_TRANSCRIPT, paragraph_where(rd, i),
                          texts_intern(rd, rd->lines[i].trimmed));
    }
}

static bool is_silent(struct reading *rd, const struct block *b)
{
    return b->first + 1 == b->body && paragraphs_empty(rd, b->body, b->last);
}

static bool has_heading(const struct block *b)
{
    return b->heading.first < b->heading.last;
}

/* Whether the last name of a list has nothing below it but a paragraph that gives no reason: "Please reply to ..." */
static bool tells_nothing(struct reading *rd, const struct block *b)
{
    return b->first + 1 == b->body && b->body < rd->region_last && rd->lines[b->body].blank &&
           !headings_give_reason(rd, &(struct line_range){b->body, b->last});
}

/* What is above a list is about those of whom nothing else is said. */
static void add_heading(const struct block_reader *b, const struct block *block)
{
    if (has_heading(block) && (is_silent(b->rd, block) || tells_nothing(b->rd, block)))
        add_words(b, block->heading.first, paragraphs_text(b->rd, block->heading.first, block->heading.last));
}

/* "(reason: 550 no)" below an address is about this one only. */
static bool has_note(struct reading *rd, const struct block *b)
{
    return b->body < b->last && rd->lines[b->body].trimmed.n && rd->lines[b->body].trimmed.s[0] == '(';
}

/* Finds out which blocks in a row share a text: silent ones, and those of one line. */
static void blocks_share(struct reading *rd, struct block *blocks, size_t count)
{
    for (size_t k = count; k-- > 0;) {
        struct block *b = &blocks[k];
        const struct block *next = k + 1 < count ? b + 1 : NULL;
        const bool in_line = next && b->body == b->first && next->first == b->first;
        const bool silent = (in_line || is_silent(rd, b)) && !has_heading(b);
        b->speaks = !silent ? k : next && !has_note(rd, next) ? next->speaks : count;
    }
}

/* All of the text is about the only recipient. */
static void add_only(const struct block_reader *b, const struct block *block, const char *name)
{
    const struct read_paragraph *reply = add_best_reply(b, block->first, block->last, NULL, ORIGIN_TRANSCRIPT);
    if (!reply)
        add_best_reply(b, b->rd->region_first, block->first, NULL, ORIGIN_TRANSCRIPT);
    add_mentions(b, name, block, reply);
    sessions_add(b->rd, b->parent);
    add_prose(b, reply, block->first, block->last);
}

/* What the host that was asked about it replied to a command that names nobody, such as DATA. */
static void add_answer_of_host(struct block_reader *b, const char *name)
{
    struct reading *rd = b->rd;
    size_t finding, line;
    if (!name || !address_index_find(&b->context->hosts, span_z(name), &finding) ||
        !sessions_answer(b->context->sessions, rd->findings.list[finding].remote_mta, &line))
        return;
    const struct read_paragraph *r = paragraph_read(rd, line, rd->region_last, false);
    b->if_silent = true;
    add_reply(b, r->text, ORIGIN_TRANSCRIPT, paragraph_where(rd, line), true, line);
    b->if_silent = false;
}

/* A block with words of its own, which silent ones before it may share. */
static void add_own(struct block_reader *b, const struct block *block, const char *name, bool shares)
{
    const size_t id = mentions_find(b->rd, name);
    const struct read_paragraph *reply = add_best_reply(b, block->first, block->last, name, ORIGIN_TRANSCRIPT);
    add_mentions(b, name, block, reply);
    add_answer_of_host(b, name);
    add_mailer_errors(b, block);
    if (shares)
        add_words(b, block->body, shared_text(b->rd, b->context, block->body, block->last));
    else if (names_others(b->rd, b->context, block->first, block->last, id))
        add_words(b, block->first, text_without_others(b->rd, b->context, block->first, block->last, id));
    else
        add_prose(b, reply, block->first, block->last);
}

/* Lines [first, last), which several blocks share. */
static void add_shared(struct block_reader *b, const struct block *block, const char *name, size_t first, size_t last)
{
    add_mentions(b, name, block, NULL);
    add_answer_of_host(b, name);
    b->if_silent = true;
    add_best_reply(b, first, last, name, ORIGIN_BESIDE);
    b->if_silent = false;
    add_words(b, first, shared_text(b->rd, b->context, first, last));
}

/* Adds what a line about several says about this one. False: it does not say something different about each. */
static bool add_clause(const struct block_reader *b, const struct block *block)
{
    const struct span clause = clause_of_block(b->rd, b->context->has_block, block, &b->context->clauses);
    if (!clause.n)
        return false;
    struct read_text *text = texts_intern(b->rd, clause);
    if (reply_is_useful(texts_reply(b->rd, text)))
        add_reply(b, text, ORIGIN_BESIDE, paragraph_where(b->rd, block->first), false, SIZE_MAX);
    else
        add_words(b, block->first, text);
    return true;
}

static void read_block(struct reading *rd, enum finding_reader reader, struct block_context *c,
                       const struct block *blocks, size_t count, size_t k)
{
    const struct block *block = &blocks[k], *end = &blocks[count - 1];
    struct finding *f = findings_add(rd, FINDING_BLOCK, reader);
    struct block_reader b = {.rd = rd, .context = c, .parent = f->parent};
    f->address = block->address;
    f->line = (uint32_t)block->first + 1;
    f->where = paragraph_where(rd, block->first);
    const char *name = name_of_block(rd, c, block, count == 1);
    add_captures(&b, block);
    add_aliases(&b, block->first, block->last);
    add_heading(&b, block);
    if (count > 1 && add_clause(&b, block))
        return;
    if (count == 1)
        add_only(&b, block, name);
    else if (block->speaks < count && block->speaks != k)
        add_shared(&b, block, name, blocks[block->speaks].body, blocks[block->speaks].last);
    else if (block->speaks == count && end->last < rd->region_last) /* a bare list before a transcript */
        add_shared(&b, block, name, end->last, rd->region_last);
    else
        add_own(&b, block, name, k && blocks[k - 1].speaks == k);
}

void blocks_read(struct reading *rd, enum finding_reader reader, struct block *blocks, size_t count)
{
    struct block_context c = find_context(rd, blocks, count);
    headings_find(rd, blocks, count);
    blocks_share(rd, blocks, count);
    for (size_t k = 0; k < count; k++)
        read_block(rd, reader, &c, blocks, count, k);
}

void blocks_read_whole_text(struct reading *rd)
{
    struct finding *f = findings_add(rd, FINDING_WHOLE, READER_GENERAL);
    struct block_reader b = {.rd = rd, .parent = f->parent};
    const struct read_paragraph *reply = add_best_reply(&b, rd->region_first, rd->region_last, NULL, ORIGIN_BESIDE);
    add_prose(&b, reply, rd->region_first, rd->region_last);
}
