/* SPDX-License-Identifier: MIT */
/* test_address_scan.c - addresses in lines of free text. */
#include "base/arena.h"
#include "base/limits.h"
#include "mail/address_scan.h"

#include <criterion/criterion.h>
#include <string.h>

/* want: the addresses, each followed by a space; those in brackets are in <>. */
static const struct {
    const char *line, *want;
} lines[] = {
    {"user@example.net", "user@example.net "},
    {"<user@example.net>: user unknown", "<user@example.net> "},
    {"to user@example.net, and (other@example.org).", "user@example.net other@example.org "},
    {"user@example.net.", "user@example.net "},
    {"user@example.net... User unknown", "user@example.net "},
    {"user@example.net: host mx.example.net said", "user@example.net "},
    {"\"user@example.net\" 'other@example.net' `x@example.net`", "user@example.net other@example.net x@example.net "},
    {"mailto:user@example.net; SMTP:other@example.net", "user@example.net other@example.net "},
    {"<mailto:user@example.net>", "<user@example.net> "},
    {"<a@b.example><c@d.example>", "<a@b.example> <c@d.example> "},
    {"<@relay.example:user@example.net>", "<user@example.net> "},
    {"rfc822;user@example.net", "user@example.net "},
    {"to=<user@example.net>, relay=x", "<user@example.net> "},
    {"rcpt=user@example.net to=other@example.net", "user@example.net other@example.net "},
    {"smtp.mailfrom=user@example.net; header.i=@example.net", "user@example.net "},
    {"user=example.net@bounce.example", "user=example.net@bounce.example "},
    {"**user@example.net**", "user@example.net "},
    {"...user@example.net", "user@example.net "},
    {"-user@example.net", "user@example.net "},
    {"a+b=c@example.net", "a+b=c@example.net "},
    {"user..x.@example.net", "user..x.@example.net "},
    {"/S=USER/O=X/@gateway.example", "/S=USER/O=X/@gateway.example "},
    {"root@localhost", "root@localhost "},
    {"W32.Netsky.P@mm, W32/Mydoom@MM, I-Worm.Klez@m", ""},
    {"joe@mm, <a.b@m>", "joe@mm <a.b@m> "},
    {"user@[192.0.2.1]: refused", "user@[192.0.2.1] "},
    {"<user@[IPv6:2001:db8::1]>", "<user@[IPv6:2001:db8::1]> "},
    {"user@example-.net-", "user@example-.net "},
    {"\"quoted local\"@example.net", "\"quoted local\"@example.net "},
    {"<\"quoted local\"@example.net>", "<\"quoted local\"@example.net> "},
    {"see \"a\\\"b\"@example.net", "\"a\\\"b\"@example.net "},
    {"a \"b\\\"@example.net", ""},
    {"see \"a@b.example\"@example.net", "\"a@b.example\"@example.net "},
    {"m\xC3\xBCller@b\xC3\xBC"
     "cher.example",
     "m\xC3\xBCller@b\xC3\xBC"
     "cher.example "},
    {"jos\xC3\xA9.garcia@example.net", "jos\xC3\xA9.garcia@example.net "},
    {"почта@пример.example", "почта@пример.example "},
    {"<用户@例え.example>", "<用户@例え.example> "},
    {"宛先user@example.jpは存在しません", "user@example.jp "},
    {"「user@example.jp」。", "user@example.jp "},
    {"사용자 user@example.kr은", "user@example.kr "},
    {"«user@example.fr»", "user@example.fr "},
    {"“user@example.fr”", "user@example.fr "},
    {"\xC2\xA0user@example.fr\xC2\xA0!", "user@example.fr "},
    /* the first and last characters of scripts without spaces, and their neighbours */
    {"\u0dffuser@a.example", "\u0dffuser@a.example "},
    {"\u0e00user@a.example", "user@a.example "},
    {"\u0fffuser@a.example", "user@a.example "},
    {"\u1000user@a.example", "\u1000user@a.example "},
    {"\u2e7fuser@a.example", "\u2e7fuser@a.example "},
    {"\u2e80user@a.example", "user@a.example "},
    {"\ud7afuser@a.example", "user@a.example "},
    {"\ud7b0user@a.example", "\ud7b0user@a.example "},
    {"\uf8ffuser@a.example", "\uf8ffuser@a.example "},
    {"\uf900user@a.example", "user@a.example "},
    {"\ufaffuser@a.example", "user@a.example "},
    {"\ufb00user@a.example", "\ufb00user@a.example "},
    {"\U00020000user@a.example", "user@a.example "},
    {"\U00040000user@a.example", "\U00040000user@a.example "},
    /* the beginning of a word that was cut would be somebody else */
    {"o’brien@example.net", "o’brien@example.net "},
    {"<o’brien@example.net>: gone", "<o’brien@example.net> "},
    {"‹o’brien@example.net>: gone", "o’brien@example.net "},
    {"’brien@example.net ‘ann@example.net’ a’‘b@example.net", "brien@example.net ann@example.net b@example.net "},
    {"jean‐luc@example.net a–b@example.net", "jean‐luc@example.net b@example.net "},
    {"<a–b@example.net> <宛先：user@example.jp>", "<a–b@example.net> <user@example.jp> "},
    {"<田中taro@example.jp>", "<田中taro@example.jp> "},
    {"<田中.taro@example.jp>", "<田中.taro@example.jp> "},
    {"‹田中taro@example.jp>: 「田中taro@example.jp」", "田中taro@example.jp 田中taro@example.jp "},
    {"「宛先user@example.jpは」 〈user@example.jp〉", "user@example.jp user@example.jp "},
    {"‹a,b@example.net>: ‹a;b@example.net> ‹a b@example.net> ‹ c@example.net>", "c@example.net "},
    {"<a,b@example.net> ‹a,b@example.net› 《a;b@example.jp》 <,c@example.net>", "<c@example.net> "},
    {"<rfc822;a@example.net> « voir, b@example.net » <c@example.net,d@example.net> <say, e@example.net>",
     "<a@example.net> b@example.net c@example.net d@example.net e@example.net "},
    {"«x» joe@example.net> ‹a@example.net b@example.net>", "joe@example.net a@example.net b@example.net "},
    {"joe@example.net@relay.example", "joe@example.net "},
    {"< user@example.net >", "user@example.net "},
    /* no recipients */
    {"Message-ID: <20260101.1@example.net>", ""},
    {"> References: <1@example.net> <2@example.net>", ""},
    {"with ESMTP id <1@example.net>", ""},
    {"message-id=<1@example.net>, to=<user@example.net>", "<user@example.net> "},
    {"Your message <1@example.net> to user@example.net", "user@example.net "},
    {"paid <user@example.net>", "<user@example.net> "},
    {"id ABC for <user@example.net>", "<user@example.net> "},
    {"http://user@example.net/ and other@example.net", "other@example.net "},
    {"https://example.net/?u=user@example.net&v=a@b.example", ""},
    {"https://example.net:8080/x;a,user@example.net b@example.net", "b@example.net "},
    {"<https://example.net/u@example.net> c@example.net", "c@example.net "},
    {"meet @ noon, @home, user@", ""},
    {"a@@b.example", ""},
    {"user@.example.net", ""},
    {"user@-example", ""},
    {"no address here", ""},
    {"", ""},
};

