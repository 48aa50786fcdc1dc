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
typedef uint32_t list_at;   /* index in struct layer.lists of the first string of a list, which 0 ends; 0: no list */
struct range {
    uint32_t first, count;
};
/* A rule or dialect of a set: which layer, and where in its tables. */
struct place {
    uint32_t layer, index;
};
/* Two whose order is stated, by their places in the order of their set. */
struct place_pair {
    uint32_t winner, loser;
};

/* --------------------------------------------------------------- patterns */

/* A phrase, a row or a regular expression. A phrase is one literal, or several
 * with gaps between them; a row is the phrase of a file of format 2 that is more
 * than one literal. */
struct pattern {
    string_at text;        /* the first part of the phrase, folded; the row as written; or the expression,
                              without slashes */
    uint32_t more;         /* phrase: index of its other parts in segments; row: of its elements in
                              row_elements; expression: number of its compiled code */
    uint16_t length;       /* bytes of text; row: the element by which it is found */
    uint8_t segment_count; /* parts of the phrase, or elements of the row; 0: a regular expression */
    bool is_regex : 1;
    bool is_row : 1;
    bool open_end : 1;    /* the phrase ended in '*' */
    bool indexed : 1;     /* of a rule: it cannot match a text that has none of its literals */
    bool open_start : 1;  /* the phrase of one literal began with '*' */
    bool whole_words : 1; /* of format 2: words are whole in every script, see text/word.h */
    bool at_start : 1;    /* the row must begin where the text does */
    bool at_end : 1;      /* and end where it ends */
    bool is_near : 1;     /* unless-near: searched in the sentence of the match */
    bool masked : 1;      /* searched in the text with addresses, URLs and hosts masked (text/mask.h) */
    bool token : 1;       /* searched only inside what is masked */
};
/* A further part of a phrase. */
struct segment {
    string_at text;
    uint32_t length;
};

/* What is between an element of a row and the one before it. Greater ones are wider: if an optional element is missing,
 * the greater link applies. */
enum row_link {
    LINK_TOUCH,    /* nothing */
    LINK_SPACE,    /* a space */
    LINK_SENTENCE, /* " .. ": up to LIMIT_SENTENCE_GAP_CHARS characters, and no barrier */
    LINK_GAP       /* " ... ": up to LIMIT_PHRASE_GAP_BYTES bytes */
};
struct row_element {
    uint32_t what;    /* string_at of the literal, folded; or index in classes */
    uint32_t barrier; /* LINK_SENTENCE: 1 + the class that must not be in the gap; 0: none */
    uint32_t slot;    /* 1 + its slot in the heads of words; 0: it has none, or needs no check */
    uint16_t length;  /* of the literal */
    uint8_t link;     /* enum row_link; of the first element: LINK_TOUCH */
    bool is_class : 1;
    bool optional : 1;                 /* it may be missing; never the first or the last */
    bool open_start : 1, open_end : 1; /* of a literal: it may begin, or end, inside a word */
};

