/* SPDX-License-Identifier: MIT */
/*
 * parsed.h - rules and dialects as they were read from their files.
 *
 * Strings and lists are pointers here, which is handy while entries are read,
 * sorted and indexed; pack.c makes the tables of match/tables.h from them. All
 * memory is in the arena of the entries. See doc/rules.md for the meaning of the
 * fields. Private to rules/.
 */
#ifndef BOUNCE_RULES_PARSED_H
#define BOUNCE_RULES_PARSED_H

#include "match/tables.h"

/* A list of strings is NULL-terminated, or NULL if it is empty. */

/* A place in a rule file, for errors that show only when all files were read. */
struct rule_place {
    const char *path;
    size_t file;
    uint32_t line, column;
};

/* An element of a row: a literal or a class. */
struct parsed_element {
    const char *text;                 /* folded; NULL: a class */
    const char *class_name;           /* as written */
    const struct parsed_class *class; /* found by classes.c */
    struct rule_place place;
    enum row_link link;
    const struct parsed_class *barrier; /* LINK_SENTENCE: NULL: none */
    bool optional, open_start, open_end;
    uint32_t slot; /* as in struct row_element */
};
/* A phrase of format 2 that is more than one literal. */
struct parsed_row {
    struct parsed_element *elements;
    size_t count;
    size_t found_by;  /* the element whose texts are searched: the rarest */
    size_t next_rare; /* the rarest of those that must be there, too; count: there is none */
    bool at_start, at_end;
    bool is_exception;       /* of an `unless`: it is tried only where its rule matches */
    bool of_dialect;         /* or of a sign: its words may be ordinary, since it is tried in reports alone */
    const char *language;    /* of the file; NULL: none */
    struct parsed_row *next; /* of all files */
};

struct parsed_member {
    const char *text; /* folded; NULL: a class that this one holds, until classes.c puts its members here */
    const char *class_name;
    struct rule_place place;
    bool open_start, open_end;
};
/* `words NAME` of format 2. */
struct parsed_class {
    const char *name, *language; /* language NULL: none */
    struct rule_place place;
    enum class_mark marks;
    bool is_used;                  /* by a phrase or by another class */
    bool inside_words;             /* a member may begin inside a word, or after what it touches in a row */
    bool is_touched;               /* an element of a row touches the end of its members */
    bool by_heads;                 /* as in struct word_class */
    bool in_heads;                 /* while a table of heads is made: it has its members, */
    uint32_t slot;                 /* ... and 1 + its slot, or 0 */
    struct parsed_member *members; /* sorted by classes.c, no text twice */
    size_t member_count, member_capacity;
    enum { CLASS_OPEN, CLASS_ENTERED, CLASS_READY } state; /* while members of classes are gathered */
    size_t frequency;                                      /* 1 + that of its worst member; 0: not known yet */
    uint32_t index;                                        /* in the classes of the layer */
    struct class_phrase *phrases;                          /* as in struct word_class */
    size_t phrase_count, phrase_capacity;
};

struct parsed_pattern {
    const char *source;          /* as written, without slashes */
    const char *const *segments; /* the parts of a phrase, folded; NULL for a regular expression */
    uint8_t segment_count;
    struct parsed_row *row; /* NULL: it is not a row */
    bool is_regex;
    bool open_start;           /* the phrase began with '*' */
    bool open_end;             /* the phrase ended in '*' */
    bool whole_words, is_near; /* as in struct pattern, and so are: */
    bool indexed, masked, token;
    uint32_t regex_id;       /* number of its compiled code in the layer */
    const char *const *also; /* as in struct layer, regex_also */
};

struct parsed_scope {
    const char *const *hosts; /* suffixes in lower case */
    const char *const *softwares, *const *langs;
    const struct rule_place *software_places; /* one for each */
    const char *const *codes;                 /* "550", "5xx", "none" */
    const char *const *statuses;              /* "5.7.1", "x.7.1", "none" */
    uint8_t commands, origins;                /* as in struct scope */
};

/* A word of `yields` or `beats`: the id of a rule or dialect, or a reason. */
struct parsed_statement {
    const char *word;
    uint32_t line, column;
    bool yields; /* the word's rules go before; else after */
};

