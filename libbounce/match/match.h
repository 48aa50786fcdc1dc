/* SPDX-License-Identifier: MIT */
/*
 * match.h - the room "match": rules in memory, and finding those that match.
 *
 * In: texts in normal form (text/normal.h), lines, and what is known about them. Out: the rules that match, and where;
 * the dialect that a mail is written in; the captures of a dialect's patterns. The room sees base, text, mail and smtp.
 *
 *     tables.h          rules and dialects as tables: one layer
 *     ruleset           the layers of a set, and the order of all their rules
 *     searched_text     which rules may match a text, by the literals that it contains
 *     match             which of them do match
 *     members           by which members of its classes a rule was found
 *     word_lists        the words that reading looks for, of all layers
 *     scope             the facts about a text that scopes are compared with
 *     recognise         which dialect a mail is written in, and what of it can match
 *     conditions        the conditions of dialects and signs, each tested once for a mail
 *     matcher           one thread's scratch memory; patterns in texts and lines
 *     phrase            phrases in folded texts
 *     row               phrases of format 2: rows of words and classes
 *     text_classes      where the members of classes are in a text
 *     regex             compiling and running expressions; only this file sees PCRE2
 *     regex_meter       expressions that report what they cost while they run
 *     regex_shape       whether an expression can take too many ways through a text
 *     regex_set         the characters that a piece of an expression matches
 *     regex_scan        the pieces of an expression, whatever it is made of
 *     regex_literals    literals that every match of an expression contains
 *     regex_syntax      what the syntax of an expression shows
 *     regex_token       the tokens of an expression
 *
 * Other rooms use this header; rules/ also uses ruleset.h and regex*.h. Pointers must not be NULL unless stated
 * otherwise. A pointer to a rule, a dialect or a string of one lives as long as its set of rules.
 *
 * A matcher holds rules, scratch memory, and the budget of the current message. What is known about one mail is in its
 * searched texts and its recognition; these can exist for any number of mails of one matcher at a time.
 */
#ifndef BOUNCE_MATCH_MATCH_H
#define BOUNCE_MATCH_MATCH_H

#include "mail/fields.h"
#include "match/ruleset.h"
#include "match/scope.h"
#include "text/mask.h"

/* ---------------------------------------------------------------- matcher */

/* What one thread needs to match: rules, to which it holds a reference, and scratch
 * memory. */
struct matcher;
/* jit: run expressions as machine code where that works. prefilter: skip patterns whose literals are not there; without
 * it the results are the same, only slower. */
struct matcher *matcher_new(bounce_rules *rules, bool jit, bool prefilter);
void matcher_free(struct matcher *m); /* NULL: does nothing */
/* Where to go when memory for a text runs out. After that, the matcher can only be freed. */
void matcher_set_exit(struct matcher *m, struct arena_exit *way_out);

/* What expressions may cost (base/limits.h), in steps: in one text, and in one message. */
struct match_budget {
    uint64_t text, message;
};
/* Before each message: restores the budget, and forgets what was undecided. Before the first call there is no limit. */
void matcher_begin(struct matcher *m, const struct match_budget *budget);
/* Gets, or sets, what the message may still cost. */
uint64_t matcher_left(const struct matcher *m);
void matcher_allow(struct matcher *m, uint64_t steps);

/* What was not decided since matcher_begin(): an expression for which the budget of its text or message is used up does
 * not match; an exception counts as found. */
enum { UNDECIDED_IDS = 8 };
struct match_undecided {
    size_t count;                   /* of expressions, one for each time they were tried */
    size_t id_count;                /* of different ids */
    const char *ids[UNDECIDED_IDS]; /* of their rules and dialects: the first ones */
    bool more;                      /* there are others */
};
const struct match_undecided *matcher_undecided(const struct matcher *m);

