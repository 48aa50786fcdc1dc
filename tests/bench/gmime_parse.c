/* SPDX-License-Identifier: MIT */
/*
 * gmime_parse.c - how long GMime alone takes for a mailbox.
 *
 *     gmime_parse MAILBOX...
 *
 * In: mailboxes, split into messages by bounce_mailbox_next() as in
 * bounce-classify. GMime parses each message in full, from memory and without
 * copying it, and frees it; nothing of it is used. Out: the number of
 * messages.
 */
#include "bounce.h"

#include <gmime/gmime.h>
#include <stdio.h>

/* GMime must see all of a message, however large. */
#define WHOLE_MESSAGE ((uint64_t)1 << 30)

static void parse(const bounce_view *view)
{
    GByteArray bytes = {(guint8 *)(uintptr_t)view->bytes, (guint)view->length};
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(&bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
}

static int parse_all(const char *path, unsigned long *count)
{
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    bounce_status status = bounce_mailbox_open(path, BOUNCE_FORMAT_AUTO, WHOLE_MESSAGE, &mailbox, &error);
    if (status == BOUNCE_OK)
        while ((status = bounce_mailbox_next(mailbox, &view, &error)) == BOUNCE_OK) {
            parse(&view);
            ++*count;
        }
    bounce_mailbox_close(mailbox);
    if (status == BOUNCE_END)
        return 0;
    fprintf(stderr, "gmime_parse: %s\n", error.message);
    return 1;
}

int main(int argc, char **argv)
{
    unsigned long count = 0;
    int failed = argc < 2;
    g_mime_init();
    for (int i = 1; i < argc; i++)
        failed |= parse_all(argv[i], &count);
    printf("%lu\n", count);
    return failed;
}