struct parsed_rule {
    const char *id, *file, *why, *tag;
    uint32_t line;
    enum rule_tier tier;
    bool tier_stated; /* else it is that of what the rule replaces, or layer.c decides it */
    int8_t priority;  /* of format 1 */
    bool last;
    const struct parsed_statement *statements;
    size_t statement_count;
    bounce_reason reason;
    bounce_reason cause; /* BOUNCE_REASON_UNKNOWN: none */
    bool masked;         /* of a file of format 2: so are its needs */
    enum rule_implies implies;
    struct parsed_scope scope;
    const struct parsed_pattern *patterns; /* phrase and match, in the order of the file */
    size_t pattern_count;
    const char *const *needs; /* folded */
    const struct parsed_pattern *unless;
    size_t unless_count;
    const char *const *examples, *const *nears; /* \n is a line break */
    const uint32_t *example_lines, *near_lines; /* one for each */
    const struct rule_place *need_places;
    uint32_t first_owner, first_unless; /* as in struct bounce_rule */
};

struct parsed_know {
    enum know_key key;
    bool also;          /* a further condition of the one before it */
    bool any;           /* header NAME without a pattern */
    bool negated;       /* KNOW_SIGN: `not` */
    const char *header; /* KNOW_HEADER: the field name in lower case */
    const char *sign;   /* KNOW_SIGN, KNOW_FACT: its name */
    struct parsed_pattern pattern;
    struct rule_place place; /* of its pattern or name */
    /* As in struct know; of signs, found by signs.c. */
    uint16_t keys;
    bool below;
    uint32_t twin, header_slot, sign_index;
};

struct parsed_sign {
    const char *name;
    int8_t weight, speaks; /* as in struct sign */
    int threshold;         /* 0: none. Of the sign "report" alone */
    struct parsed_know *knows;
    size_t know_count;
    uint16_t keys; /* as in struct sign */
    bool used;     /* some condition names it */
};

struct parsed_action {
    bounce_action action;
    bool always; /* it has no pattern */
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
    int8_t priority; /* of format 1 */
    bool last;
    const struct parsed_statement *statements;
    size_t statement_count;
    enum dialect_join join;
    bool own_replies, certain;
    struct parsed_know *knows;
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

struct parsed_word {
    const char *text; /* folded as its list is, see word_keywords.c */
    const char *file;
    uint32_t line;
};
/* The words of one list, of all entries and files. */
struct parsed_words {
    struct parsed_word *items;
    size_t count, capacity;
};

enum rule_entry_kind { ENTRY_RULE, ENTRY_OVERRIDE, ENTRY_DIALECT, ENTRY_WORDS, ENTRY_SIGN };

/* One entry of a file. */
struct rule_entry {
    enum rule_entry_kind kind;
    const char *path;
    size_t file;
    bool removes;            /* `override ID` with no further line */
    bool unchecked;          /* see struct rule_entries */
    struct parsed_rule rule; /* of other entries, only id, file and line are set */
    struct parsed_dialect dialect;
    struct parsed_sign sign;
    enum word_list words;       /* WORDS_COUNT: there is no such list */
    struct parsed_class *class; /* ENTRY_WORDS: a class instead of a list */
    struct rule_entry *next;
};

/* The entries of a layer in order, with their indexes: see struct layer. */
struct parsed_layer {
    const struct parsed_rule *rules;
    size_t rule_count;
    const struct parsed_dialect *dialects;
    size_t dialect_count;
    const struct place *order, *dialect_order;
    size_t order_count, dialect_order_count;
    struct place_pair *pairs, *dialect_pairs;
    size_t pair_count, dialect_pair_count;
    struct parsed_class *const *classes; /* by name */
    size_t class_count;
    struct word_heads rule_heads, dialect_heads;
    const struct literals *literals, *expiry; /* as in struct layer */
    const struct rule_owner *owners;
    size_t owner_count, regex_count;
    uint32_t owner_faces; /* as in struct layer */
    const char *digest;
    struct parsed_sign *signs; /* each after those that it uses */
    size_t sign_count;
    /* Of all dialects, one dialect after the other, then of all signs. */
    const struct parsed_know *knows;
    size_t know_count;
    const struct parsed_action *actions;
    size_t action_count;
    size_t header_count;
    const char *const *removed;
    const struct parsed_words *words; /* by enum word_list; NULL: there are none */
    const uint8_t *reason_places;     /* by reason */
};

#endif
