/* SPDX-License-Identifier: MIT */
/* test_decide.c - yes, no and unknown, and what is known from calls and files. */
#include "sent/sent.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DAY = 20786, SECONDS_OF_DAY = 86400 };

static const char own[] = "0123456789abcdef0123456789abcdef";
#define OUR_ID "20261129.1.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example"
#define FORGED_ID "20261129.2.bk1ujsrlqs6fg6yo4l7qgn65k6@ours.example"
#define OUR_PATH "bounces+bk1ujsswgdxcblxhrz-anna=maple.example@ours.example"
#define FORGED_PATH "bounces+bk1ujsswgdxcblxhrz-otto=maple.example@ours.example"

static bounce_sent *sent;
static char path[] = "/tmp/bounce-sent-XXXXXX";

static void set_up(void)
{
    sent = bounce_sent_new();
    bounce_sent_set_time(sent, (int64_t)DAY * SECONDS_OF_DAY);
}

static void tear_down(void)
{
    bounce_sent_unref(sent);
    sent = NULL;
}

TestSuite(decide, .init = set_up, .fini = tear_down);

static void know_all(void)
{
    cr_assert_eq(bounce_sent_add_domain(sent, "Ours.Example."), BOUNCE_OK);
    cr_assert_eq(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 1, own, sizeof own - 1), BOUNCE_OK);
    cr_assert_eq(bounce_sent_add_key(sent, BOUNCE_KEY_BATV, 0, "Yaekeif9OoTh1rae", 16), BOUNCE_OK);
    cr_assert_eq(bounce_sent_add_key(sent, BOUNCE_KEY_SRS, 0, "Yaekeif9OoTh1rae", 16), BOUNCE_OK);
}

/* "no foreign": the answer and its reason for the facts of a report. */
static const char *decide(const struct sent_mail *mail)
{
    static char answer[64];
    const struct sent_answer a = sent_decide(sent, mail);
    snprintf(answer, sizeof answer, "%s %s", bounce_sent_name(a.answer), a.why);
    return answer;
}

static const char *decide_marks(const char *id, const char *address)
{
    const struct sent_mail mail = {
        .ids = &id, .id_count = id != NULL, .addresses = &address, .address_count = address != NULL, .returned = false};
    return decide(&mail);
}

Test(decide, by_marks)
{
    know_all();
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", NULL), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<a@b.example> <" OUR_ID ">", NULL), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<" OUR_ID "><a@b.example>", NULL), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<" OUR_ID "> ,", NULL), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<" FORGED_ID ">", NULL), "unknown key-failed");
    cr_expect_str_eq(decide_marks("<>", NULL), "unknown not-returned");
    cr_expect_str_eq(decide_marks("", ""), "unknown not-returned");
    cr_expect_str_eq(decide_marks(NULL, "<" OUR_PATH ">"), "yes return-path-key");
    cr_expect_str_eq(decide_marks(NULL, FORGED_PATH), "unknown key-failed");
    cr_expect_str_eq(decide_marks(NULL, "prvs=0793754d05=joe@ours.example"), "yes batv");
    cr_expect_str_eq(decide_marks(NULL, "SRS0=2xyt=JS=ours.example=joe@forward.example"), "yes srs");
    cr_expect_str_eq(decide_marks(NULL, "SRS0=2xyu=JS=ours.example=joe@forward.example"), "unknown not-returned");
    /* a server of ours put BATV around it */
    cr_expect_str_eq(decide_marks(NULL, "prvs=1234567890=" OUR_PATH), "yes return-path-key");
}

/* Somebody got a mail of ours, and uses what is in it to name another recipient. */
Test(decide, a_wrong_mark_beside_a_right_one)
{
    know_all();
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", FORGED_PATH), "no key-mismatch");
    cr_expect_str_eq(decide_marks("<" FORGED_ID ">", OUR_PATH), "no key-mismatch");
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", "prvs=0793754d06=joe@ours.example"), "no key-mismatch");
    /* but not what others wrap around their own addresses, or a tag of a retired key */
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", "prvs=0793754d06=joe@other.example"), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", "prvs=0593754d06=joe@ours.example"), "yes message-id-key");
}

Test(decide, a_late_report_is_not_a_forgery)
{
    know_all();
    bounce_sent_set_time(sent, (int64_t)(DAY + 91) * SECONDS_OF_DAY);
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", OUR_PATH), "unknown key-expired");
    cr_expect_str_eq(decide_marks("<" FORGED_ID ">", NULL), "unknown key-expired");
}

Test(decide, without_own_domains_a_wrong_mark_says_nothing)
{
    bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 1, own, sizeof own - 1);
    cr_expect_str_eq(decide_marks("<" OUR_ID ">", FORGED_PATH), "yes message-id-key");
    cr_expect_str_eq(decide_marks("<" FORGED_ID ">", NULL), "unknown not-returned");
}

/* ------------------------------------------------- the returned message */

static const struct span foreign[] = {SPAN(" Spam <x@evil.test>"), SPAN(" <x@evil.test>"), SPAN(" <1@evil.test>"),
                                      SPAN(" from evil.test by mx.evil.test"), SPAN(" v=1; d=evil.test; s=x")};

