/* SPDX-License-Identifier: MIT */
/*
 * test_api.cpp - bounce.h from C++: linkage, ownership by unique_ptr, and one
 * set of rules shared by several threads, each with its own parser.
 */
#include <bounce.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct closer {
    void operator()(bounce_rules *p) const { bounce_rules_unref(p); }
    void operator()(bounce_parser *p) const { bounce_parser_free(p); }
    void operator()(bounce_report *p) const { bounce_report_free(p); }
};
template <class T> using owned = std::unique_ptr<T, closer>;

const std::string reply = "552 5.2.2 <joe@example.net>: mailbox over quota";
const std::string mail = "From: MAILER-DAEMON@example.org\n"
                         "Subject: Undelivered Mail Returned to Sender\n"
                         "MIME-Version: 1.0\n"
                         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                         "--b\nContent-Type: message/delivery-status\n\n"
                         "Reporting-MTA: dns; example.org\n\n"
                         "Final-Recipient: rfc822; jane@example.net\nAction: failed\nStatus: 5.0.0\n"
                         "Diagnostic-Code: smtp; 550 User unknown\n\n--b--\n";

/* The JSON of one mail and one reply. */
std::string judge(bounce_parser *parser)
{
    std::string answer;
    bounce_report *result = nullptr;
    const char *json = nullptr;
    if (bounce_parse(parser, mail.data(), mail.size(), &result, nullptr) != BOUNCE_OK)
        return "parse failed";
    owned<bounce_report> report(result);
    if (bounce_report_json(report.get(), nullptr, &json, nullptr) == BOUNCE_OK)
        answer = json;
    if (bounce_parse_reply(parser, reply.data(), reply.size(), nullptr, &result, nullptr) != BOUNCE_OK)
        return "parse_reply failed";
    report.reset(result);
    if (bounce_report_json(report.get(), nullptr, &json, nullptr) == BOUNCE_OK)
        answer += json;
    return answer;
}

} // namespace

int main()
{
    owned<bounce_rules> rules(bounce_rules_default());
    owned<bounce_parser> parser(bounce_parser_new(rules.get(), nullptr));
    const std::string want = judge(parser.get());
    if (want.find("\"no-such-user\"") == std::string::npos || want.find("\"mailbox-full\"") == std::string::npos) {
        std::cout << "unexpected answer: " << want << "\n";
        return 1;
    }
    std::atomic<int> different{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++)
        threads.emplace_back([&] {
            owned<bounce_parser> own(bounce_parser_new(rules.get(), nullptr));
            for (int round = 0; round < 50; round++)
                if (judge(own.get()) != want)
                    different++;
        });
    for (auto &thread : threads)
        thread.join();
    if (different)
        std::cout << different << " answers of threads differ\n";
    return different != 0;
}
