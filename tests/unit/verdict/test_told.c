/* SPDX-License-Identifier: MIT */
/* test_told.c - what a reply says besides the reason (verdict/told.c, refused.c, retry.c), and to a queue (queue.c). */
#include "core_testing.h"
#include "match/ruleset.h"
#include "verdict/told.h"

#include <stdlib.h>

TestSuite(told, .init = core_set_up, .fini = core_tear_down);

static bool same(const char *got, const char *want)
{
    return want ? got && !strcmp(got, want) : !got;
}

static void expect_told(const char *reply, bounce_told_field field, const char *want)
{
    const bounce_recipient *r = parse_reply(reply, BOUNCE_COMMAND_NONE, NULL);
    const char *got = bounce_recipient_told(r, field);
    cr_expect(same(got, want), "%s: %s", reply, got ? got : "(null)");
}

/* -------------------------------------------------------------- coming back */

/* Padded with zeros, as texts are. */
static uint64_t seconds_in(const char *text, int64_t now)
{
    char *padded = calloc(1, strlen(text) + NORM_PADDING_BYTES + 1);
    memcpy(padded, text, strlen(text));
    uint64_t seconds = told_retry(ruleset_words(core_rules), span_of(padded, strlen(text)), now);
    free(padded);
    return seconds;
}

