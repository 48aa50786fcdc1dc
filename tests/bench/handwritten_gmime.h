/* SPDX-License-Identifier: MIT */
/* handwritten_gmime.h - GMime's parser on bytes that are not copied. */
#ifndef BOUNCE_BENCH_HANDWRITTEN_GMIME_H
#define BOUNCE_BENCH_HANDWRITTEN_GMIME_H

#include "base/span.h"

#include <gmime/gmime.h>

struct gmime_source {
    GByteArray bytes; /* no copy, and GLib must not free it */
    GMimeStream *stream;
    GMimeParser *parser;
};

static inline void gmime_open(struct gmime_source *g, struct span bytes)
{
    g->bytes = (GByteArray){(guint8 *)(uintptr_t)bytes.s, (guint)bytes.n};
    g->stream = g_mime_stream_mem_new_with_byte_array(&g->bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(g->stream), FALSE);
    g->parser = g_mime_parser_new_with_stream(g->stream);
    g_mime_parser_set_format(g->parser, GMIME_FORMAT_MESSAGE);
}

static inline void gmime_close(struct gmime_source *g)
{
    g_object_unref(g->parser);
    g_object_unref(g->stream);
}

#endif
