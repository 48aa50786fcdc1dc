/* SPDX-License-Identifier: MIT */
/*
 * ruleset.h - rules and dialects as they stand in memory.
 *
 * One layer is what one set of files compiles to: const tables, literal index
 * included, of which nothing is worked out at start. Layer 0 is built into the
 * library (generated at build time by the same code), a second one holds what
 * bounce_rules_load() adds. See doc/rules.md for the meaning of each field.
 */
#ifndef BOUNCE_RULESET_H
#define BOUNCE_RULESET_H

#include "arena.h"
#include "bounce.h"
#include "reply.h"

struct literals; /* literals.h: the gram index of one layer */

enum text_origin { /* in the order in which texts are believed */
    ORIGIN_REPLY = 0,      /* the innermost reply of the receiving server */
    ORIGIN_DIAGNOSTIC = 1, /* Diagnostic-Code as a whole */
    ORIGIN_TRANSCRIPT = 2, /* the transcript's line that names the recipient */
    ORIGIN_BESIDE = 3,     /* prose beside the address */
    ORIGIN_PROSE = 4       /* any other prose of the report */
};

/* A pattern of doc/rules.md: phrase segments or a regular expression. */
struct pattern {
    const char *source;           /* as written, without slashes */
    const char *const *segments;  /* folded; NULL for a regular expression */
    uint16_t segment_count;
    bool is_regex;
    bool open_end;                /* phrase ended in '*' */
    uint32_t line;                /* of its file */
    uint32_t regex_id;            /* index of its compiled code in the layer */
};

struct scope {
    const char *const *hosts;     /* lower case suffixes; NULL-terminated, or NULL */
    const char *const *softwares; /* likewise */
    const char *const *langs;
    const char *const *codes;     /* "550", "5xx", "none" */
    const char *const *statuses;  /* "5.7.1", "x.7.1", "none" */
    uint8_t commands;             /* bit 1 << bounce_command; 0: any */
    uint8_t origins;              /* bit 1 << text_origin; 0: any */
};

struct bounce_rule {
    const char *id, *file, *why, *tag;
    uint32_t line;
    uint8_t tier;
    int8_t priority;
    bounce_reason reason;
    bounce_reason cause;          /* BOUNCE_REASON_UNKNOWN: none */
    struct scope scope;
    const struct pattern *patterns; /* phrase and match, in the order of the file */
    size_t pattern_count;
    const char *const *needs;     /* folded literals */
    size_t need_count;
    const struct pattern *unless;
    size_t unless_count;
    const char *const *examples;  /* NULL-terminated; \n undone */
    const char *const *nears;
    uint32_t rank;                /* in its layer: the order in which rules are tried */
    uint32_t first_owner;         /* of its patterns in the layer's literals; behind them, that of its needs */
    uint32_t literal_length;      /* of its longest phrase or need, folded: decides between equals */
};

enum know_key { KNOW_SUBJECT, KNOW_FROM, KNOW_TYPE, KNOW_BODY, KNOW_HEADER, KNOW_REPORTING_MTA, KNOW_DIAGNOSTIC };
struct know {
    enum know_key key;
    bool also;                    /* a further condition for the one before */
    bool any;                     /* header NAME without a pattern */
    const char *header;           /* KNOW_HEADER: lower-case name */
    struct pattern pattern;
    bool indexed;                 /* the layer's literals tell whether it can hold */
    uint32_t twin;                /* index of the first one of the layer that asks the same */
    uint32_t header_slot;         /* KNOW_HEADER: number of the name in its layer */
};

/* What decides on most conditions, all of which are asked about each mail. */
struct know_brief {
    uint32_t twin;
    uint32_t trigger;             /* at a `know`: a condition of its group without whose literal it cannot hold */
    uint16_t group;               /* at a `know`: conditions of its group, itself and each `also` below it */
    bool by_literal;              /* it cannot hold where its literal was not found */
};

struct dialect_action {
    bounce_action action;
    bool always;
    bool indexed;                 /* as in struct know */
    struct pattern pattern;
};
struct dialect_decided { bounce_decided_by who; bool always; struct pattern pattern; };
struct dialect_command { struct pattern phrase; bounce_command command; };
enum dialect_join { JOIN_NONE, JOIN_INDENT, JOIN_BLANK };

struct dialect {
    const char *id, *software, *file, *charset; /* software NULL: shows null */
    uint32_t line;
    bounce_kind kind;
    int8_t priority;
    enum dialect_join join;
    const struct know *knows;              size_t know_count;
    const struct pattern *starts;          size_t start_count;
    const struct pattern *stops;           size_t stop_count;
    const struct pattern *originals;       size_t original_count;
    const struct pattern *boilerplates;    size_t boilerplate_count;
    const struct pattern *blocks;          size_t block_count;
    const struct pattern *lines;           size_t line_count;
    const struct dialect_action *actions;  size_t action_count;
    const struct dialect_decided *decided; size_t decided_count;
    const struct dialect_command *commands; size_t command_count;
};

struct layer {
    const struct bounce_rule *rules;   /* sorted by rank */
    size_t rule_count;
    const struct dialect *dialects;    /* sorted by priority (high first), then id */
    size_t dialect_count;
    const struct literals *literals;   /* of phrases and needs */
    const uint32_t *owner_ranks;       /* of each owner in literals: its rule */
    size_t owner_count;
    size_t regex_count;
    const char *digest;                /* SHA-256 of its files in hex */
    const char *version;               /* of the built-in rules: "2026.11"; NULL elsewhere */
    const struct know *knows;          /* those of all dialects, one after the other */
    size_t know_count;
    const struct dialect_action *actions; /* those of all dialects, likewise */
    size_t action_count;
    const struct know_brief *briefs;   /* of each of knows */
    /* Owners are indexes in knows, then know_count plus those in actions. */
    const struct literals *head_literals; /* of knows of all keys but KNOW_BODY, and of actions */
    const struct literals *body_literals; /* of knows of KNOW_BODY, and of actions */
    size_t header_count;               /* different header names in knows */
    const char *const *removed;        /* ids of rules below that `override ID` alone removes */
    size_t removed_count;
};

/* Made at build time from data/patterns by embed_rules.c. */
extern const struct layer bounce_builtin_layer;

/* rules.c: what a set is made of. */
size_t ruleset_layers(const bounce_rules *rules);
const struct layer *ruleset_layer(const bounce_rules *rules, size_t index);
/* True if a later layer replaced or removed it. */
bool ruleset_rule_off(const bounce_rules *rules, size_t layer, size_t rule);
bool ruleset_dialect_off(const bounce_rules *rules, size_t layer, size_t dialect);
/* The place of a rule in the order over all layers (that of bounce_rules_at),
 * UINT32_MAX if it is off; and back. */
uint32_t ruleset_place(const bounce_rules *rules, size_t layer, size_t rule);
const struct bounce_rule *ruleset_at(const bounce_rules *rules, size_t place, size_t *layer);
/* A pattern's compiled expression, made when it is first asked for; the set
 * owns it. NULL if that is not possible. Safe to call from many threads. */
struct regex;
const struct regex *ruleset_regex(const bounce_rules *rules, size_t layer, const struct pattern *p, bool jit);

/* A set made from texts in memory above base (NULL: the built-in layer), for
 * tests. Arguments and errors as with bounce_rules_load(). */
struct rule_text {
    const char *path, *text;
};
bounce_status ruleset_from_texts(const struct layer *base, const struct rule_text *texts, size_t count,
                                 bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                 bounce_error *error);

#endif
