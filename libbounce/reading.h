/* SPDX-License-Identifier: MIT */
/*
 * reading.h - one message on its way from bytes to verdicts: what every stage
 * of parse.c shares. Lives for one bounce_parse(); texts lie in scratch, all
 * that the report keeps in the report's own arena.
 */
#ifndef BOUNCE_READING_H
#define BOUNCE_READING_H

#include "facts.h"
#include "address_index.h"
#include "message.h"
#include "text_charset.h"
#include "words.h"

struct bounce_options {
    uint64_t max_message_bytes;
    bool explain, jit, dialects, prefilter, read_all;
    char *verp; /* g_free; NULL: none */
};

struct bounce_parser {
    bounce_rules *rules;
    struct bounce_options options;
    struct matcher *matcher;
    struct arena scratch;
    struct charsets_kept charsets;
};

/* One line of the report's text. */
struct text_line {
    struct span s;          /* without its line end and invisible characters */
    const char *begin;      /* where it begins in the text of its part, as that stood */
    struct span trimmed;
    uint64_t pairs;         /* reading_line_pairs(); 0: not asked for yet */
    uint32_t part;          /* index into reading.text_parts */
    bool blank;
    bool boilerplate;       /* never judged */
    bool has_at;            /* an '@' stands in it */
};

struct reading {
    struct bounce_parser *parser;
    struct arena *scratch;
    struct bounce_report *report;
    struct message m;
    /* The text of the report, in front of the returned message. */
    bool text_ready;
    struct text_line *lines;
    size_t line_count;
    size_t region_first, region_last; /* lines that a dialect's start and stop leave */
    const char **text_paths; /* where each text part stood: "part 1" */
    struct span text;        /* all of it, joined by line feeds */
    struct norm_text norm;   /* of text, capped */
    bool norm_is_all;        /* every line stands in norm, too */
    struct mentions *mentions;  /* mentions.c; NULL: not asked for yet */
    struct read_texts *read;    /* paragraphs.c: what was read already; NULL: nothing */
    struct address_index named; /* prose.c: recipients by their addresses */
    struct field_group text_original; /* header of a returned message shown in the text */
    /* Who wrote it. */
    struct know_facts facts; /* what dialects are asked about */
    const struct dialect *dialect; /* NULL: unknown writer */
    size_t dialect_layer;
    const char *from, *to, *subject, *return_path; /* of the report's header */
    bool from_system;        /* mailer-daemon, postmaster or a null return path */
    bool status_fields_seen; /* RFC 3464 fields were read */
    bool action_asked;       /* dialect_action() has its answer */
    bounce_action action;
    struct field_group status_group; /* the fields that concern the whole message */
};

/* text_lines.c: fills lines, text, norm, text_original; once, however often it
 * is called. */
void reading_prepare_text(struct reading *rd);
/* The pairs of letters (words.h) of a line, and so of all that stands in it. */
static inline uint64_t reading_line_pairs(struct text_line *l)
{
    return l->pairs ? l->pairs : (l->pairs = words_pairs(l->s));
}
/* The returned message's header field, from its part or from the text; decoded
 * (in scratch), or NULL. */
char *reading_original(struct reading *rd, const char *name);

/* A copy that the report keeps; NULL for NULL and for an empty string. */
const char *reading_keep(struct reading *rd, const char *value);
/* The first mailbox of a header field, without its display name; in scratch. */
const char *reading_first_address(struct reading *rd, const char *value);
/* kinds.c: kind and recipients; who sent a challenge. */
void reading_find_kind(struct reading *rd);
void reading_find_challenger(struct reading *rd);
/* dsn.c: RFC 3464 fields in one text. */
void dsn_read(struct reading *rd, struct span fields);
/* True if the text holds the fields of a delivery status at a line's start;
 * *from is where they begin. */
bool dsn_find(struct span text, size_t *from);
/* arf.c: RFC 5965 fields. */
void arf_read(struct reading *rd, struct span fields);
/* Hotmail's junk mail reports: a copy of the mail with X-HmXmrOriginalRecipient
 * and no report part. False if it is none. Their header shows no more than the
 * sender. */
bool arf_read_jmrp(struct reading *rd);
bool arf_is_jmrp_sender(const struct reading *rd);
/* notification.c: Amazon SES notifications as JSON; false if it is none. */
bool notification_read(struct reading *rd);
/* prose.c: recipients and their texts from free text. */
void prose_read(struct reading *rd);

/* The part of the text that belongs to one recipient. */
struct block {
    const char *address;     /* as written; NULL: none */
    size_t first, last;      /* lines [first, last) */
    size_t body;             /* first line behind the one that names the address */
    struct match_captures captures; /* of a dialect's `block` and `line` patterns */
    struct span diagnostic;  /* joined by the dialect; n 0: none */
    size_t speaks;           /* the block whose text it shares: itself, a later one, or their count */
};

/* gate.c: whether the mail can be a report, told by its header, and by the front
 * of a mixed multipart. Only then is its body read. */
bool reading_shows_report(const struct reading *rd);
/* dialect.c: who wrote it; region, boilerplate; blocks as the dialect says (0
 * blocks: read the text in the general way). Begins with the header, and goes
 * on with the text. */
void dialect_begin(struct reading *rd);
void dialect_recognise(struct reading *rd);
void dialect_region(struct reading *rd);
size_t dialect_blocks(struct reading *rd, struct block **blocks);
/* Adds to blocks what the dialect's `line` patterns capture. */
void dialect_captures(struct reading *rd, struct block *blocks, size_t count);
/* True if the subject alone, from a mail system, would announce a failure. */
bool dialect_announced(struct reading *rd);
/* What the dialect, then the general vocabulary, says of the whole text. */
bounce_action dialect_action(struct reading *rd);
/* Who decided about a recipient, as the dialect knows its writer. */
bounce_decided_by dialect_decided(struct reading *rd, const struct bounce_recipient *to);
/* The command that the dialect's phrases name in a text. */
bounce_command dialect_command(struct reading *rd, struct span text);
/* True for an entry that holds the vocabulary of a language, not a writer. */
bool dialect_is_general(const struct dialect *d);
/* The program that wrote the mail; NULL if nobody knows. */
const char *dialect_software(const struct reading *rd);
/* blocks.c: the general reading. */
size_t general_blocks(struct reading *rd, struct block **blocks);
/* block_shapes.c: true if the words in front of an address make it the sender's:
 * "... not accepting mail from <joe@example.net>". */
bool introduces_sender(struct span before);

#endif