/* What came back with one more field. */
static const char *decide_with(const char *more, unsigned present, bool whole)
{
    struct span named[COUNT(foreign) + 1];
    memcpy(named, foreign, sizeof foreign);
    named[COUNT(foreign)] = span_z(more);
    const struct sent_mail mail = {.returned = true,
                                   .whole = whole,
                                   .message_id = foreign[2],
                                   .named = named,
                                   .named_count = COUNT(named),
                                   .present = present};
    return decide(&mail);
}

Test(decide, no_takes_all_five_fields)
{
    bounce_sent_add_domain(sent, "ours.example");
    cr_expect_str_eq(decide_with("", SENT_ALL_FIELDS, true), "no foreign");
    cr_expect_str_eq(decide_with("", SENT_ALL_FIELDS, false), "no foreign");
    for (unsigned field = 1; field <= SENT_DKIM; field *= 2)
        cr_expect_str_eq(decide_with("", SENT_ALL_FIELDS & ~field, true), "unknown headers-cut");
}

Test(decide, a_report_that_names_us_is_never_no)
{
    static const char *const fields[] = {"a@ours.example",     "Joe <a@OURS.EXAMPLE>", "from mail.ours.example by x",
                                         "d=ours.example; s=", "<list.ours.example>",  "(ours.example.)"};
    static const char *const strangers[] = {"a@yours.example", "ours.example.evil.test", "ours.examples",
                                            "ours-example", "our.example"};
    bounce_sent_add_domain(sent, "ours.example");
    for (size_t i = 0; i < COUNT(fields); i++)
        cr_expect_str_eq(decide_with(fields[i], SENT_ALL_FIELDS, true), "unknown no-key", "%s", fields[i]);
    for (size_t i = 0; i < COUNT(strangers); i++)
        cr_expect_str_eq(decide_with(strangers[i], SENT_ALL_FIELDS, true), "no foreign", "%s", strangers[i]);
}

/* A sender who marks or lists all Message-IDs needs less: only that a message came back complete. */
Test(decide, no_for_senders_who_know_their_ids)
{
    bounce_sent_add_domain(sent, "ours.example");
    bounce_sent_add_id(sent, "<known@ours.example>");
    cr_expect_str_eq(decide_with("", SENT_FROM | SENT_MESSAGE_ID, true), "no foreign");
    cr_expect_str_eq(decide_with("", SENT_FROM | SENT_MESSAGE_ID, false), "unknown headers-cut");
    cr_expect_str_eq(decide_with("", SENT_FROM, true), "unknown headers-cut");
    cr_expect_str_eq(decide_with("a@ours.example", SENT_ALL_FIELDS, true), "unknown id-not-listed");
}

Test(decide, a_relay_replaces_the_id)
{
    bounce_sent_add_domain(sent, "ours.example");
    bounce_sent_add_relay(sent, "evil.test"); /* the Message-ID above */
    cr_expect_str_eq(decide_with("", SENT_ALL_FIELDS, true), "unknown id-replaced");
}

/* ---------------------------------------------------------------- files */

static const char *write_file(const void *bytes, size_t n)
{
    strcpy(path + sizeof path - 7, "XXXXXX");
    const int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, bytes, n), (ssize_t)n);
    close(fd);
    return path;
}

static bounce_status read_keys(const char *text, bounce_error *error)
{
    const bounce_status status = bounce_sent_read_keys(sent, write_file(text, strlen(text)), error);
    unlink(path);
    return status;
}

Test(decide, ids_of_a_text_file)
{
    static const char text[] = "<One@ours.example>\r\n  two@ours.example  \n\n# is no comment here\nthree@ours.example";
    cr_assert_eq(bounce_sent_read_ids(sent, write_file(text, sizeof text - 1), NULL), BOUNCE_OK);
    unlink(path);
    cr_expect_eq(sent->ids.count, 4);
    cr_expect(sent_ids_has(&sent->ids, span_z("<one@OURS.example>")));
    cr_expect(sent_ids_has(&sent->ids, span_z("two@ours.example")));
    cr_expect(sent_ids_has(&sent->ids, span_z(" <three@ours.example> ")));
    cr_expect_not(sent_ids_has(&sent->ids, span_z("four@ours.example")));
    cr_expect_not(sent_ids_has(&sent->ids, span_z("")));
    cr_expect_str_eq(decide_marks("<one@ours.example>", NULL), "yes sent-id");
    cr_expect_str_eq(decide_marks("<four@ours.example>", NULL), "unknown not-returned");
}

Test(decide, many_ids)
{
    char id[64];
    for (int i = 0; i < 10000; i++) {
        snprintf(id, sizeof id, "<%d@ours.example>", i % 5000);
        bounce_sent_add_id(sent, id);
    }
    cr_expect_eq(sent->ids.count, 5000);
    cr_expect(sent_ids_has(&sent->ids, span_z("4999@ours.example")));
    cr_expect_not(sent_ids_has(&sent->ids, span_z("5000@ours.example")));
}

