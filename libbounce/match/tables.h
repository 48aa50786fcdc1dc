/* SPDX-License-Identifier: MIT */
/*
 * tables.h - rules and dialects in memory: the tables of one layer.
 *
 * A layer is what one set of files compiles to: constant tables, with the index
 * of their literals, that need no work at start. The built-in layer is compiled
 * into the library; bounce_rules_load() makes a second one. Both are made by
 * rules/pack.c. doc/rules.md explains what each field means to the author of a
 * rule.
 *
 * A table refers to another one by number, never by pointer, so the dynamic
 * loader has nothing to relocate, however many rules there are.
 */
#ifndef BOUNCE_MATCH_TABLES_H
#define BOUNCE_MATCH_TABLES_H

#include "base/arena.h"
#include "bounce.h"

struct literals; /* base/literals.h */

typedef uint32_t string_at; /* offset of a string in struct layer.strings; 0: none */
typedef uint32_t list_at;   /* index in struct layer.lists of the first string of a list, which ends
                               with a 0; 0: no list */
struct range {
    uint32_t first, count;
};

/* --------------------------------------------------------------- patterns */

/* A phrase or a regular expression. */
struct pattern {
    string_at text;        /* the first part of the phrase, folded; or the expression, without slashes */
    uint32_t more;         /* phrase: index of its other parts in segments; expression: number of its
                              compiled code */
    uint16_t length;       /* bytes of text */
    uint8_t segment_count; /* parts of the phrase; 0: a regular expression */
    bool is_regex : 1;
    bool open_end : 1; /* the phrase ended in '*' */
    bool indexed : 1;  /* of a rule: it cannot match a text that has none of its literals */
};
/* A further part of a phrase. */
struct segment {
    string_at text;
    uint32_t length;
};

/* ------------------------------------------------------------------ rules */

/* How much a verdict can be relied on: lower tiers win. Rules have those that
 * are made of words; the numbers are the "tier" of the output. */
enum rule_tier {
    TIER_NONE = 0,          /* nothing was judged */
    TIER_TOKEN = 1,         /* a token that its writer documents */
    TIER_KNOWN_WRITER = 2,  /* the wording of a known host or software */
    TIER_DEFINITE = 3,      /* a definite wording of anybody */
    TIER_SPECIFIC_CODE = 4, /* a specific enhanced code */
    TIER_VAGUE = 5,         /* a vague wording */
    TIER_GENERAL_CODE = 6,  /* a reply code, or a generic enhanced code */
    TIER_UNKNOWN = 7        /* nothing gives a reason */
};

/* What a rule says beyond its reason: `implies WORD`. */
enum rule_implies {
    IMPLIES_NOTHING = 0,
    IMPLIES_RECIPIENT_LIMIT = 1, /* rate-limited: the limit is the recipient's own, not the sender's */
    IMPLIES_MAIL_CLIENT = 2      /* network-error: a mail client could not submit */
};

/* A rule holds if every key that is present fits. */
struct scope {
    list_at hosts; /* suffixes in lower case */
    list_at softwares, langs;
    list_at codes;    /* "550", "5xx", "none" */
    list_at statuses; /* "5.7.1", "x.7.1", "none" */
    uint8_t commands; /* bits 1 << bounce_command; 0: any */
    uint8_t origins;  /* bits 1 << text_origin; 0: any */
    uint16_t unused;  /* 0 */
};

/* The part of a rule that matching reads. */
struct bounce_rule {
    uint8_t tier; /* enum rule_tier */
    int8_t priority;
    uint8_t reason;         /* bounce_reason */
    uint8_t cause;          /* bounce_reason; BOUNCE_REASON_UNKNOWN: none */
    uint32_t scope;         /* index in scopes; 0: every text */
    uint32_t rank;          /* index in rules: the order in which rules are tried */
    uint32_t first_owner;   /* owner of its first pattern; the owners of the others follow, then that of its needs */
    uint32_t first_unless;  /* owner of its first unless; those of the others follow */
    uint32_t first_pattern; /* in patterns: phrase and match in the order of the file, then unless */
    uint32_t pattern_count, unless_count;
    uint32_t unsure_unless; /* how many of its unless are not indexed */
    string_at id;
};

/* The part that is only shown, or needed to put layers together. */
struct rule_about {
    string_at file, why, tag;
    uint32_t line;
    list_at needs;           /* folded literals */
    list_at examples, nears; /* \n is a line break */
    uint32_t implies;        /* enum rule_implies */
    uint32_t literal_length; /* of its longest phrase or need, folded: ranks rules of one priority */
};

/* What a literal of the rules belongs to: a pattern, or the needs of a rule. */
struct rule_owner {
    uint32_t rank;   /* of the rule */
    uint32_t number; /* of the pattern among those of the rule, or of the unless; the needs come after the patterns */
    uint32_t flags;  /* enum owner_flag */
};
enum owner_flag {
    OWNER_LEFT = 1,   /* no word character may precede the literal */
    OWNER_RIGHT = 2,  /* no word character may follow it */
    OWNER_PLACED = 4, /* the literal is the whole phrase */
    OWNER_REGEX = 8,  /* a regular expression: tried only if a need of the rule was found, too */
    OWNER_UNLESS = 16 /* an exception: tried only if the rule matches */
};

