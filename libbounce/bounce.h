/* SPDX-License-Identifier: MIT */
/*
 * bounce.h - the public interface of libbounce, and its only header.
 *
 * libbounce reads what mail systems send back: delivery status notifications
 * (RFC 3464, RFC 6533), free-text non-delivery reports, abuse feedback
 * (RFC 5965), disposition notifications (RFC 8098), automatic replies
 * (RFC 3834) and single SMTP replies (RFC 5321). For every recipient it says
 * what happened, why, whether the address is dead, which enhanced status code
 * (RFC 3463) fits, and what the sender should do.
 *
 *     bounce_rules  *rules  = bounce_rules_default();
 *     bounce_parser *parser = bounce_parser_new(rules, NULL);
 *     bounce_report *report;
 *     if (bounce_parse(parser, bytes, length, &report, NULL) == BOUNCE_OK) {
 *         for (size_t i = 0; i < bounce_report_recipients(report); i++) {
 *             const bounce_recipient *r = bounce_report_recipient(report, i);
 *             const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
 *             puts(address ? address : "(address not stated)");
 *             puts(bounce_reason_name(bounce_recipient_reason(r)));
 *         }
 *         bounce_report_free(report);
 *     }
 *     bounce_parser_free(parser);
 *     bounce_rules_unref(rules);
 *
 * Conventions that hold for every function below
 *
 *   Strings    All strings returned are UTF-8 and end with a NUL byte. They
 *              are borrowed: they belong to the object that returned them and
 *              live as long as it does. NULL means "not stated". A NUL byte in
 *              the input becomes U+FFFD.
 *   Errors     A function that can fail returns a bounce_status. On failure
 *              its result is set to NULL, and the bounce_error (which may be
 *              NULL) says more. "Not a bounce" is a result, not an error.
 *   Freeing    Functions that free something accept NULL and then do nothing.
 *   NULL       Functions that query an object accept NULL for it, an index out
 *              of range, and a field that they do not know: the answer is NULL,
 *              0, false, or the first value of the enum.
 *   Threads    bounce_rules may be shared by all threads. Every other object
 *              belongs to one thread at a time; different objects may be used
 *              by different threads at once.
 *   Enums      Numbers are fixed and values are only ever appended. Expect
 *              values that you do not know.
 *   Silence    The library does not print, exit, read the environment, change
 *              the locale or keep state that the host program could see, except
 *              where GMime and GLib force it to. The first mail with unusual
 *              MIME parameters makes it load GMime (if that is missing, the
 *              mail gives BOUNCE_ERROR_MEMORY) and call g_mime_init(), which
 *              reseeds rand() and reads the time zone. GLib reads its own
 *              environment variables, registers types (so do not unload the
 *              library: it is linked with -z nodelete), and ends the process
 *              when memory runs out. Creating parsers, rules and options also
 *              ends it then; other allocations of our own, for a mail, a reply
 *              or its JSON, give BOUNCE_ERROR_MEMORY.
 *   Locale     Results are the same bytes under every locale.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(BOUNCE_STATIC)
#define BOUNCE_API
#elif defined(__GNUC__)
#define BOUNCE_API __attribute__((visibility("default")))
#else
#define BOUNCE_API
#endif

/* ---------------------------------------------------------------- version */

#define BOUNCE_VERSION_MAJOR 0
#define BOUNCE_VERSION_MINOR 1
#define BOUNCE_VERSION_PATCH 0
#define BOUNCE_VERSION_STRING "0.1.0"
/* The three as one number, 203 for 0.2.3, for the preprocessor: #if BOUNCE_VERSION_NUMBER >= 203 */
#define BOUNCE_VERSION_NUMBER (BOUNCE_VERSION_MAJOR * 10000 + BOUNCE_VERSION_MINOR * 100 + BOUNCE_VERSION_PATCH)

/* The version of the running library, as "MAJOR.MINOR.PATCH". Static. */
BOUNCE_API const char *bounce_version(void);

/* ----------------------------------------------------------------- errors */

typedef enum bounce_status {
    BOUNCE_OK = 0,
    BOUNCE_END = 1,            /* bounce_mailbox_next, bounce_events_next: nothing further */
    BOUNCE_ERROR_ARGUMENT = 2, /* an argument that the function does not allow */
    BOUNCE_ERROR_IO = 3,       /* a file could not be opened or read */
    BOUNCE_ERROR_RULES = 4,    /* a rule file has errors */
    BOUNCE_ERROR_LIMIT = 5,    /* an option is out of range, or a buffer too small */
    BOUNCE_ERROR_INTERNAL = 6, /* a bug in the library */
    BOUNCE_ERROR_MEMORY = 7,   /* memory ran out */
    BOUNCE_ERROR_SYNTAX = 8    /* a broken document of events or policy file */
} bounce_status;

/* What went wrong. The caller's memory; frozen at 1.0. line and column count from 1; they are 0 where they do not
 * apply. message is one line of UTF-8 without a newline, at most 255 bytes, cut between characters. */
typedef struct bounce_error {
    bounce_status status;
    uint32_t line;
    uint32_t column;
    char message[256];
} bounce_error;

/* What a status means, in a few words of English: "memory ran out". Static, never NULL. */
BOUNCE_API const char *bounce_status_text(bounce_status status);

/* ------------------------------------------------------------ vocabulary */

/* What a message is. */
typedef enum bounce_kind {
    BOUNCE_KIND_NONE = 0,       /* ordinary mail */
    BOUNCE_KIND_DSN = 1,        /* RFC 3464 fields were read */
    BOUNCE_KIND_NDR = 2,        /* a report in free text */
    BOUNCE_KIND_ARF = 3,        /* RFC 5965 feedback */
    BOUNCE_KIND_MDN = 4,        /* RFC 8098 disposition notification */
    BOUNCE_KIND_AUTO_REPLY = 5, /* RFC 3834: vacation and the like */
    BOUNCE_KIND_CHALLENGE = 6,  /* a challenge-response system asks back */
    BOUNCE_KIND_REPLY = 7,      /* from bounce_parse_reply() */
    BOUNCE_KIND_LOG = 8,        /* from lines of a mail server's log */
    BOUNCE_KIND_EVENT = 9       /* from bounce_events_next() */
} bounce_kind;

/* RFC 3464 section 2.3.3, and complaint for feedback reports. */
typedef enum bounce_action {
    BOUNCE_ACTION_UNKNOWN = 0,
    BOUNCE_ACTION_FAILED = 1,
    BOUNCE_ACTION_DELAYED = 2,
    BOUNCE_ACTION_DELIVERED = 3,
    BOUNCE_ACTION_RELAYED = 4,
    BOUNCE_ACTION_EXPANDED = 5,
    BOUNCE_ACTION_COMPLAINT = 6
} bounce_action;

typedef enum bounce_type {
    BOUNCE_TYPE_NONE = 0, /* no failure */
    BOUNCE_TYPE_SOFT = 1, /* may work later, or once something changes */
    BOUNCE_TYPE_HARD = 2  /* the address can never receive mail */
} bounce_type;

typedef enum bounce_reason {
    BOUNCE_REASON_UNKNOWN = 0,
    BOUNCE_REASON_NO_SUCH_USER = 1,
    BOUNCE_REASON_NO_SUCH_DOMAIN = 2,
    BOUNCE_REASON_BAD_ADDRESS = 3,
    BOUNCE_REASON_MAILBOX_MOVED = 4,
    BOUNCE_REASON_MAILBOX_DISABLED = 5,
    BOUNCE_REASON_MAILBOX_FULL = 6,
    BOUNCE_REASON_RECIPIENT_REFUSED = 7,
    BOUNCE_REASON_NO_MAIL_SERVICE = 8,
    BOUNCE_REASON_SUPPRESSED = 9,
    BOUNCE_REASON_MESSAGE_TOO_LARGE = 10,
    BOUNCE_REASON_CONTENT_REJECTED = 11,
    BOUNCE_REASON_NONCOMPLIANT = 12,
    BOUNCE_REASON_SPAM = 13,
    BOUNCE_REASON_VIRUS = 14,
    BOUNCE_REASON_RELAY_DENIED = 15,
    BOUNCE_REASON_AUTH_FAILURE = 16,
    BOUNCE_REASON_AUTH_REQUIRED = 17,
    BOUNCE_REASON_IP_BLOCKED = 18,
    BOUNCE_REASON_BAD_REPUTATION = 19,
    BOUNCE_REASON_PTR_MISSING = 20,
    BOUNCE_REASON_SENDER_REJECTED = 21,
    BOUNCE_REASON_POLICY = 22,
    BOUNCE_REASON_TLS_REQUIRED = 23,
    BOUNCE_REASON_RATE_LIMITED = 24,
    BOUNCE_REASON_TOO_MANY_CONNECTIONS = 25,
    BOUNCE_REASON_TOO_MANY_RECIPIENTS = 26,
    BOUNCE_REASON_GREYLISTED = 27,
    BOUNCE_REASON_SYSTEM_FULL = 28,
    BOUNCE_REASON_SYSTEM_ERROR = 29,
    BOUNCE_REASON_MAILER_ERROR = 30,
    BOUNCE_REASON_NETWORK_ERROR = 31,
    BOUNCE_REASON_DNS_ERROR = 32,
    BOUNCE_REASON_ROUTING_LOOP = 33,
    BOUNCE_REASON_EXPIRED = 34,
    BOUNCE_REASON_PROTOCOL_ERROR = 35,
    BOUNCE_REASON_COMPLAINT = 36,
    BOUNCE_REASON_CHALLENGE = 37,
    BOUNCE_REASON_DELIVERED = 38
} bounce_reason;

/* Whose side must change before a retry can pass. */
typedef enum bounce_group {
    BOUNCE_GROUP_OTHER = 0,
    BOUNCE_GROUP_RECIPIENT = 1,
    BOUNCE_GROUP_MESSAGE = 2,
    BOUNCE_GROUP_SENDER = 3,
    BOUNCE_GROUP_SYSTEM = 4,
    BOUNCE_GROUP_NETWORK = 5
} bounce_group;

/* The SMTP command that failed. DATA includes the end of the data. */
typedef enum bounce_command {
    BOUNCE_COMMAND_NONE = 0,
    BOUNCE_COMMAND_EHLO = 1,
    BOUNCE_COMMAND_STARTTLS = 2,
    BOUNCE_COMMAND_AUTH = 3,
    BOUNCE_COMMAND_MAIL = 4,
    BOUNCE_COMMAND_RCPT = 5,
    BOUNCE_COMMAND_DATA = 6
} bounce_command;

typedef enum bounce_decided_by {
    BOUNCE_DECIDED_BY_NOBODY = 0,  /* nobody ended a delivery */
    BOUNCE_DECIDED_BY_REMOTE = 1,  /* a 5xx reply of the receiving server */
    BOUNCE_DECIDED_BY_REPORTER = 2 /* the reporting server gave up by itself */
} bounce_decided_by;

