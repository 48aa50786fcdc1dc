/* SPDX-License-Identifier: MIT */
/* message_index.h - where the parts of a mail are (RFC 2046 5.1). Private to message*.c. */
#ifndef BOUNCE_MAIL_MESSAGE_INDEX_H
#define BOUNCE_MAIL_MESSAGE_INDEX_H

#include "mail/message.h"

/* Fills in m->parts, part_count and flags from the mail's header (m->header) and
 * its body; sets report_type and is_multipart. */
void message_index(struct message *m, struct span body);

#endif