/* All of that, to be restored after work that must leave no trace: explanations, which test more than the verdict. */
struct match_account {
    uint64_t left;
    struct match_undecided undecided;
};
struct match_account matcher_account(const struct matcher *m);
void matcher_restore(struct matcher *m, const struct match_account *account);

/* ------------------------------------------------------------------ rules */

struct match_hit {
    const struct bounce_rule *rule;
    size_t start, length; /* in norm_text.text */
};

/* A text with the rules that may match it, which are found once. Allocated in a; text must live as long. */
struct searched_text;
struct searched_text *searched_text_new(struct matcher *m, struct arena *a, const struct norm_text *text);
/* The same with what is known of its mail (text/mask.h); facts may be NULL. */
struct searched_text *searched_text_of(struct matcher *m, struct arena *a, const struct norm_text *text,
                                       const struct mask_facts *facts);
/* False if certainly no rule of the reason expired matches the text: it need not be searched for that. */
bool match_may_expire(const struct matcher *m, const struct norm_text *text);
/* Whether any rule uses such facts. */
bool matcher_masks(const struct matcher *m);

/* The best rule of the tiers min_tier to max_tier that matches: the first one in
 * the order of the set, unless a phrase of another one of its tier contains the
 * text of its match, and more, and nothing is stated about the two (doc/rules.md,
 * "Order"); the same then applies to that one. Rules of the reason `except` are
 * left out (BOUNCE_REASON_UNKNOWN: none is). False, and *hit is not set, if none
 * matches. */
bool match_best(struct matcher *m, struct searched_text *s, const struct match_scope *scope, enum rule_tier min_tier,
                enum rule_tier max_tier, bounce_reason except, struct match_hit *hit);
/* The best rule of the tiers up to TIER_DEFINITE with this reason, which must not be BOUNCE_REASON_UNKNOWN. */
bool match_reason(struct matcher *m, struct searched_text *s, const struct match_scope *scope, bounce_reason reason,
                  struct match_hit *hit);
/* All rules that match, each before those that it beats. Returns their number; *hits is in a. */
size_t match_all(struct matcher *m, struct searched_text *s, const struct match_scope *scope, struct arena *a,
                 struct match_hit **hits);

/* A class of the row by which a rule was found, and the member that is in the text. */
struct match_member {
    const char *name;
    struct span text;
};
/* The members of a hit of match_best() or match_all() in this text, in the order of the row. Returns their number, 0
 * if the rule was found in another way; *members is in a. For explanations. */
size_t match_members(struct matcher *m, struct searched_text *s, const struct match_hit *hit, struct arena *a,
                     struct match_member **members);

/* ----------------------------------------------------- patterns of dialects */

/* Parts of the line that a pattern captured, by name; s NULL: none. */
struct match_captures {
    struct span address, original, action, status, reply_code, command, remote_mta, diagnostic, last_attempt;
};
/* True if a pattern of a dialect of this layer matches a line or text, which must
 * be valid UTF-8. folded is its folded form, in which phrases are searched; NULL:
 * it is made here. captures may be NULL. */
bool match_pattern(struct matcher *m, size_t layer, const struct pattern *p, struct span line, const char *folded,
                   struct match_captures *captures);

/* ------------------------------------------------------------ recognition */

/* What `know` can test in a header. Pointers may be NULL: not present. */
struct header_facts {
    const struct norm_text *subject, *from, *type;
    const struct field_group *fields; /* all of the header */
    /* Decodes the value of a field, of the header or of body_facts.status_fields. */
    const struct norm_text *(*decode)(void *data, struct span value);
    void *data;
    bool no_reports; /* skip the writers of free-text reports */
};
/* What it can test in the rest of a mail. */
struct body_facts {
    const struct norm_text *text, *reporting_mta, *diagnostic;
    const struct field_group *status_fields; /* the fields of a delivery status that concern the message */
    bool writers_only;                       /* skip dialects that name no software: the kind is known already */
};

