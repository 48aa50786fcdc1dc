/* SPDX-License-Identifier: MIT */
/*
 * ruleset.h - rules and dialects as they stand in memory.
 *
 * One layer is what one set of files compiles to: const tables, literal index
 * included, of which nothing is worked out at start. Layer 0 is built into the
 * library (generated at build time by the same code), a second one holds what
 * bounce_rules_load() adds; rules/pack.c makes both. See doc/rules.md for the
 * meaning of each field.
 */
#ifndef BOUNCE_MATCH_RULESET_H
#define BOUNCE_MATCH_RULESET_H

#include "base/arena.h"
#include "bounce.h"
#include "smtp/reply.h"

struct literals; /* base/literals.h: the gram index of one layer */

enum text_origin {                        /* in the order in which texts are believed */
                   ORIGIN_REPLY = 0,      /* the innermost reply of the receiving server */
                   ORIGIN_DIAGNOSTIC = 1, /* Diagnostic-Code as a whole */
                   ORIGIN_TRANSCRIPT = 2, /* the transcript's line that names the recipient */
                   ORIGIN_BESIDE = 3,     /* prose beside the address */
                   ORIGIN_PROSE = 4       /* any other prose of the report */
};
/* The word for an origin, in `scope origin` as in --explain; NULL from their number on. */
const char *text_origin_name(size_t origin);

/* What stands where in the tables of a layer. They are numbers, not pointers: the
 * dynamic loader has nothing to adjust however many rules there are. */
typedef uint32_t string_at; /* where a string begins in strings; 0: none */
typedef uint32_t list_at;   /* where a list of strings begins in lists, which ends with a 0; 0: none */
struct range {
    uint32_t first, count;
};

/* A pattern of doc/rules.md: phrase segments or a regular expression. */
struct pattern {
    string_at text;        /* the first segment, folded; the expression, without slashes */
    uint32_t more;         /* where its other segments begin in segments; of an expression: the
                              index of its compiled code */
    uint16_t length;       /* bytes of text */
    uint8_t segment_count; /* 0: a regular expression */
    bool is_regex : 1;
    bool open_end : 1; /* phrase ended in '*' */
    bool indexed : 1;  /* of a rule: the layer's literals tell whether it can match */
};
struct segment {
    string_at text;
    uint32_t length;
};

struct scope {
    list_at hosts; /* lower case suffixes */
    list_at softwares, langs;
    list_at codes;    /* "550", "5xx", "none" */
    list_at statuses; /* "5.7.1", "x.7.1", "none" */
    uint8_t commands; /* bit 1 << bounce_command; 0: any */
    uint8_t origins;  /* bit 1 << text_origin; 0: any */
    uint16_t unused;  /* 0 */
};

/* What a rule says beyond its reason: `implies WORD`. */
enum rule_implies {
    IMPLIES_NOTHING = 0,
    IMPLIES_RECIPIENT_LIMIT = 1, /* of rate-limited: the limit is the recipient's own, not the sender's */
    IMPLIES_MAIL_CLIENT = 2      /* of network-error: it was a mail client that could not submit */
};

/* What matching looks at. */
struct bounce_rule {
    uint8_t tier;
    int8_t priority;
    uint8_t reason;         /* bounce_reason */
    uint8_t cause;          /* likewise; BOUNCE_REASON_UNKNOWN: none */
    uint32_t scope;         /* in scopes; 0: it holds for every text */
    uint32_t rank;          /* in its layer: the order in which rules are tried */
    uint32_t first_owner;   /* in the layer's literals: of its patterns; behind them, that of its needs */
    uint32_t first_unless;  /* ... and of its unless */
    uint32_t first_pattern; /* phrase and match, in the order of the file, then unless */
    uint32_t pattern_count, unless_count;
    uint32_t unsure_unless; /* those of them of which no literal tells */
    string_at id;
};

/* And what is only shown, or needed when layers are put together. */
struct rule_about {
    string_at file, why, tag;
    uint32_t line;
    list_at needs;           /* folded literals */
    list_at examples, nears; /* \n undone */
    uint32_t implies;        /* enum rule_implies */
    uint32_t literal_length; /* of its longest phrase or need, folded: decides between equals */
};

