/* SPDX-License-Identifier: MIT */
/*
 * bounce.hpp - C++17 owners for the objects of libbounce: copy it into your project.
 *
 * Everything is freed with its owner, even after an exception. Values that a report does not
 * state are empty optionals; texts are valid as long as the report.
 */
#ifndef BOUNCE_HPP
#define BOUNCE_HPP

#include <bounce.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bounce {

class error : public std::runtime_error {
  public:
    error(bounce_status status, const bounce_error &e) : std::runtime_error(e.message), status(status) {}
    bounce_status status;
};

struct freeing {
    void operator()(bounce_rules *rules) const { bounce_rules_unref(rules); }
    void operator()(bounce_parser *parser) const { bounce_parser_free(parser); }
    void operator()(bounce_options *options) const { bounce_options_free(options); }
    void operator()(bounce_report *report) const { bounce_report_free(report); }
    void operator()(bounce_mailbox *mailbox) const { bounce_mailbox_close(mailbox); }
};
template <typename T> using owner = std::unique_ptr<T, freeing>;
using text = std::optional<std::string_view>;

inline text as_text(const char *z)
{
    return z ? text(z) : std::nullopt;
}

/* A recipient; its report must outlive it. */
class recipient {
  public:
    explicit recipient(const bounce_recipient *r) : r(r) {}
    text address() const { return string(BOUNCE_RECIPIENT_ADDRESS); }
    text status() const { return string(BOUNCE_RECIPIENT_STATUS); }
    text diagnostic() const { return string(BOUNCE_RECIPIENT_DIAGNOSTIC); }
    text string(bounce_recipient_field field) const { return as_text(bounce_recipient_string(r, field)); }
    bounce_type type() const { return bounce_recipient_type(r); }
    bounce_reason reason() const { return bounce_recipient_reason(r); }
    std::string_view reason_name() const { return bounce_reason_name(reason()); }

  private:
    const bounce_recipient *r;
};

class report {
  public:
    explicit report(bounce_report *r) : r(r) {}
    bounce_kind kind() const { return bounce_report_kind(r.get()); }
    std::string_view kind_name() const { return bounce_kind_name(kind()); }
    text string(bounce_report_field field) const { return as_text(bounce_report_string(r.get(), field)); }

    /* for (bounce::recipient r : report) */
    class iterator {
      public:
        iterator(const bounce_report *r, size_t at) : r(r), at(at) {}
        recipient operator*() const { return recipient(bounce_report_recipient(r, at)); }
        iterator &operator++() { return at++, *this; }
        bool operator!=(const iterator &other) const { return at != other.at; }

      private:
        const bounce_report *r;
        size_t at;
    };
    iterator begin() const { return {r.get(), 0}; }
    iterator end() const { return {r.get(), bounce_report_recipients(r.get())}; }

  private:
    owner<bounce_report> r;
};

/* To be used by one thread at a time. */
class parser {
  public:
    explicit parser(bounce_rules *rules, const bounce_options *options = nullptr) : p(bounce_parser_new(rules, options))
    {
    }
    report parse(std::string_view mail)
    {
        bounce_report *result;
        bounce_error e;
        if (bounce_status status = bounce_parse(p.get(), mail.data(), mail.size(), &result, &e))
            throw error(status, e);
        return report(result);
    }

  private:
    owner<bounce_parser> p;
};

class mailbox {
  public:
    explicit mailbox(const std::string &path, bounce_format format = BOUNCE_FORMAT_AUTO)
    {
        bounce_mailbox *opened;
        bounce_error e;
        if (bounce_status status = bounce_mailbox_open(path.c_str(), format, 0, &opened, &e))
            throw error(status, e);
        m.reset(opened);
    }
    /* The next message, valid until the next call; nothing at the end. After an error in a
     * file of a folder, the next call continues after that file. */
    text next()
    {
        bounce_view view;
        bounce_error e;
        bounce_status status = bounce_mailbox_next(m.get(), &view, &e);
        if (status == BOUNCE_END)
            return std::nullopt;
        if (status != BOUNCE_OK)
            throw error(status, e);
        return std::string_view(reinterpret_cast<const char *>(view.bytes), view.length);
    }

  private:
    owner<bounce_mailbox> m;
};

} // namespace bounce

#endif
