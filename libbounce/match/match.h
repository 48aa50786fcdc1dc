/* SPDX-License-Identifier: MIT */
/*
 * match.h - finds rules and patterns in texts. The only module that sees PCRE2.
 *
 * One pass over a text finds the candidate rules by their literals; phrases
 * are confirmed by comparing, regular expressions by PCRE2 under limits.
 */
#ifndef BOUNCE_MATCH_MATCH_H
#define BOUNCE_MATCH_MATCH_H

#include "mail/fields.h"
#include "match/ruleset.h"
#include "text/text.h"

struct matcher; /* one a thread: match data, scratch */
struct matcher *matcher_new(bounce_rules *rules, bool jit, bool prefilter);
void matcher_free(struct matcher *m);
/* A limit that was hit since the last call: the id of the rule or dialect that
 * was abandoned, or NULL. At most one is kept; ask after each message. */
const char *matcher_abandoned(struct matcher *m);

/* The facts that scopes are compared with. */
struct match_scope {
    const char *hosts[3];        /* lower case; NULL where unknown */
    const char *software, *lang; /* lower case or NULL */
    bounce_command command;
    int code;               /* 0: none */
    struct enhanced status; /* class_ 0: none */
    enum text_origin origin;
};

struct match_hit {
    const struct bounce_rule *rule;
    size_t start, length; /* in norm_text.text */
};

/* A text made ready: candidates are found once. Lives in the arena. */
struct searched_text;
struct searched_text *searched_text_new(struct matcher *m, struct arena *a, const struct norm_text *text);

/* The best rule of the tiers min..max for this text, by tier, priority, length
 * of the literal and id; rules whose reason is `except` are skipped (pass
 * BOUNCE_REASON_UNKNOWN for none). False if none matches. */
bool match_best(struct matcher *m, struct searched_text *s, const struct match_scope *scope, int min_tier, int max_tier,
                bounce_reason except, struct match_hit *hit);
/* The best rule of tiers 1 to 3 that gives just this reason. */
bool match_reason(struct matcher *m, struct searched_text *s, const struct match_scope *scope, bounce_reason reason,
                  struct match_hit *hit);
/* All rules that match, in order; for --explain. */
size_t match_all(struct matcher *m, struct searched_text *s, const struct match_scope *scope, struct arena *a,
                 struct match_hit **hits);

/* One pattern of a dialect in one line or text, which must be valid UTF-8.
 * folded is the folded form of line (a phrase is looked for there; NULL: it is
 * made here); layer is the dialect's. Captures: spans inside line by name. */
struct match_captures {
    struct span address, original, action, status, reply_code, command, remote_mta, diagnostic, last_attempt;
};
bool match_pattern(struct matcher *m, size_t layer, const struct pattern *p, struct span line, const char *folded,
                   struct match_captures *captures /* may be NULL */);

/* Which dialect wrote this mail. What its header shows is asked first. */
struct know_facts {
    const struct norm_text *subject, *from, *type, *body, *reporting_mta, *diagnostic; /* NULL: absent */
    const struct field_group *fields;                                                  /* the header, or NULL */
    const struct field_group *status_fields; /* those of a delivery status that concern the message, or NULL */
    /* A field of either, decoded; NULL result: absent. value: as it stands, if
     * it was come across in one of them; else it is looked for. */
    const struct norm_text *(*header)(void *data, const char *name, struct span value);
    void *data;
    bool no_reports;    /* skip the writers of free-text reports: general reading only */
    bool writers_only;  /* skip entries that name no software: the kind is known already */
    bool keeps_actions; /* what match_action_possible() says is to stay as it is */
};
/* Begins with a mail: subject, from, type and fields are known. */
void match_dialect_begin(struct matcher *m, const struct know_facts *facts);
/* Whether the header shows what some dialect asks of it: false if no condition
 * holds, but for those that ask the body alone. Behind match_dialect_begin(),
 * with the same facts. */
bool match_sign(struct matcher *m, const struct know_facts *facts);
/* The first dialect in order (layers: later first) whose `know` holds, or NULL.
 * Behind match_dialect_begin(), with the same facts and now the others, too. */
const struct dialect *match_dialect(struct matcher *m, const struct know_facts *facts, size_t *layer);
/* Whether the pattern of an action can stand in the subject or body (the keys)
 * of the mail about whose body match_dialect() was asked last. False is sure. */
bool match_action_possible(const struct matcher *m, size_t layer, const struct dialect_action *action,
                           enum know_key key);
/* The first action at or behind `from` in the layer's actions for which that can
 * be so in the subject or the body; end if there is none before end. */
size_t match_next_action(const struct matcher *m, size_t layer, size_t from, size_t end);
/* Whether a pattern of a dialect's lines (start, stop, original, boilerplate,
 * block, line) can match in a line of that body. False is sure. */
bool match_line_possible(const struct matcher *m, size_t layer, const struct pattern *p);

#endif
