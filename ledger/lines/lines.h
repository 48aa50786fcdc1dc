/* SPDX-License-Identifier: MIT */
/* lines.h - lines from a file or pipe. */
#ifndef LEDGER_LINES_LINES_H
#define LEDGER_LINES_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE_MAX_BYTES = 8 * 1024 * 1024 };

struct lines {
    const char *path;
    int fd;
    char *bytes;
    size_t begin, end, capacity;
    uint64_t number; /* of the last line returned, from 1 */
    int error_number;
    bool ended, skips;
};

enum line_result { LINE_GIVEN, LINE_TOO_LONG, LINE_NONE_YET, LINE_END };

/* "-" is standard input. False after a message. */
bool lines_open(struct lines *l, const char *path);
/* False, after a message, if part of it could not be read. */
bool lines_close(struct lines *l);
/* A message about the last line returned. */
void lines_complain(const struct lines *l, const char *problem);
bool line_is_blank(const char *line);
/* For messages: the path, or standard input. */
const char *input_name(const char *path);
/* One line, without its end, with a NUL byte after it; valid until the next call. LINE_NONE_YET: nothing has come for a
 * while; only if may_wait is false. */
enum line_result lines_next(struct lines *l, bool may_wait, char **line, size_t *length);

#endif
