/* SPDX-License-Identifier: MIT */
/*
 * gmime_init.c - an empty program that links GMime and initialises it: what
 * any program that uses GMime pays before its first mail.
 */
#include <gmime/gmime.h>

int main(void)
{
    g_mime_init();
    return 0;
}
