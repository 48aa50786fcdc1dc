/* SPDX-License-Identifier: MIT */
/*
 * files.c - what a sender knows, read from files.
 *
 * In: a file of Message-IDs, one a line, or an SQLite database of them; a file of keys,
 *
 *     hmac 1 SECRET      Message-IDs and return paths of our own form
 *     batv 0 SECRET      prvs= of that key number
 *     srs SECRET         SRS0 and SRS1
 *
 * where the secret is the rest of the line, and a line that begins with '#' is a comment.
 * Refused: files that cannot be read, and files of keys with a wrong line. No message shows a
 * secret, and the bytes of the file are wiped.
 */
#include "sent/sent.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/limits.h"
#include "sent/sqlite.h"

static bounce_status fail_at(bounce_error *error, uint32_t line, const char *message)
{
    error_set(error, BOUNCE_ERROR_ARGUMENT, message);
    if (error) {
        error->line = line;
        error->column = 1;
    }
    return BOUNCE_ERROR_ARGUMENT;
}

/* Appends the rest of a file, at most `most` bytes. False after an error, which is set. */
static bool read_more(FILE *file, GString *bytes, size_t most, bounce_error *error)
{
    char block[16384];
    size_t n = 1;
    while (most && n && !ferror(file)) {
        n = fread(block, 1, most < sizeof block ? most : sizeof block, file);
        g_string_append_len(bytes, block, (gssize)n);
        most -= n;
    }
    explicit_bzero(block, sizeof block);
    if (ferror(file))
        error_set(error, BOUNCE_ERROR_IO, error_describe(errno));
    return !ferror(file);
}

/* A string with room for the whole file, so that it is not moved, and secrets not copied, while it grows. */
static GString *room_for(FILE *file)
{
    struct stat st;
    const bool known = fstat(fileno(file), &st) == 0 && st.st_size > 0;
    return g_string_sized_new(known && st.st_size < INT_MAX ? (gsize)st.st_size : 4096);
}

/* Unbuffered, because a buffer would keep secrets. NULL after an error, which is set. */
static FILE *open_file(const char *path, bounce_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file)
        setvbuf(file, NULL, _IONBF, 0);
    else
        error_set(error, BOUNCE_ERROR_IO, error_describe(errno));
    return file;
}

/* The lines of a text file. */
static void add_lines(struct sent_ids *ids, struct span rest)
{
    struct span line;
    while (span_next_line(&rest, &line))
        sent_ids_add(ids, line);
}

bounce_status bounce_sent_read_ids(bounce_sent *sent, const char *path, bounce_error *error)
{
    if (!sent || sent->in_use || !path)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_sent_read_ids: sent or path is NULL, or sent is in use");
    FILE *file = open_file(path, error);
    if (!file)
        return BOUNCE_ERROR_IO;
    GString *bytes = g_string_new(NULL);
    char *wrong = NULL;
    bool read = read_more(file, bytes, SQLITE_FRONT_BYTES, error);
    if (read && sqlite_is_database(span_of(bytes->str, bytes->len)))
        wrong = sqlite_read_ids(path, &sent->ids);
    else if (read && (read = read_more(file, bytes, SIZE_MAX, error)))
        add_lines(&sent->ids, span_of(bytes->str, bytes->len));
    fclose(file);
    g_string_free(bytes, TRUE);
    if (wrong)
        error_set(error, BOUNCE_ERROR_IO, wrong);
    read &= !wrong;
    g_free(wrong);
    return read ? BOUNCE_OK : BOUNCE_ERROR_IO;
}

/* Takes the next word off the line. */
static struct span take_word(struct span *line)
{
    size_t n = 0;
    while (n < line->n && !ascii_is_space(line->s[n]))
        n++;
    const struct span word = span_of(line->s, n);
    *line = span_trim(span_of(line->s + n, line->n - n));
    return word;
}

/* Reads a line that is not a comment. NULL, or what is wrong with it. */
static const char *add_line(struct sent_keys *keys, struct span line)
{
    static const char *const names[] = {[KEY_HMAC] = "hmac", [KEY_BATV] = "batv", [KEY_SRS] = "srs"};
    const struct span word = take_word(&line);
    size_t kind = 0;
    while (kind < COUNT(names) && !span_equal_nocase(word, names[kind]))
        kind++;
    if (kind == COUNT(names))
        return "a line begins with hmac, batv, srs or #";
    int number = 0;
    if (kind != KEY_SRS) {
        const struct span digit = take_word(&line);
        if (digit.n != 1 || !ascii_is_digit(digit.s[0]))
            return "the number of a key is one digit";
        number = digit.s[0] - '0';
    }
    return sent_keys_add(keys, (enum sent_key_kind)kind, number, line);
}

bounce_status bounce_sent_read_keys(bounce_sent *sent, const char *path, bounce_error *error)
{
    if (!sent || sent->in_use || !path)
        return error_set(error, BOUNCE_ERROR_ARGUMENT,
                         "bounce_sent_read_keys: sent or path is NULL, or sent is in use");
    FILE *file = open_file(path, error);
    if (!file)
        return BOUNCE_ERROR_IO;
    GString *bytes = room_for(file);
    bounce_status status = read_more(file, bytes, SIZE_MAX, error) ? BOUNCE_OK : BOUNCE_ERROR_IO;
    fclose(file);
    struct span rest = span_of(bytes->str, bytes->len), line;
    for (uint32_t number = 1; status == BOUNCE_OK && span_next_line(&rest, &line); number++) {
        line = span_trim(line);
        const char *wrong = line.n && line.s[0] != '#' ? add_line(&sent->keys, line) : NULL;
        if (wrong)
            status = fail_at(error, number, wrong);
    }
    explicit_bzero(bytes->str, bytes->len);
    g_string_free(bytes, TRUE);
    return status;
}
