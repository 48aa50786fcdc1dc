/* SPDX-License-Identifier: MIT */
/*
 * handwritten.h - what libbounce does by itself, compared with a library that could
 * do it (handwritten.c).
 *
 * A pair is one task: the kind of input that it takes, our function and the
 * library's, and what a difference between their results means.
 */
#ifndef BOUNCE_BENCH_HANDWRITTEN_H
#define BOUNCE_BENCH_HANDWRITTEN_H

#include "base/arena.h"

enum input_kind {
    INPUT_MAIL,        /* a whole mail */
    INPUT_HEADER,      /* of a mail or part, or a group of fields of a report */
    INPUT_TYPE,        /* raw value of a Content-Type field; the next ones are raw too */
    INPUT_DISPOSITION, /* Content-Disposition */
    INPUT_VALUE,       /* any field */
    INPUT_DATE,        /* a date */
    INPUT_MAILBOXES,   /* From, To and the like */
    INPUT_RECIPIENT,   /* Final-Recipient, Original-Recipient */
    INPUT_BASE64,      /* encoded body of a part; the same for the next ones */
    INPUT_QUOTED,
    INPUT_UU,        /* rare in today's mail: the start of each text, encoded by us; label: that start */
    INPUT_CHARSET,   /* the name of a charset */
    INPUT_BODY,      /* body of a text part, decoded to bytes; label: its charset, or NULL */
    INPUT_TEXT,      /* text of a part, UTF-8 */
    INPUT_FOLDED,    /* the same, in the form in which rules are searched */
    INPUT_HTML,      /* text of an HTML part, UTF-8 */
    INPUT_REPORT,    /* object: a bounce_report of bounce_parse() */
    INPUT_NUMBER,    /* number */
    INPUT_SECONDS,   /* number: seconds since 1970 */
    INPUT_ADDRESSES, /* all addresses of a mail, one a line */
    INPUT_FOLDER,    /* the path of one */
    INPUT_MAILBOX,   /* all of an mbox file */
    INPUT_KINDS
};

struct input {
    struct span bytes; /* followed by as many NUL bytes as literals_scan() needs */
    const char *label;
    void *object;
    int64_t number;
};

/* The inputs of a kind, each once. */
struct inputs {
    struct input *items;
    size_t count, capacity;
};

struct sources {
    struct arena arena; /* holds all inputs */
    void *seen;         /* GHashTable of the inputs so far */
    struct inputs kinds[INPUT_KINDS];
    size_t mails;
};

/* Adds all inputs in the mails of a file, mailbox or folder. Returns false if it cannot
 * be read, after a message on standard error. */
bool sources_read(struct sources *s, const char *path);
void sources_free(struct sources *s);

/* Does the task for one input. The result is in a, or in the input; if `shown`, it is
 * complete enough to be compared, otherwise it is only what the task itself computes. */
typedef struct span side_fn(struct arena *a, const struct input *in, bool shown);
/* The difference between two unequal results. The text begins with who is right by
 * the RFC: "ours", "theirs", "both" or "neither"; or with "by choice", if ours
 * deliberately does what more mail needs. NULL: the difference does not matter. */
typedef const char *differ_fn(struct arena *a, const struct input *in, struct span ours, struct span theirs);

/* What the library needs once, before the first input. */
typedef void prepare_fn(const struct inputs *inputs);

struct pair {
    const char *name, *own, *library; /* own: our function in a profile of bounce-classify */
    enum input_kind kind;
    side_fn *ours, *theirs;              /* theirs NULL: built without that library */
    const char *ours_name, *theirs_name; /* names in a profile */
    differ_fn *differ;                   /* NULL: no differences are known */
    prepare_fn *prepare;                 /* or NULL */
};
#define SIDES(ours, theirs) (ours), (theirs), #ours, #theirs

struct pairs {
    const struct pair *items;
    size_t count;
};

extern const struct pairs mime_pairs, header_pairs, text_pairs, value_pairs, byte_pairs;

/* Without white space; and with each run of white space as one space. */
struct span squeeze(struct arena *a, struct span s);
struct span single_spaced(struct arena *a, struct span s);
static inline bool same_bytes(struct span a, struct span b)
{
    return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

#endif