/* What the sender should do. */
typedef enum bounce_advice {
    BOUNCE_ADVICE_NONE = 0,
    BOUNCE_ADVICE_SUPPRESS = 1,
    BOUNCE_ADVICE_RETRY = 2,
    BOUNCE_ADVICE_FIX_MESSAGE = 3,
    BOUNCE_ADVICE_FIX_SENDER = 4,
    BOUNCE_ADVICE_FIX_CONFIG = 5,
    BOUNCE_ADVICE_CONTACT_RECIPIENT = 6
} bounce_advice;

/* What a mail server should do with its queue. Treat a value that you do not know as RETRY. */
typedef enum bounce_queue {
    BOUNCE_QUEUE_NONE = 0,         /* nothing: delivered, still tried, not your mail */
    BOUNCE_QUEUE_DROP = 1,         /* this message to this recipient cannot pass */
    BOUNCE_QUEUE_RETRY = 2,        /* keep it, and try again */
    BOUNCE_QUEUE_SLOW_DOWN = 3,    /* less mail, fewer connections to this destination */
    BOUNCE_QUEUE_SPLIT = 4,        /* fewer recipients at a time */
    BOUNCE_QUEUE_PAUSE_DOMAIN = 5, /* nothing to this destination for a while */
    BOUNCE_QUEUE_PAUSE_IP = 6,     /* nothing from this IP address of yours to this destination until it is fixed */
    BOUNCE_QUEUE_PAUSE_SENDER = 7, /* nothing from this sender or its domain until it is fixed */
    BOUNCE_QUEUE_HOLD = 8          /* nothing by this route until your configuration is fixed */
} bounce_queue;

/* The names used in the JSON output ("no-such-user"), static, never NULL: a
 * value that the library does not know is "unknown". */
BOUNCE_API const char *bounce_kind_name(bounce_kind kind);
BOUNCE_API const char *bounce_action_name(bounce_action action);
BOUNCE_API const char *bounce_type_name(bounce_type type);
BOUNCE_API const char *bounce_reason_name(bounce_reason reason);
BOUNCE_API const char *bounce_group_name(bounce_group group);
BOUNCE_API const char *bounce_command_name(bounce_command command);
BOUNCE_API const char *bounce_decided_by_name(bounce_decided_by who);
BOUNCE_API const char *bounce_advice_name(bounce_advice advice);
BOUNCE_API const char *bounce_queue_name(bounce_queue queue);

/* The reason with that name, or BOUNCE_REASON_UNKNOWN; NULL gives that too. */
BOUNCE_API bounce_reason bounce_reason_from_name(const char *name);
/* One line of English that says what the reason means. Static, never NULL. */
BOUNCE_API const char *bounce_reason_meaning(bounce_reason reason);

/* The reverse: true, with *value (which must not be NULL) set, for a name that the functions above give. False, with
 * *value unchanged, for any other name and for NULL. */
BOUNCE_API bool bounce_kind_from_name(const char *name, bounce_kind *value);
BOUNCE_API bool bounce_action_from_name(const char *name, bounce_action *value);
BOUNCE_API bool bounce_type_from_name(const char *name, bounce_type *value);
BOUNCE_API bool bounce_group_from_name(const char *name, bounce_group *value);
BOUNCE_API bool bounce_command_from_name(const char *name, bounce_command *value);
BOUNCE_API bool bounce_decided_by_from_name(const char *name, bounce_decided_by *value);
BOUNCE_API bool bounce_advice_from_name(const char *name, bounce_advice *value);
BOUNCE_API bool bounce_queue_from_name(const char *name, bounce_queue *value);

/* How many reasons the library knows. They are numbered from 0, without gaps. */
BOUNCE_API size_t bounce_reason_count(void);
/* What doc/reasons.md says about each: whose side must change; the type of a permanent failure; and the usual advice (a
 * recipient's may differ), with BOUNCE_ADVICE_NONE past its end. A reason that the library does not know counts as
 * BOUNCE_REASON_UNKNOWN. */
BOUNCE_API bounce_group bounce_reason_group(bounce_reason reason);
BOUNCE_API bounce_type bounce_reason_type(bounce_reason reason);
BOUNCE_API bounce_advice bounce_reason_advice(bounce_reason reason, size_t index);
BOUNCE_API const char *bounce_reason_advice_text(bounce_reason reason);

/* ------------------------------------------------------------------ rules */

/* A set of rules: immutable, reference-counted, safe to share between threads. */
typedef struct bounce_rules bounce_rules;
/* One verdict rule of a set; lives as long as the set. */
typedef struct bounce_rule bounce_rule;

/* Called once for each error found in rule files, in the order of files and lines. path is the file's path as given or
 * found. Both pointers are valid during the call only. */
typedef void bounce_rules_error_fn(void *data, const char *path, const bounce_error *error);

/* The rules built into the library. Never NULL, and cheap. Returns a reference
 * that the caller releases with bounce_rules_unref(). */
BOUNCE_API bounce_rules *bounce_rules_default(void);

/* The built-in rules, plus those of `count` files or folders (every file whose name ends in .rules, in byte order of
 * the names; not recursive), with their `override`s applied. Every error in every file is passed to on_error (may be
 * NULL) with data; if there was any, the call fails with BOUNCE_ERROR_RULES (or BOUNCE_ERROR_IO if no file could be
 * read) and *error holds the first, with its path before the message: "my.rules: no rule has this keyword"; only the
 * end of a long path. */
BOUNCE_API bounce_status bounce_rules_load(const char *const *paths, size_t count, bounce_rules_error_fn *on_error,
                                           void *data, bounce_rules **rules, bounce_error *error);

/* A rule file that is on disk (or a folder of them), or in memory. */
typedef struct bounce_rules_source {
    const char *path; /* shown in errors; its base name is shown in evidence */
    const char *text; /* contents of the file; NULL: path is read */
    size_t length;    /* of text, in bytes */
    bool unchecked;   /* part of the set, but bounce_rules_check() counts and tries nothing in it */
} bounce_rules_source;

/* The same as bounce_rules_load(), for files that may be in memory. text is not needed after the call returns. */
BOUNCE_API bounce_status bounce_rules_load_sources(const bounce_rules_source *sources, size_t count,
                                                   bounce_rules_error_fn *on_error, void *data, bounce_rules **rules,
                                                   bounce_error *error);

/* What bounce_rules_check() counts in the files, as indexes of an array. */
typedef enum bounce_rules_count_field {
    BOUNCE_RULES_COUNT_RULES = 0,     /* without overrides */
    BOUNCE_RULES_COUNT_OVERRIDES = 1, /* that replace a rule */
    BOUNCE_RULES_COUNT_REMOVED = 2,   /* overrides that only remove one */
    BOUNCE_RULES_COUNT_DIALECTS = 3,
    BOUNCE_RULES_COUNT_EXAMPLES = 4, /* that were tried */
    BOUNCE_RULES_COUNT_NEARS = 5,
    BOUNCE_RULES_COUNT_FAILED = 6 /* examples decided by another rule or none, near misses that their rule decides */
} bounce_rules_count_field;
#define BOUNCE_RULES_COUNTS 7 /* their number, in this version of the header */

/* Checks rule files for those who write them. Does what bounce_rules_load_sources() does, then tries each example and
 * near miss in the files against the whole set, and looks for rules without effect. Each finding is passed to
 * on_warning (may be NULL) as an error with status BOUNCE_OK; warnings do not make the call fail. The first `capacity`
 * counts are written to counts (NULL: if capacity is 0). */
BOUNCE_API bounce_status bounce_rules_check(const bounce_rules_source *sources, size_t count,
                                            bounce_rules_error_fn *on_error, bounce_rules_error_fn *on_warning,
                                            void *data, size_t *counts, size_t capacity, bounce_error *error);

/* Writes a rule file with one rule that decides texts such as `wording` (from bounce_report_wording(); it becomes the
 * rule's example), for somebody who knows what the words mean to read and improve. reason: what they mean; for
 * BOUNCE_REASON_UNKNOWN, "?" is written, to be filled in. Together with the sources, the rule passes
 * bounce_rules_check() without a warning, and sources that are not unchecked still pass. buffer gets the file and a
 * NUL, and *length its bytes. BOUNCE_END, with *length 0, if no phrase of the text could find it: it has no rare words,
 * or is not text. BOUNCE_ERROR_LIMIT if capacity is not above *length; 4096 bytes are enough. BOUNCE_ERROR_RULES or
 * BOUNCE_ERROR_IO, with *length 0, if the sources have errors. */
BOUNCE_API bounce_status bounce_rules_draft(const bounce_rules_source *sources, size_t count, bounce_reason reason,
                                            const char *wording, char *buffer, size_t capacity, size_t *length);

/* Adds a reference and returns its argument. NULL gives NULL. */
BOUNCE_API bounce_rules *bounce_rules_ref(bounce_rules *rules);
BOUNCE_API void bounce_rules_unref(bounce_rules *rules);

/* "2026.11+sha256:…": the version of the built-in rules and the SHA-256 of all
 * rules in the set, in hex; the same files give the same digest. */
BOUNCE_API const char *bounce_rules_digest(const bounce_rules *rules);

/* The verdict rules in order: by tier, your own before the built-in ones, by reason, by what rules say about each
 * other, by id (doc/rules.md, "Order"). index < bounce_rules_count(). */
BOUNCE_API size_t bounce_rules_count(const bounce_rules *rules);
BOUNCE_API const bounce_rule *bounce_rules_at(const bounce_rules *rules, size_t index);

typedef enum bounce_rule_field {
    BOUNCE_RULE_ID = 0,
    BOUNCE_RULE_FILE = 1, /* base name of its file */
    BOUNCE_RULE_WHY = 2,  /* one line for people */
    BOUNCE_RULE_TAG = 3   /* the user's own tag */
} bounce_rule_field;
BOUNCE_API const char *bounce_rule_string(const bounce_rule *rule, bounce_rule_field field);
BOUNCE_API bounce_reason bounce_rule_reason(const bounce_rule *rule);
BOUNCE_API int bounce_rule_tier(const bounce_rule *rule);      /* 1, 2, 3 or 5 */
BOUNCE_API uint32_t bounce_rule_line(const bounce_rule *rule); /* of its `rule` line */
/* Where the rule is in the order of a set: 1 is the first, bounce_rules_at(rules, 0). 0 if the set does not have it. */
BOUNCE_API size_t bounce_rule_rank(const bounce_rules *rules, const bounce_rule *rule);

/* ----------------------------------------------------------------- parser */

typedef struct bounce_options bounce_options;
typedef struct bounce_parser bounce_parser;
typedef struct bounce_report bounce_report;
typedef struct bounce_recipient bounce_recipient;

