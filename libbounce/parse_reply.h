/* SPDX-License-Identifier: MIT */
/* parse_reply.h - shared by single replies and the texts of log lines. */
#ifndef BOUNCE_PARSE_REPLY_H
#define BOUNCE_PARSE_REPLY_H

#include "parser.h"
#include "report/report.h"
#include "verdict/verdict.h"

/* The text as one trimmed piece of UTF-8, at most as long as a message may be. */
struct span reply_decode(struct bounce_parser *parser, struct bounce_report *r, struct span text);
/* The text of the reply, and the part of it that quotes another server, as texts to be judged. */
void reply_set_texts(struct facts *to, struct fact_text texts[2], const struct reply *reply, struct span line,
                     const char *where);

/* The judge of the text of a reply. *stated gets the hosts that its line names, and must live as long as the judge. */
struct judge reply_judge(struct bounce_parser *parser, struct bounce_report *r);
void reply_state_hosts(struct judge *j, struct stated *stated, struct span line);
/* Adds what a reply says to the facts of a recipient; the reply becomes the recipient's text. */
void parse_reply_facts(struct judge *j, struct facts *to, struct span line, struct fact_text *texts);

#endif
