/* SPDX-License-Identifier: MIT */
/* test_normal.c - the normal form, in which rules are searched. */
#include "base/utf8.h"
#include "text/normal.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *in, *text, *folded;
} rows[] = {
    {"ASCII", "User Unknown", "User Unknown", "user unknown"},
    {"white space", "  a\r\n\tb  \v\f c \n", "a b c", "a b c"},
    {"nothing but white space", " \r\n ", "", ""},
    {"empty", "", "", ""},
    {"where ASCII letters end", "@AZ[`az{", "@AZ[`az{", "@az[`az{"},
    {"white space of Unicode",
     "a\u00a0b\u2003\u3000c\u2028d\xc2\x85"
     "e\u202f",
     "a b c d e", "a b c d e"},
    {"nothing but white space of Unicode", "\u00a0\u3000", "", ""},
    {"not shown", "us\u00ader\u200b un\ufeffknown\u200e\u202e", "user unknown", "user unknown"},
    {"quotes", "\u201cit\u2019s\u201d \u00abx\u00bb \u2039y\u203a", "\"it's\" \"x\" 'y'", "\"it's\" \"x\" 'y'"},
    {"hyphens, not dashes", "e\u2010mail\u2011x \u2013 \u2014", "e-mail-x \u2013 \u2014", "e-mail-x \u2013 \u2014"},
    {"full width", "\uff35\uff33\uff25\uff32\uff20\uff11", "USER@1", "user@1"},
    {"diacritics", "Größe ÉTÉ Łódź Ørsted Ægir", "Größe ÉTÉ Łódź Ørsted Ægir", "grosse ete lodz orsted aegir"},
    {"Latin Extended-A", "Şžėőįūđŧŋœ", "Şžėőįūđŧŋœ", "szeoiudtnoe"},
    {"Turkish i, dotted and not", "İIıi", "İIıi", "iiii"},
    {"Vietnamese", "Người dùng không tồn tại", "Người dùng không tồn tại", "nguoi dung khong ton tai"},
    {"Romanian with a comma below", "ȘțĂ", "ȘțĂ", "sta"},
    {"marks after Latin letters", "e\u0301te\u0301", "e\u0301te\u0301", "ete"},
    {"marks after a folded letter", "\u00e9\u0323x", "\u00e9\u0323x", "ex"},
    {"a mark after Cyrillic", "\u0418\u0306", "\u0418\u0306", "\u0439"},
    {"Cyrillic keeps its letters", "ПОЛЬЗОВАТЕЛЬ НЕ НАЙДЕН Ї", "ПОЛЬЗОВАТЕЛЬ НЕ НАЙДЕН Ї", "пользователь не найден ї"},
    {"but for the Russian ё, also of two characters", "УДАЛЁН удалён е\xcc\x88", "УДАЛЁН удалён е\xcc\x88",
     "удален удален е"},
    {"Greek", "ΧΡΉΣΤΗΣ χρήστης", "ΧΡΉΣΤΗΣ χρήστης", "χρήστησ χρήστησ"},
    {"Japanese", "ユーザーが不明です", "ユーザーが不明です", "ユーザーが不明です"},
    {"a mark after kana", "\u304b\u3099", "\u304b\u3099", "\u304c"},
    {"a mark alone", "\u0301a", "\u0301a", "\u0301a"},
    {"multiplication and division signs are no letters", "5×3÷2", "5×3÷2", "5×3÷2"},
    {"beyond the first plane", "😀 \U00010400", "😀 \U00010400", "😀 \U00010428"},
    {"longer when folded", "\u023a", "\u023a", "\u2c65"},
    {"sharp s", "ß ẞ", "ß ẞ", "ss ss"},
};

Test(text_normal, normalises)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct norm_text n;
        text_normalise(&a, span_z(rows[i].in), SIZE_MAX, &n);
        cr_expect_str_eq(n.text, rows[i].text, "%s: text \"%s\"", rows[i].name, n.text);
        cr_expect_str_eq(n.folded, rows[i].folded, "%s: folded \"%s\"", rows[i].name, n.folded);
        cr_expect_eq(n.length, strlen(n.text), "%s", rows[i].name);
        cr_expect_eq(n.folded_length, strlen(n.folded), "%s", rows[i].name);
        cr_expect_not(n.truncated, "%s", rows[i].name);
        cr_expect_str_eq(text_fold(&a, span_z(rows[i].in)), rows[i].folded, "%s: text_fold", rows[i].name);
        cr_expect_str_eq(text_fold(&a, span_z(rows[i].folded)), rows[i].folded, "%s: folded twice", rows[i].name);
    }
    arena_free(&a);
}

/* The map never decreases, begins at 0, ends at the end, and points only to the
 * starts of characters. */
Test(text_normal, maps_back)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct norm_text n;
        text_normalise(&a, span_z(rows[i].in), SIZE_MAX, &n);
        if (!n.map) {
            cr_expect_eq(n.length, n.folded_length, "%s", rows[i].name);
            continue;
        }
        cr_expect_eq(n.map[0], 0, "%s", rows[i].name);
        cr_expect_eq(n.map[n.folded_length], n.length, "%s", rows[i].name);
        for (size_t k = 0; k < n.folded_length; k++) {
            cr_expect_leq(n.map[k], n.map[k + 1], "%s at %zu", rows[i].name, k);
            cr_expect_neq((unsigned char)n.text[n.map[k]] & 0xc0, 0x80, "%s at %zu", rows[i].name, k);
        }
    }
    arena_free(&a);
}

