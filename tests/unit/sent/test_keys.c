/* SPDX-License-Identifier: MIT */
/*
 * test_keys.c - marks, BATV and SRS: values that other programs made, and forged ones.
 *
 * The values were made on 2026-11-29 (day 20786) by Debian 12's packages:
 *
 *     exim4-daemon-light 4.96-15+deb12u11: exim4 -be '${prvs{joe@ours.example}{Yaekeif9OoTh1rae}{0}}'
 *                                          exim4 -be '${srs_encode{SECRET}{joe@ours.example}{forward.example}}'
 *     postsrsd 1.10-2+b1: postsrsd -s FILE -d forward.example -a = (or +), and its table: "get joe@ours.example"
 */
#include "sent/keys.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "mail/verp.h"
#include "sent/sent.h"

enum { DAY = 20786, SECONDS_OF_DAY = 86400 };

static const char secret[] = "Yaekeif9OoTh1rae";
static struct sent_keys keys;

static void add(enum sent_key_kind kind, int number, const char *text)
{
    cr_assert_null(sent_keys_add(&keys, kind, number, span_z(text)));
}

static void set_up(void)
{
    keys.count = 0;
    add(KEY_BATV, 0, secret);
    add(KEY_BATV, 7, secret);
    add(KEY_BATV, 3, "another secret");
    add(KEY_SRS, 0, secret);
    add(KEY_SRS, 0, "tops3cret1");
}

static void tear_down(void)
{
    sent_keys_clear(&keys);
}

TestSuite(keys, .init = set_up, .fini = tear_down);

static void split(const char *address, struct span *local, struct span *domain)
{
    const char *at = strrchr(address, '@');
    *local = span_of(address, (size_t)(at - address));
    *domain = span_z(at + 1);
}

struct row {
    const char *address;
    enum sent_check check;
    int64_t day;
};

Test(keys, batv)
{
    static const struct row rows[] = {
        {"prvs=0793754d05=joe@ours.example", CHECK_VALID, DAY},
        {"prvs=7793bc9b37=joe@ours.example", CHECK_VALID, DAY},
        {"prvs=0793b3da2e=Anna.Berg+News@Mixed.Example", CHECK_VALID, DAY},
        {"prvs=3793109224=a-much-longer-local-part-than-most.people.have@ours.example", CHECK_VALID, DAY},
        {"PRVS=0793754D05=joe@ours.example", CHECK_VALID, DAY}, /* as some servers write it */
        {"prvs=0793754d05=joe@ours.example", CHECK_VALID, DAY + 7 + 30},
        {"prvs=0793754d05=joe@ours.example", CHECK_EXPIRED, DAY + 7 + 31},
        {"prvs=0793754d05=joe@ours.example", CHECK_EXPIRED, DAY - 2},
        /* forged: the tag, the day, the key number, the address, the domain */
        {"prvs=0793754d06=joe@ours.example", CHECK_FAILED, DAY},
        {"prvs=0794754d05=joe@ours.example", CHECK_FAILED, DAY},
        {"prvs=7793754d05=joe@ours.example", CHECK_FAILED, DAY},
        {"prvs=0793754d05=jim@ours.example", CHECK_FAILED, DAY},
        {"prvs=0793754d05=joe@yours.example", CHECK_FAILED, DAY},
        /* a key that we do not have, or had once; no tag */
        {"prvs=1793754d05=joe@ours.example", CHECK_NOTHING, DAY},
        {"prvs=0593754d05=joe@ours.example", CHECK_EXPIRED, DAY},
        {"prvs=joe=0793754d05@ours.example", CHECK_NOTHING, DAY},
        {"prvs=0793754d0=joe@ours.example", CHECK_NOTHING, DAY},
        {"prvs=0793754d05=@ours.example", CHECK_NOTHING, DAY},
        {"joe@ours.example", CHECK_NOTHING, DAY},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span local, domain;
        split(rows[i].address, &local, &domain);
        cr_expect_eq(sent_check_batv(&keys, local, domain, true, rows[i].day), rows[i].check, "%s", rows[i].address);
    }
}

