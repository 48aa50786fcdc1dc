/* SPDX-License-Identifier: MIT */
/* row.h - the phrases of format 2, as rows of literals and classes. Private to rules/. */
#ifndef BOUNCE_RULES_ROW_H
#define BOUNCE_RULES_ROW_H

#include "rules/reader.h"

/* Reads a phrase; one that is a single literal becomes a phrase of one segment,
 * any other a row. False, and an error, if it cannot be used. */
bool row_read(struct reader *r, struct span value, struct parsed_pattern *out);
/* The form in which a literal is searched, without a '*' at either end, which means that it may begin or end
 * inside a word; NULL, and an error, if nothing of it can be searched. */
const char *row_literal(struct reader *r, struct span value, bool *open_start, bool *open_end);
/* Takes the name of `{NAME}` at the front of *rest off it; s NULL, and an error, if it is not a name. */
struct span row_class_name(struct reader *r, struct span *rest);

#endif
