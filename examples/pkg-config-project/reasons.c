/* SPDX-License-Identifier: MIT */
/*
 * reasons.c - every reason that the library knows, with what it means and what to do.
 *
 * usage: reasons [GROUP]
 *
 * In: a group ("recipient"), or nothing. Out: the reasons of that group, or all. Exit
 * status 2 if there is no such group.
 */
#include <bounce.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    bounce_group wanted = BOUNCE_GROUP_OTHER;
    if (argc > 1 && !bounce_group_from_name(argv[1], &wanted)) {
        fprintf(stderr, "reasons: there is no group '%s'\n", argv[1]);
        return 2;
    }
    for (size_t i = 0; i < bounce_reason_count(); i++) {
        bounce_reason reason = (bounce_reason)i;
        if (argc > 1 && bounce_reason_group(reason) != wanted)
            continue;
        printf("%-20s %-4s %-9s  %s\n", bounce_reason_name(reason), bounce_type_name(bounce_reason_type(reason)),
               bounce_group_name(bounce_reason_group(reason)), bounce_reason_meaning(reason));
        printf("    %s\n", bounce_reason_advice_text(reason));
    }
    return 0;
}