Test(keys, srs)
{
    static const struct row rows[] = {
        {"SRS0=2xyt=JS=ours.example=joe@forward.example", CHECK_VALID, DAY},
        {"srs0=2xyt=js=ours.example=joe@forward.example", CHECK_VALID, DAY},
        {"SRS0=YSQ8=JS=Mixed.Example=Anna.Berg+News@forward.example", CHECK_VALID, DAY},
        {"SRS0+6TjD=JS=ours.example=joe@second.example", CHECK_VALID, DAY}, /* the second key */
        {"SRS1=WR+3=other.example==opaque+string@forward.example", CHECK_VALID, DAY},
        {"SRS1=sYvF=first.example==AAAA=BB=ours.example=joe@forward.example", CHECK_VALID, DAY},
        {"SRS1+kCrp=other.example=-oldstyle-aa=x=y@second.example", CHECK_VALID, DAY},
        {"SRS0=e946=js=ours.example=joe@forward.example", CHECK_VALID, DAY}, /* Exim */
        {"SRS0=2xyt=JS=ours.example=joe@forward.example", CHECK_VALID, DAY + 51},
        {"SRS0=2xyt=JS=ours.example=joe@forward.example", CHECK_EXPIRED, DAY + 52},
        /* forged */
        {"SRS0=2xyu=JS=ours.example=joe@forward.example", CHECK_FAILED, DAY},
        {"SRS0=2xyt=JT=ours.example=joe@forward.example", CHECK_FAILED, DAY},
        {"SRS0=2xyt=JS=ours.example=jim@forward.example", CHECK_FAILED, DAY},
        {"SRS0=2xyt=JS=other.example=joe@forward.example", CHECK_FAILED, DAY},
        {"SRS0=e947=js=ours.example=joe@forward.example", CHECK_FAILED, DAY},
        {"SRS1=WR+4=other.example==opaque+string@forward.example", CHECK_FAILED, DAY},
        /* too short to prove anything; no SRS */
        {"SRS0=2xy=JS=ours.example=joe@forward.example", CHECK_NOTHING, DAY},
        {"SRS0=2xyt=JS=ours.example@forward.example", CHECK_NOTHING, DAY},
        {"SRS0=@forward.example", CHECK_NOTHING, DAY},
        {"SRS@forward.example", CHECK_NOTHING, DAY},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span local, domain;
        split(rows[i].address, &local, &domain);
        cr_expect_eq(sent_check_srs(&keys, local, true, rows[i].day), rows[i].check, "%s", rows[i].address);
    }
}

/* A tag from a stranger's server cannot be wrong. */
Test(keys, a_wrong_mac_of_another_domain_says_nothing)
{
    struct span local, domain;
    split("prvs=0793754d06=joe@other.example", &local, &domain);
    cr_expect_eq(sent_check_batv(&keys, local, domain, false, DAY), CHECK_NOTHING);
    split("SRS0=2xyu=JS=ours.example=joe@other.example", &local, &domain);
    cr_expect_eq(sent_check_srs(&keys, local, false, DAY), CHECK_NOTHING);
}

Test(keys, two_of_a_kind_and_number_are_live)
{
    cr_expect_not_null(sent_keys_add(&keys, KEY_SRS, 0, span_z("third")));
    cr_expect_null(sent_keys_add(&keys, KEY_BATV, 0, span_z("second")));
    cr_expect_not_null(sent_keys_add(&keys, KEY_BATV, 0, span_z("third")));
    cr_expect_not_null(sent_keys_add(&keys, KEY_HMAC, 1, span_z("15 bytes are no")));
    cr_expect_null(sent_keys_add(&keys, KEY_HMAC, 1, span_z("16 bytes are one")));
    cr_expect_not_null(sent_keys_add(&keys, KEY_BATV, 1, span_z("")));
    cr_expect_not_null(sent_keys_add(&keys, KEY_BATV, 10, span_z("x")));
}

