/* SPDX-License-Identifier: MIT */
/* test_log_fields.c - fields, hosts and durations of log lines. */
#include "logs/log_fields.h"

#include <criterion/criterion.h>

static void check_field(const char *line, const char *separator, const char *name, const char *want)
{
    struct span value = log_field(span_z(line), separator, name);
    cr_assert(want ? value.s && span_equal_nocase(value, want) : !value.s, "%s: %.*s", name, (int)value.n,
              value.s ? value.s : "");
}

Test(log_fields, values)
{
    const char *line = "to=<a@b>, relay=mx.b. [192.0.2.1], delay=1, stat=Sent (ok, fine)";
    check_field(line, ", ", "to", "<a@b>");
    check_field(line, ", ", "relay", "mx.b. [192.0.2.1]");
    check_field(line, ", ", "dsn", NULL);
    check_field("to=<\"x>, relay=y\"@b>, relay=z", ", ", "relay", "y\"@b>"); /* brackets end where a field may follow */
    check_field("from=<> to=<a@b> stat=\"421 \\\"x\\\" y\" z=1", " ", "stat", "\"421 \\\"x\\\" y\"");
    check_field("from=<> to=<a@b> stat=\"421 x\" z=1", " ", "z", "1");
    check_field("", ", ", "to", NULL);
    check_field("=", ", ", "to", NULL);
}

static void check_host(const char *text, const char *name, const char *address, uint64_t port)
{
    struct span got_name, got_address;
    uint64_t got_port;
    log_host(span_z(text), &got_name, &got_address, &got_port);
    cr_assert(span_equal_nocase(got_name, name), "%s: %.*s", text, (int)got_name.n, got_name.s);
    cr_assert(span_equal_nocase(got_address, address), "%s: %.*s", text, (int)got_address.n, got_address.s);
    cr_assert_eq(got_port, port, "%s", text);
}

Test(log_fields, hosts)
{
    check_host("mx.b[192.0.2.1]:25", "mx.b", "192.0.2.1", 25);
    check_host("mx.b[2001:db8::1]:465", "mx.b", "2001:db8::1", 465);
    check_host("mx.b. [192.0.2.1]", "mx.b", "192.0.2.1", 0);
    check_host("[192.0.2.1] [192.0.2.1]", "[192.0.2.1]", "192.0.2.1", 0);
    check_host("gw. [IPv6:fd00::5]", "gw", "fd00::5", 0);
    check_host("[IPv6:fd00::5] [IPv6:fd00::5]", "[IPv6:fd00::5]", "fd00::5", 0);
    check_host("\"192.0.2.1 (mx.b)\"", "mx.b", "192.0.2.1", 0);
    check_host("mx.b (192.0.2.1)", "mx.b", "192.0.2.1", 0);
    check_host("mx1[private/dovecot-lmtp]", "mx1", "", 0);
    check_host("10.2.2.85", "10.2.2.85", "10.2.2.85", 0);
    check_host("none", "", "", 0);
    check_host("", "", "", 0);
}

Test(log_fields, durations)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {{"0.35", 0},
                {"63495", 63495},
                {"00:00:03", 3},
                {"7+03:40:15", 618015},
                {"1h2m3s", 3723},
                {"2d", 172800},
                {"", -1},
                {"x", -1},
                {"1x", -1},
                {"99999999999d", -1},
                {"2147483647w2147483647w2147483647w2147483647w2147483647w1s", -1},
                {"99999:99999:99999:99999:99999:99999:99999:99999:99999", -1},
                {"02:03:04:05", -1}};
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_assert_eq(log_duration(span_z(rows[i].text)), rows[i].seconds, "%s", rows[i].text);
}

Test(log_fields, addresses)
{
    static const char *const is[] = {"joe@b", "\"jo e\"@b", "\"j\\\"o e\"@b", "\"a@b\"@c"};
    static const char *const is_not[] = {"", "joe", "joe a@b", "|/bin/x a@b", "\"jo e@b\"", "\"jo\" e@b"};
    for (size_t i = 0; i < COUNT(is); i++)
        cr_expect(log_is_address(span_z(is[i])), "%s", is[i]);
    for (size_t i = 0; i < COUNT(is_not); i++)
        cr_expect(!log_is_address(span_z(is_not[i])), "%s", is_not[i]);
}
