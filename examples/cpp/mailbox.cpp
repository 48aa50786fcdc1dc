/* SPDX-License-Identifier: MIT */
/*
 * mailbox.cpp - the recipients of the reports in mailboxes.
 *
 * usage: mailbox MAILBOX...
 *
 * In: mbox files, Maildirs, folders, single mails. Out: a line for each recipient, then how often
 * each reason was found. Exit status 1 if something cannot be read.
 *
 *     c++ -std=c++17 mailbox.cpp -o mailbox $(pkg-config --cflags --libs libbounce)
 */
#include "bounce.hpp"

#include <iostream>
#include <map>

static void show(const bounce::report &report, std::map<std::string, int> &counts)
{
    for (bounce::recipient r : report) {
        std::cout << r.address().value_or("(not stated)") << ": " << bounce_type_name(r.type()) << ", "
                  << r.reason_name() << ", " << r.status().value_or("-") << "\n";
        counts[std::string(r.reason_name())]++;
    }
}

int main(int argc, char **argv)
{
    std::map<std::string, int> counts;
    bounce::owner<bounce_rules> rules(bounce_rules_default());
    bounce::parser parser(rules.get());
    try {
        for (int i = 1; i < argc; i++) {
            bounce::mailbox mailbox(argv[i]);
            while (bounce::text mail = mailbox.next())
                show(parser.parse(*mail), counts);
        }
    } catch (const bounce::error &e) {
        std::cerr << "mailbox: " << e.what() << "\n";
        return 1;
    }
    for (const auto &[reason, count] : counts)
        std::cout << count << " " << reason << "\n";
    return 0;
}
