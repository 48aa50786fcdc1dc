/* SPDX-License-Identifier: MIT */
/* pattern.h - phrases and regular expressions of rule files. Private to rules/. */
#ifndef BOUNCE_RULES_PATTERN_H
#define BOUNCE_RULES_PATTERN_H

#include "rules/reader.h"

enum pattern_form {
    PATTERN_ANY,           /* a phrase, or an expression between slashes */
    PATTERN_PHRASE,        /* a phrase */
    PATTERN_TOKEN,         /* a phrase of plain words in any format */
    PATTERN_REGEX_BARE,    /* an expression without slashes */
    PATTERN_REGEX_SLASHES, /* an expression between slashes */
};

/* False, and an error, if the value cannot be used. */
bool pattern_read(struct reader *r, struct span value, enum pattern_form form, struct parsed_pattern *out);

/* Adds an error if a text with these words is masked (text/mask.h), so that a rule of format 2 cannot find them. */
void pattern_refuse_masked(struct reader *r, struct span value);

/* For tables of keywords: append a pattern of that form to a list. */
void pattern_add_phrase(struct reader *r, struct span value, enum reader_list list);
void pattern_add_token(struct reader *r, struct span value, enum reader_list list);
void pattern_add_match(struct reader *r, struct span value, enum reader_list list);
void pattern_add_any(struct reader *r, struct span value, enum reader_list list);
/* For `unless-near`: the pattern is searched in the sentence of the match. */
void pattern_add_near(struct reader *r, struct span value, enum reader_list list);
void pattern_add_regex(struct reader *r, struct span value, enum reader_list list);

#endif