typedef enum bounce_option {
    BOUNCE_OPTION_MAX_MESSAGE_BYTES = 0, /* parsed from the start; default 1 MiB, 1 KiB..1 GiB */
    BOUNCE_OPTION_EXPLAIN = 1,           /* 0 or 1: find the rules that lost, and trace the reading */
    BOUNCE_OPTION_JIT = 2,               /* 0 or 1: use PCRE2's JIT where available */
    BOUNCE_OPTION_DIALECTS = 3,          /* 0 or 1 (default 1): use the dialects of free text */
    BOUNCE_OPTION_PREFILTER = 4,         /* 0 or 1 (default 1): find candidate rules by literals */
    BOUNCE_OPTION_READ_ALL = 5,          /* 0 or 1: read every mail in full. By default a mail whose header
                                            shows no sign of a report is of kind none, and its body is
                                            not read: not for reports, and not for warnings about it */
    BOUNCE_OPTION_MAX_TEXT_STEPS = 6,    /* that regular expressions may take in one text; default 2,000,000, */
    BOUNCE_OPTION_MAX_MESSAGE_STEPS = 7, /* and in one message, default 20,000,000, about half a second; both
                                            1000..1,000,000,000. What is not decided then does not match, and
                                            the report has the warning match-limit */
    BOUNCE_OPTION_READ_FORWARDED = 8     /* 0 or 1: if a mail holds nothing but a forwarded report
                                            (message/rfc822), read that report */
} bounce_option;

/* Options start with their defaults. bounce_options_set() copies. */
BOUNCE_API bounce_options *bounce_options_new(void);
BOUNCE_API void bounce_options_free(bounce_options *options);
/* BOUNCE_ERROR_ARGUMENT for an unknown option, BOUNCE_ERROR_LIMIT for a value
 * out of range; the options are then as before. */
BOUNCE_API bounce_status bounce_options_set(bounce_options *options, bounce_option option, uint64_t value);
/* A pattern that finds the recipient in the envelope recipient of the report itself (VERP), in addition to the forms
 * that the library knows: literal text that contains {local} and {domain}, or {address}, for example
 * "bounces+{local}={domain}@news.example". NULL removes it. Copied. BOUNCE_ERROR_ARGUMENT if the pattern has neither
 * {address} nor both {local} and {domain}, or one of them twice. */
BOUNCE_API bounce_status bounce_options_set_verp(bounce_options *options, const char *pattern);
/* Requests the fields of that name in the header of the returned message: "X-Campaign". Call it once for each name; a
 * name already requested, in upper or lower case, adds nothing. Copied. BOUNCE_ERROR_ARGUMENT if it is not a field name
 * (RFC 5322 2.2), BOUNCE_ERROR_LIMIT for a name of more than 128 bytes and for more than 64 names. */
BOUNCE_API bounce_status bounce_options_add_header(bounce_options *options, const char *name);

/* Scratch memory for one thread. Takes its own reference to rules; options may
 * be NULL for the defaults and are copied. Returns NULL only if rules is NULL. */
BOUNCE_API bounce_parser *bounce_parser_new(bounce_rules *rules, const bounce_options *options);
BOUNCE_API void bounce_parser_free(bounce_parser *parser);

/* ------------------------------------------------- what you know of your mail */

/* Anyone can send a report about mail that you never sent, and so get an address removed. What you know about your own
 * mail tells such reports from real ones: fill one of these, and give it to the options of a parser. It is
 * reference-counted; once options have it, it no longer changes and may be shared by all threads: calls that would
 * change it fail with BOUNCE_ERROR_ARGUMENT, as does NULL for sent and, unless stated otherwise, for another pointer.
 * doc/forged-reports.md explains the answers.
 *
 *     bounce_sent *sent = bounce_sent_new();
 *     bounce_options *options = bounce_options_new();
 *     bounce_rules *rules = bounce_rules_default();
 *     bounce_report *report;
 *     bounce_sent_add_domain(sent, "ours.example");
 *     bounce_sent_add_id(sent, "<20261130.4711@ours.example>");
 *     bounce_options_set_sent(options, sent);
 *     bounce_parser *parser = bounce_parser_new(rules, options);
 *     if (bounce_parse(parser, bytes, length, &report, NULL) == BOUNCE_OK) {
 *         puts(bounce_sent_name(bounce_report_sent(report)));
 *         bounce_report_free(report);
 *     }
 *     bounce_parser_free(parser);
 *     bounce_rules_unref(rules);
 *     bounce_options_free(options);
 *     bounce_sent_unref(sent);
 */
typedef struct bounce_sent bounce_sent;

/* A new, empty one: a reference that the caller releases with bounce_sent_unref(). */
BOUNCE_API bounce_sent *bounce_sent_new(void);
/* Adds a reference and returns its argument. NULL gives NULL. */
BOUNCE_API bounce_sent *bounce_sent_ref(bounce_sent *sent);
/* Releases a reference; the last one wipes the keys and frees everything. */
BOUNCE_API void bounce_sent_unref(bounce_sent *sent);

/* A domain of yours, with its subdomains: without one, no report is ever said to be about somebody else's message, and
 * no wrong key counts. Copied. */
BOUNCE_API bounce_status bounce_sent_add_domain(bounce_sent *sent, const char *domain);
/* The domain of a service that sends your mail with its own Message-ID (Amazon SES: "amazonses.com"). Copied. */
BOUNCE_API bounce_status bounce_sent_add_relay(bounce_sent *sent, const char *domain);
/* A Message-ID that you sent, with or without brackets. Copied. */
BOUNCE_API bounce_status bounce_sent_add_id(bounce_sent *sent, const char *message_id);
/* Reads Message-IDs from a file, one per line, or from the column message_id of an SQLite database (which loads
 * libsqlite3.so.0). Everything is read now. On BOUNCE_ERROR_IO *error (may be NULL) says why; some may have been
 * added. */
BOUNCE_API bounce_status bounce_sent_read_ids(bounce_sent *sent, const char *path, bounce_error *error);

typedef enum bounce_key_kind {
    BOUNCE_KEY_HMAC = 0, /* Message-IDs and return paths made by the functions below */
    BOUNCE_KEY_BATV = 1, /* prvs=, as Exim makes it */
    BOUNCE_KEY_SRS = 2   /* SRS0 and SRS1, as postsrsd and Exim make them */
} bounce_key_kind;
/* A key, copied; number is the one in the mark, 0 to 9. The first BOUNCE_KEY_HMAC key signs. BOUNCE_ERROR_LIMIT for a
 * third key of one kind and number, an empty key, and a BOUNCE_KEY_HMAC key below 16 bytes. */
BOUNCE_API bounce_status bounce_sent_add_key(bounce_sent *sent, bounce_key_kind kind, unsigned number,
                                             const void *secret, size_t length);
/* Reads keys from a file of lines "hmac NUMBER SECRET", "batv NUMBER SECRET" and "srs SECRET"; those that begin with
 * '#' are comments. BOUNCE_ERROR_IO if it cannot be read, BOUNCE_ERROR_ARGUMENT with the line in *error (may be NULL)
 * if a line is wrong; the keys before it were added. */
BOUNCE_API bounce_status bounce_sent_read_keys(bounce_sent *sent, const char *path, bounce_error *error);
/* The time that counts as now, in seconds since 1970, for archives and tests.
 * Default: the clock, each time. */
BOUNCE_API bounce_status bounce_sent_set_time(bounce_sent *sent, int64_t seconds);

/* Writes a Message-ID that can be verified for 90 days, "<UNIQUE.bk1...@DOMAIN>", and a NUL into buffer, which is the
 * caller's and holds capacity bytes (strlen(unique) + strlen(domain) + 31 are enough). unique makes it unique; it may
 * have the characters of a dot-atom. Also allowed while sent is in use. BOUNCE_ERROR_ARGUMENT without a BOUNCE_KEY_HMAC
 * key, for NULL and for other characters, BOUNCE_ERROR_LIMIT if it does not fit; the buffer then holds an empty
 * string. */
BOUNCE_API bounce_status bounce_sent_message_id(const bounce_sent *sent, const char *unique, const char *domain,
                                                char *buffer, size_t capacity);
/* Likewise an envelope sender: for bounces@ours.example and anna@maple.example
 * "bounces+bk1...-anna=maple.example@ours.example" (VERP, which is read without any option); recipient may be NULL.
 * Your server must deliver mail with anything after the '+' to the same mailbox. BOUNCE_ERROR_LIMIT also if the local
 * part would exceed 64 bytes (RFC 5321): then leave out the recipient. 88 bytes plus those of sender and recipient are
 * enough for the buffer. */
BOUNCE_API bounce_status bounce_sent_return_path(const bounce_sent *sent, const char *sender, const char *recipient,
                                                 char *buffer, size_t capacity);

/* Reports are checked against it; options take their own reference. NULL removes it. BOUNCE_ERROR_ARGUMENT if options
 * is NULL. */
BOUNCE_API bounce_status bounce_options_set_sent(bounce_options *options, bounce_sent *sent);
/* Your server whose Authentication-Results are believed (RFC 8601: its authserv-id), by the name that it also uses in
 * its Received fields. Copied; NULL removes it. BOUNCE_ERROR_ARGUMENT if options is NULL. */
BOUNCE_API bounce_status bounce_options_set_authserv_id(bounce_options *options, const char *host);
/* The envelope of the mails parsed from now on, which a pipe knows and a mail does not say: "" or "<>" is the null
 * sender, NULL means not known. Copied. Does nothing if parser is NULL. */
BOUNCE_API void bounce_parser_set_envelope(bounce_parser *parser, const char *from, const char *to);

/* ---------------------------------------------------------------- parsing */

/* Reads one message (RFC 5322, any line ends). bytes may hold anything and need not outlive the call; NULL is allowed
 * if length is 0. Always gives one report; the only errors are bad arguments, and BOUNCE_ERROR_MEMORY, after which the
 * parser can be used again. The report belongs to the caller, owns all that it returns, and outlives parser and
 * input. */
BOUNCE_API bounce_status bounce_parse(bounce_parser *parser, const void *bytes, size_t length, bounce_report **report,
                                      bounce_error *error);
/* The same for a file that holds one message, with or without a From line; for a mailbox use bounce_mailbox_open().
 * BOUNCE_ERROR_IO, with the path in *error, if it cannot be read or is a folder. */
BOUNCE_API bounce_status bounce_parse_file(bounce_parser *parser, const char *path, bounce_report **report,
                                           bounce_error *error);

/* What the caller knows about an SMTP reply besides its text. */
typedef struct bounce_context bounce_context;
BOUNCE_API bounce_context *bounce_context_new(void);
BOUNCE_API void bounce_context_free(bounce_context *context);
/* A command that the library does not know counts as BOUNCE_COMMAND_NONE. */
BOUNCE_API void bounce_context_set_command(bounce_context *context, bounce_command command);
/* Copied; NULL or "" removes. The host is the name of the server that replied. */
BOUNCE_API void bounce_context_set_host(bounce_context *context, const char *host);
BOUNCE_API void bounce_context_set_recipient(bounce_context *context, const char *recipient);

/* Judges one SMTP reply (RFC 5321 section 4.2; may have several lines). As many bytes are read as of a message. text
 * may be NULL if length is 0. The report is of kind BOUNCE_KIND_REPLY and has exactly one recipient, whose address is
 * NULL unless context or text names one. context overrides the text, and may be NULL. Ownership as with
 * bounce_parse(). */