/* The rules of a layer, after a pointer to it: a bounce_rule alone finds its layer, see rule_layer(). */
struct rule_table {
    const struct layer *layer;
    struct bounce_rule rules[];
};

/* ------------------------------------------------------------------ words */

/* `words NAME`: where and how each is looked for, doc/rules.md says. */
enum word_list {
    WORDS_CONTACT,          /* a sentence that names an address to turn to */
    WORDS_TURN_TO,          /* the surest of them */
    WORDS_SAYS_FAILURE,     /* a sentence that says of its address that it failed */
    WORDS_OTHER_NAME,       /* in front of another name of a recipient */
    WORDS_ORIGINAL_NAME,    /* in front of the name that the sender used */
    WORDS_EXPANDED,         /* in parentheses after an address */
    WORDS_PIPE,             /* a line that names a program or a file as the recipient */
    WORDS_NAMES_FOLLOW,     /* a line after which names without a domain follow */
    WORDS_RECIPIENT_BEFORE, /* all that is in front of a recipient */
    WORDS_TO_BEFORE,        /* makes what is in front of "<joe@example.net>" no display name */
    WORDS_SAID_AFTER,       /* begins what is said of an address that leads its line */
    WORDS_SENDER_BEFORE,    /* last in front of a sender's address */
    WORDS_RECIPIENT_END,    /* last in front of a recipient's, whoever else that is */
    WORDS_OTHER_LABEL,      /* a label of an address that is not a recipient */
    WORDS_SUMMARY_TO,       /* "To:" in a summary of the returned message, */
    WORDS_SUMMARY_FIELD,    /* ... and other lines of it */
    WORDS_RETURNED_MESSAGE, /* a line that announces the returned message */
    WORDS_TOLD_SUBJECT,     /* in front of its subject in the report's own words, */
    WORDS_TOLD_DATE,        /* ... its date, */
    WORDS_TOLD_MESSAGE_ID,  /* ... its id */
    WORDS_FOOTER,           /* what a gateway or list appends to every mail, below a line of marks; */
    WORDS_DISCLAIMER,       /* ... anywhere */
    WORDS_SUBJECT_MARK,     /* what a gateway puts in front of a subject */
    WORDS_TALKING_TO,       /* in front of the host with which a session begins */
    WORDS_MAILER_ERROR,     /* a line of a transcript with the exit status of a program */
    WORDS_REFUSED,          /* a disposition notification that means a refusal */
    WORDS_COUNT
};

struct listed_word {
    uint64_t pairs; /* base/word_search.h */
    string_at text;
    uint32_t length;
};

/* --------------------------------------------------------------- dialects */

enum know_key { KNOW_SUBJECT, KNOW_FROM, KNOW_TYPE, KNOW_BODY, KNOW_HEADER, KNOW_REPORTING_MTA, KNOW_DIAGNOSTIC };
/* A condition of a dialect: a `know` or an `also`. */
struct know {
    uint8_t key;          /* enum know_key */
    bool also;            /* a further condition of the know before it */
    bool any;             /* header NAME without a pattern: the field is there */
    bool indexed;         /* it cannot hold in a text that has none of its literals */
    uint32_t twin;        /* index of the first condition of the layer that is the same */
    uint32_t header_slot; /* KNOW_HEADER: number of the field name in the layer */
    string_at header;     /* KNOW_HEADER: the field name in lower case */
    struct pattern pattern;
};

/* Conditions that must all hold: a `know` and each `also` below it. */
struct know_group {
    uint32_t first, count; /* in conditions */
    uint32_t dialect;
};
/* Groups, found by their triggers. A trigger is an event without which its
 * groups cannot hold. Triggers are numbered: first the conditions (index in
 * knows: a literal of it was found), then the header fields (slot: the field is
 * there), and last the one that always happens. */
struct know_groups {
    const struct know_group *groups; /* in the order of their dialects */
    const uint32_t *conditions;      /* indexes in knows, of twins only */
    const uint32_t *first;           /* for each trigger, and one more: where its groups begin in triggered */
    const uint32_t *triggered;       /* indexes in groups */
    size_t group_count, condition_count, trigger_count;
};

struct dialect_action {
    uint8_t action; /* bounce_action */
    bool always;    /* it has no pattern */
    bool indexed;   /* as in struct know */
    struct pattern pattern;
};
struct dialect_decided {
    uint8_t who; /* bounce_decided_by */
    bool always;
    struct pattern pattern;
};
struct dialect_command {
    uint8_t command; /* bounce_command */
    struct pattern phrase;
};
enum dialect_join { JOIN_NONE, JOIN_INDENT, JOIN_BLANK };

