/* SPDX-License-Identifier: MIT */
/* message_entity.h - what the header of a mail or part says about its body (RFC 2045 3). */
#ifndef BOUNCE_MAIL_MESSAGE_ENTITY_H
#define BOUNCE_MAIL_MESSAGE_ENTITY_H

#include "mail/message.h"
#include "mail/message_mime.h"

/* A mail or a part of it, as its header describes it. */
struct entity {
    struct mime_type type; /* type.type is never NULL */
    const char *encoding, *name, *description;
    bool attachment;
};

/* Of several fields of one name the last one counts. */
void entity_read(struct arena *a, const struct field_group *header, const char *default_type, struct entity *e,
                 unsigned *flags);

/* The role of a type, which is in lower case and no multipart. */
enum part_role entity_role(const char *type);

#endif
