/* SPDX-License-Identifier: MIT */
/* options.h - what the command line asks for. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "bounce.h"
#include "option_values.h"
#include "render/render.h"
#include "sender.h"

enum mode {
    MODE_CLASSIFY,
    MODE_REPLY,
    MODE_LOG,
    MODE_CHECK_RULES,
    MODE_TEST_RULES,
    MODE_LIST_RULES,
    MODE_HELP,
    MODE_VERSION
};

/* The value of --summary. */
enum summary_form { SUMMARY_NONE, SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_HTML };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum filename { FILENAME_AUTO, FILENAME_ALWAYS, FILENAME_NEVER };

struct settings {
    enum mode mode;
    enum format format;
    bounce_format input_format;
    bool explain, trace, jit, no_dialects, no_prefilter, read_all, read_forwarded;
    bool no_sandbox, wide, quiet;
    enum color color;
    bool suppress, force, recursive;
    enum summary_form summary;
    const char *as;     /* the value of --as */
    const char *output; /* the value of --output */
    bool sysexits;
    struct fields fields;
    struct selection filter; /* from --only, --exclude, --since and --until */
    enum filename filename;
    bool events;              /* inputs are events of sending services */
    bool delivered;           /* show deliveries, too */
    bool inbound, all, final; /* what --log shows */
    bool follow;              /* the last input grows */
    const char *state;        /* the file that records how far the input was read, or NULL */
    const char *log_timezone;
    uint64_t max_message_bytes;
    uint32_t max_text_steps, max_message_steps;
    uint32_t jobs;          /* 0: one for each processor */
    bool unordered;         /* results as soon as they are known */
    uint32_t shard, shards; /* K and N of --shard K/N; 0: everything */
    const char *verp;
    const char *start_offset; /* as it was given, or NULL */
    bounce_position start;    /* the same, parsed */
    const char **rules;       /* of --rules and --check-rules, in order */
    size_t rules_count;
    bool no_config;      /* the default folders of rules are not read */
    const char **tested; /* of --test-rules, in order */
    size_t tested_count;
    const char **against; /* of --against, in order */
    size_t against_count;
    const char *draft_rule; /* the correct reason */
    bool undecided;
    const char **headers; /* of --header, in order */
    size_t header_count;
    bounce_command command; /* what is known about the replies of --reply */
    const char *host, *recipient;
    struct sender sender; /* what is known about the mail that was sent */
    char **inputs;        /* part of argv */
    size_t input_count;
};

/* What --help prints. */
extern const char settings_help[];

#endif
