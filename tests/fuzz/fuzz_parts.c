/* SPDX-License-Identifier: MIT */
/*
 * fuzz_parts.c - any bytes as choices by which a mail is made and damaged: our parts are GMime's, or the mail is one of
 * those on which the two differ on purpose (gmime_parts.c lists them).
 */
#include "fuzz.h"

#include "gmime_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    made_mail_choices(data + 1, size - 1, 1);
    struct span mail = made_mail();
    MUST(gmime_parts_compare(mail) != PARTS_DIFFER);
    for (unsigned damages = data[0] % 6; damages && mail.n > 64; damages--) {
        mail = made_mail_damaged(mail);
        MUST(gmime_parts_compare(mail) != PARTS_DIFFER);
    }
    return 0;
}
