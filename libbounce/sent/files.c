/* SPDX-License-Identifier: MIT */
/*
 * files.c - what a sender knows, out of files.
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

#include <string.h>

#include "base/limits.h"
#include "sent/sqlite.h"

static bounce_status fail(bounce_error *error, bounce_status status, const char *message)
{
    if (error) {
        *error = (bounce_error){.status = status};
        g_strlcpy(error->message, message, sizeof error->message);
    }
    return status;
}

static bounce_status fail_at(bounce_error *error, uint32_t line, const char *message)
{
    fail(error, BOUNCE_ERROR_ARGUMENT, message);
    if (error) {
        error->line = line;
        error->column = 1;
    }
    return BOUNCE_ERROR_ARGUMENT;
}

/* NULL after a message. */
static char *read_file(const char *path, gsize *length, bounce_error *error)
{
    char *bytes = NULL;
    GError *wrong = NULL;
    if (g_file_get_contents(path, &bytes, length, &wrong))
        return bytes;
    fail(error, BOUNCE_ERROR_IO, wrong->message);
    g_error_free(wrong);
    return NULL;
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
    gsize n;
    if (!sent || sent->in_use || !path)
        return fail(error, BOUNCE_ERROR_ARGUMENT, "bounce_sent_read_ids: sent or path is NULL, or sent is in use");
    char *bytes = read_file(path, &n, error);
    if (!bytes)
        return BOUNCE_ERROR_IO;
    char *wrong = NULL;
    if (sqlite_is_database(span_of(bytes, n)))
        wrong = sqlite_read_ids(path, &sent->ids);
    else
        add_lines(&sent->ids, span_of(bytes, n));
    g_free(bytes);
    if (!wrong)
        return BOUNCE_OK;
    fail(error, BOUNCE_ERROR_IO, wrong);
    g_free(wrong);
    return BOUNCE_ERROR_IO;
}

/* The next word of a line; the line moves behind it. */
static struct span take_word(struct span *line)
{
    size_t n = 0;
    while (n < line->n && !ascii_is_space(line->s[n]))
        n++;
    const struct span word = span_of(line->s, n);
    *line = span_trim(span_of(line->s + n, line->n - n));
    return word;
}

/* NULL, or what is wrong with a line that is no comment. */
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
    gsize n;
    if (!sent || sent->in_use || !path)
        return fail(error, BOUNCE_ERROR_ARGUMENT, "bounce_sent_read_keys: sent or path is NULL, or sent is in use");
    char *bytes = read_file(path, &n, error);
    if (!bytes)
        return BOUNCE_ERROR_IO;
    bounce_status status = BOUNCE_OK;
    struct span rest = span_of(bytes, n), line;
    for (uint32_t number = 1; status == BOUNCE_OK && span_next_line(&rest, &line); number++) {
        line = span_trim(line);
        const char *wrong = line.n && line.s[0] != '#' ? add_line(&sent->keys, line) : NULL;
        if (wrong)
            status = fail_at(error, number, wrong);
    }
    explicit_bzero(bytes, n);
    g_free(bytes);
    return status;
}
