/* SPDX-License-Identifier: MIT */
/* boxes.h - mailboxes whose messages are hard to separate. */
#include "bounce.h"

#define DATED "From a Sat Jan 3 01:05 1996\n"
#define LATER "From b@example.org Sun, 04 Jan 1998 01:05:34 +0100\n"

static const char *const boxes[] = {
    "",
    "\n",
    "x",
    "Subject: a\n\nbody\n",
    DATED DATED DATED,
    DATED "\n" DATED "\n" DATED,
    DATED "\n\n" DATED "\n\n\n" DATED "x",
    "\n" DATED "a\n\n" LATER "b\n",
    "\n\n\n\n\n\n\nno From line\n\nbody\n\n" DATED "second\n",
    DATED "\nblank at its front\n\n" DATED "\n\nanother\n",
    DATED "a\n" DATED "b\n\n" DATED "\n>" DATED "\n" DATED "c",
    DATED "Content-Length: 60\n\nx\n\n" DATED "that was in the body\n\n" DATED "y\n\n" DATED "z",
    DATED "a\n\n" DATED "b\n\n" DATED "c\n\n" DATED "d\n\n" DATED "e\n\n",
};
enum { BOXES = sizeof boxes / sizeof *boxes };
