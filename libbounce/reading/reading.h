/* SPDX-License-Identifier: MIT */
/*
 * reading.h - one message on its way from bytes to verdicts: what every stage
 * of parse.c shares. Lives for one bounce_parse(); texts are in scratch, and all
 * that the report keeps is in its own arena.
 */
#ifndef BOUNCE_READING_READING_H
#define BOUNCE_READING_READING_H

#include "mail/message.h"
#include "match/word_lists.h"
#include "reading/findings.h"
#include "reading/resolve.h"
#include "report/report.h"
#include "text/charset.h"

/* One line of the report's text. */
struct text_line {
    struct span s;     /* without its line end and invisible characters */
    const char *begin; /* where it begins in the text of its part, as it was */
    struct span trimmed;
    uint64_t pairs; /* reading_line_pairs(); 0: not asked for yet */
    uint32_t part;  /* index into reading.text_parts */
    bool blank;
    bool boilerplate; /* never judged */
    bool has_at;      /* it contains an '@' */
    bool ascii;       /* it is all ASCII */
};

/* What an automatic reply may say. */
enum told { TOLD_UNTIL, TOLD_LEFT, TOLD_NEW_ADDRESS, TOLD_CONTACT, TOLD_COUNT };

struct reading {
    const bounce_rules *rules;
    const struct word_lists *words; /* of rules */
    struct matcher *matcher;
    const char *verp_pattern; /* the caller's own (bounce_options_set_verp), or NULL */
    bool explain;             /* to give an account of the reading */
    bool use_dialects;        /* of writers; those of languages are always used */
    struct arena *scratch;
    struct bounce_report *report;
    struct message m;
    /* What the caller knows of the envelope, and its own server; NULL: not known (trust.c). */
    const char *envelope_from, *envelope_to, *authserv_id;
    /* The text of the report, before the returned message. */
    bool text_ready;
    struct text_line *lines;
    size_t line_count;
    size_t region_first, region_last;   /* lines that a dialect's start and stop leave */
    const char **text_paths;            /* where each text part was: "part 1" */
    struct span text;                   /* all of it, joined by line feeds */
    struct norm_text norm;              /* of text, capped */
    bool norm_is_all;                   /* every line is in norm, too */
    struct mentions *mentions;          /* mentions.c; NULL: not asked for yet */
    struct read_paragraphs *paragraphs; /* paragraphs.c: those that were read; NULL: none */
    struct field_group text_original;   /* header of a returned message shown in the text */
    bool text_original_has_body;        /* ... and something follows it */
    bool is_rewritten;                  /* the lines are not as they are in their parts */
    /* Who wrote it. */
    struct recognition *recognition; /* what the dialects say about this mail; in scratch */
    bool by_signs;                   /* the sum of signs decided whether it is a report */
    const struct norm_text *type;    /* Content-Type; NULL: not present */
    const struct dialect *dialect;   /* NULL: unknown writer */
    size_t dialect_layer;
    const char *from, *to, *subject, *return_path; /* of the report's header */
    bool from_system;                              /* no person wrote it: sign automatic-sender */
    bool status_fields_seen;                       /* RFC 3464 fields were read */
    bool action_asked;                             /* dialect_action() has its answer */
    bounce_action action;
    struct field_group status_group; /* the fields that concern the whole message */
    /* What was found. */
    struct findings findings;
    struct text_table *texts; /* texts.c; NULL: none */
    uint32_t text_count;
    uint32_t replies_parsed;      /* one for each text at most */
    const char *told[TOLD_COUNT]; /* of an automatic reply: by which sentence; NULL: not said */
    struct resolution resolved;   /* as of the last resolve_findings() of kind.c, */
    size_t resolved_findings;     /* ... from this many findings */
};

#endif