/* ------------------------------------------------------- our own marks */

static bounce_sent *sender(int number, const char *text)
{
    bounce_sent *sent = bounce_sent_new();
    cr_assert_eq(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, (unsigned)number, text, strlen(text)), BOUNCE_OK);
    cr_assert_eq(bounce_sent_set_time(sent, (int64_t)DAY * SECONDS_OF_DAY + 1), BOUNCE_OK);
    return sent;
}

static const char own[] = "0123456789abcdef0123456789abcdef";

/* A mark never changes: reports come back after an update. Made with Python's hmac as keys.h describes. */
Test(keys, marks_are_fixed)
{
    char buffer[256];
    bounce_sent *sent = sender(1, own);
    cr_expect_eq(bounce_sent_message_id(sent, "20261129.1", "ours.example", buffer, sizeof buffer), BOUNCE_OK);
    cr_expect_str_eq(buffer, "<20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example>");
    cr_expect_eq(bounce_sent_return_path(sent, "bounces@ours.example", "anna@maple.example", buffer, sizeof buffer),
                 BOUNCE_OK);
    cr_expect_str_eq(buffer, "bounces+bk1ujsswgdxcblxhrz-anna=maple.example@ours.example");
    cr_expect_eq(bounce_sent_return_path(sent, "bounces@ours.example", NULL, buffer, sizeof buffer), BOUNCE_OK);
    cr_expect_str_eq(buffer, "bounces+bk1ujscacbvdifl4hd@ours.example");
    bounce_sent_unref(sent);
}

Test(keys, checks_of_our_marks)
{
    static const struct {
        const char *id;
        enum sent_check check;
        int64_t day;
    } rows[] = {
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_VALID, DAY},
        {"20261129.1.BK1UJSRLQS6FG6YO4L7QGN65K6@OURS.EXAMPLE", CHECK_VALID, DAY},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_VALID, DAY + 90},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_EXPIRED, DAY + 91},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_EXPIRED, DAY - 2},
        {"20261129.2.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_FAILED, DAY},
        {"20261129.1.bk1ujtrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_FAILED, DAY},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k7@ours.example", CHECK_FAILED, DAY},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@mail.ours.example", CHECK_FAILED, DAY},
        {"20261129.1.bk2ujsrlqs6fg6yo4l7qgn65k6@ours.example", CHECK_NOTHING, DAY},
        {"20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k@ours.example", CHECK_NOTHING, DAY},
        {"20261129.1@ours.example", CHECK_NOTHING, DAY},
        {"no-at-sign", CHECK_NOTHING, DAY},
        {"", CHECK_NOTHING, DAY},
    };
    add(KEY_HMAC, 1, own);
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(sent_check_id(&keys, span_z(rows[i].id), true, rows[i].day), rows[i].check, "%s", rows[i].id);
}

Test(keys, checks_of_our_return_paths)
{
    static const struct row rows[] = {
        {"bounces+bk1ujsswgdxcblxhrz-anna=maple.example@ours.example", CHECK_VALID, DAY},
        {"Bounces+bk1ujsswgdxcblxhrz-Anna=maple.example@Ours.example", CHECK_VALID, DAY},
        {"bounces+bk1ujscacbvdifl4hd@ours.example", CHECK_VALID, DAY},
        {"bounces+bk1ujsswgdxcblxhrz-otto=maple.example@ours.example", CHECK_FAILED, DAY}, /* somebody else's VERP */
        {"bounces+bk1ujsswgdxcblxhrz@ours.example", CHECK_FAILED, DAY},
        {"owner+bk1ujscacbvdifl4hd@ours.example", CHECK_FAILED, DAY},
        {"bounces+bk1ujscacbvdifl4hd@other.example", CHECK_FAILED, DAY},
        {"bounces+bk1ujscacbvdifl4hdx@ours.example", CHECK_NOTHING, DAY},
        {"bounces+anna=maple.example@ours.example", CHECK_NOTHING, DAY},
        {"bounces@ours.example", CHECK_NOTHING, DAY},
    };
    add(KEY_HMAC, 1, own);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span local, domain;
        split(rows[i].address, &local, &domain);
        cr_expect_eq(sent_check_path(&keys, local, domain, true, rows[i].day), rows[i].check, "%s", rows[i].address);
    }
}

