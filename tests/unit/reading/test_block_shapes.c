/* SPDX-License-Identifier: MIT */
/* test_block_shapes.c - the place of an address in its line (reading/block_shapes.c). */
#include "reading/block_shapes.h"

#include "core_testing.h"

TestSuite(block_shapes, .init = core_set_up, .fini = core_tear_down);

static const char *const shape_names[] = {
    [SHAPE_NONE] = "none",     [SHAPE_ALONE] = "alone", [SHAPE_LEADS] = "leads",
    [SHAPE_INSIDE] = "inside", [SHAPE_REPLY] = "reply", [SHAPE_SUMMARY] = "summary"};

static const struct {
    const char *line;
    enum shape shape;
} rows[] = {
    {"joe@example.net", SHAPE_ALONE},
    {"  <joe@example.net>  ", SHAPE_ALONE},
    {"joe@example.net:", SHAPE_ALONE},
    /* bullets */
    {"* joe@example.net", SHAPE_ALONE},
    {"o joe@example.net", SHAPE_ALONE},
    {"o\tjoe@example.net", SHAPE_ALONE},
    {"> - joe@example.net", SHAPE_ALONE},
    {"1. joe@example.net", SHAPE_ALONE},
    {"123) <joe@example.net>", SHAPE_ALONE},
    {"1234) joe@example.net", SHAPE_INSIDE},
    {"1.joe joe@example.net", SHAPE_INSIDE},
    {"ok joe@example.net", SHAPE_INSIDE},
    /* nothing new after it */
    {"joe@example.net (expanded from: <all@example.org>)", SHAPE_ALONE},
    {"joe@example.net (Joe)", SHAPE_ALONE},
    {"joe@example.net <JOE@example.net>", SHAPE_ALONE},
    {"joe@example.net <ann@example.net>", SHAPE_INSIDE},
    {"joe@example.net\xe3\x80\x82", SHAPE_ALONE},
    /* before what is said about it */
    {"joe@example.net: 550 User unknown", SHAPE_LEADS},
    {"<joe@example.net> is no longer here", SHAPE_LEADS},
    {"joe@example.net\tUser unknown", SHAPE_LEADS},
    {"joe@example.net  User unknown", SHAPE_LEADS},
    {"joe@example.net 550 User unknown", SHAPE_LEADS},
    {"joe@example.net on Friday", SHAPE_LEADS},
    {"joe@example.net is no longer here", SHAPE_INSIDE},
    /* labels and names */
    {"Recipient address: joe@example.net", SHAPE_ALONE},
    {"Recipient address\xef\xbc\x9ajoe@example.net", SHAPE_ALONE},
    {"Recipient address: joe@example.net was refused", SHAPE_INSIDE},
    {"From: joe@example.net", SHAPE_NONE},
    {"to joe@example.net", SHAPE_ALONE},
    {"for joe@example.net: 550 User unknown", SHAPE_LEADS},
    {"Joe User <joe@example.net>", SHAPE_ALONE},
    {"\"Joe\" <joe@example.net>", SHAPE_ALONE},
    {"\"joe\" <joe@example.net>", SHAPE_ALONE},
    {"* 'joe user' <joe@example.net>", SHAPE_ALONE},
    {"\"joe\" and <joe@example.net>", SHAPE_INSIDE},
    {"\"joe\" not \"ann\" <joe@example.net>", SHAPE_INSIDE},
    {"joe\" <joe@example.net>", SHAPE_INSIDE},
    {"the user <joe@example.net>", SHAPE_INSIDE},
    {"Sent to <joe@example.net>", SHAPE_INSIDE},
    {"(Joe <joe@example.net>", SHAPE_INSIDE},
    {"550-Callback setup failed while verifying <joe@example.net>", SHAPE_INSIDE},
    {"4711 Sales <joe@example.net>", SHAPE_ALONE},
    {"We could not reach joe@example.net today", SHAPE_INSIDE},
    {">>> RCPT TO:<joe@example.net>", SHAPE_REPLY},
};

Test(block_shapes, shape_of_a_line)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct found_address found;
        size_t pos = 0;
        struct span line = span_z(rows[i].line);
        cr_assert(address_next(line, &pos, &found), "%s", rows[i].line);
        enum shape shape = shape_of(ruleset_words(core_rules), line, &found);
        cr_expect_eq(shape, rows[i].shape, "%s: %s", rows[i].line, shape_names[shape]);
    }
}

/* Up to three lines before or after it. */
Test(block_shapes, summary_of_the_returned_message)
{
    static const struct {
        const char *lines[12];
        bool is_summary; /* the first line that begins with "To" or "Кому" */
    } mails[] = {
        {{"To: joe@example.net", "Subject: lunch"}, true},
        {{"Subject: lunch", "To: joe@example.net"}, true},
        {{"To: joe@example.net"}, false},
        {{"To: joe@example.net", "1", "2", "Date: today"}, true},
        {{"To: joe@example.net", "1", "2", "3", "Date: today"}, false},
        {{"Sent: today", "1", "2", "To: joe@example.net"}, true},
        {{"Sent: today", "1", "2", "3", "To: joe@example.net"}, false},
        {{"0", "1", "2", "3", "4", "To: joe@example.net", "Subject: lunch"}, true},
        {{"Subject: lunch", "Кому: joe@example.net"}, true},
    };
    for (size_t i = 0; i < COUNT(mails); i++) {
        struct text_line lines[12] = {{.part = 0}};
        size_t n = 0, at = 0;
        for (; n < COUNT(lines) && mails[i].lines[n]; n++) {
            lines[n].s = lines[n].trimmed = span_z(mails[i].lines[n]);
            if (strncmp(mails[i].lines[n], "To:", 3) == 0 || strncmp(mails[i].lines[n], "Кому:", 3) == 0)
                at = n;
        }
        struct reading rd = {.words = ruleset_words(core_rules), .lines = lines, .line_count = n};
        cr_expect_eq(stands_in_summary(&rd, at), mails[i].is_summary, "mail %zu", i);
    }
    struct text_line other[] = {{.trimmed = SPAN("Cause: joe@example.net")}, {.trimmed = SPAN("Subject: lunch")}};
    cr_expect_not(
        stands_in_summary(&(struct reading){.words = ruleset_words(core_rules), .lines = other, .line_count = 2}, 0));
}

Test(block_shapes, words_that_introduce_a_sender)
{
    static const char *const senders[] = {"mail from ", "From:", "the sender <", "SENDER:"};
    static const char *const others[] = {"", "to ", "from here to ", "sender of "};
    for (size_t i = 0; i < COUNT(senders); i++)
        cr_expect(introduces_sender(ruleset_words(core_rules), span_z(senders[i])), "%s", senders[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        cr_expect_not(introduces_sender(ruleset_words(core_rules), span_z(others[i])), "%s", others[i]);
}
