/* SPDX-License-Identifier: MIT */
/*
 * parsed.h - rules and dialects as they were read from their files.
 *
 * Each string and list has memory of its own here, which is handy while entries
 * are read, sorted and indexed; pack.c makes the tables of match/ruleset.h of it,
 * which is what everything else sees. Private to the modules that read rule
 * files: rule*.c and dialect_keywords.c. See doc/rules.md for each field.
 */
#ifndef BOUNCE_RULES_PARSED_H
#define BOUNCE_RULES_PARSED_H

#include "rules/file.h"

struct parsed_pattern {
    const char *source;          /* as written, without slashes */
    const char *const *segments; /* folded; NULL for a regular expression */
    uint8_t segment_count;
    bool is_regex;
    bool open_end;           /* phrase ended in '*' */
    bool indexed;            /* as in struct pattern */
    uint32_t regex_id;       /* index of its compiled code in the layer */
    const char *const *also; /* as in struct layer, regex_also; NULL-terminated, or NULL */
};

struct parsed_scope {
    const char *const *hosts;     /* lower case suffixes; NULL-terminated, or NULL */
    const char *const *softwares; /* likewise */
    const char *const *langs;
    const char *const *codes;    /* "550", "5xx", "none" */
    const char *const *statuses; /* "5.7.1", "x.7.1", "none" */
    uint8_t commands, origins;   /* as in struct scope */
};

struct parsed_rule {
    const char *id, *file, *why, *tag;
    uint32_t line;
    uint8_t tier;
    int8_t priority;
    bounce_reason reason;
    bounce_reason cause; /* BOUNCE_REASON_UNKNOWN: none */
    enum rule_implies implies;
    struct parsed_scope scope;
    const struct parsed_pattern *patterns; /* phrase and match, in the order of the file */
    size_t pattern_count;
    const char *const *needs; /* folded literals; NULL-terminated, or NULL */
    const struct parsed_pattern *unless;
    size_t unless_count;
    const char *const *examples; /* NULL-terminated; \n undone */
    const char *const *nears;
    uint32_t first_owner, first_unless; /* as in struct bounce_rule */
    uint32_t literal_length;            /* as in struct rule_about */
};

struct parsed_know {
    enum know_key key;
    bool also;          /* a further condition for the one before */
    bool any;           /* header NAME without a pattern */
    const char *header; /* KNOW_HEADER: lower-case name */
    struct parsed_pattern pattern;
    uint32_t twin, header_slot; /* as in struct know */
};

struct parsed_action {
    bounce_action action;
    bool always;
    struct parsed_pattern pattern;
};
struct parsed_decided {
    bounce_decided_by who;
    bool always;
    struct parsed_pattern pattern;
};
struct parsed_command {
    struct parsed_pattern phrase;
    bounce_command command;
};

struct parsed_dialect {
    const char *id, *software, *file, *charset; /* software NULL: shows null */
    uint32_t line;
    bounce_kind kind;
    int8_t priority;
    enum dialect_join join;
    const struct parsed_know *knows;
    size_t know_count;
    const struct parsed_pattern *starts;
    size_t start_count;
    const struct parsed_pattern *stops;
    size_t stop_count;
    const struct parsed_pattern *originals;
    size_t original_count;
    const struct parsed_pattern *boilerplates;
    size_t boilerplate_count;
    const struct parsed_pattern *blocks;
    size_t block_count;
    const struct parsed_pattern *lines;
    size_t line_count;
    const struct parsed_action *actions;
    size_t action_count;
    const struct parsed_decided *decided;
    size_t decided_count;
    const struct parsed_command *commands;
    size_t command_count;
};

enum rule_entry_kind { ENTRY_RULE, ENTRY_OVERRIDE, ENTRY_DIALECT };

struct rule_entry {
    enum rule_entry_kind kind;
    const char *path;
    size_t file;
    bool removes;            /* `override ID` with no further line */
    struct parsed_rule rule; /* only id, file and line if it is a dialect */
    struct parsed_dialect dialect;
    struct rule_entry *next;
};

/* The entries of a set, resolved, sorted and indexed: see struct layer. */
struct parsed_layer {
    const struct parsed_rule *rules;
    size_t rule_count;
    const struct parsed_dialect *dialects;
    size_t dialect_count;
    const struct literals *literals;
    const struct rule_owner *owners;
    size_t owner_count, regex_count;
    const char *digest;
    const struct parsed_know *knows; /* those of all dialects, one after the other */
    size_t know_count;
    const struct parsed_action *actions; /* likewise */
    size_t action_count;
    size_t header_count;
    const char *const *removed; /* NULL-terminated, or NULL */
};

/* layer.c: as rulelayer_build(), before it is packed. Tables that stay as
 * they are (literals, owners, digest) are in a; all else is in the
 * arena of the entries. */
const struct parsed_layer *rulelayer_arrange(struct rule_entries *e, const struct layer *below, struct arena *a);

/* dialects.c: fills knows and actions of a layer whose dialects are there. */
void ruledialects_arrange(struct rule_entries *e, struct parsed_layer *layer);

/* pack.c: the flat tables of a layer, all in a. */
const struct layer *rulepack(const struct parsed_layer *from, struct arena *a);

#endif
