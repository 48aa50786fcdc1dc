/* SPDX-License-Identifier: MIT */
/*
 * handwritten.h - what libbounce does by itself, beside a library that could do
 * it (handwritten.c).
 *
 * A pair is one task: the kind of input that it takes, our function and the
 * library's, and what it means where they give different results.
 */
#ifndef BOUNCE_BENCH_HANDWRITTEN_H
#define BOUNCE_BENCH_HANDWRITTEN_H

#include "base/arena.h"

enum input_kind {
    INPUT_MAIL,        /* a whole mail */
    INPUT_HEADER,      /* of a mail or part, or a group of fields of a report */
    INPUT_TYPE,        /* value of a Content-Type field, raw; so are the next ones */
    INPUT_DISPOSITION, /* Content-Disposition */
    INPUT_VALUE,       /* any field */
    INPUT_DATE,        /* a date */
    INPUT_MAILBOXES,   /* From, To and the like */
    INPUT_RECIPIENT,   /* Final-Recipient, Original-Recipient */
    INPUT_BASE64,      /* body of a part so encoded; so are the next ones */
    INPUT_QUOTED,
    INPUT_UU,        /* mail hardly has it any more: the front of each text, encoded by us; label: that front */
    INPUT_CHARSET,   /* the name of a charset */
    INPUT_BODY,      /* body of a text part, decoded to bytes; label: its charset, or NULL */
    INPUT_TEXT,      /* text of a part, UTF-8 */
    INPUT_FOLDED,    /* and in the form in which rules are searched */
    INPUT_HTML,      /* text of an HTML part, UTF-8 */
    INPUT_REPORT,    /* object: what bounce_parse() gave, a bounce_report */
    INPUT_NUMBER,    /* number */
    INPUT_SECONDS,   /* number: seconds since 1970 */
    INPUT_ADDRESSES, /* all addresses of a mail, one a line */
    INPUT_FOLDER,    /* the path of one */
    INPUT_MAILBOX,   /* all of an mbox file */
    INPUT_KINDS
};

struct input {
    struct span bytes; /* NUL bytes stand behind them, as many as literals_scan() wants */
    const char *label;
    void *object;
    int64_t number;
};

/* The inputs of a kind; no two of them are alike. */
struct inputs {
    struct input *items;
    size_t count, capacity;
};

struct sources {
    struct arena arena; /* all inputs lie in it */
    void *seen;         /* GHashTable of what is there already */
    struct inputs kinds[INPUT_KINDS];
    size_t mails;
};

/* Adds all that the mails of a file, mailbox or folder hold. False if it cannot
 * be read: then that was said on standard error. */
bool sources_read(struct sources *s, const char *path);
void sources_free(struct sources *s);

/* Does the task for one input. What is given back lies in a, or in the input; to
 * be compared if `shown`, else only as far as the task itself makes it. */
typedef struct span side_fn(struct arena *a, const struct input *in, bool shown);
/* Two results that are not the same: what the difference is. It begins with who
 * is right by the RFC: "ours", "theirs", "both" or "neither"; or "by choice", if
 * ours knowingly does what more mail needs. NULL: none that counts. */
typedef const char *differ_fn(struct arena *a, const struct input *in, struct span ours, struct span theirs);

/* What the library needs once, before the first input. */
typedef void prepare_fn(const struct inputs *inputs);

struct pair {
    const char *name, *own, *library; /* own: our function; a profile of bounce-classify shows it */
    enum input_kind kind;
    side_fn *ours, *theirs;              /* theirs NULL: built without that library */
    const char *ours_name, *theirs_name; /* by which a profile shows these */
    differ_fn *differ;                   /* NULL: nothing is known of the differences */
    prepare_fn *prepare;                 /* or NULL */
};
#define SIDES(ours, theirs) (ours), (theirs), #ours, #theirs

struct pairs {
    const struct pair *items;
    size_t count;
};

extern const struct pairs mime_pairs, header_pairs, text_pairs, value_pairs, byte_pairs;

/* Without white space; and with each run of it as one space. */
struct span squeeze(struct arena *a, struct span s);
struct span single_spaced(struct arena *a, struct span s);
static inline bool same_bytes(struct span a, struct span b)
{
    return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

#endif
