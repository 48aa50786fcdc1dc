/* SPDX-License-Identifier: MIT */
/*
 * summary_words.c - the fixed words of the output in plain English.
 *
 * In: words of `queue` and `mend`, numbers of seconds, what is counted. Out: what a
 * reader sees for them. Nothing is refused.
 */
#include "summary/summary_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word_meaning {
    const char *word, *meaning;
};

static const char *meaning_of(const struct word_meaning *words, const char *word)
{
    for (; words->word; words++)
        if (strcmp(words->word, word) == 0)
            return words->meaning;
    return word;
}

const char *words_for_retry(const char *queue)
{
    static const struct word_meaning words[] = {
        {"drop", "Write again: this message was given up"},
        {"retry", "Try again"},
        {"slow-down", "Send fewer messages, over fewer connections"},
        {"split", "Send to fewer recipients at a time"},
        {"pause-domain", "Send nothing there for a while"},
        {"pause-ip", "Send nothing there from this address of yours until it is fixed"},
        {"pause-sender", "Send nothing there for this sender until it is fixed"},
        {"hold", "Send nothing this way until your configuration is fixed"},
        {NULL, NULL}};
    return meaning_of(words, queue);
}

const char *words_for_mend(const char *mend)
{
    static const struct word_meaning words[] = {
        {"listing", "Ask the block list to remove your address"},
        {"reputation", "Improve the reputation of your address or domain: fewer complaints, fewer dead addresses"},
        {"reverse-dns", "Give your address a name in reverse DNS that leads back to it"},
        {"authentication", "Fix SPF, DKIM or DMARC of your domain"},
        {"sender", "Use a sender address that exists and may send"},
        {"message", "Change the message: its size, form or content was refused"},
        {"route", "Fix the route: mail loops, or goes to a server that does not relay it"},
        {"protocol", "Fix what your server says in SMTP"},
        {"login", "Fix your server's login at the next one"},
        {"tls", "Turn on encryption, or fix it"},
        {NULL, NULL}};
    return meaning_of(words, mend);
}

const char *words_for_time(const char *seconds, char text[40])
{
    static const struct {
        unsigned long long seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    unsigned long long n = strtoull(seconds, NULL, 10);
    size_t i = 0;
    while (i < 3 && (n < units[i].seconds || n % units[i].seconds))
        i++;
    n /= units[i].seconds;
    snprintf(text, 40, "%llu %s%s", n, units[i].name, n == 1 ? "" : "s");
    return text;
}

const char *words_for_title(enum summary_by by)
{
    static const char *const titles[BY_COUNT] = {"Types",
                                                 "Reasons",
                                                 "Groups: who has to change something",
                                                 "Days",
                                                 "Providers",
                                                 "Domains of recipients",
                                                 "Remote hosts",
                                                 "Software that reported",
                                                 "Status codes",
                                                 "Providers by month",
                                                 "Causes of failures",
                                                 "Your addresses and domains on block lists",
                                                 "Addresses to suppress",
                                                 "What to try again, and when",
                                                 "What to fix, and where"};
    return titles[by];
}

const char *words_for_column(enum summary_by by)
{
    static const char *const columns[BY_COUNT] = {"Type",   "Reason", "Group",    "Day",    "Provider",
                                                  "Domain", "Host",   "Software", "Status", "Provider",
                                                  "Cause",  "Listed", "Address",  "What",   "What"};
    return columns[by];
}
