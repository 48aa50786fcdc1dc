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
    bool is_whole; /* everything was written */
};

/* From now on o writes to --output; call it before everything else. False after a message. */
bool results_open(struct results_file *f, const struct settings *s, struct output *o);
/* o must be closed. A page gets its name only if it is complete. False after a message. */
bool results_close(struct results_file *f, const struct settings *s);

/* What collects or passes on results, between the renderer and the output. */
struct results {
    const struct settings *settings;
    struct output *out;
    struct suppress suppress;
    struct summary *summary;     /* NULL: not requested */
    struct undecided *undecided; /* likewise */
    struct rule_sources sources; /* the rules, for drafts; the caller fills them in if undecided is set */
    struct results_file *file;
};

/* False after a message. */
bool results_begin(struct results *r, const struct settings *s, struct output *o, struct results_file *file);
/* What renderers write to, and its format. */
struct output *results_input(struct results *r);
enum format results_format(const struct results *r);
/* Call it after everything was rendered. False after a message. */
bool results_end(struct results *r, const struct totals *totals);

#endif
