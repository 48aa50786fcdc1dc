/* SPDX-License-Identifier: MIT */
/*
 * by_gmime.c - see by_gmime.h.
 *
 * In: unfolded values of Content-Type and Content-Disposition, at most LIMIT_HEADER_BYTES each. Out: the type or the
 * first word, and the parameters. GMime 3.2.13 neither writes an object nor provides a multipart's boundary here:
 * either can loop forever (jstedfast/gmime#165).
 *
 * Few mails have such values, and GMime depends on a dozen libraries: loading them takes several times as long as
 * everything else for one mail. So it is loaded by name when first needed. If it cannot be loaded, values are refused
 * as if memory had run out.
 */
#include "mail/by_gmime.h"
#include "base/library.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

/* The functions that are used, under their own names: each has the type that GMime's header declares. */
#define FUNCTIONS(X) \
    X(g_mime_init) \
    X(g_mime_parser_options_new) \
    X(g_mime_param_list_length) \
    X(g_mime_param_list_get_parameter_at) \
    X(g_mime_param_get_name) \
    X(g_mime_param_get_value) \
    X(g_mime_content_type_parse) \
    X(g_mime_content_type_get_parameters) \
    X(g_mime_content_type_get_media_type) \
    X(g_mime_content_type_get_media_subtype) \
    X(g_mime_content_disposition_parse) \
    X(g_mime_content_disposition_get_parameters) \
    X(g_mime_content_disposition_get_disposition) \
    X(g_object_unref)

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a member has no parentheses */
#define AS_MEMBER(function) __typeof__(function) *function;
#define AS_SYMBOL(function) {#function, &g->function},
struct gmime {
    FUNCTIONS(AS_MEMBER)
    GMimeParserOptions *options;
};

/* It is never unloaded: GLib's types stay registered, and g_mime_shutdown() must never run, because the program may use
 * GMime, too. */
static bool start(struct gmime *g)
{
    const struct library_symbol wanted[] = {FUNCTIONS(AS_SYMBOL)};
    if (!library_open("libgmime-3.0.so.0", wanted, COUNT(wanted)))
        return false;
    g->g_mime_init();
    g->options = g->g_mime_parser_options_new();
    return true;
}

/* g_mime_init() counts its callers without a lock (even in 3.2.15), so it must run only once. */
static const struct gmime *gmime(const struct arena *a)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static struct gmime shared;
    static bool started;
    pthread_mutex_lock(&mutex);
    started = started || start(&shared);
    const bool is_there = started;
    pthread_mutex_unlock(&mutex);
    if (!is_there)
        arena_give_up(a);
    return &shared;
}

static void take_params(const struct gmime *g, struct arena *a, GMimeParamList *list, mime_param_fn *take, void *data)
{
    int count = list ? g->g_mime_param_list_length(list) : 0;
    for (int i = 0; i < count; i++) {
        GMimeParam *param = g->g_mime_param_list_get_parameter_at(list, i);
        const char *value = g->g_mime_param_get_value(param);
        if (value)
            take(data, g->g_mime_param_get_name(param), span_z(arena_strdup(a, value)));
    }
}

const char *gmime_read_type(struct arena *a, const char *value, mime_param_fn *take, void *data)
{
    const struct gmime *g = gmime(a);
    GMimeContentType *type = g->g_mime_content_type_parse(g->options, value);
    if (!type)
        return NULL;
    arena_exit_hold(a->exit, type, g->g_object_unref);
    take_params(g, a, g->g_mime_content_type_get_parameters(type), take, data);
    const char *media = g->g_mime_content_type_get_media_type(type);
    const char *sub = g->g_mime_content_type_get_media_subtype(type);
    char *name = media && *media && sub && *sub ? arena_lower(a, span_z(arena_printf(a, "%s/%s", media, sub))) : NULL;
    arena_exit_let_go(a->exit);
    g->g_object_unref(type);
    return name;
}

const char *gmime_read_disposition(struct arena *a, const char *value, mime_param_fn *take, void *data)
{
    const struct gmime *g = gmime(a);
    GMimeContentDisposition *d = g->g_mime_content_disposition_parse(g->options, value);
    if (!d)
        return NULL;
    arena_exit_hold(a->exit, d, g->g_object_unref);
    take_params(g, a, g->g_mime_content_disposition_get_parameters(d), take, data);
    char *word = arena_strdup(a, g->g_mime_content_disposition_get_disposition(d));
    arena_exit_let_go(a->exit);
    g->g_object_unref(d);
    return word;
}