BOUNCE_API bounce_status bounce_parse_reply(bounce_parser *parser, const char *text, size_t length,
                                            const bounce_context *context, bounce_report **report, bounce_error *error);

BOUNCE_API void bounce_report_free(bounce_report *report);
/* Also frees a report, but the parser keeps its memory for the next one, whatever it parses. So a loop that gives each
 * report back, and writes JSON with bounce_report_json_into(), allocates no memory once it has seen its largest
 * message. With NULL for parser it is bounce_report_free(). */
BOUNCE_API void bounce_parser_reuse(bounce_parser *parser, bounce_report *report);

/* ------------------------------------------------------------------- logs */

/* Reads a mail server's log, one line at a time: Postfix, Exim, Sendmail, OpenSMTPD, qmail, Courier, Microsoft
 * Exchange, PowerMTA, KumoMTA, Haraka, ZoneMTA. The software is recognised from the lines. Each line about a failed or
 * deferred delivery gives a report of kind BOUNCE_KIND_LOG with one recipient, and with what earlier lines said about
 * the same queue id; see doc/logs.md. After each line, and after the end, call bounce_log_next() until it gives
 * BOUNCE_END; doc/logs.md has an example.
 */
typedef struct bounce_log bounce_log;
/* options may be NULL, and are copied. NULL if rules is NULL. */
BOUNCE_API bounce_log *bounce_log_new(bounce_rules *rules, const bounce_options *options);
BOUNCE_API void bounce_log_free(bounce_log *log);

typedef enum bounce_log_option {
    BOUNCE_LOG_DELIVERED = 0, /* true: also what was delivered or relayed */
    BOUNCE_LOG_INBOUND = 1,   /* true: also incoming mail that the server refused */
    BOUNCE_LOG_ALL = 2,       /* true: also each line that says that nothing was tried */
    BOUNCE_LOG_FINAL = 3      /* true: only the last outcome of each recipient, when its message ends */
} bounce_log_option;
BOUNCE_API bounce_status bounce_log_set(bounce_log *log, bounce_log_option option, bool value);
/* The next file of the log begins, last written at this time (seconds since 1970): missing years are counted back from
 * it, and line numbers start again. Before any file the time is the clock's. */
BOUNCE_API bounce_status bounce_log_file(bounce_log *log, int64_t written);
/* The current file has been written to since, at this time. */
BOUNCE_API bounce_status bounce_log_written(bounce_log *log, int64_t written);
/* The zone of times without one: "UTC", "+0200", "-05:00"; default UTC. BOUNCE_ERROR_ARGUMENT for anything else. */
BOUNCE_API bounce_status bounce_log_set_timezone(bounce_log *log, const char *zone);
/* A server that mail is relayed to, as a name, an IP address or a network ("192.0.2.0/24"): mail that it takes has the
 * action relayed. So does mail to loopback and private addresses. */
BOUNCE_API bounce_status bounce_log_add_relay(bounce_log *log, const char *relay);

/* Takes the next line of the log, with or without its line end. bytes may be NULL if length is 0. Any bytes are
 * allowed; what they do not say stays unknown. */
BOUNCE_API bounce_status bounce_log_line(bounce_log *log, const void *bytes, size_t length, bounce_error *error);
/* The log ends here, and so does its last file. With BOUNCE_LOG_FINAL the outcomes of open messages come now. */
BOUNCE_API bounce_status bounce_log_end(bounce_log *log);

/* The next report from the lines taken, to be freed with bounce_report_free(), or BOUNCE_END. source, if not NULL, gets
 * number, offset and length of its line in the file, and no path. */
struct bounce_source;
BOUNCE_API bounce_status bounce_log_next(bounce_log *log, bounce_report **report, struct bounce_source *source);

/* The same in two steps: the next entry, not yet judged, as bytes that live until the next call with this log; then its
 * report. Following a log costs little, judging an entry much more: you need not judge an entry that you do not want,
 * and other processes can judge it, each with its copy of the log (fork(2)) and of the bytes. Pass only bytes that
 * a log gave: others give an error at best. */
BOUNCE_API bounce_status bounce_log_next_entry(bounce_log *log, const void **bytes, size_t *length,
                                               struct bounce_source *source);
BOUNCE_API bounce_status bounce_log_judge(bounce_log *log, const void *bytes, size_t length, bounce_report **report);
/* Which file the line of the last report or entry is from: the number of calls of bounce_log_file() before it. With
 * BOUNCE_LOG_FINAL it may be before the current file. */
BOUNCE_API uint64_t bounce_log_entry_file(const bounce_log *log);

/* The software of the last recognised line, "postfix"; NULL: there was none. */
BOUNCE_API const char *bounce_log_software(const bounce_log *log);
/* What went wrong so far in this file, each kind once, with the line and offset where it first occurred. */
BOUNCE_API size_t bounce_log_warnings(const bounce_log *log);
BOUNCE_API const char *bounce_log_warning_id(const bounce_log *log, size_t index);
BOUNCE_API const char *bounce_log_warning_text(const bounce_log *log, size_t index);

/* Whether these bytes begin with a line of such a log, not with a mail. */
BOUNCE_API bool bounce_log_is_known(const void *bytes, size_t length);

/* For a report of kind LOG: whether a delivery was attempted (false: it was only deferred), whether the mail was
 * inbound, how often the line says it happened (0 for other kinds), and the message's size in bytes. */
BOUNCE_API bool bounce_report_attempted(const bounce_report *report);
BOUNCE_API bool bounce_report_inbound(const bounce_report *report);
BOUNCE_API uint64_t bounce_report_repeated(const bounce_report *report);
BOUNCE_API bool bounce_report_message_size(const bounce_report *report, uint64_t *bytes);

/* ----------------------------------------------------------------- report */

BOUNCE_API bounce_kind bounce_report_kind(const bounce_report *report);

typedef enum bounce_report_field {
    BOUNCE_REPORT_SOFTWARE = 0,   /* what wrote it: "postfix", "exim", … */
    BOUNCE_REPORT_MESSAGE_ID = 1, /* header of the report itself */
    BOUNCE_REPORT_FROM = 2,
    BOUNCE_REPORT_TO = 3,
    BOUNCE_REPORT_DATE = 4, /* dates: RFC 3339, UTC, "…Z" */
    BOUNCE_REPORT_SUBJECT = 5,
    BOUNCE_REPORT_REPORTING_MTA = 6, /* RFC 3464 2.2.2, without its type */
    BOUNCE_REPORT_ARRIVAL_DATE = 7,
    BOUNCE_REPORT_ENVELOPE_ID = 8,         /* RFC 3464 2.2.1, xtext undone */
    BOUNCE_REPORT_ORIGINAL_MESSAGE_ID = 9, /* header of the returned message */
    BOUNCE_REPORT_ORIGINAL_FROM = 10,
    BOUNCE_REPORT_ORIGINAL_TO = 11,
    BOUNCE_REPORT_ORIGINAL_SUBJECT = 12,
    BOUNCE_REPORT_ORIGINAL_DATE = 13,
    BOUNCE_REPORT_ORIGINAL_LIST_ID = 14,
    BOUNCE_REPORT_ORIGINAL_FEEDBACK_ID = 15,
    BOUNCE_REPORT_FEEDBACK_TYPE = 16, /* RFC 5965; NULL unless kind is ARF */
    BOUNCE_REPORT_FEEDBACK_SOURCE_IP = 17,
    BOUNCE_REPORT_FEEDBACK_USER_AGENT = 18,
    BOUNCE_REPORT_FEEDBACK_ORIGINAL_MAIL_FROM = 19,
    BOUNCE_REPORT_AUTO_REPLY_UNTIL = 20, /* a day, "2026-01-31"; these: NULL unless kind is AUTO_REPLY */
    BOUNCE_REPORT_AUTO_REPLY_NEW_ADDRESS = 21,
    BOUNCE_REPORT_AUTO_REPLY_ALTERNATIVE_CONTACT = 22,
    BOUNCE_REPORT_QUEUE_ID = 23, /* these: NULL unless kind is LOG */
    BOUNCE_REPORT_NEXT_QUEUE_ID = 24,
    BOUNCE_REPORT_ENVELOPE_FROM = 25, /* "": the null sender; NULL: not known */
    BOUNCE_REPORT_SERVICE_NAME = 26,  /* "ses", "sendgrid" …; these four: NULL unless a service wrote it */
    BOUNCE_REPORT_SERVICE_EVENT = 27,
    BOUNCE_REPORT_SERVICE_CLASS = 28, /* the service's own verdict, in its own words */
    BOUNCE_REPORT_SERVICE_ID = 29     /* of the message, or else of the event */
} bounce_report_field;
/* NULL where not stated, and for a field that the library does not know. */
BOUNCE_API const char *bounce_report_string(const bounce_report *report, bounce_report_field field);

/* Whether a program wrote the mail, so that nothing should answer it; doc/output.md says what makes it true. */
BOUNCE_API bool bounce_report_machine(const bounce_report *report);

/* Whether an automatic reply says that its person has left. */
BOUNCE_API bool bounce_report_auto_reply_left(const bounce_report *report);

/* What a feedback report does not state, but the returned header shows, by its name in the JSON output: "source_ip",
 * "original_mail_from", "arrival_date" or "recipients". NULL if index is out of range. */
BOUNCE_API size_t bounce_report_inferred_count(const bounce_report *report);
BOUNCE_API const char *bounce_report_inferred(const bounce_report *report, size_t index);

/* The names requested with bounce_options_add_header(), as given and in that order, and for each the fields of the
 * returned message with that name, decoded. 0 or NULL if an index is out of range. */
BOUNCE_API size_t bounce_report_headers(const bounce_report *report);
BOUNCE_API const char *bounce_report_header_name(const bounce_report *report, size_t index);
BOUNCE_API size_t bounce_report_header_count(const bounce_report *report, size_t index);
BOUNCE_API const char *bounce_report_header(const bounce_report *report, size_t index, size_t field);

/* How many recipients were found; 0 for ordinary mail. */
BOUNCE_API size_t bounce_report_recipients(const bounce_report *report);
/* NULL if index is out of range. Lives as long as the report. */
BOUNCE_API const bounce_recipient *bounce_report_recipient(const bounce_report *report, size_t index);

/* What went wrong: a limit that was hit, a broken structure, an unknown
 * charset. ids are stable words ("truncated"). */
BOUNCE_API size_t bounce_report_warnings(const bounce_report *report);
BOUNCE_API const char *bounce_report_warning_id(const bounce_report *report, size_t index);
BOUNCE_API const char *bounce_report_warning_text(const bounce_report *report, size_t index);

/* With BOUNCE_OPTION_EXPLAIN: lines of plain text that say how the message was read: why it was taken for a report or
 * not, what wrote it, what was found and where, and what was left out and why. 0 lines without that option. */
BOUNCE_API size_t bounce_report_trace_count(const bounce_report *report);
BOUNCE_API const char *bounce_report_trace(const bounce_report *report, size_t index);

