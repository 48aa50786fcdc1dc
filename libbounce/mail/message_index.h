/* SPDX-License-Identifier: MIT */
/*
 * message_index.h - where header, parts and returned messages stand in a mail
 * (RFC 2046 5.1). Internal to message*.c.
 */
#ifndef BOUNCE_MAIL_MESSAGE_INDEX_H
#define BOUNCE_MAIL_MESSAGE_INDEX_H

#include "mail/message.h"
#include "mail/message_mime.h"

/* What the header of one entity says. */
struct entity {
    struct mime_type type; /* type.type is never NULL */
    const char *encoding, *name, *description;
    bool attachment;
};

/* Of several fields of a name the last one counts. */
void entity_read(struct arena *a, const struct field_group *header, const char *default_type, struct entity *e);
/* The role of a type, which is in lower case and no multipart. */
enum part_role entity_role(const char *type);

/* Fills m->parts, part_count and flags from the mail's header (m->header) and
 * its body; sets content_type, report_type and is_multipart. */
void message_index(struct message *m, struct span body);

#endif