Test(address_scan, finds)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct found_address found;
        struct span line = span_z(lines[i].line);
        struct strbuf got;
        strbuf_init(&got, &a);
        for (size_t pos = 0, before = 0; address_next(line, &pos, &found); before = pos) {
            cr_assert_gt(pos, before, "\"%s\": no progress", lines[i].line);
            cr_expect_eq(found.end, pos, "\"%s\"", lines[i].line);
            strbuf_puts(&got, found.bracketed ? "<" : "");
            strbuf_add(&got, found.address.s, found.address.n);
            strbuf_puts(&got, found.bracketed ? "> " : " ");
        }
        cr_expect_str_eq(got.s, lines[i].want, "\"%s\": %s", lines[i].line, got.s);
    }
    arena_free(&a);
}

Test(address_scan, returns_positions)
{
    struct span line = span_z("at <user@example.net>: x other@example.net");
    struct found_address found;
    size_t pos = 0;
    cr_assert(address_next(line, &pos, &found));
    cr_expect_eq(found.start, 3);
    cr_expect_eq(found.end, 21);
    cr_expect_eq(found.address.s - line.s, 4);
    cr_assert(address_next(line, &pos, &found));
    cr_expect_eq(found.start, 25);
    cr_expect_eq(found.end, line.n);
    cr_expect_not(address_next(line, &pos, &found));
    cr_expect_not(address_next(line, &pos, &found), "and again");
    pos = 22;
    cr_assert(address_next(line, &pos, &found));
    cr_expect_eq(found.start, 25, "the search begins at pos");
}

Test(address_scan, has_a_limit)
{
    char line[LIMIT_ADDRESS_BYTES + 1];
    struct found_address found;
    memset(line, 'x', sizeof line);
    line[1] = '@';
    size_t pos = 0;
    cr_expect(address_next(span_of(line, LIMIT_ADDRESS_BYTES), &pos, &found));
    cr_expect_eq(found.address.n, LIMIT_ADDRESS_BYTES);
    pos = 0;
    cr_expect_not(address_next(span_of(line, LIMIT_ADDRESS_BYTES + 1), &pos, &found));
}

/* 256 KiB of each, far more than a line may have. */
Test(address_scan, costs_linear_time)
{
    static const char *const parts[] = {"@",        "a@",      "\"@",       "\\\"@a", "<@",           "a@b ",
                                        "id <a@b>", "a@b@",    "http://@",  "x",      "\xe5\xae\x9b", "<a@b",
                                        "a@b>",     "\"a@b",   " id <a@b>", "://",    "a@[",          "a@b.",
                                        " ",        "‹a",      "‹a@b>",     "a’",     "a’@b>",        "<宛a@b",
                                        "宛a@b>",   "<a,b@c>", "‹a;b@c›",   "<a,"};
    static const char *const ends[] = {"", "@", "@b.cc", ">", "\"@b.cc", "]", "/"};
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(parts) * COUNT(ends); i++) {
        const char *part = parts[i / COUNT(ends)], *end = ends[i % COUNT(ends)];
        struct strbuf b;
        strbuf_init(&b, &a);
        while (b.n < 262144)
            strbuf_puts(&b, part);
        strbuf_puts(&b, end);
        struct found_address found;
        size_t count = 0;
        for (size_t pos = 0; address_next(span_of(b.s, b.n), &pos, &found);)
            count++;
        cr_expect_leq(count, b.n / 3 + 1, "%s, then %s", part, end);
        arena_reset(&a);
    }
    arena_free(&a);
}
