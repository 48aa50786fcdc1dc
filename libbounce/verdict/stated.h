/* SPDX-License-Identifier: MIT */
/* stated.h - the names that a message states: when servers repeat them, they decide nothing (text/mask.h). */
#ifndef BOUNCE_VERDICT_STATED_H
#define BOUNCE_VERDICT_STATED_H

#include "report/report.h"

enum { STATED_HOSTS_MAX = 12, STATED_PHRASES_MAX = 16 };

/* What does not fit is not kept. Both start out all 0. */
struct stated_hosts {
    struct span items[STATED_HOSTS_MAX];
    size_t count;
};
struct stated {
    struct stated_hosts hosts;
    struct span phrases[STATED_PHRASES_MAX]; /* display names, subject, names of files */
    size_t phrase_count;
};

/* What a report says of its mail as a whole. It refers to the report and to a. */
void stated_add_report(struct stated *s, struct arena *a, const struct bounce_report *r);
/* A subject, a display name or the name of a file; a copy is in a. NULL: none. */
void stated_add_phrase(struct stated *s, struct arena *a, const char *phrase);

/* These refer to what they are given. NULL: none. */
void stated_add_host(struct stated_hosts *s, struct span host);
void stated_add_domain(struct stated_hosts *s, struct span address);
/* ... of all addresses in a text */
void stated_add_domains(struct stated_hosts *s, struct span text);

#endif
