/* SPDX-License-Identifier: MIT */
/*
 * records.c - the records of a list of suppressed addresses, as sending services export them.
 *
 * In: a file, JSON or CSV, which is detected. Out: its records, one after another, in bounded memory. Refused: invalid
 * JSON, and records that are too long.
 */
#include "lines/records.h"

#include "lines/value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct reading_records {
    FILE *file;
    bool (*take)(void *data, const struct record *r);
    void *data;
    struct record record;
    char bytes[RECORD_BYTES];
    size_t length;
};

const char *record_value(const struct record *r, const char *name)
{
    for (int i = 0; i < r->count; i++)
        if (strcasecmp(r->fields[i].name, name) == 0 && r->fields[i].value && *r->fields[i].value)
            return r->fields[i].value;
    return NULL;
}

/* ---------------------------------------------------------------- times */

static bool by_number(const char *text, int64_t *seconds)
{
    char *end;
    double number = strtod(text, &end);
    if (*text < '0' || *text > '9' || *end || number > 1e15)
        return false;
    *seconds = (int64_t)(number > 1e11 ? number / 1000 : number);
    return true;
}

/* "Z", "+0100", "-05:00", "UTC". */
static bool zone(const char *text, int64_t *offset)
{
    char sign = *text, *end;
    *offset = 0;
    if (!*text || strcasecmp(text, "z") == 0 || strcasecmp(text, "utc") == 0 || strcasecmp(text, "gmt") == 0)
        return true;
    if ((sign != '+' && sign != '-') || strspn(text + 1, "0123456789") < 2)
        return false;
    long hours = strtol(text + 1, &end, 10), minutes = 0;
    if (end == text + 5) {
        minutes = hours % 100;
        hours /= 100;
    } else if (*end == ':') {
        minutes = strtol(end + 1, &end, 10);
    }
    *offset = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
    return !*end && hours < 24 && minutes >= 0 && minutes < 60;
}

bool record_time(const char *text, int64_t *seconds)
{
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S"};
    int64_t offset;
    if (by_number(text, seconds))
        return true;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm t = {0};
        const char *rest = strptime(text, forms[i], &t);
        if (!rest)
            continue;
        if (*rest == '.')
            rest += 1 + strspn(rest + 1, "0123456789");
        rest += strspn(rest, " ");
        if (!zone(rest, &offset))
            return false;
        *seconds = timegm(&t) - offset;
        return true;
    }
    return false;
}

/* ----------------------------------------------------------------- JSON */