/* What a literal of a rule belongs to. */
struct rule_owner {
    uint32_t rank;   /* of the rule */
    uint32_t number; /* of the pattern in it: see first_owner */
    uint32_t flags;  /* enum owner_flag */
};
enum owner_flag {
    OWNER_LEFT = 1,   /* nothing of a word may stand in front of the literal */
    OWNER_RIGHT = 2,  /* ... or behind it */
    OWNER_PLACED = 4, /* the literal is all of a phrase */
    OWNER_REGEX = 8,  /* a regular expression: it is asked only if the rule's needs are there */
    OWNER_UNLESS = 16 /* an exception: it is asked only if the rule matches */
};

/* The rules of a layer stand behind the pointer to it, by which any of them finds its strings. */
struct rule_table {
    const struct layer *layer;
    struct bounce_rule rules[];
};

enum know_key { KNOW_SUBJECT, KNOW_FROM, KNOW_TYPE, KNOW_BODY, KNOW_HEADER, KNOW_REPORTING_MTA, KNOW_DIAGNOSTIC };
struct know {
    uint8_t key;          /* enum know_key */
    bool also;            /* a further condition for the one before */
    bool any;             /* header NAME without a pattern */
    bool indexed;         /* the layer's literals tell whether it can hold */
    uint32_t twin;        /* index of the first one of the layer that asks the same */
    uint32_t header_slot; /* KNOW_HEADER: number of the name in its layer */
    string_at header;     /* KNOW_HEADER: lower-case name */
    struct pattern pattern;
};

/* Conditions that must all hold: a `know` and each `also` below it. */
struct know_group {
    uint32_t first, count; /* in conditions */
    uint32_t dialect;
};
/* Groups, and which of them may hold once something is there: each has one
 * trigger, without which it cannot hold. Triggers are the conditions whose
 * literal stands in their text (by their index in knows), the header fields that
 * are there (behind them, by slot), and one that always is. */
struct know_groups {
    const struct know_group *groups; /* in the order of their dialects */
    const uint32_t *conditions;      /* indexes in knows: twins */
    const uint32_t *first;           /* of each trigger, and one: where its groups begin in triggered */
    const uint32_t *triggered;       /* indexes in groups */
    size_t group_count, condition_count, trigger_count;
};

struct dialect_action {
    uint8_t action; /* bounce_action */
    bool always;
    bool indexed; /* as in struct know */
    struct pattern pattern;
};
struct dialect_decided {
    uint8_t who;
    bool always;
    struct pattern pattern;
};
struct dialect_command {
    uint8_t command;
    struct pattern phrase;
};
enum dialect_join { JOIN_NONE, JOIN_INDENT, JOIN_BLANK };

struct dialect {
    uint8_t kind; /* bounce_kind */
    int8_t priority;
    uint8_t join;       /* enum dialect_join */
    bool is_general;    /* one of those that hold the vocabulary of a language */
    string_at software; /* none: shows null */
    struct range knows;
    string_at id, file, charset;
    uint32_t line;
    struct range starts, stops, originals, boilerplates, blocks, lines; /* in patterns */
    struct range actions, decided, commands;
};

struct layer {
    const char *strings; /* one behind the other, each with its NUL; equal ones once */
    size_t string_bytes;
    const string_at *lists;         /* equal ones once */
    size_t list_count;              /* items in lists */
    const struct segment *segments; /* second and later ones of phrases */
    size_t segment_count;
    const struct pattern *patterns; /* of rules, and those of dialects that are nothing else */
    size_t pattern_count;
    const struct scope *scopes; /* equal ones once; the first one holds for every text */
    size_t scope_count;
    const struct bounce_rule *rules; /* sorted by rank; those of a struct rule_table */
    const struct rule_about *abouts; /* of each of them */
    size_t rule_count;
    const struct dialect *dialects; /* sorted by priority (high first), then id */
    size_t dialect_count;
    const struct literals *literals; /* of phrases and needs */
    const struct rule_owner *owners; /* what those of literals stand for; of each literal, exceptions last */
    size_t owner_count;
    size_t regex_count;
    const list_at *regex_also; /* of each expression: texts of which one must stand in a folded text, too */
    const char *digest;        /* SHA-256 of its files in hex */
    const char *version;       /* of the built-in rules: "2026.11"; NULL elsewhere */
    const char *label;         /* bounce_rules_digest() of the built-in rules alone; NULL elsewhere */
    const struct know *knows;  /* those of all dialects, one after the other */
    size_t know_count;
    const struct dialect_action *actions; /* those of all dialects, likewise; and so the next two */
    size_t action_count;
    const struct dialect_decided *decided;
    size_t decided_count;
    const struct dialect_command *commands;
    size_t command_count;
    struct know_groups groups; /* of all dialects */
    struct know_groups signs;  /* what the header of a report shows; their dialects are not told */
    /* Owners are indexes in knows, then know_count plus those in actions, then
     * both counts plus those in patterns, from first_line_pattern on. */
    const struct literals *head_literals; /* of knows of all keys but KNOW_BODY, and of actions */
    const struct literals *body_literals; /* of knows of KNOW_BODY, of actions, and of patterns */
    size_t first_line_pattern;            /* from here on, patterns are those of dialects */
    const uint64_t *unsure_patterns;      /* one bit for each of these: no literal tells whether it can match */
    const uint64_t *unsure_actions;       /* likewise, for each of actions */
    size_t header_count;                  /* different header names in knows: slots */
    const string_at *header_names;        /* of each slot, in lower case */
    const uint32_t *header_heads;         /* by fields_name_bit(): 1 + a slot, or 0 */
    const uint32_t *header_next;          /* of each slot: the next one with that bit, likewise */
    const uint32_t *header_searched;      /* of each slot: 1 if a literal is looked for in the field */
    list_at removed;                      /* ids of rules below that `override ID` alone removes */
};

