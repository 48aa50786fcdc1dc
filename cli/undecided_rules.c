/* SPDX-License-Identifier: MIT */
/*
 * undecided_rules.c - rules to write next.
 *
 * In: groups of texts that no rule decided. Out: a rule file with a rule for each of the largest, whose reason must be
 * filled in; comments say how often such texts occurred, and where the first one was. Nothing is refused.
 */
#include "undecided_rules.h"

#include "drafts.h"
#include "output/complain.h"
#include "output/escape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 20, ID_BYTES = 128 };

/* "# 42 of them (12 %), the first one in inbox.mbox, number 17"; or a number between two. */
static void put_group(struct output *o, const struct undecided_group *g, uint64_t texts)
{
    char line[128];
    unsigned long long most = g->count, least = g->count - g->surplus;
    unsigned percent = (unsigned)(texts ? (g->count * 100 + texts / 2) / texts : 0);
    if (g->surplus)
        snprintf(line, sizeof line, "\n# %llu to %llu of them (%u %% at most), one in ", least, most, percent);
    else
        snprintf(line, sizeof line, "\n# %llu of them (%u %%), the first one in ", most, percent);
    output_puts(o, line);
    output_escaped(o, g->place, ESCAPE_ONE_LINE, 0);
    output_putc(o, '\n');
}

static void put_rule(const struct undecided_group *g, struct drafts *drafts, struct output *o)
{
    char id[ID_BYTES];
    bool decided = drafts_decide(drafts, g->wording, id, sizeof id);
    const char *rule = decided ? NULL : drafts_make(drafts, BOUNCE_REASON_UNKNOWN, g->wording);
    if (rule) {
        output_puts(o, rule);
        return;
    }
    if (decided) {
        output_puts(o, "# The rule ");
        output_escaped(o, id, ESCAPE_ONE_LINE, 0);
        output_puts(o, " would decide them, too:\n#   ");
    } else {
        output_puts(o, "# None of its words could find it; write a dialect, or a \"match\", by hand:\n#   ");
    }
    output_escaped(o, g->wording, ESCAPE_ONE_LINE, 0);
    output_putc(o, '\n');
}

/* A value that entered a full sketch late may have occurred only once: it is not shown. */
static bool is_sure(const struct undecided_group *g)
{
    return g->surplus * 2 <= g->count;
}

bool undecided_print(struct undecided *u, struct rule_sources *sources, uint64_t of, struct output *o)
{
    char line[160];
    uint64_t shown = 0, told = 0;
    if (!undecided_finish(u)) {
        complain("--undecided", strerror(ENOMEM));
        return false;
    }
    struct drafts drafts;
    if (!drafts_begin(&drafts, sources, NULL)) {
        drafts_end(&drafts);
        return false;
    }
    snprintf(line, sizeof line, "format 2\n\n# No rule decided %llu of %llu recipients.%s\n",
             (unsigned long long)u->texts, (unsigned long long)of,
             u->texts ? " Replace each \"?\" by what their\n# texts mean: doc/reasons.md lists the reasons." : "");
    output_puts(o, line);
    for (size_t i = 0; i < u->group_count && shown < SHOWN_MAX; i++) {
        if (!is_sure(&u->groups[i]))
            continue;
        put_group(o, &u->groups[i], u->texts);
        put_rule(&u->groups[i], &drafts, o);
        told += u->groups[i].count;
        shown++;
    }
    if (told < u->texts) {
        snprintf(line, sizeof line, "\n# %llu others have rarer texts.\n", (unsigned long long)(u->texts - told));
        output_puts(o, line);
    }
    drafts_end(&drafts);
    return true;
}