/* Where the message came from, for the "source" object of the JSON output. Bytes of a path that are not UTF-8 become
 * U+FFFD. index and offset become null if they are BOUNCE_NO_NUMBER. */
#define BOUNCE_NO_NUMBER UINT64_MAX
typedef struct bounce_source {
    const char *path; /* NULL: null */
    uint64_t index;   /* number of the message in its mailbox, from 0 */
    uint64_t offset;  /* of its first byte in the file or stream */
    uint64_t length;  /* its true length in bytes */
} bounce_source;

/* The report as one JSON object on one line (schema 1; see doc/output.md), without a newline at the end. source may be
 * NULL. *json belongs to the report and lives until the next call with it. *length, if not NULL, is in bytes.
 * BOUNCE_ERROR_MEMORY, with NULL, when memory runs out. */
BOUNCE_API bounce_status bounce_report_json(bounce_report *report, const bounce_source *source, const char **json,
                                            size_t *length);

/* The same object, and a NUL, written into the caller's buffer of capacity bytes (NULL is allowed if that is 0), for
 * programs that write many. *length gets the bytes of the object, without the NUL, whether they fit or not.
 * BOUNCE_ERROR_LIMIT if capacity is not above *length: the buffer's contents then mean nothing, and *length + 1 bytes
 * are enough. Bytes of the buffer after the object may be overwritten; with some 4 KiB to spare, nothing is written
 * twice. BOUNCE_ERROR_ARGUMENT, with *length 0, if a pointer other than source is NULL; BOUNCE_ERROR_MEMORY, with
 * *length 0, when memory runs out. Does not change the report or what bounce_report_json() gave. */
BOUNCE_API bounce_status bounce_report_json_into(const bounce_report *report, const bounce_source *source, char *buffer,
                                                 size_t capacity, size_t *length);

/* ----------------------------------------------------------------- events */

/* What sending services (Amazon SES, SendGrid, Mailgun … doc/events.md) post to a webhook or store: JSON texts, one
 * after another, one per line, or in arrays. The parser must outlive the object. BOUNCE_ERROR_IO if libjansson.so.4,
 * which reads the JSON, cannot be loaded; it is loaded here, and never by programs that read no events. */
typedef struct bounce_events bounce_events;
BOUNCE_API bounce_status bounce_events_new(bounce_parser *parser, bounce_events **events, bounce_error *error);
BOUNCE_API void bounce_events_free(bounce_events *events);
/* Adds bytes of the input, any number at a time. They are copied. A document may be split anywhere. */
BOUNCE_API void bounce_events_add(bounce_events *events, const void *bytes, size_t length);
/* Says that the input ends here. Bytes added later belong to a new one. */
BOUNCE_API void bounce_events_finish(bounce_events *events);
/* The next event about a recipient: a report of kind BOUNCE_KIND_EVENT, which the caller owns. Deliveries are included;
 * opens, clicks and others that say nothing about delivery are only counted. An event of an unknown service gives a
 * report with a warning and no recipients. source, if not NULL, gets the place of the document, with path NULL.
 * BOUNCE_END: everything added has been read; add more, or finish. BOUNCE_ERROR_SYNTAX: a document is broken,
 * error->line and the message say where; the next call continues after it. */
BOUNCE_API bounce_status bounce_events_next(bounce_events *events, bounce_report **report, bounce_source *source,
                                            bounce_error *error);
/* How many events gave no report since bounce_events_new(). */
BOUNCE_API uint64_t bounce_events_skipped(const bounce_events *events);
/* Whether bytes, the start of an input, look like events rather than mail. */
BOUNCE_API bool bounce_events_seem(const void *bytes, size_t length);

/* -------------------------------------------------------------- recipient */

typedef enum bounce_recipient_field {
    BOUNCE_RECIPIENT_ADDRESS = 0,
    BOUNCE_RECIPIENT_ADDRESS_TYPE = 1,  /* "rfc822", "utf-8", "x400", … */
    BOUNCE_RECIPIENT_ORIGINAL = 2,      /* RFC 3464 2.3.1, a forward, VERP */
    BOUNCE_RECIPIENT_STATUS = 3,        /* from the verdict: a registered code; NULL for complaints and challenges */
    BOUNCE_RECIPIENT_STATED_STATUS = 4, /* as the report states it */
    BOUNCE_RECIPIENT_REMOTE_MTA = 5,
    BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE = 6, /* "smtp", "x-unix", … */
    BOUNCE_RECIPIENT_DIAGNOSTIC = 7,
    BOUNCE_RECIPIENT_LAST_ATTEMPT = 8, /* dates: RFC 3339, UTC */
    BOUNCE_RECIPIENT_WILL_RETRY_UNTIL = 9,
    BOUNCE_RECIPIENT_ADVICE_TEXT = 10,   /* plain words */
    BOUNCE_RECIPIENT_ADVICE_THEN = 11,   /* what to do after the last retry: "pause" */
    BOUNCE_RECIPIENT_EVIDENCE_RULE = 12, /* rule id, or "code/…" for a code */
    BOUNCE_RECIPIENT_EVIDENCE_FILE = 13,
    BOUNCE_RECIPIENT_EVIDENCE_WHERE = 14, /* field or part that held the text */
    BOUNCE_RECIPIENT_EVIDENCE_TEXT = 15,  /* the text that matched */
    BOUNCE_RECIPIENT_EVIDENCE_WHY = 16,   /* the rule's own line for people */
    BOUNCE_RECIPIENT_TAG = 17,            /* tag of the deciding user rule */
    BOUNCE_RECIPIENT_REMOTE_ADDRESS = 18  /* the IP address of the remote MTA; NULL unless kind is LOG */
} bounce_recipient_field;
BOUNCE_API const char *bounce_recipient_string(const bounce_recipient *recipient, bounce_recipient_field field);

/* The address as the sender wrote to it, which is the one in the sender's list: that of a verified VERP, else the
 * original recipient, else the only To of the returned message, else the address. NULL if none is known. The advice
 * says whether to suppress it. */
BOUNCE_API const char *bounce_recipient_address_to_suppress(const bounce_recipient *recipient);

typedef enum bounce_recipient_number_field {
    BOUNCE_RECIPIENT_REPLY_CODE = 0,   /* RFC 5321 reply code */
    BOUNCE_RECIPIENT_QUEUED_FOR_S = 1, /* seconds */
    BOUNCE_RECIPIENT_ATTEMPTS = 2,
    BOUNCE_RECIPIENT_EVIDENCE_TIER = 3, /* 1 to 6; not stated if nothing decided */
    BOUNCE_RECIPIENT_EVIDENCE_LINE = 4,
    BOUNCE_RECIPIENT_EVIDENCE_OFFSET = 5, /* bytes into the normalised text */
    BOUNCE_RECIPIENT_REMOTE_PORT = 6,     /* of the remote MTA; stated only for kind LOG */
    BOUNCE_RECIPIENT_RETRY_STATED_S = 7   /* after how many seconds the server says to try again */
} bounce_recipient_number_field;
/* False, with *value unchanged, where the report does not state it. */
BOUNCE_API bool bounce_recipient_number(const bounce_recipient *recipient, bounce_recipient_number_field field,
                                        uint64_t *value);

BOUNCE_API bounce_action bounce_recipient_action(const bounce_recipient *recipient);
BOUNCE_API bounce_type bounce_recipient_type(const bounce_recipient *recipient);
BOUNCE_API bounce_reason bounce_recipient_reason(const bounce_recipient *recipient);
BOUNCE_API bounce_group bounce_recipient_group(const bounce_recipient *recipient);
/* For BOUNCE_REASON_EXPIRED, the reason of the last error: true with *cause set; false where there is none. */
BOUNCE_API bool bounce_recipient_cause(const bounce_recipient *recipient, bounce_reason *cause);

BOUNCE_API bool bounce_recipient_permanent(const bounce_recipient *recipient);
BOUNCE_API bounce_decided_by bounce_recipient_decided_by(const bounce_recipient *recipient);
BOUNCE_API bounce_command bounce_recipient_command(const bounce_recipient *recipient);
/* Other targets of the same alias got the mail: do not suppress the alias. */
BOUNCE_API bool bounce_recipient_partial(const bounce_recipient *recipient);

/* What to do, in order; and the proposed retries, each in seconds after the previous one. */
BOUNCE_API size_t bounce_recipient_advice_count(const bounce_recipient *recipient);
BOUNCE_API bounce_advice bounce_recipient_advice(const bounce_recipient *recipient, size_t index);
BOUNCE_API size_t bounce_recipient_retry_count(const bounce_recipient *recipient);
BOUNCE_API uint64_t bounce_recipient_retry_after_s(const bounce_recipient *recipient, size_t index);

/* What to do with the queue, and one word for what to fix first, or NULL. The words are listed in doc/output.md. */
BOUNCE_API bounce_queue bounce_recipient_queue(const bounce_recipient *recipient);
BOUNCE_API const char *bounce_recipient_mend(const bounce_recipient *recipient);

/* What the reply itself says, each NULL where it does not. */
typedef enum bounce_told_field {
    BOUNCE_TOLD_BLOCKLIST_NAME = 0, /* which block list refused */
    BOUNCE_TOLD_BLOCKLIST_ZONE = 1, /* its DNS zone */
    BOUNCE_TOLD_BLOCKLIST_URL = 2,  /* where to request removal */
    BOUNCE_TOLD_REFUSED_IP = 3,     /* what the server says it refuses */
    BOUNCE_TOLD_REFUSED_DOMAIN = 4,
    BOUNCE_TOLD_REFUSED_URL = 5,
    BOUNCE_TOLD_HELP_URL = 6, /* the page that it points to */
    BOUNCE_TOLD_PROVIDER = 7  /* who runs the receiving host: "google" */
} bounce_told_field;
BOUNCE_API const char *bounce_recipient_told(const bounce_recipient *recipient, bounce_told_field field);

/* With BOUNCE_OPTION_EXPLAIN: lines of plain text that say how the verdict was reached: the texts examined, the rules
 * that lost, why the codes did not decide. 0 lines without that option. */
BOUNCE_API size_t bounce_recipient_explain_count(const bounce_recipient *recipient);
BOUNCE_API const char *bounce_recipient_explain(const bounce_recipient *recipient, size_t index);

/* What was said about a recipient, without private or variable parts: addresses, hosts, IP addresses, ids, long
 * numbers, names and the subject are replaced by meaningless ones, and URLs lose their path. So it can be shown to
 * others, compared with that of another mail, and used as the example of a rule. At most 500 bytes. NULL if nothing was
 * said, or index is out of range. Lives as long as the report. */
BOUNCE_API const char *bounce_report_wording(bounce_report *report, size_t index);

/* ------------------------------------------------------------------ trust */

