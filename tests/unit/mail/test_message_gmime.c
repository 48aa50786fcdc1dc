/* SPDX-License-Identifier: MIT */
/*
 * test_message_gmime.c - our parts are those that GMime's full parse finds, in generated mails and in the same mails
 * with damaged lines. tests/fuzz/gmime_parts.c compares them and lists the differences that are intended.
 */
#include "gmime_parts.h"

#include <criterion/criterion.h>

enum { MAILS = 1500, DAMAGES = 4 };

/* True if the mail could be compared, not only read. */
static bool check(struct span mail, unsigned number)
{
    const enum parts_outcome outcome = gmime_parts_compare(mail);
    cr_assert(outcome != PARTS_DIFFER, "mail %u", number);
    return outcome == PARTS_SAME;
}

Test(message_gmime, generated_mails)
{
    made_mail_choices(NULL, 0, 20261122);
    unsigned compared = 0;
    for (unsigned i = 0; i < MAILS; i++)
        compared += check(made_mail(), i);
    cr_assert_gt(compared, MAILS * 9 / 10, "only %u of %d mails were compared", compared, MAILS);
}

Test(message_gmime, damaged_mails)
{
    made_mail_choices(NULL, 0, 6522);
    unsigned compared = 0;
    for (unsigned i = 0; i < MAILS; i++) {
        struct span mail = made_mail();
        for (unsigned k = 0; k < DAMAGES && mail.n > 64; k++) {
            mail = made_mail_damaged(mail);
            compared += check(mail, i);
        }
    }
    cr_assert_gt(compared, MAILS * DAMAGES / 2, "only %u mails were compared", compared);
}