static const char *text_of_value(const json_t *value, char number[32])
{
    if (json_is_integer(value))
        snprintf(number, 32, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(number, 32, "%.3f", json_real_value(value));
    else if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    else
        return json_string_value(json_is_array(value) ? json_array_get(value, 0) : value);
    return number;
}

/* Sets *goes_on to whether the caller wants more records. Returns what is wrong, or NULL. */
static const char *give_object(struct reading_records *r, bool *goes_on)
{
    static char numbers[RECORD_FIELDS][32];
    json_error_t error;
    json_t *object = json_loadb(r->bytes, r->length, 0, &error), *value;
    const char *key;
    if (!object)
        return "not a JSON object";
    r->record.count = 0;
    json_object_foreach(object, key, value)
    {
        int i = r->record.count;
        const char *text = i < RECORD_FIELDS ? text_of_value(value, numbers[i]) : NULL;
        if (text)
            r->record.fields[r->record.count++] = (struct record_field){key, text};
    }
    r->record.number++;
    *goes_on = r->take(r->data, &r->record);
    json_decref(object);
    return NULL;
}

/* The position between nested objects and arrays. */
struct nesting {
    char open[16];
    int depth, begin; /* begin: the depth at which the current record began; 0: there is none */
    bool in_string, escaped, had_records;
};

static bool is_record_here(const struct nesting *n)
{
    return n->begin == 0 && (n->depth == 0 || n->open[n->depth - 1] == '[');
}

/* An object that contains an array of records is not a record: what was kept of it is dropped. */
static const char *json_char(struct reading_records *r, struct nesting *n, char c, bool *goes_on)
{
    const char *problem = NULL;
    bool outer = n->begin == 1 && n->depth == 2 && n->open[1] == '[' && c == '{';
    if (!n->in_string && c == '{' && (is_record_here(n) || outer)) {
        n->begin = n->depth + 1;
        r->length = 0;
    }
    if (n->begin && r->length == RECORD_BYTES)
        return "a record is too long";
    if (n->begin)
        r->bytes[r->length++] = c;
    if (n->in_string) {
        n->in_string = n->escaped || c != '"';
        n->escaped = !n->escaped && c == '\\';
    } else if (c == '"') {
        n->in_string = true;
    } else if (c == '{' || c == '[') {
        if (n->depth == (int)sizeof n->open)
            return "too deep";
        n->open[n->depth++] = c;
    } else if ((c == '}' || c == ']') && n->depth > 0) {
        if (n->depth-- == n->begin && c == '}') {
            problem = give_object(r, goes_on);
            n->begin = 0;
        }
    }
    return problem;
}

static const char *read_json(struct reading_records *r, int c)
{
    struct nesting n = {.depth = 0};
    const char *problem = NULL;
    bool goes_on = true;
    for (; c != EOF && !problem && goes_on; c = getc(r->file))
        problem = json_char(r, &n, (char)c, &goes_on);
    return problem ? problem : n.depth && goes_on ? "the JSON is cut off" : NULL;
}

/* ------------------------------------------------------------------ CSV */

/* Replaces each byte that is not UTF-8 with SUB (ASCII 26): a ledger only holds UTF-8, and no address contains SUB. */
static void make_utf8(char *bytes, size_t length)
{
    for (size_t i = 0, n; i < length; i += n) {
        n = (size_t)value_utf8_bytes(bytes + i);
        if (n == 0) {
            bytes[i] = '\x1a';
            n = 1;
        }
    }
}

/* Reads one row, with fields separated by NUL bytes. Returns -1 at the end, -2 if it is too long. */
static int read_row(struct reading_records *r, int c, const char *values[RECORD_FIELDS])
{
    bool quoted = false;
    int count = 0;
    r->length = 0;
    if (c == EOF)
        return -1;
    values[count++] = r->bytes;
    for (; c != EOF && (quoted || c != '\n'); c = getc(r->file)) {
        if (r->length + 2 >= RECORD_BYTES)
            return -2;
        if (c == '"') {
            int next = quoted ? getc(r->file) : 0;
            if (quoted && next == '"')
                r->bytes[r->length++] = '"';
            else if (quoted && next != EOF)
                ungetc(next, r->file);
            quoted = quoted ? next == '"' : true;
        } else if (c == ',' && !quoted && count < RECORD_FIELDS) {
            r->bytes[r->length++] = '\0';
            values[count++] = r->bytes + r->length;
        } else if (c != '\r' || quoted) {
            r->bytes[r->length++] = (char)c;
        }
    }
    r->bytes[r->length] = '\0';
    make_utf8(r->bytes, r->length);
    return count;
}

/* Lists without column names, such as that of SES, begin with the address and a reason. */
static void set_names(char names[RECORD_FIELDS][64], const char *const values[RECORD_FIELDS], int count, bool has_names)
{
    static const char *const usual[] = {"email", "reason", "created"};
    for (int i = 0; i < RECORD_FIELDS; i++)
        snprintf(names[i], 64, "%s", has_names ? (i < count ? values[i] : "") : i < 3 ? usual[i] : "");
}

/* Whether a row contains one of the names that services use for the address. */
static bool names_addresses(const char *const *values, int count)
{
    static const char *const usual[] = {"email", "EmailAddress", "address", "recipient"};
    for (int i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
            if (strcasecmp(values[i], usual[k]) == 0)
                return true;
    return false;
}

static const char *read_csv(struct reading_records *r, int c)
{
    static char names[RECORD_FIELDS][64];
    const char *values[RECORD_FIELDS];
    int count;
    for (bool is_first = true; (count = read_row(r, c, values)) >= 0; is_first = false, c = getc(r->file)) {
        bool has_names = is_first && !strchr(values[0], '@');
        if (has_names && !names_addresses(values, count))
            return "the first row has no address, and names no column of addresses";
        if (is_first)
            set_names(names, values, count, has_names);
        if (has_names || (count == 1 && !*values[0]))
            continue;
        r->record.count = count;
        r->record.number++;
        for (int i = 0; i < count; i++)
            /* The apostrophe keeps spreadsheets from running it as a formula. */
            r->record.fields[i] =
                (struct record_field){names[i], values[i] + (values[i][0] == '\'' && strchr("=+-@", values[i][1]))};
        if (!r->take(r->data, &r->record))
            return NULL;
    }
    return count == -2 ? "a record is too long" : NULL;
}

const char *records_read(FILE *file, bool (*take)(void *data, const struct record *r), void *data)
{
    static struct reading_records r;
    r.file = file;
    r.take = take;
    r.data = data;
    r.record.number = 0;
    int c = getc(file);
    if (c == 0xef && getc(file) == 0xbb && getc(file) == 0xbf)
        c = getc(file);
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t')
        c = getc(file);
    return c == '{' || c == '[' ? read_json(&r, c) : read_csv(&r, c);
}
