/* SPDX-License-Identifier: MIT */
/* names.h - the words of the output contract, and their lengths, which the JSON writer needs. */
#ifndef BOUNCE_SMTP_NAMES_H
#define BOUNCE_SMTP_NAMES_H

#include "bounce.h"

enum { NAME_BYTES = 24 };

/* Padded to one size, so that it is copied whole; whatever is written next overwrites the padding. */
struct name {
    char s[NAME_BYTES - 1]; /* NUL-terminated */
    uint8_t length;
};
// clang-format off
#define NAME(literal) {literal, sizeof(literal) - 1}
// clang-format on

/* Never NULL: an unknown value is "unknown". */
const struct name *name_of_kind(bounce_kind kind);
const struct name *name_of_action(bounce_action action);
const struct name *name_of_type(bounce_type type);
const struct name *name_of_group(bounce_group group);
const struct name *name_of_command(bounce_command command);
const struct name *name_of_decided_by(bounce_decided_by who);
const struct name *name_of_advice(bounce_advice advice);
const struct name *name_of_queue(bounce_queue queue);
const struct name *name_of_sent(bounce_sent_answer answer);

#endif
