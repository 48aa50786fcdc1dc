/* SPDX-License-Identifier: MIT */
/* texts.h - the texts of one recipient, prepared: what verdict.c asks and explain.c describes. */
#ifndef BOUNCE_VERDICT_TEXTS_H
#define BOUNCE_VERDICT_TEXTS_H

#include "base/limits.h"
#include "verdict/role.h"
#include "verdict/verdict.h"

struct judged_text {
    struct searched_text *searched;
    struct norm_text norm;
    enum text_origin origin;
    const char *where;
    struct span front;           /* the words before a quoted reply; n 0: none */
    struct norm_text front_norm; /* text NULL: not made yet */
    bool is_read;                /* its reply was parsed before: */
    struct enhanced status;
};

/* What was not believed because it is about the sender. */
struct vetoed {
    bounce_reason reason; /* BOUNCE_REASON_UNKNOWN: nothing */
    struct role role;
    const char *where;
};

struct judged {
    struct judge *j;
    const struct facts *facts;
    struct verdict *verdict;
    struct judged_text texts[LIMIT_TEXTS];
    size_t count, bytes;
    struct match_scope scope;
    char hosts[3][256];
    struct stated_hosts stated;   /* if j->stated is set: with those of this recipient */
    struct mask_facts mask;       /* likewise: what is masked for rules of format 2 */
    struct enhanced reply_status; /* of the deciding reply */
    struct enhanced other_status; /* of a transcript beside it */
    struct vetoed vetoed;         /* the first words or code that would have been about the recipient */
};

void judged_set_up(struct judged *b, struct judge *j, const struct facts *facts, struct verdict *v);
/* The rules that may match a text; found once. */
struct searched_text *judged_searched(struct judged *b, struct judged_text *a);
/* The best rule that matches a text, as match_best() finds it. */
bool judged_best(struct judged *b, struct judged_text *a, enum rule_tier min_tier, enum rule_tier max_tier,
                 bounce_reason except, struct match_hit *hit);
/* The report's prose; its candidates are found once for all recipients. */
struct judged_text judged_prose(struct judged *b);
/* The code that may decide by itself: that of the reply if the registry knows it, else Status. */
struct enhanced judged_specific_status(const struct judged *b);

#endif
