/* SPDX-License-Identifier: MIT */
/* names.h - the words of the output contract with their lengths, for the JSON writer. */
#ifndef BOUNCE_SMTP_NAMES_H
#define BOUNCE_SMTP_NAMES_H

#include "bounce.h"

enum { NAME_BYTES = 24 };

/* Padded to one size: it is copied whole, and what comes next covers the rest. */
struct name {
    char s[NAME_BYTES - 1]; /* ends with a NUL */
    uint8_t length;
};
// clang-format off
#define NAME(literal) {literal, sizeof(literal) - 1}
// clang-format on

/* Never NULL: a value that is not known is "unknown". */
const struct name *name_of_kind(bounce_kind kind);
const struct name *name_of_action(bounce_action action);
const struct name *name_of_type(bounce_type type);
const struct name *name_of_reason(bounce_reason reason);
const struct name *name_of_group(bounce_group group);
const struct name *name_of_command(bounce_command command);
const struct name *name_of_decided_by(bounce_decided_by who);
const struct name *name_of_advice(bounce_advice advice);

#endif