/* NULL for 0. */
static inline const char *layer_string(const struct layer *layer, string_at at)
{
    return at ? layer->strings + at : NULL;
}

/* The strings of a list, up to a 0; NULL if there is no list. */
static inline const string_at *layer_list(const struct layer *layer, list_at at)
{
    return at ? layer->lists + at : NULL;
}

/* A segment of a phrase, folded. */
static inline struct span pattern_segment(const struct layer *layer, const struct pattern *p, size_t index)
{
    if (!index)
        return span_of(layer->strings + p->text, p->length);
    const struct segment *other = &layer->segments[p->more + index - 1];
    return span_of(layer->strings + other->text, other->length);
}

/* phrase and match, pattern_count of them, and behind them unless_count others. */
static inline const struct pattern *rule_patterns(const struct layer *layer, const struct bounce_rule *rule)
{
    return layer->patterns + rule->first_pattern;
}

/* The layer that the rule belongs to. */
static inline const struct layer *rule_layer(const struct bounce_rule *rule)
{
    const char *first = (const char *)(rule - rule->rank);
    return ((const struct rule_table *)(const void *)(first - offsetof(struct rule_table, rules)))->layer;
}

/* The rest of a rule of the layer. */
static inline const struct rule_about *rule_about(const struct layer *layer, const struct bounce_rule *rule)
{
    return &layer->abouts[rule->rank];
}

/* Made at build time from data/patterns by rules/embed_rules.c. */
extern const struct layer bounce_builtin_layer;

/* A string of a layer, or its label, for a report, which may outlive the layer unless that is built in. */
static inline const char *layer_keep(const struct layer *layer, struct arena *a, const char *s)
{
    return layer == &bounce_builtin_layer ? s : arena_strdup(a, s);
}

/* What a set is made of. */
enum { RULESET_LAYERS_MAX = 2 };
/* An empty set, with one reference, and its arena: what is allocated there lives as long as the set. */
bounce_rules *ruleset_new(void);
struct arena *ruleset_arena(bounce_rules *rules);
/* Puts two layers into an empty set: rules and dialects of the upper one replace those of the lower one that
 * have the same id. upper must be in the set's arena, lower must outlive the set. */
void ruleset_stack(bounce_rules *rules, const struct layer *lower, const struct layer *upper);
size_t ruleset_layers(const bounce_rules *rules);
const struct layer *ruleset_layer(const bounce_rules *rules, size_t index);
/* True if a later layer replaced it. */
bool ruleset_dialect_off(const bounce_rules *rules, size_t layer, size_t dialect);
/* The place of each rule of a layer in the order over all layers (that of
 * bounce_rules_at), UINT32_MAX if it is off; NULL: these are the ranks. */
const uint32_t *ruleset_places(const bounce_rules *rules, size_t layer);
/* And the rule at a place. */
const struct bounce_rule *ruleset_at(const bounce_rules *rules, size_t place, size_t *layer);
/* A pattern's compiled expression, made when it is first asked for; the set
 * owns it. NULL if that is not possible. Safe to call from many threads. */
struct regex;
const struct regex *ruleset_regex(const bounce_rules *rules, size_t layer, const struct pattern *p, bool jit);

#endif
