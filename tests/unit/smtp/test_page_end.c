/* SPDX-License-Identifier: MIT */
/* test_page_end.c - readers of SMTP replies and status codes read nothing after their input. */
#include "guarded_fronts.h"
#include "smtp/enhanced.h"
#include "smtp/reply.h"
#include "smtp/reply_words.h"

static void read_all(struct arena *a, struct span bytes, struct strbuf *answer)
{
    struct reply reply;
    struct enhanced status = {0};
    size_t used = 0;
    reply_read(a, bytes, &reply);
    guarded_add_z(answer, arena_printf(a, "%d %d %d %d", reply.code, (int)reply.command, reply.from_remote, reply.cut));
    guarded_add(answer, reply.text);
    guarded_add(answer, reply.inner);
    guarded_add_z(answer, reply.host);
    guarded_add(answer, reply_join_lines(a, bytes));
    if (enhanced_parse(bytes, &status, &used))
        strbuf_putu(answer, (uint32_t)used);
    strbuf_putc(answer, reply_words_may_lead(bytes) ? 'l' : '-');
}

Test(page_end, replies)
{
    static const char *const replies[] = {
        "550-5.1.1 The email account that you tried to reach does not exist.\r\n550-5.1.1 Please try\r\n550 5.1.1 again",
        "host mx.example.net[192.0.2.1] said: 452 4.2.2 <ann@example.net>: over quota (in reply to RCPT TO command)",
        "smtp;554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example.net; 550 5.7.1 x",
        "5.1.1 (bad destination mailbox address)",
        "SMTP error from remote mail server after end of data: host a.test [192.0.2.1]: 421-4.3.0 x\n421 4.3.0 y",
        "#5.1.1 SMTP; 550 #5.1.0 Address rejected.> #SMTP#",
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        guarded_fronts(read_all, replies[i]);
}