Test(told, durations)
{
    static const struct {
        const char *text;
        uint64_t seconds;
    } rows[] = {
        {"450 4.7.1 try again in 5 minutes", 300},
        {"451 retry after 00:10:00", 600},
        {"451 4.7.1 greylisting in action, please come back in 00:05:00", 300},
        {"450 greylisted for 300 seconds", 300},
        {"450 greylisted for 5m, please try again at 1:05 pm utc", 300},
        {"451 greylisted, please try again in 180 seconds", 180},
        {"421 please wait 2 hours and 5 minutes", 7500},
        {"421 wait at least 1h 5m before sending mail", 3900},
        {"421 too many mails: 5 minutes before you retry", 300},
        {"550 after 24 hours,you can send e-mails as usual", 86400},
        {"451 retry in 30 (seconds)", 30},
        {"451 wait 10 minutes and try again", 600},
        {"451 bitte in 10 minuten erneut versuchen", 0},
        {"451 4.7.1 try again later", 0},
        {"550 4.4.7 message expired: unable to deliver in 840 minutes, will not retry", 0},
        {"450 you can only send 50 msgs per 1h, try again", 0},
        {"450 try again: more than 50 messages in 10 minutes", 0},
        {"451 perhaps you have not logged in during the last 30 minutes, try again", 0},
        {"450 4.2.2 300", 0},
        {"450 retry in 90 days", 0},
        {"450 retry in 99999999 seconds", 0},
        {"450 retry in 5 months", 0},
        {"450 retry in 0 seconds", 0},
        {"", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t got = seconds_in(rows[i].text, INT64_MIN);
        cr_expect_eq(got, rows[i].seconds, "%s: %llu", rows[i].text, (unsigned long long)got);
    }
}

Test(told, times_of_day)
{
    const int64_t noon = 12 * 3600;
    static const struct {
        const char *text;
        uint64_t seconds;
    } rows[] = {
        {"450 please try again at 1:05 pm utc", 3900},
        {"450 try again at 13:05:30 gmt", 3930},
        {"450 try again after 14:00 +0100", 3600},
        {"450 try again at 11:00 utc", 23 * 3600},
        {"450 try again at 12:00 utc", 86400},
        {"450 try again at 12:30 am utc", 12 * 3600 + 1800},
        {"450 try again at 08:00 (est)", 3600},
        {"450 try again at 13:05", 0},
        {"450 try again at 25:05 utc", 0},
        {"450 try again at 13:05 pm utc", 0},
        {"450 try again at 13:05 zulu", 0},
        {"450 try again at 13:65 utc", 0},
        {"450 message rejected on 18:59:46 gmt, policy", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t got = seconds_in(rows[i].text, noon);
        cr_expect_eq(got, rows[i].seconds, "%s: %llu", rows[i].text, (unsigned long long)got);
    }
    cr_expect_eq(seconds_in("450 try again at 13:05 utc", INT64_MIN), 0);
}

Test(told, goes_before_the_schedule)
{
    const bounce_recipient *r = parse_reply("452 4.2.2 Mailbox full, try again in 2 hours", BOUNCE_COMMAND_NONE, NULL);
    uint64_t stated = 0;
    cr_assert(bounce_recipient_number(r, BOUNCE_RECIPIENT_RETRY_STATED_S, &stated));
    cr_expect_eq(stated, 7200);
    cr_expect_eq(bounce_recipient_retry_count(r), 5);
    cr_expect_eq(bounce_recipient_retry_after_s(r, 0), 7200);
    cr_expect_eq(bounce_recipient_retry_after_s(r, 1), 24 * 3600);
    r = parse_reply("450 4.7.1 Greylisted for 5 minutes", BOUNCE_COMMAND_NONE, NULL);
    cr_expect_eq(bounce_recipient_retry_count(r), 1);
    r = parse_reply("550 5.1.1 User unknown, try again in 5 minutes", BOUNCE_COMMAND_NONE, NULL);
    cr_expect_not(bounce_recipient_number(r, BOUNCE_RECIPIENT_RETRY_STATED_S, &stated), "a dead address");
}

/* -------------------------------------------------------------------- links */

Test(told, help)
{
    static const struct {
        const char *reply, *url;
    } rows[] = {
        {"550-5.1.1 The email account that you tried to reach does not exist. For more information, go to\n"
         "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser a1b2c3-d4e5si678.9 - gsmtp",
         "https://support.google.com/mail/?p=NoSuchUser"},
        {"550 5.7.1 Refused (see https://help.example.net/a(b)c).", "https://help.example.net/a(b)c"},
        {"550 5.7.1 Refused, see <http://help.example.net/?ip=192.0.2.1&c=hi>",
         "http://help.example.net/?ip=192.0.2.1&c=hi"},
        {"550 5.7.1 Refused. HTTPS://Help.Example.net/Path.", "HTTPS://Help.Example.net/Path"},
        {"550 5.7.1 Refused, see https://one.example/ or https://two.example/", "https://one.example/"},
        {"550 5.7.1 Refused, see http://", NULL},
        {"550 5.7.1 Refused, see ftp://files.example.net/", NULL},
        {"550 5.7.1 Refused: spam://x", NULL},
        {"550 5.7.1 Grüße, siehe https://hilfe.example.net/Ü", "https://hilfe.example.net/Ü"},
        {"550 5.1.1 User unknown", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_told(rows[i].reply, BOUNCE_TOLD_HELP_URL, rows[i].url);
}

/* Thousands of recipients may share one text: only short parts of it are copied for each. */
Test(told, links_and_names_that_are_too_long)
{
    enum { LINK = 500, NAME = 255 };
    char reply[2048], path[LINK + 2];
    for (size_t more = 0; more < 2; more++) {
        memset(path, 'a', sizeof path);
        path[LINK + more - strlen("http://x.example/")] = '\0';
        snprintf(reply, sizeof reply, "550 5.7.1 Refused, see http://x.example/%s", path);
        const bounce_recipient *r = parse_reply(reply, BOUNCE_COMMAND_NONE, NULL);
        cr_expect_eq(bounce_recipient_told(r, BOUNCE_TOLD_HELP_URL) == NULL, more == 1);
        path[NAME + more - strlen(".example")] = '\0';
        snprintf(reply, sizeof reply, "554 5.7.1 Spam: the domain %s.example is listed by SURBL", path);
        r = parse_reply(reply, BOUNCE_COMMAND_NONE, NULL);
        cr_expect_eq(bounce_recipient_told(r, BOUNCE_TOLD_REFUSED_DOMAIN) == NULL, more == 1, "%s", reply);
    }
}

/* ------------------------------------------------------------------ refused */

Test(told, refused_addresses)
{
    static const struct {
        const char *reply, *ip;
    } rows[] = {
        {"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "192.0.2.1"},
        {"550 5.7.1 Blocked, see https://www.spamhaus.org/query/ip/192.0.2.1.", "192.0.2.1"},
        {"550 5.7.1 192.0.2.1 is listed at zen.spamhaus.org.", "192.0.2.1"},
        {"554 5.7.1 ACL dns_rbl; blocked using bl.example.net=127.0.0.2 Spamhaus XBL", NULL},
        {"450 4.7.26 Access denied, sent over IPv6 [2001:db8::25] must pass SPF or DKIM validation", "2001:db8::25"},
        {"550 5.7.1 Client [2001:db8:1:2:3:4:5:6] blocked using zen.spamhaus.org", "2001:db8:1:2:3:4:5:6"},
        {"550 5.7.1 Client [2001:db8:1:2:3:4:5] blocked using zen.spamhaus.org", NULL},
        {"550 5.7.1 [::ffff:192.0.2.1] is blocked", "::ffff:192.0.2.1"},
        {"550 5.7.1 Client host [IPv6:2001:db8::25] blocked using zen.spamhaus.org", "2001:db8::25"},
        {"550 5.7.1 IPv6:2001:db8::25 is listed at zen.spamhaus.org.", "2001:db8::25"},
        {"550 5.7.1 Your IP 2001:db8::25: blocked using zen.spamhaus.org", "2001:db8::25"},
        {"550 5.7.1 Blocked client 2001:db8::25.", "2001:db8::25"},
        {"550 5.7.1 2001:db8::25 is blocked", "2001:db8::25"},
        {"2001:db8::25 is blocked", "2001:db8::25"},
        {"192.0.2.1 is blocked", "192.0.2.1"},
        {"550 5.7.1 Your IP [2001:db8::25x] is blocked", NULL},
        {"550 5.7.1 Your IP [2001:db8::25::1] is blocked", NULL},
        {"550 5.7.1 Your IP [::ffff:192.0.2.999] is blocked", NULL},
        {"421 4.7.0 Messages from 192.0.2.7 temporarily deferred due to user complaints - 4.16.55.1", "192.0.2.7"},
        {"554 Message rejected, policy (3.2.1.1) - Your message looks like SPAM", NULL},
        {"554 5.7.1 blocked using bl.spamcop.net, version 1.2.3.4.5", NULL},
        {"554 5.7.1 Client host [192.0.2.999] blocked using bl.spamcop.net", NULL},
        {"450 4.1.0 Sender address rejected: unverified address: connect to mx.example.net[192.0.2.9]:25: Connection "
         "timed out",
         NULL},
        {"550 5.1.1 User unknown, client [192.0.2.1]", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_told(rows[i].reply, BOUNCE_TOLD_REFUSED_IP, rows[i].ip);
}

Test(told, refused_domains_and_links)
{
    static const struct {
        const char *reply, *domain, *url;
    } rows[] = {
        {"554 5.7.1 Message rejected: URL example.com listed in SURBL, see http://www.surbl.org/surbl-analysis",
         "example.com", NULL},
        {"554 5.7.1 Sender address [joe@example.org] blocked using dbl.spamhaus.org", "example.org", NULL},
        {"550 5.7.26 The MAIL FROM domain [example.com] fails to pass SPF checks", "example.com", NULL},
        {"550 5.7.1 blocked, see https://www.spamhaus.org/query/domain/example.com", "example.com", NULL},
        {"553 5.1.8 <joe@example.org>... Domain of sender address joe@example.org does not exist", "example.org", NULL},
        {"554 5.7.1 Spam: message contains a blocked URL http://bad.example/x, see https://help.example/", NULL,
         "http://bad.example/x"},
        {"554 5.7.1 Spam message, contains http://bad.example/x", NULL, "http://bad.example/x"},
        {"554 5.7.1 Spam message, see the following URL: http://help.example/x", NULL, NULL},
        {"550 5.7.1 Relaying denied for recipient domain example.net", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect_told(rows[i].reply, BOUNCE_TOLD_REFUSED_DOMAIN, rows[i].domain);
        expect_told(rows[i].reply, BOUNCE_TOLD_REFUSED_URL, rows[i].url);
    }
    expect_told(rows[5].reply, BOUNCE_TOLD_HELP_URL, "https://help.example/");
    expect_told(rows[7].reply, BOUNCE_TOLD_HELP_URL, "http://help.example/x");
}

/* ------------------------------------------------------------------- tables */

Test(told, the_longest_words_name_the_list)
{
    expect_told("554 5.7.1 blocked using Spamhaus", BOUNCE_TOLD_BLOCKLIST_NAME, "Spamhaus");
    expect_told("554 5.7.1 blocked using Spamhaus", BOUNCE_TOLD_BLOCKLIST_ZONE, NULL);
    expect_told("554 5.7.1 blocked using zen.spamhaus.org", BOUNCE_TOLD_BLOCKLIST_NAME, "Spamhaus ZEN");
    expect_told("554 5.7.1 blocked using zen.spamhaus.org", BOUNCE_TOLD_BLOCKLIST_ZONE, "zen.spamhaus.org");
    expect_told("554 5.7.1 blocked using zen.spamhaus.org", BOUNCE_TOLD_BLOCKLIST_URL, "https://check.spamhaus.org/");
    expect_told("554 5.7.1 blocked: the host absorbs too much", BOUNCE_TOLD_BLOCKLIST_NAME, NULL);
    expect_told("550 5.1.1 <spamhaus@example.net>: User unknown", BOUNCE_TOLD_BLOCKLIST_NAME, NULL);
}

Test(told, the_host_names_the_provider_before_words_do)
{
    const bounce_recipient *r =
        parse_reply("550 5.1.1 User unknown - gsmtp", BOUNCE_COMMAND_NONE, "mx1.example.pphosted.com");
    cr_expect(same(bounce_recipient_told(r, BOUNCE_TOLD_PROVIDER), "proofpoint"));
    expect_told("550 5.1.1 User unknown - gsmtp", BOUNCE_TOLD_PROVIDER, "google");
    expect_told("550 5.1.1 User unknown", BOUNCE_TOLD_PROVIDER, NULL);
    expect_told("250 2.1.5 OK - gsmtp", BOUNCE_TOLD_PROVIDER, NULL);
}

/* -------------------------------------------------------------------- queue */

Test(told, queue)
{
    static const struct {
        const char *reply;
        bounce_queue queue;
        const char *mend;
    } rows[] = {
        {"550 5.1.1 User unknown", BOUNCE_QUEUE_DROP, NULL},
        {"552 5.2.2 Mailbox full", BOUNCE_QUEUE_DROP, NULL},
        {"452 4.2.2 Mailbox full", BOUNCE_QUEUE_RETRY, NULL},
        {"552 5.3.4 Message too large", BOUNCE_QUEUE_DROP, "message"},
        {"450 4.7.1 Greylisted", BOUNCE_QUEUE_RETRY, NULL},
        {"421 4.7.0 Too many messages from your IP address, try again later", BOUNCE_QUEUE_SLOW_DOWN, NULL},
        {"421 4.7.0 Too many concurrent connections", BOUNCE_QUEUE_SLOW_DOWN, NULL},
        {"452 4.5.3 Too many recipients", BOUNCE_QUEUE_SPLIT, NULL},
        {"452 4.3.1 Insufficient system storage", BOUNCE_QUEUE_PAUSE_DOMAIN, NULL},
        {"554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", BOUNCE_QUEUE_PAUSE_IP, "listing"},
        {"550 5.7.25 The IP address has no PTR record", BOUNCE_QUEUE_PAUSE_IP, "reverse-dns"},
        {"550 5.7.26 The message fails SPF and DKIM checks", BOUNCE_QUEUE_PAUSE_SENDER, "authentication"},
        {"530 5.7.0 Authentication required", BOUNCE_QUEUE_HOLD, "login"},
        {"550 5.7.1 Relaying denied", BOUNCE_QUEUE_HOLD, "route"},
        {"250 2.1.5 OK", BOUNCE_QUEUE_NONE, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const bounce_recipient *r = parse_reply(rows[i].reply, BOUNCE_COMMAND_NONE, NULL);
        cr_expect_eq(bounce_recipient_queue(r), rows[i].queue, "%s: %s", rows[i].reply,
                     bounce_queue_name(bounce_recipient_queue(r)));
        cr_expect(same(bounce_recipient_mend(r), rows[i].mend), "%s: %s", rows[i].reply, bounce_recipient_mend(r));
    }
}
