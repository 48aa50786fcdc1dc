/* SPDX-License-Identifier: MIT */
/*
 * findings.h - what the readers find, in the order in which they find it.
 *
 * Readers append to one array and change nothing that is in it. A finding says
 * something about one recipient, several, or the whole message; whom it
 * concerns is settled by resolve.c alone. Strings are in the report's arena or
 * in scratch; all findings live as long as the reading.
 */
#ifndef BOUNCE_READING_FINDINGS_H
#define BOUNCE_READING_FINDINGS_H

#include "match/scope.h"
#include "reading/texts.h"

enum finding_kind {
    /* These name a recipient. */
    FINDING_FIELDS,      /* a group of fields about one recipient */
    FINDING_LISTED,      /* the writer's own list: X-Failed-Recipients */
    FINDING_BLOCK,       /* a part of the text that concerns one address */
    FINDING_VERP,        /* the address hidden in the envelope recipient of the report */
    FINDING_ORIGINAL_TO, /* a recipient of the returned message */
    /* These say something about the recipient of their parent. */
    FINDING_ALIAS,   /* another name for it */
    FINDING_TEXT,    /* words about it */
    FINDING_SESSION, /* a reply in a quoted session: to which command, from which host */
    /* These concern the whole message. */
    FINDING_WHOLE,   /* parent of the texts for those that nothing else is about */
    FINDING_POLARITY /* what the text as a whole says: failed, delayed, delivered ... */
};

enum finding_reader {
    READER_STATUS_FIELDS, /* RFC 3464 */
    READER_DISPOSITION,   /* RFC 8098 */
    READER_FEEDBACK,      /* RFC 5965 */
    READER_NOTIFICATION,  /* Amazon SES */
    READER_CHALLENGE,
    READER_HEADER,
    READER_DIALECT, /* blocks as the writer's dialect says */
    READER_GENERAL  /* blocks of any writer */
};

struct finding {
    enum finding_kind kind;
    enum finding_reader reader;
    uint32_t parent;                    /* index of the finding whose recipient it concerns; its own: it names one */
    const char *address, *address_type; /* as written; NULL: not stated */
    const char *alias;                  /* the name that the sender used, or a pipe's owner */
    struct read_text *text;             /* NULL: none */
    enum text_origin origin;            /* of the text */
    const char *where;                  /* of the text: "Diagnostic-Code", "part 1" */
    uint32_t line;                      /* 1 + the line of the report's text where it begins; 0: none */
    bool is_reply;                      /* of a text: its reply states facts; else it is only words */
    bool said_by_remote;                /* the report shows that the receiving server said it */
    bool if_silent;                     /* counts only if nothing nearer to the recipient was found before */
    /* Captures. */
    bounce_action action; /* polarity; UNKNOWN: not stated */
    bounce_command command;
    int reply_code; /* 0: not stated */
    struct enhanced status;
    const char *diagnostic, *diagnostic_type, *remote_mta;
    const struct service_view *service;     /* what a sending service itself says; NULL: it says nothing */
    bounce_decided_by decided_by;           /* NOBODY: not stated */
    int64_t last_attempt, will_retry_until; /* INT64_MIN: not stated */
    int64_t attempts;                       /* -1: not stated */
    /* Set by resolve.c. */
    const char *dropped_by; /* the pass that left it out, and why; NULL: it counts */
};

struct findings {
    struct finding *list;
    size_t count, capacity;
};

/* Appends one, with nothing stated; its parent is itself. Valid until the next is added. */
struct finding *findings_add(struct reading *rd, enum finding_kind kind, enum finding_reader reader);
/* Appends a text about the recipient of a parent. NULL if it is empty. */
struct finding *findings_add_text(struct reading *rd, uint32_t parent, enum text_origin origin, const char *where,
                                  struct read_text *text);
/* The first one of a kind; NULL: none. */
const struct finding *findings_first(const struct reading *rd, enum finding_kind kind);
/* The words of --trace for kinds and readers. */
const char *finding_kind_name(enum finding_kind kind);
const char *finding_reader_name(enum finding_reader reader);

#endif
