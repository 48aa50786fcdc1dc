/* SPDX-License-Identifier: MIT */
/* parse_reply.h - what a reply alone and the text of a log line have in common. */
#ifndef BOUNCE_PARSE_REPLY_H
#define BOUNCE_PARSE_REPLY_H

#include "parser.h"
#include "report/report.h"
#include "verdict/verdict.h"

/* The text as one trimmed piece of UTF-8, at most as long as a message may be. */
struct span reply_decode(struct bounce_parser *parser, struct bounce_report *r, struct span text);
/* The text of the reply, and its part that another server said, as texts to be judged. */
void reply_set_texts(struct facts *to, struct fact_text texts[2], const struct reply *reply, struct span line,
                     const char *where);

/* What judges the text of a reply; *stated, which must live as long as it does, are the hosts that its line names. */
struct judge reply_judge(struct bounce_parser *parser, struct bounce_report *r);
void reply_state_hosts(struct judge *j, struct stated *stated, struct span line);
/* What a reply says of a recipient, whose text it becomes. */
void parse_reply_facts(struct judge *j, struct facts *to, struct span line, struct fact_text *texts);

#endif