Test(text_normal, map_finds_the_words)
{
    struct arena a;
    arena_init(&a);
    struct norm_text n;
    text_normalise(&a, span_z("\u00a0Größe\u200b:  BOÎTE pleine"), SIZE_MAX, &n);
    const char *found = strstr(n.folded, "boite");
    cr_assert(found);
    cr_assert(n.map);
    size_t start = n.map[found - n.folded], end = n.map[found - n.folded + 5];
    cr_expect_eq(end - start, strlen("BOÎTE"));
    cr_expect_arr_eq(n.text + start, "BOÎTE", end - start);
    arena_free(&a);
}

Test(text_normal, ascii_needs_no_map)
{
    struct arena a;
    arena_init(&a);
    struct norm_text n;
    text_normalise(&a, span_z("Plain"), SIZE_MAX, &n);
    cr_expect_null(n.map);
    text_normalise(&a, span_z("\u00e4"), SIZE_MAX, &n);
    cr_expect_not_null(n.map);
    arena_free(&a);
}

static const struct {
    const char *name, *in;
    size_t limit;
    const char *text;
    bool truncated;
} cuts[] = {
    {"at the limit", "abcd", 4, "abcd", false},
    {"one beyond", "abcde", 4, "abcd", true},
    {"inside a character of two bytes", "abc\u00e9", 4, "abc", true},
    {"after a character of two bytes", "ab\u00e9x", 4, "ab\u00e9", true},
    {"inside a character of four bytes", "\U0001f600", 3, "", true},
    {"nothing allowed", "a", 0, "", true},
    {"empty", "", 0, "", false},
};

Test(text_normal, is_cut_at_a_character)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(cuts); i++) {
        struct norm_text n;
        text_normalise(&a, span_z(cuts[i].in), cuts[i].limit, &n);
        cr_expect_str_eq(n.text, cuts[i].text, "%s: \"%s\"", cuts[i].name, n.text);
        cr_expect_eq(n.truncated, cuts[i].truncated, "%s", cuts[i].name);
    }
    arena_free(&a);
}

/* Every character alone: the buffers have room for the longest folded form (AddressSanitizer
 * checks that), and folding twice changes nothing. */
Test(text_normal, every_character_fits)
{
    struct arena a;
    arena_init(&a);
    for (uint32_t c = 1; c < 0x20000; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        struct strbuf b;
        strbuf_init(&b, &a);
        for (int i = 0; i < 4; i++)
            strbuf_putu(&b, c);
        struct norm_text n;
        text_normalise(&a, span_of(b.s, b.n), SIZE_MAX, &n);
        cr_assert_leq(n.length, b.n, "U+%04X", c);
        cr_assert_leq(n.folded_length, b.n + b.n / 2, "U+%04X", c);
        cr_assert_str_eq(text_fold(&a, span_of(n.folded, n.folded_length)), n.folded, "U+%04X", c);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* The text form of ASCII, byte by byte. */
static size_t plain_text(const char *in, size_t n, char *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        char c = ascii_is_space(in[i]) || !in[i] ? ' ' : in[i];
        if (c != ' ' || (kept && out[kept - 1] != ' '))
            out[kept++] = c;
    }
    return kept && out[kept - 1] == ' ' ? kept - 1 : kept;
}

/* Texts of all lengths around a chunk, with white space everywhere; a sanitizer
 * notices any read beyond them. */
Test(text_normal, ascii_of_every_length)
{
    static const char bytes[] = "aZ@[`{ \t\n\r\v\f";
    struct arena a;
    arena_init(&a);
    srand(1);
    for (size_t round = 0; round < 40000; round++) {
        size_t n = round % 70;
        char *in = malloc(n + 1), want[70];
        for (size_t i = 0; i < n; i++)
            in[i] = bytes[rand() % (rand() % 4 ? 7 : (int)sizeof bytes)];
        struct norm_text out;
        text_normalise(&a, span_of(in, n), SIZE_MAX, &out);
        size_t length = plain_text(in, n, want);
        cr_assert_eq(out.length, length);
        cr_assert_eq(out.folded_length, length);
        cr_assert_eq(memcmp(out.text, want, length), 0, "%.*s", (int)length, want);
        for (size_t i = 0; i < length; i++)
            cr_assert_eq(out.folded[i], ascii_lower(want[i]));
        cr_assert(!out.text[length] && !out.folded[length]);
        free(in);
        arena_reset(&a);
    }
    arena_free(&a);
}

static struct arena names;

static const char *opened(const char *text)
{
    struct norm_text n;
    text_normalise(&names, span_z(text), SIZE_MAX, &n);
    norm_open_names(&n);
    return n.folded;
}

Test(text_normal, names_of_errors_are_words)
{
    cr_assert_str_eq(opened("ERR_NO_SUCH_USER"), "err no such user");
    cr_assert_str_eq(opened("reason=(user_unknown), 5"), "reason=(user unknown), 5");
    cr_assert_str_eq(opened("SPF_FAIL."), "spf fail.");
    /* Addresses, hosts, paths, codes, and words that begin or end with _ are not names of errors. */
    cr_assert_str_eq(opened("<first_last@example.org>"), "<first_last@example.org>");
    cr_assert_str_eq(opened("/var/my_file a_b.example.org"), "/var/my_file a_b.example.org");
    cr_assert_str_eq(opened("OFR_417 _x y_ a__b"), "ofr_417 _x y_ a__b");
}

Test(text_normal, a_long_name_stays)
{
    char text[100];
    memset(text, 'a', sizeof text - 1);
    text[99] = '\0';
    text[40] = '_';
    cr_assert_str_eq(opened(text), text);
    text[80] = '\0';
    cr_assert_eq(opened(text)[40], ' ');
}
