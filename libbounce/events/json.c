/* SPDX-License-Identifier: MIT */
/*
 * json.c - see json.h.
 *
 * In: JSON texts (RFC 8259). Out: trees of jansson, which is loaded by name, so that other programs do not pay for it
 * at start; its few functions and the start of its values are declared here for the same reason. Refused: what jansson
 * refuses, including bytes that are not UTF-8. An integer that does not fit into 64 bits becomes a real number.
 */
#include "events/json.h"

#include "base/library.h"

#include <glib.h>
#include <stdlib.h>

/* jansson.h: values, flags, errors */
enum { TYPE_OBJECT, TYPE_ARRAY, TYPE_STRING, TYPE_INTEGER, TYPE_REAL, TYPE_TRUE, TYPE_FALSE, TYPE_NULL };
enum { FLAG_INT_AS_REAL = 0x8, FLAG_ALLOW_NUL = 0x10 };

struct json_t {
    int type;
    volatile size_t refcount;
};

struct json_error {
    int line, column, position;
    char source[80], text[160];
};

struct json_library {
    void *handle;
    struct json_t *(*loadb)(const char *bytes, size_t length, size_t flags, struct json_error *error);
    void (*delete)(struct json_t *value);
    struct json_t *(*object_get)(const struct json_t *object, const char *key);
    size_t (*array_size)(const struct json_t *array);
    struct json_t *(*array_get)(const struct json_t *array, size_t index);
    const char *(*string_value)(const struct json_t *string);
    size_t (*string_length)(const struct json_t *string);
    long long (*integer_value)(const struct json_t *integer);
    double (*real_value)(const struct json_t *real);
};

struct json_library *json_library_load(void)
{
    struct json_library *j = g_new0(struct json_library, 1);
    const struct library_symbol wanted[] = {{"json_loadb", &j->loadb},
                                            {"json_delete", &j->delete},
                                            {"json_object_get", &j->object_get},
                                            {"json_array_size", &j->array_size},
                                            {"json_array_get", &j->array_get},
                                            {"json_string_value", &j->string_value},
                                            {"json_string_length", &j->string_length},
                                            {"json_integer_value", &j->integer_value},
                                            {"json_real_value", &j->real_value}};
    j->handle = library_open("libjansson.so.4", wanted, COUNT(wanted));
    if (!j->handle) {
        json_library_free(j);
        return NULL;
    }
    /* The first object makes jansson read random bytes for its tables: do that while it is still allowed. */
    struct json_wrong wrong;
    json_free(j, json_read(j, span_z("{}"), &wrong));
    return j;
}

void json_library_free(struct json_library *j)
{
    if (!j)
        return;
    library_close(j->handle);
    g_free(j);
}

struct json_t *json_read(const struct json_library *j, struct span text, struct json_wrong *wrong)
{
    struct json_error error = {.line = -1};
    struct json_t *value = j->loadb(text.s, text.n, FLAG_ALLOW_NUL, &error);
    if (!value && strstr(error.text, "too big integer"))
        value = j->loadb(text.s, text.n, FLAG_ALLOW_NUL | FLAG_INT_AS_REAL, &error);
    if (value)
        return value;
    *wrong = (struct json_wrong){.line = error.line > 0 ? (uint32_t)error.line : 0,
                                 .column = error.column > 0 ? (uint32_t)error.column : 0};
    g_strlcpy(wrong->text, error.text, sizeof wrong->text);
    for (char *c = wrong->text; *c; c++) /* it may quote the input */
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '?';
    return NULL;
}

void json_free(const struct json_library *j, struct json_t *value)
{
    if (value) /* nothing else refers to the result of json_read() */
        j->delete (value);
}

bool json_is_object(const struct json_t *value)
{
    return value && value->type == TYPE_OBJECT;
}

bool json_is_string(const struct json_t *value)
{
    return value && value->type == TYPE_STRING;
}

size_t json_count(const struct json_library *j, const struct json_t *value)
{
    return value && value->type == TYPE_ARRAY ? j->array_size(value) : 0;
}

struct json_t *json_item(const struct json_library *j, const struct json_t *array, size_t index)
{
    return j->array_get(array, index);
}

struct json_t *json_at(const struct json_library *j, struct json_t *value, const char *path)
{
    char key[128];
    while (value && *path) {
        size_t n = strcspn(path, "/");
        if (n >= sizeof key)
            return NULL;
        memcpy(key, path, n);
        key[n] = '\0';
        path += n + (path[n] == '/');
        if (strcmp(key, ".") == 0)
            continue;
        if (value->type == TYPE_OBJECT)
            value = j->object_get(value, key);
        else if (value->type == TYPE_ARRAY && strcmp(key, "last") == 0)
            value = json_count(j, value) ? j->array_get(value, j->array_size(value) - 1) : NULL;
        else if (value->type == TYPE_ARRAY && ascii_is_digit(key[0]))
            value = j->array_get(value, strtoul(key, NULL, 10));
        else
            return NULL;
    }
    return value;
}

static const char *string_of(const struct json_library *j, const struct json_t *value, struct arena *a)
{
    const char *s = j->string_value(value);
    size_t n = j->string_length(value);
    struct span trimmed = span_trim(span_of(s, n));
    if (!trimmed.n)
        return NULL;
    if (!memchr(trimmed.s, '\0', trimmed.n))
        return arena_strndup(a, trimmed.s, trimmed.n);
    struct strbuf b;
    strbuf_init(&b, a);
    for (size_t i = 0; i < trimmed.n; i++)
        trimmed.s[i] ? strbuf_putc(&b, trimmed.s[i]) : strbuf_putu(&b, 0xfffd);
    return b.s;
}

const char *json_text_of(const struct json_library *j, const struct json_t *value, struct arena *a)
{
    if (!value)
        return NULL;
    switch (value->type) {
    case TYPE_STRING: return string_of(j, value, a);
    case TYPE_INTEGER: return arena_printf(a, "%lld", j->integer_value(value));
    case TYPE_REAL: { /* the point, whatever the locale writes */
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        return arena_strdup(a, g_ascii_formatd(digits, sizeof digits, "%.6f", j->real_value(value)));
    }
    case TYPE_TRUE: return "true";
    case TYPE_FALSE: return "false";
    default: return NULL;
    }
}
