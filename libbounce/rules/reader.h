/* SPDX-License-Identifier: MIT */
/*
 * reader.h - what the modules that read rule files share: the state of the
 * reader, its keyword tables, patterns. Private to file.c, rule_keywords.c,
 * dialect_keywords.c and pattern.c.
 */
#ifndef BOUNCE_RULES_READER_H
#define BOUNCE_RULES_READER_H

#include "rules/parsed.h"

/* The lists of the entry that is being read. */
enum reader_list {
    LIST_PATTERNS,
    LIST_UNLESS,
    LIST_NEEDS,
    LIST_EXAMPLES,
    LIST_NEARS,
    LIST_NEAR_LINES,
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
    LIST_COUNT
};

struct reader {
    struct rule_entries *out;
    const char *path, *file_name;
    size_t file;
    uint32_t line_number;
    struct span line;
    struct rule_entry *entry; /* NULL before the first */
    size_t entry_lines;       /* lines of the entry behind its first */
    uint32_t seen;            /* bit i: keyword i of the table was there */
    bool has_match;           /* a `match` was there, good or not */
    struct {
        char *items;
        size_t n, capacity;
    } lists[LIST_COUNT];
};

struct keyword {
    const char *name;
    void (*read)(struct reader *r, struct span value, enum reader_list list);
    enum reader_list list; /* LIST_COUNT: it goes into no list, and may stand once */
};

extern const struct keyword rule_keywords[], dialect_keywords[];
extern const size_t rule_keyword_count, dialect_keyword_count;

/* Checks and completes the entry once its last line was read. */
void rule_finish(struct reader *r);
void dialect_finish(struct reader *r);

/* An error at a place inside of the line that is being read. */
void reader_error(struct reader *r, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An error of the entry as a whole: shown at its first line. */
void reader_entry_error(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An error of a line before this one. */
void reader_line_error(struct reader *r, uint32_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* One more item of size bytes, cleared. All items of a list have one size. */
void *reader_add(struct reader *r, enum reader_list list, size_t size);
void reader_add_string(struct reader *r, enum reader_list list, const char *s);
/* The strings of a list, NULL-terminated; NULL if there are none. */
const char *const *reader_strings(struct reader *r, enum reader_list list);
/* The items of a list. */
const void *reader_items(struct reader *r, enum reader_list list, size_t *count);
/* The next word of *rest. Empty at the end. */
struct span reader_word(struct span *rest);
/* The word as it is shown in a message: not long, no control characters. */
const char *reader_show(struct reader *r, struct span word);
/* ", did you mean "x"?" for the one of the names that the word was probably meant
 * to be, or "". name(i) gives NULL behind the last. */
const char *reader_hint(struct reader *r, struct span word, const char *(*name)(size_t i));
/* False, and an error, if value is no id. */
bool reader_id(struct reader *r, struct span value);
bool reader_priority(struct reader *r, struct span value, int8_t *priority);
/* 0 and an error if it is no SMTP command of bounce.h. */
bounce_command reader_command(struct reader *r, struct span value);
char *reader_lower(struct reader *r, struct span value);

/* pattern.c */
enum pattern_form { PATTERN_ANY, PATTERN_PHRASE, PATTERN_REGEX_BARE, PATTERN_REGEX_SLASHES };
/* False, and an error, if it cannot be used. */
bool pattern_read(struct reader *r, struct span value, enum pattern_form form, struct parsed_pattern *out);
/* Appends to the list given. */
void pattern_read_phrase(struct reader *r, struct span value, enum reader_list list);
void pattern_read_match(struct reader *r, struct span value, enum reader_list list);
void pattern_read_any(struct reader *r, struct span value, enum reader_list list);
void pattern_read_regex(struct reader *r, struct span value, enum reader_list list);

#endif
