/* SPDX-License-Identifier: MIT */
/* test_keys.c - keys of addresses, domains and messages. */
#include "bounce.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *key_of(const char *address)
{
    static char key[BOUNCE_ADDRESS_KEY_BYTES];
    size_t n = 99;
    const bounce_status status = bounce_address_key(address, key, sizeof key, &n);
    cr_assert_eq(n, strlen(key));
    return status == BOUNCE_OK ? key : NULL;
}

static void same(const char *address, const char *wanted)
{
    const char *key = key_of(address);
    cr_assert_not_null(key, "%s", address);
    cr_assert_str_eq(key, wanted);
}

Test(keys, addresses)
{
    same("Anna.Berg+News@Maple.EXAMPLE", "anna.berg+news@maple.example");
    same(" <Anna@Maple.Example.> ", "anna@maple.example");
    same("\"Anna\"@maple.example", "anna@maple.example");
    same("\"Anna Berg\"@maple.example", "anna berg@maple.example");
    same("\"a@b\"@maple.example", "a@b@maple.example");
    same("anna@[192.0.2.1]", "anna@[192.0.2.1]");
    same("anna@[IPv6:2001:DB8::1]", "anna@[ipv6:2001:db8::1]");
    same("\xc3\x84NNA@maple.example", "\xc3\x84nna@maple.example"); /* ASCII is folded, and nothing else */
}

Test(keys, domains_in_other_scripts)
{
    same("anna@B\xc3\x9c"
         "CHER.example",
         "anna@xn--bcher-kva.example");
    same("anna@bu\xcc\x88"
         "cher.example",
         "anna@xn--bcher-kva.example"); /* decomposed */
    same("anna@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example");
    same("anna@stra\xc3\x9f"
         "e.example",
         "anna@xn--strae-oqa.example"); /* not strasse */
    same("anna@\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88", "anna@xn--r8jz45g.xn--zckzah");
    same("anna@\xe4\xbe\x8b\xe3\x81\x88\xe3\x80\x82\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
         "anna@xn--r8jz45g.xn--zckzah");
    same("anna@\xef\xbc\xad\xef\xbd\x81ple.example", "anna@maple.example"); /* full width */
}

Test(keys, punycode_of_rfc_3492)
{
    /* section 7.1: (A) Arabic, (D) Czech, (I) Russian, (L) digits and signs among Japanese */
    char key[BOUNCE_ADDRESS_KEY_BYTES];
    static const struct {
        const char *domain, *key;
    } rows[] = {
        {"\xd9\x84\xd9\x8a\xd9\x87\xd9\x85\xd8\xa7\xd8\xa8\xd8\xaa\xd9\x83\xd9\x84\xd9\x85\xd9\x88\xd8\xb4\xd8\xb9\xd8\xb1"
         "\xd8\xa8\xd9\x8a\xd8\x9f",
         "xn--egbpdaj6bu4bxfgehfvwxn"},
        {"pro\xc4\x8dprost\xc4\x9bnemluv\xc3\xad\xc4\x8d"
         "esky",
         "xn--proprostnemluvesky-uyb24dma41a"},
        {"\xd0\xbf\xd0\xbe\xd1\x87\xd0\xb5\xd0\xbc\xd1\x83\xd0\xb6\xd0\xb5\xd0\xbe\xd0\xbd\xd0\xb8\xd0\xbd\xd0\xb5\xd0\xb3"
         "\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x80\xd1\x8f\xd1\x82\xd0\xbf\xd0\xbe\xd1\x80\xd1\x83\xd1\x81\xd1\x81\xd0\xba\xd0\xb8",
         "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
        {"3\xe5\xb9\xb4"
         "b\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab\xe5\x85\x88\xe7\x94\x9f",
         "xn--3b-ww4c5e180e575a65lsy2b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(bounce_domain_key(rows[i].domain, key, sizeof key, NULL), BOUNCE_OK);
        cr_assert_str_eq(key, rows[i].key);
    }
}

Test(keys, what_is_no_address)
{
    static const char *const none[] = {"",
                                       "anna",
                                       "@maple.example",
                                       "anna@",
                                       "anna@maple..example",
                                       "anna berg@maple.example",
                                       "\"an\tna\"@maple.example",
                                       "anna@\xff.example",
                                       "\xff@maple.example",
                                       "anna@-maple.example",
                                       "\"\"@maple.example"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert_null(key_of(none[i]), "%s", none[i]);
    cr_assert_null(key_of(NULL));
    char long_label[90] = "anna@";
    memset(long_label + 5, 'a', 63);
    cr_assert_not_null(key_of(long_label));
    memset(long_label + 5, 'a', 64);
    cr_assert_null(key_of(long_label));
}

Test(keys, room)
{
    char key[16];
    size_t n;
    cr_assert_eq(bounce_address_key("anna@maple.xyz", key, 15, &n), BOUNCE_OK);
    cr_assert_eq(bounce_address_key("anna@maple.xyz", key, 14, &n), BOUNCE_ERROR_LIMIT);
    cr_assert_eq(n, 14);
    cr_assert_eq(bounce_address_key("anna@maple.xyz", NULL, 0, &n), BOUNCE_ERROR_LIMIT);
    cr_assert_eq(bounce_domain_key("Maple.XYZ.", key, sizeof key, NULL), BOUNCE_OK);
    cr_assert_str_eq(key, "maple.xyz");
    cr_assert_eq(bounce_domain_key("", key, sizeof key, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_domain_key(NULL, NULL, 0, NULL), BOUNCE_ERROR_ARGUMENT);
}

Test(keys, messages)
{
    cr_assert_eq(bounce_message_key(NULL), 0);
    cr_assert_eq(bounce_message_key(" <> "), 0);
    /* sha256("20261130.1@ours.example") begins with these bytes */
    cr_assert_eq(bounce_message_key("<20261130.1@ours.example>"), bounce_message_key("20261130.1@ours.example"));
    cr_assert_eq((uint64_t)bounce_message_key("20261130.1@ours.example"), UINT64_C(0x44dfefd6f6ea3974));
    cr_assert_neq(bounce_message_key("a@ours.example"), bounce_message_key("A@ours.example"));
}