struct dialect {
    uint8_t kind; /* bounce_kind */
    int8_t priority;
    uint8_t join;         /* enum dialect_join */
    bool is_general : 1;  /* the vocabulary of a language, whoever writes; its id begins with "general" */
    bool own_replies : 1; /* own-words reply: it words what it finds itself as replies, too */
    string_at software;   /* none: shows null */
    struct range knows;
    string_at id, file, charset;
    uint32_t line;
    struct range starts, stops, originals, boilerplates, blocks, lines; /* in patterns */
    struct range actions, decided, commands;
};

/* ------------------------------------------------------------------ layer */

struct layer {
    const char *strings; /* each with its NUL; no string twice */
    size_t string_bytes;
    const string_at *lists;         /* no list twice */
    size_t list_count;              /* items in lists */
    const struct segment *segments; /* second and further parts of phrases */
    size_t segment_count;
    const struct pattern *patterns; /* of rules, then the line patterns of dialects */
    size_t pattern_count;
    const struct scope *scopes; /* no scope twice; the first one is that of every text */
    size_t scope_count;
    const struct bounce_rule *rules; /* by rank; part of a struct rule_table */
    const struct rule_about *abouts; /* by rank */
    size_t rule_count;
    const struct dialect *dialects; /* by priority (high first), then id */
    size_t dialect_count;
    const struct literals *literals; /* of rules */
    const struct rule_owner *owners; /* one for each of literals->owners; of one literal, those of unless come last */
    size_t owner_count;
    size_t regex_count;
    const list_at *regex_also; /* by number of the expression: texts, one of which every folded match holds
                                  beside its literal; 0: not known */
    const char *digest;        /* SHA-256 of its files in hex */
    const char *version;       /* of the built-in rules: "2026.11"; NULL elsewhere */
    const char *label;         /* bounce_rules_digest() of the built-in rules alone; NULL elsewhere */
    /* The conditions, actions and so on of all dialects, one dialect after the other. */
    const struct know *knows;
    size_t know_count;
    const struct dialect_action *actions;
    size_t action_count;
    const struct dialect_decided *decided;
    size_t decided_count;
    const struct dialect_command *commands;
    size_t command_count;
    const struct listed_word *words;
    size_t word_count;
    const struct range *word_lists; /* in words, by enum word_list; NULL: no list has a word */
    struct know_groups groups;      /* by which dialects are recognised */
    struct know_groups signs;       /* by which the header alone shows a report; their dialect is not set */
    /* Owners of both: index in knows, or know_count + index in actions, or
     * know_count + action_count + index in patterns - first_line_pattern. */
    const struct literals *head_literals; /* of conditions except KNOW_BODY, and of actions */
    const struct literals *body_literals; /* of KNOW_BODY conditions, of actions and of line patterns */
    size_t first_line_pattern;            /* patterns from here on are the line patterns of dialects */
    const uint64_t *unsure_patterns;      /* one bit for each line pattern: it is not indexed */
    const uint64_t *unsure_actions;       /* one bit for each action: it is not indexed */
    size_t header_count;                  /* slots: different field names in knows */
    const string_at *header_names;        /* by slot, in lower case */
    const uint32_t *header_heads;         /* by fields_name_bit(): 1 + the first slot with that bit, or 0 */
    const uint32_t *header_next;          /* by slot: 1 + the next slot with the same bit, or 0 */
    const uint32_t *header_searched;      /* by slot: 1 if literals are searched in the field */
    list_at removed;                      /* ids of rules of the lower layer that `override ID` removes */
};

/* Made when libbounce is built, from data/patterns by rules/embed_rules.c. */
extern const struct layer bounce_builtin_layer;

/* NULL for 0. Lives as long as the layer. */
static inline const char *layer_string(const struct layer *layer, string_at at)
{
    return at ? layer->strings + at : NULL;
}

/* The strings of a list, ended by a 0; NULL if there is no list. */
static inline const string_at *layer_list(const struct layer *layer, list_at at)
{
    return at ? layer->lists + at : NULL;
}

/* Part `index` of a phrase, folded. */
static inline struct span pattern_segment(const struct layer *layer, const struct pattern *p, size_t index)
{
    if (!index)
        return span_of(layer->strings + p->text, p->length);
    const struct segment *other = &layer->segments[p->more + index - 1];
    return span_of(layer->strings + other->text, other->length);
}

/* Its pattern_count patterns, followed by its unless_count exceptions. */
static inline const struct pattern *rule_patterns(const struct layer *layer, const struct bounce_rule *rule)
{
    return layer->patterns + rule->first_pattern;
}

static inline const struct layer *rule_layer(const struct bounce_rule *rule)
{
    const char *first = (const char *)(rule - rule->rank);
    return ((const struct rule_table *)(const void *)(first - offsetof(struct rule_table, rules)))->layer;
}

static inline const struct rule_about *rule_about(const struct layer *layer, const struct bounce_rule *rule)
{
    return &layer->abouts[rule->rank];
}

/* A string of a layer for a report, which may outlive the layer: a copy in a, except of built-in strings, which live
 * for ever. NULL gives NULL. */
static inline const char *layer_keep(const struct layer *layer, struct arena *a, const char *s)
{
    return layer == &bounce_builtin_layer ? s : arena_strdup(a, s);
}

#endif
