/* SPDX-License-Identifier: MIT */
/* gate.h - which mails are read at all. */
#ifndef BOUNCE_READING_GATE_H
#define BOUNCE_READING_GATE_H

#include "reading/reading.h"

/* Signs in the header, and near the start of a multipart/mixed, that the mail can
 * be a report. Only then is its body read. */
enum gate_sign {
    GATE_NO_SIGN,
    GATE_DOUBTFUL_HEADER,
    GATE_REPORT_TYPE,
    GATE_REPORT_PART,
    GATE_JMRP_SENDER,
    GATE_SUM, /* of the signs of the header and the most that those of the body can give */
    GATE_DIALECT
};

/* The first sign that it shows; NO_SIGN: it is ordinary mail. */
enum gate_sign gate_sign(const struct reading *rd);
/* In words; NULL for NO_SIGN. */
const char *gate_sign_name(enum gate_sign sign);

#endif
