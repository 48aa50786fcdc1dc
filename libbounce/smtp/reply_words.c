/* SPDX-License-Identifier: MIT */
/*
 * reply_words.c - the words of replies, and of servers that quote them; see reply_words.h.
 *
 * In: a text. Out: whether one of the leading words may occur in it.
 */
#include "smtp/reply_words.h"
#include "base/chunk.h"

const struct reply_word reply_words[] = {
    {"in reply to", REPLY_WORD_LEAD | REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"in response to", REPLY_WORD_LEAD | REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"response to", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"after ", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"error from remote mail server after", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"[", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"(state", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"while ", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"(reply to", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"command:", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"refused to accept your message (", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {">>> ", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"refused to", REPLY_WORD_LEAD, BOUNCE_COMMAND_NONE},
    {"end of data", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"end-of-data", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"end of message", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"sending data block", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"while sending message body", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"sending message body", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"to data command", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"after data", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"to bdat", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"after bdat", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"[data]", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"(data)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"(state 18)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"(state 17)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"(state 15)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"(state 16)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_DATA},
    {"rcpt to", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"[rcpt_to]", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"rcpt command", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"(rcpt)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"(state 13)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"(state 14)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_RCPT},
    {"mail from", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"[mail_from]", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"to mail command", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"(state 12)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"(state 11)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"(mail from)", REPLY_WORD_COMMAND, BOUNCE_COMMAND_MAIL},
    {"starttls", REPLY_WORD_COMMAND, BOUNCE_COMMAND_STARTTLS},
    {"auth command", REPLY_WORD_COMMAND, BOUNCE_COMMAND_AUTH},
    {"after auth", REPLY_WORD_COMMAND, BOUNCE_COMMAND_AUTH},
    {"ehlo", REPLY_WORD_COMMAND, BOUNCE_COMMAND_EHLO},
    {"helo command", REPLY_WORD_COMMAND, BOUNCE_COMMAND_EHLO},
    {"after helo", REPLY_WORD_COMMAND, BOUNCE_COMMAND_EHLO},
    {"sending helo", REPLY_WORD_COMMAND, BOUNCE_COMMAND_EHLO},
    {"performing the ehlo handshake", REPLY_WORD_COMMAND, BOUNCE_COMMAND_EHLO},
    {"refused to start tls", REPLY_WORD_COMMAND, BOUNCE_COMMAND_STARTTLS},
    {"said:", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"remote host", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"remote mail server", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"remote server", REPLY_WORD_REMOTE | REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"smtp error from", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"other server", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"recipient server", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"while talking to", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"the error that the", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"responded:", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {"response from", REPLY_WORD_REMOTE | REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"the following reason", REPLY_WORD_REMOTE, BOUNCE_COMMAND_NONE},
    {" said:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"host ", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"returned:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"server responded", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"smtp;", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"response was", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"reply was", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"responded with", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"replied:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"rejected:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"error from", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"reason:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"returned '", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"(reply:", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"last error", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
    {"downstream", REPLY_WORD_QUOTES, BOUNCE_COMMAND_NONE},
};
const size_t reply_word_count = COUNT(reply_words);

_Static_assert(COUNT(reply_words) <= REPLY_WORDS_MAX, "a bit for each word");

/* Positions at which a word of REPLY_WORD_LEAD may occur. Each contains one of these, in
 * any case: "[", ">>", "(s", "fte" (after), "hil" (while), "nd:" (command:), or " to" after
 * a d, e or y (refused, response, reply). CASE_BIT is ignored, so some other bytes
 * match, too. a to d are four chunks, each beginning one byte after the one before. */
static unsigned may_lead(chunk a, chunk b, chunk c, chunk d)
{
    a = chunk_lower_letters(a), b = chunk_lower_letters(b);
    c = chunk_lower_letters(c), d = chunk_lower_letters(d);
    chunk to = chunk_equal(b, ' ') & chunk_equal(c, 't') & chunk_equal(d, 'o') &
               (chunk_equal(a, 'd') | chunk_equal(a, 'e') | chunk_equal(a, 'y'));
    return chunk_bits(to | chunk_equal(a, '[' | CASE_BIT) | (chunk_equal(a, '>') & chunk_equal(b, '>')) |
                      (chunk_equal(a, '(') & chunk_equal(b, 's')) |
                      (chunk_equal(a, 'f') & chunk_equal(b, 't') & chunk_equal(c, 'e')) |
                      (chunk_equal(a, 'h') & chunk_equal(b, 'i') & chunk_equal(c, 'l')) |
                      (chunk_equal(a, 'n') & chunk_equal(b, 'd') & chunk_equal(c, ':')));
}

static bool may_lead_at(const char *s)
{
    return may_lead(chunk_load(s), chunk_load(s + 1), chunk_load(s + 2), chunk_load(s + 3));
}

bool reply_words_may_lead(struct span t)
{
    enum { AFTER = 3 }; /* bytes that are read after a chunk */
    for (; t.n >= CHUNK + AFTER; t.s += CHUNK, t.n -= CHUNK)
        if (may_lead_at(t.s))
            return true;
    char end[2 * CHUNK + AFTER] = {0};
    if (t.n)
        memcpy(end, t.s, t.n);
    return may_lead_at(end) || (t.n > CHUNK && may_lead_at(end + CHUNK));
}
