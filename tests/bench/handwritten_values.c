/* SPDX-License-Identifier: MIT */
/*
 * handwritten_values.c - dates, numbers and JSON: ours compared with GMime's,
 * GLib's, jansson's.
 */
#include "bounce.h"
#include "handwritten.h"
#include "mail/date.h"
#include "report/json_writer.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

/* --------------------------------------------------------------------- dates */

static struct span ours_date(struct arena *a, const struct input *in, bool shown)
{
    int64_t seconds = 0;
    bool found = date_parse(in->bytes, &seconds);
    return found && shown ? span_z(arena_printf(a, "%lld", (long long)seconds)) : span_of(NULL, 0);
}

static struct span theirs_date(struct arena *a, const struct input *in, bool shown)
{
    GDateTime *date = g_mime_utils_header_decode_date(in->bytes.s);
    struct span out =
        date && shown ? span_z(arena_printf(a, "%lld", (long long)g_date_time_to_unix(date))) : span_of(NULL, 0);
    if (date)
        g_date_time_unref(date);
    return out;
}

static const char *differ_date(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a;
    enum { DAY_S = 86400, HALF_HOUR_S = 1800 };
    struct span s = span_trim(in->bytes);
    long long x = ours.n ? atoll(ours.s) : 0, y = theirs.n ? atoll(theirs.s) : 0;
    if (!theirs.n)
        return "ours: a year of three digits (RFC 5322 4.3)";
    if (!ours.n)
        return s.n && memchr(s.s, '-', s.n < 5 ? s.n : 5) ? "neither: no form of RFC 5322"
                                                          : "theirs: an unknown zone, or text, after the time";
    if (y % DAY_S == 0 || memchr(in->bytes.s, '(', in->bytes.n))
        return "ours: a comment or a fraction in the time, or a zone of three digits";
    return (x - y) % HALF_HOUR_S == 0 ? "by choice: a zone that RFC 5322 does not list" : "unexplained";
}

static struct span ours_format(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    return span_z(date_format(a, in->number));
}

static struct span theirs_format(struct arena *a, const struct input *in, bool shown)
{
    GDateTime *date = g_date_time_new_from_unix_utc(in->number);
    char *z = g_date_time_format_iso8601(date);
    struct span out = shown ? span_z(arena_strdup(a, z)) : span_of(NULL, 0);
    g_free(z);
    g_date_time_unref(date);
    return out;
}

/* gmtime_r() does not know time zones either. */
static struct span libc_format(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    time_t seconds = (time_t)in->number;
    struct tm tm;
    char *out = arena_alloc(a, sizeof "0000-00-00T00:00:00Z");
    return span_of(out, strftime(out, sizeof "0000-00-00T00:00:00Z", "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm)));
}

/* ------------------------------------------------------------------- numbers */

static struct span ours_number(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    char *at = arena_alloc(a, 32), *end = json_number(at, (uint64_t)in->number);
    return span_of(at, (size_t)(end - at));
}

static struct span theirs_number(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    char *at = arena_alloc(a, 32);
    return span_of(at, (size_t)g_snprintf(at, 32, "%" G_GUINT64_FORMAT, (guint64)in->number));
}

/* ---------------------------------------------------------------------- JSON */

static struct span ours_json(struct arena *a, const struct input *in, bool shown)
{
    (void)a, (void)shown;
    static const bounce_source source = {"inbox.mbox", 7, 4321, 1234};
    const char *json;
    size_t n;
    return bounce_report_json(in->object, &source, &json, &n) == BOUNCE_OK ? span_of(json, n) : span_of(NULL, 0);
}

#ifdef HAVE_JANSSON
static GHashTable *trees; /* of the reports; kept for all rounds */

/* Trees are read from our own text, by which jansson also confirms that it is
 * JSON. */
static void prepare_json(const struct inputs *inputs)
{
    if (!trees)
        trees = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)json_decref);
    for (size_t i = 0; i < inputs->count; i++) {
        struct span json = ours_json(NULL, &inputs->items[i], true);
        g_hash_table_insert(trees, inputs->items[i].object, json_loadb(json.s, json.n, JSON_REJECT_DUPLICATES, NULL));
    }
}

static json_t *tree_of(const struct input *in)
{
    return g_hash_table_lookup(trees, in->object);
}

static struct span dumped(struct arena *a, json_t *tree, bool shown)
{
    char *text = tree ? json_dumps(tree, JSON_COMPACT) : NULL;
    struct span out = text && shown ? span_z(arena_strdup(a, text)) : span_of(NULL, 0);
    free(text);
    return out;
}

/* Only the writing is timed. */
static struct span theirs_json_text(struct arena *a, const struct input *in, bool shown)
{
    return dumped(a, tree_of(in), shown);
}

/* A tree must be made before it can be written; copying one costs about as much. */
static struct span theirs_json(struct arena *a, const struct input *in, bool shown)
{
    json_t *tree = json_deep_copy(tree_of(in));
    struct span out = dumped(a, tree, shown);
    json_decref(tree);
    return out;
}
#else
#define theirs_json_text NULL
#define theirs_json NULL
#define prepare_json NULL
#endif

static const struct pair pairs[] = {
    {"dates", "date_parse", "g_mime_utils_header_decode_date", INPUT_DATE, SIDES(ours_date, theirs_date), differ_date,
     NULL},
    {"dates, written", "date_format", "g_date_time_format_iso8601", INPUT_SECONDS, SIDES(ours_format, theirs_format),
     NULL, NULL},
    {"dates, written, C library", "date_format", "gmtime_r, strftime", INPUT_SECONDS, SIDES(ours_format, libc_format),
     NULL, NULL},
    {"numbers, written", "json_number", "g_snprintf", INPUT_NUMBER, SIDES(ours_number, theirs_number), NULL, NULL},
    {"JSON of a report, its tree being there", "bounce_report_json", "jansson: json_dumps", INPUT_REPORT,
     SIDES(ours_json, theirs_json_text), NULL, prepare_json},
    {"JSON of a report", "bounce_report_json", "jansson: tree and json_dumps", INPUT_REPORT,
     SIDES(ours_json, theirs_json), NULL, prepare_json},
};
const struct pairs value_pairs = {pairs, sizeof pairs / sizeof *pairs};
