/* SPDX-License-Identifier: MIT */
/* transfer.h - bodies without their Content-Transfer-Encoding (RFC 2045 6). */
#ifndef BOUNCE_TEXT_TRANSFER_H
#define BOUNCE_TEXT_TRANSFER_H

#include "base/arena.h"

/* Padding in the middle does not end base64 (in GMime 3.2.13 it does), and
 * quoted-printable is read leniently. encoding is the field's value ("base64", in any
 * case); if it is NULL or unknown, the bytes are returned as they are. */
struct span text_decode_transfer(struct arena *a, struct span bytes, const char *encoding);

#endif