Test(decide, files_that_cannot_be_read)
{
    bounce_error error;
    cr_expect_eq(bounce_sent_read_ids(sent, "/nonexistent/ids", &error), BOUNCE_ERROR_IO);
    cr_expect_eq(error.status, BOUNCE_ERROR_IO);
    cr_expect_str_eq(error.message, "No such file or directory");
    cr_expect_eq(bounce_sent_read_keys(sent, "/nonexistent/keys", NULL), BOUNCE_ERROR_IO);
    /* whatever SQLite reports, or that it is not installed */
    static const char broken[] = "SQLite format 3\0and nothing of the kind";
    cr_expect_eq(bounce_sent_read_ids(sent, write_file(broken, sizeof broken), &error), BOUNCE_ERROR_IO);
    unlink(path);
    cr_expect_gt(strlen(error.message), 5);
}

/* A file is recognised as a database by its beginning: a sparse file of a tebibyte is not read, so that SQLite's error,
 * or that it is not installed, is reported at once. */
Test(decide, databases_are_not_read_whole)
{
    static const char broken[] = "SQLite format 3\0and nothing of the kind";
    bounce_error error;
    write_file(broken, sizeof broken);
    if (truncate(path, INT64_C(1) << 40) == 0) {
        cr_expect_eq(bounce_sent_read_ids(sent, path, &error), BOUNCE_ERROR_IO);
        cr_expect_gt(strlen(error.message), 5);
    }
    unlink(path);
}

Test(decide, keys_of_a_file)
{
    bounce_error error;
    cr_expect_eq(read_keys("# mine\n\nhmac 2 sixteen bytes or more\r\n  HMAC 1   the one before it\t\n"
                           "batv 0 Yaekeif9OoTh1rae\nsrs Yaekeif9OoTh1rae\nsrs another secret",
                           &error),
                 BOUNCE_OK);
    cr_assert_eq(sent->keys.count, 5);
    cr_expect_eq(sent->keys.list[0].number, 2);
    cr_expect_eq(sent->keys.list[0].length, strlen("sixteen bytes or more"));
    cr_expect_eq(sent->keys.list[1].length, strlen("the one before it"));
    cr_expect_eq(sent->keys.list[4].kind, (int)KEY_SRS);
}

Test(decide, lines_of_keys_that_are_wrong)
{
    static const char *const wrong[] = {"secret",    "hmac",   "hmac 1", "hmac x 0123456789abcdef", "hmac 1 short",
                                        "batv 10 x", "batv 1", "srs",    "dkim 1 0123456789abcdef"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char text[128];
        bounce_error error = {0};
        snprintf(text, sizeof text, "# keys\n%s\n", wrong[i]);
        cr_expect_eq(read_keys(text, &error), BOUNCE_ERROR_ARGUMENT, "%s", wrong[i]);
        cr_expect_eq(error.line, 2, "%s", wrong[i]);
        cr_expect_null(strstr(error.message, "0123456789abcdef"));
    }
    cr_expect_eq(sent->keys.count, 0);
}

/* ------------------------------------------------------------ the object */

Test(decide, what_is_in_use_does_not_change)
{
    bounce_options *options = bounce_options_new();
    cr_expect_eq(bounce_options_set_sent(options, sent), BOUNCE_OK);
    cr_expect_eq(bounce_sent_add_domain(sent, "ours.example"), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_relay(sent, "ours.example"), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_id(sent, "a@b"), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_key(sent, BOUNCE_KEY_SRS, 0, "x", 1), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_read_ids(sent, "x", NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_read_keys(sent, "x", NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_set_time(sent, 0), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_options_set_sent(options, sent), BOUNCE_OK); /* the same again */
    cr_expect_eq(bounce_options_set_sent(options, NULL), BOUNCE_OK);
    cr_expect_eq(bounce_options_set_sent(NULL, sent), BOUNCE_ERROR_ARGUMENT);
    bounce_options_free(options);
}

Test(decide, arguments)
{
    static const char *const names[] = {"", " ", ".", "@", "a b", "a@b", "<a>", ".a"};
    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_eq(bounce_sent_add_domain(sent, names[i]), BOUNCE_ERROR_ARGUMENT, "%s", names[i]);
    cr_expect_eq(bounce_sent_add_domain(sent, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_domain(NULL, "a.example"), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_domain(sent, "@a.example"), BOUNCE_OK);
    cr_expect_eq(bounce_sent_add_id(sent, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 10, own, sizeof own), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_key(sent, (bounce_key_kind)9, 0, own, sizeof own), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 0, NULL, 0), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_add_key(sent, BOUNCE_KEY_HMAC, 0, "short", 5), BOUNCE_ERROR_LIMIT);
    cr_expect_eq(bounce_sent_set_time(sent, -1), BOUNCE_ERROR_ARGUMENT);
    cr_expect_eq(bounce_sent_ref(sent), sent);
    bounce_sent_unref(sent);
    cr_expect_null(bounce_sent_ref(NULL));
    bounce_sent_unref(NULL);
}