/* Whether you sent the message that a report is about. */
typedef enum bounce_sent_answer {
    BOUNCE_SENT_NOT_ASKED = 0, /* ordinary mail, a reply */
    BOUNCE_SENT_YES = 1,       /* a valid key, or a Message-ID that you sent */
    BOUNCE_SENT_NO = 2,        /* backscatter or a forgery: the advice is never to suppress */
    BOUNCE_SENT_UNKNOWN = 3
} bounce_sent_answer;
/* Static, never NULL: "yes", "no", or else "unknown". */
BOUNCE_API const char *bounce_sent_name(bounce_sent_answer answer);
/* The reverse, as bounce_kind_from_name(): for "yes", "no" and "unknown". */
BOUNCE_API bool bounce_sent_from_name(const char *name, bounce_sent_answer *value);
/* BOUNCE_SENT_NOT_ASKED for NULL. */
BOUNCE_API bounce_sent_answer bounce_report_sent(const bounce_report *report);

/* What is known about where a report comes from. Facts, not verdicts: some real reports have a sender that is not null,
 * fail SPF, or return nothing. */
typedef enum bounce_trust_field {
    BOUNCE_TRUST_SENT_WHY = 0, /* one word for bounce_report_sent(), see doc/output.md */
    BOUNCE_TRUST_RETURNED = 1, /* of the message: "full", "headers" or "none" */
    BOUNCE_TRUST_SPF = 2,      /* these four: results of RFC 8601, such as "pass"; */
    BOUNCE_TRUST_DKIM = 3,     /* NULL without bounce_options_set_authserv_id() */
    BOUNCE_TRUST_DMARC = 4,
    BOUNCE_TRUST_ARC = 5,
    BOUNCE_TRUST_OF = 6 /* the domain that these results are about */
} bounce_trust_field;
/* NULL where not known, for ordinary mail and replies, and for NULL. */
BOUNCE_API const char *bounce_report_trust(const bounce_report *report, bounce_trust_field field);
/* Whether the envelope sender is null, and whether the reporter belongs to a recipient's domain or to yours. False,
 * with *value (which may be NULL) unchanged, where that is not known. */
BOUNCE_API bool bounce_report_null_sender(const bounce_report *report, bool *value);
BOUNCE_API bool bounce_report_reporter_related(const bounce_report *report, bool *value);
/* Likewise whether the returned message names the recipient; lists, blind
 * copies and forwards do not. */
BOUNCE_API bool bounce_recipient_named_in_original(const bounce_recipient *recipient, bool *value);
/* Likewise whether the recipient is the one in the address that the report was sent to (VERP). */
BOUNCE_API bool bounce_recipient_verp_matches(const bounce_recipient *recipient, bool *value);

/* ---------------------------------------------------------------- mailbox */

/* Splits files and streams into messages, compressed or not; see doc/bounce-classify.1 for the formats. Memory does not
 * depend on the size of the mailbox. */
typedef struct bounce_mailbox bounce_mailbox;

typedef enum bounce_format {
    BOUNCE_FORMAT_AUTO = 0,    /* detect it */
    BOUNCE_FORMAT_MAIL = 1,    /* one message, with or without a From line */
    BOUNCE_FORMAT_MBOX = 2,    /* mboxo and mboxrd; ">From " is undone */
    BOUNCE_FORMAT_MBOXCL = 3,  /* Content-Length is believed where it fits */
    BOUNCE_FORMAT_MAILDIR = 4, /* new/ and cur/, in byte order of the names */
    BOUNCE_FORMAT_FOLDER = 5   /* every regular file, recursively, in byte order */
} bounce_format;

/* One message: bytes[0..length) are its first bytes (at most the mailbox's max_message_bytes), true_length is its full
 * length in the input. Valid until the next call with the same mailbox. */
typedef struct bounce_view {
    const unsigned char *bytes;
    size_t length;
    uint64_t true_length;
    uint64_t offset;  /* of its first byte (after the From line) */
    uint64_t index;   /* from 0, in this mailbox or file; see bounce_mailbox_set_shard() */
    const char *path; /* file, or the path given; NULL for memory and for pipes without one */
} bounce_view;

/* path may be a file, a Maildir or a folder. max_message_bytes 0 means the
 * default of 1 MiB. BOUNCE_ERROR_IO if it cannot be opened. */
BOUNCE_API bounce_status bounce_mailbox_open(const char *path, bounce_format format, uint64_t max_message_bytes,
                                             bounce_mailbox **mailbox, bounce_error *error);
/* Reads from a file descriptor, which the caller still owns and which is not seeked. path is used only for the views
 * and may be NULL. */
BOUNCE_API bounce_status bounce_mailbox_open_fd(int fd, const char *path, bounce_format format,
                                                uint64_t max_message_bytes, bounce_mailbox **mailbox,
                                                bounce_error *error);
/* Reads from memory, which must outlive the mailbox. */
BOUNCE_API bounce_status bounce_mailbox_open_memory(const void *bytes, size_t length, bounce_format format,
                                                    uint64_t max_message_bytes, bounce_mailbox **mailbox,
                                                    bounce_error *error);
/* fn is called, with data and the descriptor, before each read from something other than a regular file, which may make
 * bounce_mailbox_next() wait: a chance to write out results so far. It must not use the mailbox, except to stop it.
 * NULL removes it. */
typedef void bounce_mailbox_wait_fn(void *data, int fd);
BOUNCE_API void bounce_mailbox_on_wait(bounce_mailbox *mailbox, bounce_mailbox_wait_fn *fn, void *data);

/* From here on, give only the messages of part `shard` (counted from 0) of `shards` parts: each message belongs to
 * exactly one part, and the parts in order hold all messages in order. Call it before the first bounce_mailbox_next().
 *
 * A file or memory is split into byte ranges; a message belongs to the range in which its From line begins (or its
 * first byte, if it has none), and Content-Length is not believed. A Maildir or folder is split into ranges of files.
 * The input must not change until all parts are read. A view's index is not known: BOUNCE_NO_NUMBER.
 *
 * BOUNCE_ERROR_ARGUMENT if shard >= shards, or for BOUNCE_FORMAT_MBOXCL; BOUNCE_ERROR_IO for a descriptor that cannot
 * be seeked (a pipe). The mailbox is then unchanged. */
BOUNCE_API bounce_status bounce_mailbox_set_shard(bounce_mailbox *mailbox, uint32_t shard, uint32_t shards,
                                                  bounce_error *error);

/* Where a message begins, so that reading can resume there another time. */
typedef struct bounce_position {
    uint64_t file;   /* number of its file in a Maildir or folder, from 0; else 0 */
    uint64_t offset; /* as in the view; 0 for a file that is one message */
    uint64_t index;  /* as in the view */
} bounce_position;

/* The position of the last message given; before the first one, where reading begins. */
BOUNCE_API void bounce_mailbox_position(const bounce_mailbox *mailbox, bounce_position *position);
/* Begins there. The messages from there on are the same as when reading from the start of the mailbox or shard; the
 * input must not have changed. Call it before the first bounce_mailbox_next(), and after bounce_mailbox_set_shard(). If
 * a descriptor cannot be seeked (a pipe), the bytes before the offset are read and dropped. BOUNCE_ERROR_ARGUMENT if it
 * is beyond the end of a file or memory, or names a file where there is no folder. */
BOUNCE_API bounce_status bounce_mailbox_set_start(bounce_mailbox *mailbox, const bounce_position *position,
                                                  bounce_error *error);
/* For readers that share one input, each with its own mailbox (after fork(2), or in a thread).
 *
 * Goes to a position, at any time; in a folder, only forward. From there on, bounce_mailbox_next() reads at most `most`
 * bytes of a file at once, or `most` files of a folder, before it gives BOUNCE_END. If `most` is 256 KiB or less, how
 * many bytes are read depends on the position alone: the same messages can then be read again. BOUNCE_ERROR_IO for what
 * cannot be seeked: a pipe, compressed input, a file that was read to its end. */
BOUNCE_API bounce_status bounce_mailbox_go_to(bounce_mailbox *mailbox, const bounce_position *position, size_t most,
                                              bounce_error *error);
/* Where the message after the last one given begins, for another reader to go to. In a folder, where the files after
 * the requested ones begin. False if there is none, as far as is known. */
BOUNCE_API bool bounce_mailbox_after(const bounce_mailbox *mailbox, bounce_position *position);
/* The same as bounce_mailbox_next(), as long as it need not read, so that earlier views stay valid. Otherwise
 * BOUNCE_END: the next call of bounce_mailbox_next() reads on. */
BOUNCE_API bounce_status bounce_mailbox_next_held(bounce_mailbox *mailbox, bounce_view *view);

/* The current file or pipe is treated as ending with what was read so far: for a bounce_mailbox_wait_fn that should
 * wait no longer. The next message may be cut. */
BOUNCE_API void bounce_mailbox_stop(bounce_mailbox *mailbox);

/* BOUNCE_OK and a view, BOUNCE_END at the end, or BOUNCE_ERROR_IO for a file that cannot be read: *error names it, and
 * the next call continues after it. */
BOUNCE_API bounce_status bounce_mailbox_next(bounce_mailbox *mailbox, bounce_view *view, bounce_error *error);
BOUNCE_API void bounce_mailbox_close(bounce_mailbox *mailbox);

/* ----------------------------------------------------------- compressed files */

/* Files compressed as a whole (gzip, zstd, xz, bzip2; also several streams in a row) are recognised by their first
 * bytes. A mailbox unpacks them itself, also in a folder: offsets are those in the unpacked data, parts
 * (bounce_mailbox_set_shard) cannot be read, and a start (bounce_mailbox_set_start) is reached by unpacking what is
 * before it. The same for logs and events, whose bytes the caller reads: */
typedef struct bounce_input bounce_input;
/* Reads from a descriptor, which the caller still owns, from its current position. */
BOUNCE_API bounce_status bounce_input_open_fd(int fd, bounce_input **input, bounce_error *error);
/* As with a mailbox. */
BOUNCE_API void bounce_input_on_wait(bounce_input *input, bounce_mailbox_wait_fn *fn, void *data);
BOUNCE_API void bounce_input_stop(bounce_input *input);
/* "gzip", "zstd", "xz", "bzip2"; NULL: not compressed, or a pipe that was not read yet. */
BOUNCE_API const char *bounce_input_packing(const bounce_input *input);
/* BOUNCE_OK and at least one byte; BOUNCE_END (a file that has grown since can be read further); BOUNCE_ERROR_IO if it
 * cannot be read, or, after everything before that point was given, if it cannot be unpacked. room: 10 or more. */
BOUNCE_API bounce_status bounce_input_read(bounce_input *input, void *bytes, size_t room, size_t *length,
                                           bounce_error *error);
BOUNCE_API void bounce_input_close(bounce_input *input);

/* ----------------------------------------------------------------- policy */

