/* SPDX-License-Identifier: MIT */
/*
 * message.h - one mail: its header, its parts in order, and the returned
 * message. The only module that sees GMime (message_mime.c).
 *
 * Way of working: an index of our own finds header, boundaries, parts and the
 * returned message in one pass. GMime reads those values of Content-Type and
 * Content-Disposition that are not plain (comments, RFC 2231). It never gets
 * a body: its parse of the whole costs ten times as much and has no bound on
 * memory. A test compares our parts with its own, over mutated mails. Parts
 * are decoded when they are asked for.
 */
#ifndef BOUNCE_MAIL_MESSAGE_H
#define BOUNCE_MAIL_MESSAGE_H

#include "base/arena.h"
#include "mail/fields.h"

enum part_role {
    PART_OTHER = 0,       /* images, attachments, … */
    PART_TEXT,            /* text/plain, any other text, a part without a type */
    PART_HTML,            /* text/html; alternative_to is its text/plain twin, if any */
    PART_DELIVERY_STATUS, /* message/delivery-status, message/global-delivery-status,
                             also text/…delivery-status as some write */
    PART_FEEDBACK_REPORT, /* message/feedback-report */
    PART_DISPOSITION,     /* message/disposition-notification, global- too */
    PART_ORIGINAL         /* message/rfc822, message/global, text/rfc822-headers,
                             message/rfc822-headers, message/global-headers,
                             message/partial: the returned message or its header */
};

struct part {
    enum part_role role;
    const char *path;        /* IMAP-like: "1", "2.1"; "" for a mail that is no multipart; "0" for
                                the text in front of the first boundary, if there is no other */
    const char *type;        /* lower case "text/plain"; never NULL */
    const char *charset;     /* as declared, or NULL */
    const char *encoding;    /* Content-Transfer-Encoding, lower case, or NULL */
    const char *name;        /* filename or name parameter, or NULL */
    const char *description; /* Content-Description, decoded, or NULL */
    bool attachment;         /* Content-Disposition: attachment */
    int depth;               /* 0: the mail itself; 1: child of the top multipart … */
    bool in_alternative;     /* inside a multipart/alternative */
    struct span raw;         /* body bytes as they stand in the mail (not decoded) */
    /* Set by message_part_text(): */
    bool decoded;
    struct span text;
};

struct message {
    struct arena *arena;
    struct span bytes;         /* what was given, capped */
    struct span body;          /* what stands behind the header */
    struct field_group header; /* of the mail itself; a From line in front is skipped */
    const char *content_type;  /* lower case, "text/plain" if missing or broken */
    const char *report_type;   /* report-type parameter, lower case, or NULL; of the first
                                  multipart/report inside (RFC 6522) if the mail is none */
    bool is_multipart;
    struct part *parts; /* leaves in the order of the mail; returned messages are
                           leaves, never entered */
    size_t part_count;
    /* The returned message: header group (may be of text/rfc822-headers). Has
     * count 0 if no part returns it; body text may still show it. */
    struct field_group original;
    size_t original_part; /* index in parts, or SIZE_MAX */
    unsigned flags;       /* enum message_flag */
};

enum message_flag {
    MESSAGE_TRUNCATED = 1, /* longer than the cap: the mail, a part's text, or a header field */
    MESSAGE_TOO_MANY_HEADERS = 2,
    MESSAGE_TOO_MANY_PARTS = 4,
    MESSAGE_TOO_DEEP = 8,          /* a multipart below the cap is one PART_OTHER */
    MESSAGE_BROKEN_MULTIPART = 16, /* no boundary, or boundary never found */
    MESSAGE_BAD_CHARSET = 32,
    MESSAGE_BAD_BYTES = 64,
    MESSAGE_TOO_MANY_BOUNDARIES = 128,
    MESSAGE_NO_HEADER = 256 /* the first line is no header field */
};

/* Reads the mail; never fails: what has no structure becomes one text part
 * that holds all of the body. A multipart whose boundary never shows becomes
 * one PART_TEXT with the whole body, unless the body of the mail itself shows
 * which boundary is meant (a "--" line above a Content- field); the flag is set
 * in both cases. bytes must outlive the message. Everything else lives in a. */
void message_read(struct arena *a, struct span bytes, size_t max_bytes, struct message *m);
/* The same in two steps: the header alone, then all else. */
void message_begin(struct arena *a, struct span bytes, size_t max_bytes, struct message *m);
void message_finish(struct message *m);

/* Decoded UTF-8 text of a part: transfer encoding, charset, and for PART_HTML
 * HTML to text. Capped at LIMIT_PART_TEXT_BYTES. Cached. */
struct span message_part_text(struct message *m, size_t index);
/* Transfer encoding undone, charset decoded, HTML left alone (for fields). */
struct span message_part_fields(struct message *m, size_t index);

/* Header fields of the mail, decoded to one line of UTF-8, or NULL; name is
 * compared without case. The last one counts for Content-*, the first for
 * the others. */
char *message_field(struct message *m, const struct field_group *g, struct span name);
static inline char *message_header(struct message *m, const char *name)
{
    return fields_may_have(&m->header, span_z(name)) ? message_field(m, &m->header, span_z(name)) : NULL;
}
static inline char *message_original_header(struct message *m, const char *name)
{
    return fields_may_have(&m->original, span_z(name)) ? message_field(m, &m->original, span_z(name)) : NULL;
}

#endif
