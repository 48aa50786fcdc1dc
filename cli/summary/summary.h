/* SPDX-License-Identifier: MIT */
/* summary.h - the figures of a run. */
#ifndef CLI_SUMMARY_SUMMARY_H
#define CLI_SUMMARY_SUMMARY_H

#include "count/sketch.h"
#include "output/output.h"
#include "render/summary_record.h"
#include "render/totals.h"

/* What is counted. A key that consists of several parts has tabs between them. */
enum summary_by {
    BY_TYPE,
    BY_REASON,
    BY_GROUP,
    BY_DAY,
    BY_PROVIDER,
    BY_DOMAIN,
    BY_REMOTE,
    BY_SOFTWARE,
    BY_STATUS,
    BY_PROVIDER_MONTH,          /* provider, month */
    BY_SINGLE_COUNT,            /* those above are printed in the same way */
    BY_CAUSE = BY_SINGLE_COUNT, /* block list or "", reason, provider or owner of the host */
    BY_LISTING,                 /* own address or domain, name, zone and URL of the list */
    BY_SUPPRESS,                /* address, reason */
    BY_RETRY,                   /* queue word, provider or owner, seconds until the first try */
    BY_MEND,                    /* mend word, provider or owner, page where that is explained or mended */
    BY_COUNT
};

enum { SUMMARY_EXAMPLES = 64 };

/* The first recipient with a reason. */
struct summary_example {
    char reason[40];
    char address[RECORD_FIELD_BYTES + 1], subject[RECORD_FIELD_BYTES + 1], words[RECORD_FIELD_BYTES + 1];
};

struct summary {
    struct output in; /* records are written to it */
    struct sketch by[BY_COUNT];
    struct summary_example examples[SUMMARY_EXAMPLES];
    size_t example_count;
    uint64_t recipients, failures, own, suppress, not_yours;
    struct totals totals; /* of the renderer, set at the end */
};

/* One cause that most failures share. */
struct shared_cause {
    const char *list, *reason, *owner; /* list "": no block list */
    uint64_t count;
};

/* NULL if memory runs out. */
struct summary *summary_new(void);
/* Call it once all records were written. False, after a message, if memory has run out. */
bool summary_finish(struct summary *s, const struct totals *totals);
void summary_free(struct summary *s);

/* Call it after summary_finish(). False: no cause makes up more than half of at least ten failures. */
bool summary_shared_cause(const struct summary *s, struct shared_cause *cause);
/* What to do about the cause. */
#define SUMMARY_CAUSE_ADVICE "fix that first, and remove no address from a list because of it"
/* The cause in words, without the advice. */
void summary_cause_words(const struct summary *s, const struct shared_cause *cause, char *text, size_t size);
/* Both, in a sentence. */
void summary_cause_text(const struct summary *s, const struct shared_cause *cause, char *text, size_t size);
/* Copies one part of a key to part, which has RECORD_FIELD_BYTES + 1 bytes. */
const char *summary_part(const char *key, size_t number, char *part);
/* The name in JSON of what is counted: "type". */
const char *summary_by_name(enum summary_by by);
/* a / b in tenths of a percent; 0 if b is 0. */
unsigned summary_permille(uint64_t a, uint64_t b);

#endif
