/* SPDX-License-Identifier: MIT */
/* results.h - where results go, and in which form. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "options.h"
#include "output/output_file.h"
#include "render/suppress.h"
#include "rule_files.h"
#include "summary/summary.h"
#include "undecided_rules.h"

/* The output of --output, or standard output. */
struct results_file {
    struct new_file page;
    bool was_empty;
    bool is_whole; /* what was to be written was */
};

/* From now on o writes to --output; to be called first of all. False after a message. */
bool results_open(struct results_file *f, const struct settings *s, struct output *o);
/* o was closed. A page gets its name if it is whole. False after a message. */
bool results_close(struct results_file *f, const struct settings *s);

/* Between the renderer and the output. */
struct results {
    const struct settings *settings;
    struct output *out;
    struct suppress suppress;
    struct summary *summary;     /* NULL: none was asked for */
    struct undecided *undecided; /* likewise */
    struct rule_sources sources; /* of the rules, for drafts; the caller fills them in where undecided is asked for */
    struct results_file *file;
};

/* False after a message. */
bool results_begin(struct results *r, const struct settings *s, struct output *o, struct results_file *file);
/* What renderers write to, and in which format. */
struct output *results_input(struct results *r);
enum format results_format(const struct results *r);
/* Everything was rendered. False after a message. */
bool results_end(struct results *r, const struct totals *totals);

#endif