/* What a sender remembers of an address over months, and how each bounce, delivery or complaint changes it: may you
 * write to it today? Nothing here reads the clock, a database or the network: a state and an event come in, the next
 * state and the reasons go out. Keep the states in your own tables; doc/policy.md says how, and describes the policy.
 *
 *     bounce_rules *rules = bounce_rules_default();
 *     bounce_parser *parser = bounce_parser_new(rules, NULL);
 *     bounce_policy *policy = bounce_policy_new_default();
 *     bounce_address_state state = {0};  // from your table
 *     bounce_policy_event event;
 *     bounce_policy_decision decision;
 *     bounce_report *report;
 *     int64_t now = 1796040000, from;
 *     if (bounce_parse(parser, bytes, length, &report, NULL) == BOUNCE_OK) {
 *         if (bounce_policy_event_from(report, 0, now, &event) == BOUNCE_OK)
 *             bounce_policy_apply(policy, &state, &event, &decision);
 *         if (bounce_policy_may(state.state, state.until, now, &from) == BOUNCE_MAY_YES)
 *             puts("write to it");
 *         else
 *             puts(from ? "not yet" : "never");
 *         bounce_report_free(report);
 *     }
 *     bounce_policy_free(policy);
 *     bounce_parser_free(parser);
 *     bounce_rules_unref(rules);
 *
 * A policy never changes once made, and may be shared by all threads.
 */
typedef struct bounce_policy bounce_policy;

/* Called once for each error in a policy file, in the order of its lines. Both pointers are valid during the call
 * only. */
typedef void bounce_policy_error_fn(void *data, const char *path, const bounce_error *error);

/* The policy that is compiled in. NULL when memory runs out. */
BOUNCE_API bounce_policy *bounce_policy_new_default(void);
/* The compiled-in policy with the changes in the file. Every error is passed to on_error (may be NULL) with data; if
 * there was any, the call fails with BOUNCE_ERROR_SYNTAX and *error (may be NULL) holds the first. BOUNCE_ERROR_IO if
 * the file cannot be read. */
BOUNCE_API bounce_status bounce_policy_load(const char *path, bounce_policy_error_fn *on_error, void *data,
                                            bounce_policy **policy, bounce_error *error);
/* Likewise from memory; path is used only for errors and may be NULL. */
BOUNCE_API bounce_status bounce_policy_read(const char *text, size_t length, const char *path,
                                            bounce_policy_error_fn *on_error, void *data, bounce_policy **policy,
                                            bounce_error *error);
BOUNCE_API void bounce_policy_free(bounce_policy *policy);
/* The compiled-in policy as a file, with a reason for each default. Static. */
BOUNCE_API const char *bounce_policy_default_text(void);
/* A setting by its name in the file ("guard-window"): spans in seconds, percentages as written, "never" as -1. index
 * counts the values of one line from 0. False, with *value unchanged, if there is no such setting or value. */
BOUNCE_API bool bounce_policy_setting(const bounce_policy *policy, const char *name, size_t index, int64_t *value);

/* Whether the sender may write to an address or a domain. */
typedef enum bounce_state {
    BOUNCE_STATE_FREE = 0,      /* nothing is held against it */
    BOUNCE_STATE_WATCHED = 1,   /* may be written to; something is remembered */
    BOUNCE_STATE_DUE = 2,       /* to be tried again, but not before `until` */
    BOUNCE_STATE_PAUSED = 3,    /* not until `until` */
    BOUNCE_STATE_HELD = 4,      /* not now: the bounces may be the provider's fault */
    BOUNCE_STATE_SUPPRESSED = 5 /* never, unless it is released */
} bounce_state;

/* Which part of the policy led to a state. */
typedef enum bounce_basis {
    BOUNCE_BASIS_NOTHING = 0,
    BOUNCE_BASIS_HARD = 1,                  /* a hard bounce, and no delivery is known */
    BOUNCE_BASIS_HARD_FIRST = 2,            /* the first one for an address that took mail lately */
    BOUNCE_BASIS_HARD_AGAIN = 3,            /* the second one */
    BOUNCE_BASIS_HARD_AFTER_RELEASE = 4,    /* one after a release */
    BOUNCE_BASIS_FULL = 5,                  /* mailbox or system full: retries and pauses */
    BOUNCE_BASIS_FULL_FOR_LONG = 6,         /* full after all of them */
    BOUNCE_BASIS_DISABLED = 7,              /* a disabled mailbox that may come back */
    BOUNCE_BASIS_DISABLED_FOR_LONG = 8,     /* one that did not come back */
    BOUNCE_BASIS_STRIKES = 9,               /* other failures of the recipient */
    BOUNCE_BASIS_UNKNOWN = 10,              /* a permanent failure without a reason */
    BOUNCE_BASIS_COMPLAINT = 11,            /* a complaint */
    BOUNCE_BASIS_UNVERIFIED_COMPLAINT = 12, /* one without proof */
    BOUNCE_BASIS_UNSUBSCRIBED = 13,
    BOUNCE_BASIS_SERVICE = 14,            /* it is on a sending service's list */
    BOUNCE_BASIS_DEAD_DOMAIN = 15,        /* the domain does not exist, or takes no mail */
    BOUNCE_BASIS_UNREACHABLE_DOMAIN = 16, /* none of its servers could be reached */
    BOUNCE_BASIS_GUARD = 17,              /* the guard tripped */
    BOUNCE_BASIS_DELIVERED = 18,          /* watched: delivered, unless a bounce follows within some days */
    BOUNCE_BASIS_IMPORTED = 19,           /* from a list of addresses not to write to, or by a person */
    BOUNCE_BASIS_RELEASED = 20
} bounce_basis;

/* What happened. */
typedef enum bounce_happened {
    BOUNCE_HAPPENED_NOTHING = 0,        /* nothing about the address: an automatic reply, a challenge */
    BOUNCE_HAPPENED_BOUNCE = 1,         /* a delivery failed for good */
    BOUNCE_HAPPENED_DELAY = 2,          /* it is still tried */
    BOUNCE_HAPPENED_DELIVERY = 3,       /* a server took the message */
    BOUNCE_HAPPENED_SENT = 4,           /* a message was sent; nothing is known yet */
    BOUNCE_HAPPENED_COMPLAINT = 5,      /* feedback */
    BOUNCE_HAPPENED_NOT_SPAM = 6,       /* feedback of type not-spam */
    BOUNCE_HAPPENED_UNSUBSCRIPTION = 7, /* the recipient wants no more mail from this scope */
    BOUNCE_HAPPENED_RELEASE = 8,        /* a person releases it: because */
    BOUNCE_HAPPENED_SUPPRESSION = 9,    /* a person, or an imported list, suppresses it: reason */
    BOUNCE_HAPPENED_GUARD = 10,         /* the guard acts on earlier bounces: reason */
    BOUNCE_HAPPENED_HELD_ACCEPT = 11,   /* a person: what was held is suppressed after all */
    BOUNCE_HAPPENED_HELD_REJECT = 12    /* a person: what was held is free */
} bounce_happened;

/* Why a person releases. */
typedef enum bounce_because {
    BOUNCE_BECAUSE_NOT_STATED = 0,
    BOUNCE_BECAUSE_RESUBSCRIBED = 1,
    BOUNCE_BECAUSE_TYPO_FIXED = 2,
    BOUNCE_BECAUSE_CONFIRMED = 3,
    BOUNCE_BECAUSE_PROVIDER_INCIDENT = 4
} bounce_because;

/* Where an event counts: apply it to the state that you keep of the address for each of these (and for
 * BOUNCE_REACH_DOMAIN to that of its domain). */
typedef enum bounce_reach {
    BOUNCE_REACH_NOBODY = 0,
    BOUNCE_REACH_SCOPE = 1,      /* its scope: a list, a stream */
    BOUNCE_REACH_TENANT = 2,     /* all scopes of its tenant */
    BOUNCE_REACH_EVERYWHERE = 4, /* all tenants */
    BOUNCE_REACH_SERVICE = 8,    /* whatever is sent through that service */
    BOUNCE_REACH_DOMAIN = 16     /* the domain of the address */
} bounce_reach;

/* Facts of an event, in its member `flags`. */
typedef enum bounce_event_flag {
    BOUNCE_EVENT_PERMANENT = 1,   /* bounce: a retry cannot pass */
    BOUNCE_EVENT_FINAL = 2,       /* delivery: the recipient's own server took it, not a filter, smart host, service */
    BOUNCE_EVENT_TRUSTED = 4,     /* the reporter is proved, by DKIM, SPF or the service's own interface */
    BOUNCE_EVENT_INBOUND = 8,     /* inbound mail that your server refused */
    BOUNCE_EVENT_PARTIAL = 16,    /* other targets of the same alias got it */
    BOUNCE_EVENT_OWN_DOMAIN = 32, /* the address is one of yours */
    BOUNCE_EVENT_CANDIDATE = 64,  /* one of several that the report may mean */
    BOUNCE_EVENT_GUARDED = 128    /* the guard has tripped for it: hold, do not suppress */
} bounce_event_flag;

/* The names used in JSON ("suppressed", "hard-again", "typo-fixed"), static, never NULL: a value that the library does
 * not know is "unknown". */
BOUNCE_API const char *bounce_state_name(bounce_state state);
BOUNCE_API const char *bounce_basis_name(bounce_basis basis);
BOUNCE_API const char *bounce_happened_name(bounce_happened happened);
BOUNCE_API const char *bounce_because_name(bounce_because because);
/* The value with that name. False, with *value unchanged, if there is none. */
BOUNCE_API bool bounce_state_from_name(const char *name, bounce_state *value);
BOUNCE_API bool bounce_basis_from_name(const char *name, bounce_basis *value);
BOUNCE_API bool bounce_happened_from_name(const char *name, bounce_happened *value);
BOUNCE_API bool bounce_because_from_name(const char *name, bounce_because *value);

/* How many strikes a state remembers. */
#define BOUNCE_STRIKES 8

/* What is remembered of one address, for one scope, tenant or service. Times are seconds since 1970, UTC, or 0 for
 * none. All zero: nothing is known. Each member may be a column of a table; bounce_address_state_write() makes one text
 * of those that only the policy reads. Frozen at 1.0, with the reserved members. */
