/* SPDX-License-Identifier: MIT */
/*
 * reader.h - the state of reading one rule file, and the values of keywords.
 * Private to rules/.
 */
#ifndef BOUNCE_RULES_READER_H
#define BOUNCE_RULES_READER_H

#include "rules/parsed.h"
#include "rules/rules.h"

/* The lists of the entry that is being read. */
enum reader_list {
    LIST_PATTERNS,
    LIST_UNLESS,
    LIST_NEEDS,
    LIST_EXAMPLES,
    LIST_NEARS,
    LIST_NEAR_LINES,
    LIST_EXAMPLE_LINES,
    LIST_NEED_PLACES,
    LIST_SOFTWARE_PLACES,
    LIST_HOSTS,
    LIST_SOFTWARES,
    LIST_LANGS,
    LIST_CODES,
    LIST_STATUSES,
    LIST_KNOWS,
    LIST_STARTS,
    LIST_STOPS,
    LIST_ORIGINALS,
    LIST_BOILERPLATES,
    LIST_BLOCKS,
    LIST_LINES,
    LIST_ACTIONS,
    LIST_DECIDED,
    LIST_COMMANDS,
    LIST_WORDS,
    LIST_STATEMENTS,
    LIST_COUNT,
    LIST_ALONE /* none, and the keyword has no value */
};

struct reader {
    struct rule_entries *out;
    const char *path, *file_name;
    size_t file;
    int format;           /* of the file: what its lines mean, 1 or 2; 0: no line that states it was read yet */
    const char *language; /* `language`: of the classes and phrases of the file; NULL: none */
    uint32_t line_number;
    struct span line;
    struct rule_entry *entry; /* NULL before the first */
    size_t entry_lines;       /* lines of the entry after its first */
    uint32_t seen;            /* bit i: keyword i of the entry's table was there */
    struct {
        char *items;
        size_t n, capacity;
    } lists[LIST_COUNT];
};

struct keyword {
    const char *name;
    void (*read)(struct reader *r, struct span value, enum reader_list list);
    enum reader_list list; /* LIST_COUNT, LIST_ALONE: it may appear once */
};

/* The keywords of one kind of entry. */
struct keyword_table {
    const struct keyword *keywords;
    size_t count;
    void (*finish)(struct reader *r); /* checks and completes the entry after its last line */
};

/* An error at a place in the current line. */
void reader_error(struct reader *r, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An error of the whole entry, shown at its first line. */
void reader_entry_error(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An error of a whole line; 0: of the whole file. */
void reader_line_error(struct reader *r, uint32_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A warning at a place in the current line. */
void reader_warning(struct reader *r, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The place, for an error that may be found later. */
struct rule_place reader_place(const struct reader *r, const char *at);

/* One more item of a list, cleared. All items of a list have one size. */
void *reader_add(struct reader *r, enum reader_list list, size_t size);
void reader_add_string(struct reader *r, enum reader_list list, const char *s);
/* The strings of a list, NULL-terminated; NULL if there are none. Nothing may be added after that. */
const char *const *reader_strings(struct reader *r, enum reader_list list);
/* The items of a list. */
void *reader_items(struct reader *r, enum reader_list list, size_t *count);
/* True if a keyword, by its index in the table, was in the entry. */
bool reader_saw(const struct reader *r, size_t keyword);

static inline bool word_is(struct span word, const char *z)
{
    return word.n == strlen(z) && memcmp(word.s, z, word.n) == 0;
}

/* Takes the next word off *rest; empty at the end. */
struct span reader_word(struct span *rest);
/* A word for a message: short, without control characters. In the arena. */
const char *reader_show(struct reader *r, struct span word);
/* `, did you mean "x"?` for the name that a misspelt word is closest to, or "".
 * name(i) is NULL after the last name. In the arena. */
const char *reader_hint(struct reader *r, struct span word, const char *(*name)(size_t i));

/* These report an error if the value does not have the right form. */
bool reader_id(struct reader *r, struct span value);
bool reader_priority(struct reader *r, struct span value, int8_t *priority);
/* For tables of keywords: add the words of `yields` or `beats` to LIST_STATEMENTS. */
void reader_add_yields(struct reader *r, struct span value, enum reader_list list);
void reader_add_beats(struct reader *r, struct span value, enum reader_list list);
/* BOUNCE_COMMAND_NONE if it is not an SMTP command. */
bounce_command reader_command(struct reader *r, struct span value);

/* Copies in the arena, as written and in lower case. */
char *reader_copy(struct reader *r, struct span value);
char *reader_lower(struct reader *r, struct span value);

#endif