/* The two are made with one key, but one is never accepted as the other. */
Test(keys, marks_of_one_use_are_not_of_the_other)
{
    const struct sent_key key = {KEY_HMAC, 1, (char *)own, sizeof own - 1};
    char id[MARK_BYTES + MARK_ID_MAC + 1], path[MARK_BYTES + MARK_ID_MAC + 1];
    sent_mark_make(&key, USE_MESSAGE_ID, span_z("a+"), span_z("@b"), DAY, id);
    sent_mark_make(&key, USE_RETURN_PATH, span_z("a+"), span_z("@b"), DAY, path);
    cr_expect_neq(strncmp(id, path, strlen(path)), 0);
}

/* The recipient in such an address is found without any option. */
Test(keys, our_return_paths_are_verp)
{
    struct arena a;
    arena_init(&a);
    char *found = verp_recipient(&a, span_z("bounces+bk1ujsswgdxcblxhrz-anna=maple.example@ours.example"), NULL);
    cr_assert_not_null(found);
    cr_expect_str_eq(found, "anna@maple.example");
    cr_expect_null(verp_recipient(&a, span_z("bounces+bk1ujscacbvdifl4hd@ours.example"), NULL));
    arena_free(&a);
}

Test(keys, makers_refuse)
{
    char buffer[256], small[20];
    bounce_sent *sent = sender(1, own), *without = bounce_sent_new();
    cr_expect_eq(bounce_sent_message_id(without, "x", "ours.example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(sent, "x y", "ours.example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(sent, "", "ours.example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(sent, "x", "ours example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(NULL, "x", "ours.example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(sent, NULL, "ours.example", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_message_id(sent, "x", "ours.example", NULL, 0), BOUNCE_ERROR_ARGUMENT);
    memset(small, 'x', sizeof small);
    cr_expect_eq(bounce_sent_message_id(sent, "x", "ours.example", small, sizeof small), BOUNCE_ERROR_LIMIT);
    cr_expect_str_eq(small, "");
    cr_expect_eq(bounce_sent_return_path(sent, "no-at-sign", NULL, buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_return_path(sent, "a+b@c.example", NULL, buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_return_path(sent, "a@c.example", "x", buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_return_path(sent, "a@c.example", "\"x\"@d.example", buffer, sizeof buffer),
                 BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_return_path(NULL, "a@c.example", NULL, buffer, sizeof buffer), BOUNCE_ERROR_ARGUMENT);
    bounce_sent_unref(without);
    bounce_sent_unref(sent);
}

/* RFC 5321: a local part has at most 64 bytes. */
Test(keys, a_return_path_at_the_limit)
{
    char recipient[64], buffer[256];
    bounce_sent *sent = sender(1, own);
    /* "bounces+", 18 letters, "-", and 37 more */
    snprintf(recipient, sizeof recipient, "%.*s@maple.example", 37 - (int)sizeof "=maple.example" + 1,
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    cr_expect_eq(bounce_sent_return_path(sent, "bounces@ours.example", recipient, buffer, sizeof buffer), BOUNCE_OK);
    cr_expect_eq(strcspn(buffer, "@"), 64, "%s", buffer);
    cr_expect_eq(bounce_sent_return_path(sent, "bounces1@ours.example", recipient, buffer, sizeof buffer),
                 BOUNCE_ERROR_LIMIT);
    cr_expect_str_eq(buffer, "");
    bounce_sent_unref(sent);
}
