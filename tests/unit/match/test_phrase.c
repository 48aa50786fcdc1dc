/* SPDX-License-Identifier: MIT */
/* test_phrase.c - where phrases are found in texts, and at what cost. */
#include "base/arena.h"
#include "match_testing.h"

#include <time.h>

struct phrase_row {
    const char *phrase, *text, *found;
}; /* found NULL: no match */

static const struct phrase_row phrases[] = {
    {"over quota", "552 over quota", "over quota"},
    {"over quota", "OVER  \t\nQuota.", "OVER Quota"},
    {"over quota", "overquota", NULL},
    {"over quota", "moreover quota", NULL},
    {"over quota", "over quotas", NULL},
    {"over quota", "over_quota", NULL},
    {"over quota", "_over quota", NULL},
    {"over quota", "over quota_", NULL},
    {"over quota", "over quotas, over quota", "over quota"},
    {"over quota", "(over quota)", "over quota"},
    {"quota exceed*", "quota exceeded", "quota exceed"},
    {"quota exceed*", "xquota exceeded", NULL},
    {"boite pleine", "Bo\xc3\xaete  pleine", "Bo\xc3\xaete pleine"},
    {"bo\xc3\xaete pleine", "boite pleine", "boite pleine"},
    {"gro\xc3\x9f", "GROSS", "GROSS"},
    {"strasse voll",
     "die Stra\xc3\x9f"
     "e voll",
     "Stra\xc3\x9f"
     "e voll"},
    {"user's box", "user\xe2\x80\x99s box", "user's box"},
    {"\xe7\x94\xa8\xe6\x88\xb7", "\xe8\xaf\xa5\xe7\x94\xa8\xe6\x88\xb7\xe4\xb8\x8d", "\xe7\x94\xa8\xe6\x88\xb7"},
    {"\xe7\x94\xa8\xe6\x88\xb7", "x\xe7\x94\xa8\xe6\x88\xb7x", "\xe7\x94\xa8\xe6\x88\xb7"},
    {"[TSS04]", "x[tss04]x", "[tss04]"},
    {"p=OverQuota", "?p=overquota", "p=overquota"},
    {"#550", "#550", "#550"},
    {"#550", "x#550", "#550"},
    {"#550", "#5501", NULL},
    {"user ... unknown", "user unknown", "user unknown"},
    {"user ... unknown", "user <joe@example.org> is unknown", "user <joe@example.org> is unknown"},
    {"user ... unknown", "unknown user", NULL},
    {"user ... unknown", "userunknown", NULL},
    {"user ... unknown", "users are unknown", NULL},
    {"user ... unknown", "user unknowns", NULL},
    {"user ... unknow*", "user unknowns", "user unknow"},
    {"user ... unknown", "user a, user b unknown", "user b unknown"},
    {"a ... bcd ... ef", "a bcd, a bcd ef", "a bcd ef"},
    {"aaa ... aaa", "aaa", NULL},
    {"aaa ... aaa", "aaa aaa", "aaa aaa"},
    {"... ... abc", "... x abc", "... x abc"},
    {"(aa ... aa)", "(aaaa)", NULL},
    {"abc: ... (x)", "abc:(x)", "abc:(x)"},
};

Test(phrase, words_and_parts)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        struct fixture f;
        char rule[256];
        snprintf(rule, sizeof rule, "rule a\n" REASON "phrase %s\nwhy w\nexample e\nnear %s\n", phrases[i].phrase,
                 phrases[i].phrase);
        set_up(&f, rule);
        const char *id = best(&f, phrases[i].text, NULL), *want = phrases[i].found;
        cr_expect_str_eq(id, want ? "a" : "", "\"%s\" in \"%s\"", phrases[i].phrase, phrases[i].text);
        if (want && *id)
            cr_expect(f.hit.length == strlen(want) && memcmp(f.text.text + f.hit.start, want, f.hit.length) == 0,
                      "\"%s\" in \"%s\": %.*s", phrases[i].phrase, phrases[i].text, (int)f.hit.length,
                      f.text.text + f.hit.start);
        tear_down(&f);
    }
}

/* A gap has at most 80 bytes; a later word may be close enough where an earlier one is not. */
Test(phrase, gaps_are_limited)
{
    struct fixture f;
    char text[512];
    set_up(&f, "rule a\n" REASON "phrase user ... unknown ... here\nwhy w\nexample e\nnear user\n");
    for (int gap = 79; gap <= 81; gap++) {
        snprintf(text, sizeof text, "user %0*d unknown x here", gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "first gap of %d bytes", gap);
        snprintf(text, sizeof text, "user x unknown %0*d here", gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "second gap of %d bytes", gap);
        snprintf(text, sizeof text, "user unknown %d unknown %0*d here", gap, gap - 2, 0);
        cr_expect_str_eq(best(&f, text, NULL), gap <= 80 ? "a" : "", "the nearest of two middles, %d bytes", gap);
    }
    snprintf(text, sizeof text, "user unknown %030d unknown %060d here", 0, 0);
    cr_expect_str_eq(best(&f, text, NULL), "a", "the second middle is near enough, the first is not");
    tear_down(&f);
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Every part occurs everywhere, except the last one. */
Test(phrase, chains_do_not_explode)
{
    struct fixture f;
    struct strbuf text;
    set_up(&f, "rule a\n" REASON
               "phrase aa ... aa ... aa ... aa ... aa ... aa ... aa ... zzz*\nwhy w\nexample e\nnear zzz\n");
    strbuf_init(&text, &f.arena);
    while (text.n < LIMIT_SEARCHED_BYTES - 8)
        strbuf_puts(&text, "aa ");
    strbuf_puts(&text, "xzzz");
    double start = seconds_now();
    cr_expect_str_eq(best(&f, text.s, NULL), "");
    cr_expect_lt(seconds_now() - start, 0.5);
    tear_down(&f);
}
