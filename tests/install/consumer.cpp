/* SPDX-License-Identifier: MIT */
/* The same from C++, with owners that free objects for us. */
#include <bounce.h>

#include <iostream>
#include <memory>
#include <string>

struct closer {
    void operator()(bounce_rules *rules) const { bounce_rules_unref(rules); }
    void operator()(bounce_parser *parser) const { bounce_parser_free(parser); }
    void operator()(bounce_report *report) const { bounce_report_free(report); }
};

int main()
{
    const std::string reply = "552 5.2.2 <joe@example.net>: over quota";
    std::unique_ptr<bounce_rules, closer> rules(bounce_rules_default());
    std::unique_ptr<bounce_parser, closer> parser(bounce_parser_new(rules.get(), nullptr));
    bounce_report *result = nullptr;
    if (bounce_parse_reply(parser.get(), reply.data(), reply.size(), nullptr, &result, nullptr) != BOUNCE_OK)
        return 1;
    std::unique_ptr<bounce_report, closer> report(result);
    const bounce_recipient *recipient = bounce_report_recipient(report.get(), 0);
    std::cout << bounce_reason_name(bounce_recipient_reason(recipient)) << "\n";
    return bounce_recipient_reason(recipient) == BOUNCE_REASON_MAILBOX_FULL ? 0 : 1;
}