typedef struct bounce_address_state {
    int32_t state;                           /* bounce_state */
    int32_t basis;                           /* bounce_basis */
    int32_t cause;                           /* bounce_reason of the last bounce that counted */
    int32_t because;                         /* bounce_because of the last release */
    int64_t since;                           /* when it entered this state, on this basis */
    int64_t until;                           /* due, paused, held: until when; 0: no end */
    int64_t next;                            /* when time alone may change it: bounce_policy_tick(); 0: never */
    int64_t first_bounce;                    /* first failure of this address that counted */
    int64_t last_bounce;                     /* last one */
    int64_t last_bounce_message;             /* bounce_message_key() of it */
    int64_t last_soft;                       /* ... that counted and was soft */
    int64_t last_hard;                       /* ... and hard */
    int64_t first_hard;                      /* the hard bounce that waits for a second one */
    int64_t last_delivery;                   /* to the recipient's own server */
    int64_t last_sent;                       /* last time that something was certainly sent */
    int64_t last_event;                      /* time of the newest event; older ones are late */
    int64_t released;                        /* by a person, the last time */
    int64_t complained;                      /* a complaint in force */
    int64_t complaint_message;               /* of which message: bounce_message_key() */
    int64_t unsubscribed;                    /* an unsubscription in force */
    int32_t retries;                         /* of a full mailbox, since the last pause */
    int32_t full_pauses;                     /* of a full mailbox, since the last delivery */
    int32_t disabled_pauses;                 /* of a disabled one */
    int32_t strike_pauses;                   /* for strikes */
    int32_t strikes;                         /* how many of the following are used, oldest first */
    int32_t reserved_1;                      /* 0 */
    int32_t strike_days[BOUNCE_STRIKES];     /* days since 1970 */
    int64_t strike_messages[BOUNCE_STRIKES]; /* bounce_message_key(), 0: not known */
    int64_t proof;                           /* a delivery that clears unless its message bounces; 0: none */
    int64_t proof_message;                   /* that message */
    int64_t before_since;                    /* what is restored if it does bounce */
    int64_t before_until;                    /* likewise, as all members with this prefix */
    int64_t before_delivery;
    int64_t before_first_hard;
    int32_t before_state;
    int32_t before_basis;
    int32_t before_cause;
    int32_t before_retries;
    int32_t before_full_pauses;
    int32_t before_disabled_pauses;
    int32_t before_strike_pauses;
    int32_t before_strikes; /* how many strikes are cleared if it does not */
    int32_t reserved[6];    /* 0 */
} bounce_address_state;

/* Likewise for a domain. */
typedef struct bounce_domain_state {
    int32_t state;                            /* bounce_state: free, watched, due, paused or suppressed */
    int32_t basis;                            /* bounce_basis */
    int32_t cause;                            /* bounce_reason of the last failure that counted */
    int32_t because;                          /* bounce_because of the last release */
    int64_t since;                            /* when it came into this state, on this basis */
    int64_t until;                            /* paused: until when */
    int64_t next;                             /* when time alone may change it: bounce_policy_tick_domain(); 0: never */
    int64_t first_dead;                       /* first report since the last delivery that the domain does not exist */
    int64_t last_failure;                     /* that counted */
    int64_t last_delivery;                    /* to anybody there, by the domain's own server */
    int64_t last_event;                       /* time of the newest event */
    int64_t released;                         /* by a person, the last time */
    int64_t paused_first;                     /* when the pauses began; 0: no pauses */
    int32_t pauses;                           /* since then */
    int32_t failures;                         /* how many of the following are used, oldest first */
    int32_t failure_days[BOUNCE_STRIKES];     /* messages that expired, days since 1970 */
    int64_t failure_messages[BOUNCE_STRIKES]; /* bounce_message_key(), 0: not known */
    int32_t reserved[8];                      /* 0 */
} bounce_domain_state;

/* What happened. All zero: nothing; fill in what is known. */
typedef struct bounce_policy_event {
    int32_t happened;    /* bounce_happened */
    int32_t type;        /* bounce_type */
    int32_t reason;      /* bounce_reason */
    int32_t cause;       /* bounce_reason of the last error of an expired message; 0: not known */
    int32_t sent;        /* bounce_sent_answer: whether you sent the message */
    int32_t because;     /* bounce_because */
    uint32_t flags;      /* of bounce_event_flag */
    uint32_t reserved_1; /* 0 */
    int64_t time;        /* when it happened */
    int64_t retry_at;    /* when the server says to try again; 0: it does not */
    int64_t message;     /* bounce_message_key() of the message; 0: not known */
    int64_t reserved[4]; /* 0 */
} bounce_policy_event;

/* The effect of an event. */
typedef struct bounce_policy_decision {
    bool changed;  /* the state, or its time, is different */
    bool counted;  /* the event counts for or against the address */
    bool late;     /* a newer event came before: bounce_policy_replay() is exact */
    int32_t from;  /* bounce_state before */
    int32_t to;    /* bounce_state after */
    int32_t basis; /* bounce_basis of the state after */
    int32_t cause; /* bounce_reason of it */
    int64_t since; /* when it entered that state */
    int64_t until; /* until when; 0: no end */
    char why[256]; /* one sentence for people */
} bounce_policy_decision;

/* Makes an event of recipient number `index` of a report. The time is that of the last attempt, else of the report,
 * else now. OWN_DOMAIN and GUARDED, which the report does not show, are left out. BOUNCE_ERROR_ARGUMENT if there is no
 * such recipient. */
BOUNCE_API bounce_status bounce_policy_event_from(const bounce_report *report, size_t index, int64_t now,
                                                  bounce_policy_event *event);
/* Bits of bounce_reach. BOUNCE_REACH_NOBODY: it counts in figures only. */
BOUNCE_API unsigned bounce_policy_reach(const bounce_policy *policy, const bounce_policy_event *event);

/* The state after an event. Give the events of an address in order of time; a late one (decision->late) counts as far
 * as it can: it never lifts anything, and a soft one older than the last delivery does not count. decision may be
 * NULL. */
BOUNCE_API bounce_status bounce_policy_apply(const bounce_policy *policy, bounce_address_state *state,
                                             const bounce_policy_event *event, bounce_policy_decision *decision);
/* The state at `now`: pauses end, strikes fade, held addresses are resolved. Call it when bounce_address_state.next is
 * reached; bounce_policy_apply() does so itself. */
BOUNCE_API bounce_status bounce_policy_tick(const bounce_policy *policy, bounce_address_state *state, int64_t now,
                                            bounce_policy_decision *decision);
/* The state after all events of an address, given in any order, at `now` (0: at the last event). *state is overwritten.
 * Deliveries whose message bounced afterwards are left out. The decision is that of the last event that counted,
 * starting from a free state. An event that bounce_policy_apply() refuses makes it fail. BOUNCE_ERROR_MEMORY when
 * memory runs out. */
BOUNCE_API bounce_status bounce_policy_replay(const bounce_policy *policy, const bounce_policy_event *events,
                                              size_t count, int64_t now, bounce_address_state *state,
                                              bounce_policy_decision *decision);
/* The same for a domain, with the events that reach it. */
BOUNCE_API bounce_status bounce_policy_apply_domain(const bounce_policy *policy, bounce_domain_state *state,
                                                    const bounce_policy_event *event, bounce_policy_decision *decision);
BOUNCE_API bounce_status bounce_policy_tick_domain(const bounce_policy *policy, bounce_domain_state *state, int64_t now,
                                                   bounce_policy_decision *decision);
BOUNCE_API bounce_status bounce_policy_replay_domain(const bounce_policy *policy, const bounce_policy_event *events,
                                                     size_t count, int64_t now, bounce_domain_state *state,
                                                     bounce_policy_decision *decision);

/* Whether to write now. For several states of one address, and that of its domain, the highest answer counts, and among
 * equal ones the latest time. */
typedef enum bounce_may { BOUNCE_MAY_YES = 0, BOUNCE_MAY_NOT_NOW = 1, BOUNCE_MAY_NEVER = 2 } bounce_may;
/* state and until are those of either struct, which need not be ticked first. *from (may be NULL) gets the time from
 * which the answer is yes: now, until, or 0 for never. */
BOUNCE_API bounce_may bounce_policy_may(int32_t state, int64_t until, int64_t now, int64_t *from);

/* ------------------------------------------------------------------ guard */

/* A provider's outage must not empty a list: when there are far more bounces of one cause than before, they are held,
 * not believed. */
typedef enum bounce_guard_question {
    BOUNCE_GUARD_PROVIDER = 0, /* bounces of one cause at the servers of one operator */
    BOUNCE_GUARD_MESSAGE = 1,  /* bounces of one original message, of one cause */
    BOUNCE_GUARD_REPORT = 2,   /* addresses named by one report, without proof that the mail was yours */
    BOUNCE_GUARD_REPORTER = 3  /* complaints of one reporter, without proof, in a day */
} bounce_guard_question;

/* Your counts, with 0 for what is not known. The spans are the policy's settings guard-window and guard-history. */
typedef struct bounce_guard {
    int32_t question;    /* bounce_guard_question */
    uint32_t reserved_1; /* 0 */
    int64_t addresses;   /* different addresses in the window, including this event */
    int64_t before;      /* likewise in the history before the window */
    int64_t before_s;    /* how many seconds of that history have records */
    int64_t sent;        /* provider: mails sent there in the window */
    int64_t outcomes;    /* provider: deliveries and failures of any cause there in the window */
    int64_t recipients;  /* message: number of its recipients */
    int64_t reserved[3]; /* 0 */
} bounce_guard;

typedef struct bounce_guard_answer {
    bool tripped;
    char why[256]; /* one sentence for people, tripped or not */
} bounce_guard_answer;

/* Whether the guard trips. If it does, apply the event with BOUNCE_EVENT_GUARDED; and apply to each address that the
 * same cause suppressed or paused in the window an event BOUNCE_HAPPENED_GUARD with that reason and the present time:
 * it becomes held. */
BOUNCE_API bounce_status bounce_policy_guard(const bounce_policy *policy, const bounce_guard *counts,
                                             bounce_guard_answer *answer);

/* ------------------------------------------------------------------- keys */

/* The key under which an address is kept, and a NUL, written into a buffer of capacity bytes: the domain as A-labels in
 * lower case, the local part with its ASCII letters in lower case and without quotes; dots and +tags stay. *length (may
 * be NULL) gets its bytes without the NUL. BOUNCE_ERROR_ARGUMENT for an invalid address, BOUNCE_ERROR_LIMIT if it does
 * not fit; BOUNCE_ADDRESS_KEY_BYTES always do. */
#define BOUNCE_ADDRESS_KEY_BYTES 2048
BOUNCE_API bounce_status bounce_address_key(const char *address, char *buffer, size_t capacity, size_t *length);
/* The same for a domain alone. */
BOUNCE_API bounce_status bounce_domain_key(const char *domain, char *buffer, size_t capacity, size_t *length);
/* A number for a Message-ID, with or without brackets; 0 for NULL and for an empty one. It is the same in every version
 * and on every machine. */
BOUNCE_API int64_t bounce_message_key(const char *message_id);

/* Writes the members of a state that only the policy reads as one line of text, and a NUL: all but state, basis, cause,
 * because, since, until and next. BOUNCE_ERROR_LIMIT if capacity is too small; BOUNCE_STATE_TEXT_BYTES always are
 * enough. */
#define BOUNCE_STATE_TEXT_BYTES 2048
BOUNCE_API bounce_status bounce_address_state_write(const bounce_address_state *state, char *buffer, size_t capacity,
                                                    size_t *length);
/* Fills these members of a state again, and sets them to 0 where the text does not have them. NULL and "" set all to 0.
 * BOUNCE_ERROR_SYNTAX for text that no version wrote. */
BOUNCE_API bounce_status bounce_address_state_read(bounce_address_state *state, const char *text);
BOUNCE_API bounce_status bounce_domain_state_write(const bounce_domain_state *state, char *buffer, size_t capacity,
                                                   size_t *length);
BOUNCE_API bounce_status bounce_domain_state_read(bounce_domain_state *state, const char *text);

#ifdef __cplusplus
}
#endif
#endif /* BOUNCE_H */