/* A word or phrase of a class. */
struct class_member {
    uint64_t head;    /* class_member_head() of its text */
    string_at text;   /* folded */
    uint32_t shorter; /* 1 + index of the longest member of the class with which this one begins; 0: none */
    uint16_t length;
    bool open_start : 1, open_end : 1;
};
enum { CLASS_KEYS = 256 };
/* `words NAME`, with the members of the classes that it holds. */
struct word_class {
    string_at name;
    struct range members;            /* in class_members, by their texts; no text twice */
    struct range phrases;            /* in class_phrases: those that are looked for where a member is */
    uint64_t first[CLASS_KEYS / 64]; /* if by_heads, one bit for each word_head_key() of a member; else for each
                                        class_member_key(), and all bits for a member of a single byte */
    string_at language;              /* 0: none was stated */
    uint8_t marks;                   /* enum class_mark */
    bool by_heads;                   /* members occur only where words with their heads begin; else anywhere */
};
enum class_mark { MARKS_NOTHING, MARKS_WHO, MARKS_NOT };
/* The first two bytes of a text rule out most places without a member. */
static inline unsigned class_member_key(const char *text)
{
    return ((unsigned char)text[0] * 37u + (unsigned char)text[1]) % CLASS_KEYS;
}
/* The first 8 bytes of a text as a number with the same sort order; zeros must follow a shorter text. */
enum { CLASS_MEMBER_HEAD_BYTES = 8 };
static inline uint64_t class_member_head(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 | (uint64_t)b[3] << 32 |
           (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 | (uint64_t)b[6] << 8 | (uint64_t)b[7];
}
/* How words begin: match/word_heads.h. */
struct word_head {
    uint32_t bytes; /* the head, its first byte lowest; then zeros */
    uint32_t first; /* its blocks, up to those of the next head */
};
/* Slots of a head: bits from number word * WORD_SLOT_BITS on. */
enum { WORD_SLOT_BITS = 64 };
struct head_block {
    uint64_t bits;
    uint32_t word;
};
struct word_heads {
    const struct word_head *items; /* in the order of their buckets, and one more for the end */
    const uint32_t *buckets;       /* where each of 1 << bucket_bits begins in items, then the end */
    const struct head_block *blocks;
    uint32_t count, bucket_bits, block_count, slot_count;
};
/* A pattern of a rule that is found by a class. */
struct class_phrase {
    uint32_t rank, number; /* as in struct rule_owner */
    uint32_t slot;         /* 1 + that of another element, which must be in the text, too; 0: not known */
};

/* ------------------------------------------------------------------ rules */

/* How reliable a verdict is: lower tiers win. Rules use the tiers of words. The numbers are "tier" in the output. */
enum rule_tier {
    TIER_NONE = 0,          /* nothing was judged */
    TIER_TOKEN = 1,         /* a token that its writer documents */
    TIER_KNOWN_WRITER = 2,  /* the wording of a known host or software */
    TIER_DEFINITE = 3,      /* a definite wording, whoever wrote it */
    TIER_SPECIFIC_CODE = 4, /* a specific enhanced code */
    TIER_VAGUE = 5,         /* a vague wording */
    TIER_GENERAL_CODE = 6,  /* a reply code, or a generic enhanced code */
    TIER_UNKNOWN = 7        /* there is no reason */
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

/* The part of a rule that matching uses. */
struct bounce_rule {
    uint8_t tier;           /* enum rule_tier */
    uint8_t reason;         /* bounce_reason */
    uint8_t cause;          /* bounce_reason; BOUNCE_REASON_UNKNOWN: none */
    uint8_t unused;         /* 0 */
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
    int32_t priority;        /* of format 1 */
    uint32_t last;           /* 1: it comes after all rules of its tier that are not last */
};

/* What a literal of the rules belongs to: a pattern, or the needs of a rule. */
struct rule_owner {
    uint32_t rank;   /* of the rule */
    uint32_t number; /* of the pattern among those of the rule, or of the unless; the needs come after the patterns */
    uint32_t flags;  /* enum owner_flag */
    uint32_t slot;   /* of a row: as in struct class_phrase */
};
enum owner_flag {
    OWNER_LEFT = 1,        /* no word character of ASCII may precede the literal */
    OWNER_RIGHT = 2,       /* none may follow it */
    OWNER_LEFT_WHOLE = 4,  /* a whole word must begin with it: see text/word.h */
    OWNER_RIGHT_WHOLE = 8, /* and end with it */
    OWNER_OFFENCES = OWNER_LEFT | OWNER_RIGHT | OWNER_LEFT_WHOLE | OWNER_RIGHT_WHOLE,
    OWNER_PLACED = 16, /* the literal is the whole phrase */
    OWNER_REGEX = 32,  /* a regular expression: tried only if a need of the rule was found, too */
    OWNER_UNLESS = 64, /* an exception: tried only if the rule matches */
    OWNER_CLASS = 128, /* a class; its rank is its index in classes */
    /* Which version of a text the literal must be in; one of these: */
    OWNER_PLAIN = 256,
    OWNER_MASKED = 512,
    OWNER_TOKEN = 1024, /* the plain one, inside what is masked in the other */
    OWNER_FACES = OWNER_PLAIN | OWNER_MASKED | OWNER_TOKEN
};

/* The rules of a layer, after a pointer to the layer, so that a bounce_rule can find its layer: see rule_layer(). */
struct rule_table {
    const struct layer *layer;
    struct bounce_rule rules[];
};

/* ------------------------------------------------------------------ words */

/* `words NAME`: doc/rules.md says where and how each is looked for. */
enum word_list {
    WORDS_CONTACT,          /* a sentence that names an address to turn to */
    WORDS_TURN_TO,          /* the surest of them */
    WORDS_SAYS_FAILURE,     /* a sentence that says of its address that it failed */
    WORDS_OTHER_NAME,       /* before another name of a recipient */
    WORDS_ORIGINAL_NAME,    /* before the name that the sender used */
    WORDS_EXPANDED,         /* in parentheses after an address */
    WORDS_PIPE,             /* a line that names a program or a file as the recipient */
    WORDS_NAMES_FOLLOW,     /* a line after which names without a domain follow */
    WORDS_RECIPIENT_BEFORE, /* is all that is before a recipient */
    WORDS_TO_BEFORE,        /* what is before "<joe@example.net>" is not a display name */
    WORDS_SAID_AFTER,       /* begins what is said of an address that leads its line */
    WORDS_SENDER_BEFORE,    /* last before a sender's address */
    WORDS_RECIPIENT_END,    /* last before a recipient's, even if it is also the sender */
    WORDS_MESSAGE_TO,       /* likewise, but not in a reply */
    WORDS_CLAUSE_JOIN,      /* between what is said of one recipient and of the next */
    WORDS_OTHER_LABEL,      /* a label of an address that is not a recipient */
    WORDS_SUMMARY_TO,       /* "To:" in a summary of the returned message, */
    WORDS_SUMMARY_FIELD,    /* ... and other lines of it */
    WORDS_RETURNED_MESSAGE, /* a line that announces the returned message */
    WORDS_SUMMARY_THEN,     /* below a summary of it: the report goes on */
    WORDS_TOLD_SUBJECT,     /* before its subject in the report's own words, */
    WORDS_TOLD_DATE,        /* ... its date, */
    WORDS_TOLD_MESSAGE_ID,  /* ... its id */
    WORDS_FOOTER,           /* what a gateway or list appends to every mail, below a line of marks; */
    WORDS_DISCLAIMER,       /* ... anywhere */
    WORDS_SUBJECT_MARK,     /* what a gateway puts before a subject */
    WORDS_SESSION_FOLLOWS,  /* at the start of a line above a transcript of all recipients */
    WORDS_TALKING_TO,       /* before the host with which a session begins */
    WORDS_MAILER_ERROR,     /* a line of a transcript with the exit status of a program */
    WORDS_REPORTER,         /* a domain that sends complaints to senders who asked for them */
    WORDS_REFUSED,          /* a disposition notification that means a refusal */
    WORDS_CHALLENGE_TAG,    /* between a name and a number in the From of a challenge */
    WORDS_QUOTES,           /* at the end of words that quote a server, before a colon */
    WORDS_MONTH_1,          /* names of January, and so on, as in automatic replies */
    WORDS_MONTH_12 = WORDS_MONTH_1 + 11,
    WORDS_DATE_YEAR,         /* after the number of a year, */
    WORDS_DATE_MONTH,        /* ... of a month, */
    WORDS_DATE_DAY,          /* ... of a day */
    WORDS_DATE_OF,           /* between day, month and year */
    WORDS_UNTIL_BEFORE,      /* before the day that ends an absence, or the day of the return, */
    WORDS_UNTIL_NEXT,        /* ... right before it, */
    WORDS_UNTIL_AFTER,       /* ... after it, */
    WORDS_RANGE_TO,          /* ... between it and the first day */
    WORDS_DAY_FIRST,         /* a language that writes the day before the month, */
    WORDS_MONTH_FIRST,       /* ... after it */
    WORDS_HAS_LEFT,          /* somebody has left */
    WORDS_NEW_ADDRESS,       /* before somebody's new address, */
    WORDS_NEW_ADDRESS_AFTER, /* ... after it */
    WORDS_WRITE_TO,          /* before an address to write to instead, */
    WORDS_WRITE_TO_AFTER,    /* ... after it */
    WORDS_SOME_OF,           /* says that something is true of one of several */
    WORDS_CLOSING,           /* begins the line above a signature */
    WORDS_UNIT_SECOND,       /* after a number, in a reply: seconds, */
    WORDS_UNIT_MINUTE,       /* ... minutes, */
    WORDS_UNIT_HOUR,         /* ... hours, */
    WORDS_UNIT_DAY,          /* ... days */
    WORDS_UNIT_JOIN,         /* joins two durations into one */
    WORDS_RETRY_BEFORE,      /* before a duration: try again, */
    WORDS_RETRY_JOINED,      /* ... if one of the next list is between them */
    WORDS_RETRY_JOIN,        /* joins the two */
    WORDS_RETRY_BETWEEN,     /* may be between them */
    WORDS_RETRY_AFTER,       /* after a duration: try again */
    WORDS_RETRY_LINK,        /* may be between them */
    WORDS_RETRY_SINCE,       /* right before a duration after which one may try again, */
    WORDS_RETRY_SINCE_THEN,  /* ... and what then says so */
    WORDS_IP_BEFORE,         /* right before an address of a machine that is refused, */
    WORDS_IP_AFTER,          /* ... right after it */
    WORDS_REMOTE_BEFORE,     /* before the receiving host and its address, */
    WORDS_REMOTE_AFTER,      /* ... after them */
    WORDS_REFUSED_SENDER,    /* right before the address of a sender whose domain is refused */
    WORDS_DOMAIN_BEFORE,     /* right before a domain that is refused, */
    WORDS_DOMAIN_OTHER,      /* ... but not if one of these precedes that */
    WORDS_LINK_CONTAINS,     /* right before a link that is refused; */
    WORDS_LINK_BEFORE,       /* ... what a link is called, */
    WORDS_LINK_ARTICLE,      /* ... with or without one of these before it, */
    WORDS_LINK_REFUSED,      /* ... and before all that, that it is refused */
    WORDS_SENDER_REFUSED,    /* anywhere before a quoted server: it refused the sender */
    WORDS_SENDER_ROLE,       /* what follows is about the sender, */
    WORDS_RECIPIENT_ROLE,    /* ... about the recipient */
    WORDS_LOGIN,             /* the sentence is about a login, and so about the sender */
    WORDS_SUPPOSED,          /* what follows is about nobody: "whether" */
    WORDS_COUNT
};

struct listed_word {
    uint64_t pairs; /* base/word_search.h */
    string_at text;
    uint32_t length;
};

/* --------------------------------------------------------------- dialects */

enum know_key {
    KNOW_SUBJECT,
    KNOW_FROM,
    KNOW_TYPE,
    KNOW_BODY,
    KNOW_HEADER,
    KNOW_REPORTING_MTA,
    KNOW_DIAGNOSTIC,
    KNOW_FACT,
    KNOW_SIGN
};
/* Bits 1 << enum know_key of the keys that are about the header. */
enum { KNOW_HEADER_KEYS = 1 << KNOW_SUBJECT | 1 << KNOW_FROM | 1 << KNOW_TYPE | 1 << KNOW_HEADER };
/* What reading finds out about a mail and no pattern could; all but the first need the body. rules/condition.c has
 * their names in rule files. */
enum known_fact {
    FACT_ORDINARY_HEADER,     /* of the header: no sign about it speaks for a report */
    FACT_WRITER,              /* a dialect of a writer of reports is recognised */
    FACT_WRITER_BY_HEADER,    /* ... by its header alone */
    FACT_LANGUAGE,            /* the vocabulary of a language recognises a report */
    FACT_RETURNED,            /* a message is returned, or its header */
    FACT_RETURNED_OURS,       /* ... and its sender is the one the report is addressed to */
    FACT_RETURNED_OF_OTHER,   /* ... and its sender is somebody else */
    FACT_REFUSAL,             /* next to an address is a reply that refuses it */
    FACT_RECIPIENT,           /* an address other than the reader's own is named as a recipient */
    FACT_RECIPIENT_IS_READER, /* only the reader is named as a recipient */
    FACT_RECIPIENT_RETURNED,  /* one of the recipients is the one that the returned message was for */
    FACT_NOBODY,              /* no recipient, no message returned */
    FACT_READER_IS_SYSTEM,    /* the reader's address is one of a mail system or its administrator */
    FACT_FROM_READER,         /* the sender's address is the reader's own */
    FACT_QUOTED,              /* quoted lines, as in an answer */
    FACT_FORWARDED,           /* another mail's header is quoted after somebody's words */
    FACT_CALENDAR,            /* a part is an invitation, or the answer to one */
    FACT_COUNT
};
/* A condition of a dialect or sign: a `know` or an `also`. */
struct know {
    uint8_t key;          /* enum know_key */
    bool also;            /* a further condition of the know before it */
    bool any;             /* header NAME without a pattern: the field is there */
    bool negated;         /* KNOW_SIGN: the sign must not hold */
    bool below;           /* KNOW_SIGN: one of the layer below */
    bool indexed;         /* it cannot hold in a text that has none of its literals; of a sign: without a trigger */
    uint16_t keys;        /* bits 1 << enum know_key: what it is about; of a sign, what its conditions are about */
    uint32_t twin;        /* index of the first condition of the layer that is the same */
    uint32_t header_slot; /* KNOW_HEADER: number of the field name in the layer */
    uint32_t sign;        /* KNOW_SIGN: index in signs; KNOW_FACT: enum known_fact */
    string_at header;     /* KNOW_HEADER: the field name in lower case; KNOW_SIGN, KNOW_FACT: the name */
    struct pattern pattern;
};

/* Conditions that must all hold: a `know` and each `also` below it. */
struct know_group {
    uint32_t first, count; /* in conditions */
    uint32_t owner;        /* index of the dialect or sign */
};
/* Groups, found by their triggers. A trigger is an event; a group cannot hold
 * without one of its triggers. Triggers are numbered: first the conditions (index in
 * knows: a literal of it was found), then the header fields (slot: the field is
 * there), and last the one that always happens. */
struct know_groups {
    const struct know_group *groups; /* in the order of their owners */
    const uint32_t *conditions;      /* indexes in knows, of twins only */
    const uint32_t *first;           /* for each trigger, and one more: where its groups begin in triggered */
    const uint32_t *triggered;       /* indexes in groups */
    size_t group_count, condition_count, trigger_count;
};

/* A named condition: it holds if one of its groups does. */
struct sign {
    string_at name;
    struct range knows;  /* its conditions */
    struct range groups; /* in sign_groups */
    uint16_t keys;       /* bits 1 << enum know_key: what its conditions are about */
    int8_t weight;
    int8_t speaks; /* 1: for a report, -1: against it, 0: it has no part in the sum */
};
/* Signs of the built-in files that the C code uses by name. */
enum asked_sign {
    ASKED_MAIL_SYSTEM,      /* what makes a sender a mail system */
    ASKED_AUTOMATIC_SENDER, /* not written by a person: its body is read */
    ASKED_MACHINE,          /* a program wrote it, and nothing may answer it */
    ASKED_ACKNOWLEDGEMENT,  /* its subject acknowledges something received: nobody is away */
    ASKED_COUNT
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
    uint8_t kind;         /* bounce_kind */
    int8_t priority;      /* of format 1 */
    uint8_t join;         /* enum dialect_join */
    uint8_t last;         /* 1: it comes after all writers, or all languages, that are not last */
    bool is_general : 1;  /* the vocabulary of a language, whoever writes; its id begins with "general" */
    bool own_replies : 1; /* own-words reply: it also words its own findings as replies */
    bool certain : 1;     /* a mail that it recognises is a report, whatever the signs say */
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
    const struct row_element *row_elements;
    size_t row_element_count;
    const struct word_class *classes; /* by name */
    size_t class_count;
    const struct class_member *class_members;
    size_t class_member_count;
    const struct class_phrase *class_phrases;
    size_t class_phrase_count;
    struct word_heads rule_heads, dialect_heads; /* of their rows; those of signs are with those of dialects */
    const struct pattern *patterns;              /* of rules, then the line patterns of dialects */
    size_t pattern_count;
    const struct scope *scopes; /* no scope twice; the first one is that of every text */
    size_t scope_count;
    const struct bounce_rule *rules; /* by rank; part of a struct rule_table */
    const struct rule_about *abouts; /* by rank */
    size_t rule_count;
    const struct dialect *dialects; /* in the order in which they are tried */
    size_t dialect_count;
    /* Of a layer above another one: the rules of both that are on, in one order, and their dialects; NULL: only this
     * layer's, by rank. pairs: whose order is stated, by place in that order, sorted, no pair twice. */
    const struct place *order, *dialect_order;
    size_t order_count, dialect_order_count;
    const struct place_pair *pairs, *dialect_pairs;
    size_t pair_count, dialect_pair_count;
    const uint32_t *reason_places;   /* by reason: where data/patterns/order has it */
    const struct literals *literals; /* of rules */
    const struct literals *expiry;   /* of rules of the reason expired: whatever they match has one of these */
    const struct rule_owner *owners; /* one for each of literals->owners; of one literal, those of unless come last */
    size_t owner_count;
    uint32_t owner_faces; /* those of OWNER_FACES that any owner has */
    size_t regex_count;
    const list_at *regex_also; /* by number of the expression: texts, one of which every folded match holds besides its
                                  literal; 0: not known */
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
    const struct sign *signs;       /* each after those that it uses */
    size_t sign_count;
    const uint32_t *weighed; /* indexes in signs of those that have a part in the sum: of the header first */
    size_t weighed_count, weighed_header_count, weighed_for_count; /* all; of the header; of these, for a report */
    const uint64_t *header_for_groups; /* bits in sign_groups: of the signs about the header that speak for a report */
    int threshold;                     /* the least sum with which a mail is a report; 0: not stated here */
    int body_most;                     /* the largest sum that signs of the body can have */
    uint32_t asked_signs[ASKED_COUNT]; /* by enum asked_sign: 1 + index in signs; 0: there is none */
    struct know_groups groups;         /* by which dialects are recognised */
    struct know_groups sign_groups;    /* by which signs hold */
    struct know_groups header_groups;  /* by which the header alone shows a report; their owner is not set */
    /* Owners of both: index in knows, or know_count + index in actions, or
     * know_count + action_count + index in patterns - first_line_pattern. */
    const struct literals *head_literals; /* of conditions except KNOW_BODY, and of actions */
    const struct literals *body_literals; /* of KNOW_BODY conditions, of actions and of line patterns */
    size_t first_line_pattern;            /* patterns from here on are the line patterns of dialects */
    const uint64_t *unsure_patterns;      /* one bit for each line pattern: it is not indexed */
    const uint64_t *line_pairs;           /* of each line pattern: pairs (base/word_search.h) that are in each line of
                                             ASCII that it matches */
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

/* The same for a string that is always there, such as a name. */
static inline const char *layer_name(const struct layer *layer, string_at at)
{
    return layer->strings + at;
}

/* The strings of a list, ended by a 0; NULL if there is no list. */
static inline const string_at *layer_list(const struct layer *layer, list_at at)
{
    return at ? layer->lists + at : NULL;
}

static inline const struct row_element *row_elements(const struct layer *layer, const struct pattern *row)
{
    return layer->row_elements + row->more;
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

/* A string of a layer for a report, which may outlive the layer: a copy in a, except for built-in strings, which live
 * forever. NULL for NULL. */
static inline const char *layer_keep(const struct layer *layer, struct arena *a, const char *s)
{
    return layer == &bounce_builtin_layer ? s : arena_strdup(a, s);
}

#endif