/* What the dialects say of one mail. The answers depend only on the facts, not on earlier calls or on other mails of
 * the matcher. What the facts point to, the matcher and the arena must live as long. */
struct recognition;
/* Creates a recognition in a, from the header. */
struct recognition *recognition_new(struct matcher *m, struct arena *a, const struct header_facts *header);
/* Adds the rest of the mail, once at most. Until then, all functions but
 * recognition_shows_report(), which is about the header, answer for a mail without it. */
void recognition_add_body(struct recognition *r, const struct body_facts *body);

/* Whether the header shows a report: true if the conditions of some dialect hold,
 * except those that are not about the header. */
bool recognition_shows_report(struct recognition *r);
/* Whether a sign holds. One about the header needs no body, and does not depend on it. */
bool recognition_sign(struct recognition *r, enum asked_sign asked);
/* Whether a fact is true of a mail; only called if it could change the outcome. */
typedef bool fact_fn(void *data, enum known_fact fact);
/* Sets the function that decides facts from now on. */
void recognition_ask_facts(struct recognition *r, fact_fn *fact, void *data);
/* Whether signs of the body could still make it a report, given those of the header, which are tested no further than
 * needed. */
bool recognition_can_be_report(struct recognition *r);
/* Whether the weights of the signs that hold reach the threshold; signs are tested no further than needed. Set the
 * facts first. */
bool recognition_is_report(struct recognition *r);
/* The weights of all signs that hold. */
struct sign_sum {
    int header, body; /* of the signs about each; 0 without a body */
    int body_most;    /* the most that signs about the body could add */
    int threshold;    /* the least sum with which the mail is a report */
};
struct sign_sum recognition_sum(struct recognition *r);
/* The signs that hold and have a part in the sum, a weight of 0 included; their number. */
struct weighed_sign {
    const char *name;
    int weight;
};
size_t recognition_weighed(struct recognition *r, struct weighed_sign *signs, size_t capacity);
/* The first dialect in the order of the set with a `know` that holds, and its layer. NULL if there is none; then *layer
 * is not set. */
const struct dialect *recognition_dialect(struct recognition *r, size_t *layer);
/* Whether a dialect of automatic replies holds as well, for a mail that turned out not to be a report. */
bool recognition_answers(struct recognition *r);
/* Whether the conditions by which the dialect was found are only about the header. */
bool recognition_by_header(const struct recognition *r);

/* Whether the pattern of an action can match in the subject or body (key). For
 * this and the next two functions, false is certain. */
bool recognition_action_possible(const struct recognition *r, size_t layer, const struct dialect_action *action,
                                 enum know_key key);
/* Whether a row of an action matches in the subject or body (key). */
bool recognition_row_matches(struct recognition *r, size_t layer, const struct pattern *row, enum know_key key);
/* The first action of the layer from `from` on whose pattern can match in either;
 * end if there is none before it. */
size_t recognition_next_action(const struct recognition *r, size_t layer, size_t from, size_t end);
/* Whether a line pattern of a dialect (start, stop, original, boilerplate, block,
 * line) can match in a line of the body. */
bool recognition_line_possible(const struct recognition *r, size_t layer, const struct pattern *p);
/* Pairs of letters (base/word_search.h) that are in every ASCII line that it matches; perhaps not all of them. */
uint64_t recognition_line_pairs(const struct recognition *r, size_t layer, const struct pattern *p);

/* A dialect with a group of its conditions that holds. */
struct held_group {
    struct held_group *next; /* NULL: none */
    const struct dialect *dialect;
    size_t layer;
    const struct know_group *group; /* of the layer's groups */
    bool left_out;                  /* skipped because of no_reports or writers_only */
};
/* All of them, in the order in which recognition_dialect() tries them; in the
 * arena. NULL: none holds. For explanations: it is slow, and neither costs the
 * message anything nor counts as undecided. */
const struct held_group *recognition_held(struct recognition *r);

#endif
