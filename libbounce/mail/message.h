/* SPDX-License-Identifier: MIT */
/*
 * message.h - the main header of mail: one mail, with its header, its parts in
 * order, and the message that it returns.
 *
 * In: the bytes of a mail. Out: spans of them, and what is decoded on demand: parts and header fields. The other
 * headers of the room read their contents: addresses, dates, HTML, groups of fields. mail sees base and text.
 *
 * An index of our own finds header, boundaries, parts and the returned message in one pass. GMime, which only
 * by_gmime.c sees, reads those values of Content-Type and Content-Disposition that are not plain (comments, RFC 2231).
 * It never gets a body: for a whole mail it takes ten times as long, and unbounded memory. A test compares our parts
 * with GMime's, over damaged mails.
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
    const char *path;        /* as in IMAP: "1", "2.1"; "" for a mail that is not a multipart; "0" for the text before
                                the first boundary, if there is no other */
    const char *type;        /* lower case "text/plain"; never NULL */
    const char *charset;     /* as declared, or NULL */
    const char *encoding;    /* Content-Transfer-Encoding, lower case, or NULL */
    const char *name;        /* filename or name parameter, or NULL */
    const char *description; /* Content-Description, decoded, or NULL */
    bool attachment;         /* Content-Disposition: attachment */
    int depth;               /* 0: the mail itself; 1: child of the top multipart … */
    bool in_alternative;     /* inside a multipart/alternative */
    struct span raw;         /* the body as it is in the mail, not decoded */
    /* Set by message_part_text(): */
    bool decoded;
    struct span text;
};

struct message {
    struct arena *arena;
    struct span bytes;         /* the mail, capped */
    struct span body;          /* everything after the header */
    struct field_group header; /* of the mail itself; a From line before it is skipped */
    const char *report_type;   /* report-type parameter, lower case, or NULL; of the first multipart/report inside (RFC
                                  6522) if the mail is not one */
    bool is_multipart;
    struct part *parts; /* leaves in the order of the mail; a returned message is a leaf,
                           too, and never entered */
    size_t part_count;
    /* The header of the returned message (maybe of text/rfc822-headers). Its count is 0 if
     * no part returns one; the text may still show it. */
    struct field_group original;
    size_t original_part; /* index in parts, or SIZE_MAX */
    unsigned flags;       /* enum message_flag */
};

enum message_flag {
    MESSAGE_TRUNCATED = 1, /* longer than the cap: the mail, or a part's text */
    MESSAGE_TOO_MANY_HEADERS = 2,
    MESSAGE_TOO_MANY_PARTS = 4,
    MESSAGE_TOO_DEEP = 8,          /* a multipart below the cap is one PART_OTHER */
    MESSAGE_BROKEN_MULTIPART = 16, /* no boundary, or boundary never found */
    MESSAGE_BAD_CHARSET = 32,
    MESSAGE_BAD_BYTES = 64,
    MESSAGE_TOO_MANY_BOUNDARIES = 128,
    MESSAGE_NO_HEADER = 256, /* the first line is not a header field */
    MESSAGE_LONG_FIELD = 512 /* a field, of a header or of a report, is longer than LIMIT_HEADER_BYTES */
};

/* Reads a mail. Never fails: a body without structure becomes one text part. A
 * multipart whose boundary never occurs becomes one PART_TEXT with the whole body; if
 * it is the mail itself, a "--" line above a Content- field is taken for the boundary
 * first. MESSAGE_BROKEN_MULTIPART is set in both cases. bytes must outlive the message;
 * everything else is allocated in a. */
void message_read(struct arena *a, struct span bytes, size_t max_bytes, struct message *m);
/* The same in two steps: first the header, then everything else. */
void message_begin(struct arena *a, struct span bytes, size_t max_bytes, struct message *m);
void message_finish(struct message *m);

/* The text of a part as UTF-8: transfer encoding, charset and HTML decoded. Capped at
 * LIMIT_PART_TEXT_BYTES. Cached. */
struct span message_part_text(struct message *m, size_t index);
/* Likewise, but HTML is left as it is: for parts that consist of fields. */
struct span message_part_fields(struct message *m, size_t index);

/* The value of a field, of a header or of a report, as one line of UTF-8. Capped at LIMIT_HEADER_BYTES. */
char *message_decode_field(struct message *m, struct span raw);

/* A header field as one line of UTF-8, or NULL; the case of name is ignored. Of several,
 * the last one counts for Content-*, the first one for others. */
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
