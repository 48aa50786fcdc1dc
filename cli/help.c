/* SPDX-License-Identifier: MIT */
/*
 * help.c - what --help prints.
 *
 * In: nothing. Out: a text that fits a terminal of 80 columns and 24 lines, with the prompt below it, and names each
 * option. The manual page has the rest.
 */
#include "options.h"

const char settings_help[] = "Usage: bounce-classify [OPTION]... [INPUT]... | --reply [OPTION]... REPLY...\n"
                             "Says what happened to each recipient of bounced mail, why, and what to do.\n"
                             "INPUT is a mail, mbox, Maildir or folder; '-' or none means standard input.\n"
                             "  -f, --format text|json|csv  how to print the results (default text)\n"
                             "  -v, --explain, --trace, -q, --quiet  explain it; no totals or warnings\n"
                             "  --wide, --color WHEN, --with-filename, --no-filename  how lines of text look\n"
                             "  --only KEY=VALUE, --exclude KEY=VALUE, --since DATE, --until DATE,\n"
                             "  --fields LIST, --as SYSTEM, --suppress, --force, --summary [text|json|html],\n"
                             "  -o, --output FILE, --sysexits  what is shown, how, and where (see manual)\n"
                             "  --input-format FORMAT  auto, mail, mbox, mboxcl, maildir, folder, log, events\n"
                             "  --log, --inbound, --all, --final, --log-timezone ZONE, --follow, --state FILE\n"
                             "  --events, --delivered   logs of mail servers; events of sending services\n"
                             "  --max-message-bytes N, --max-steps TEXT/MAIL, --shard K/N, --start-offset N\n"
                             "  --header NAME, --verp PATTERN  show fields of returned mail; your VERP form\n"
                             "  --own-domain DOMAIN, --relay DOMAIN, --sent-ids FILE, --sent-keys FILE,\n"
                             "  --as-of DATE, --authserv-id HOST, --envelope-from ADDRESS,\n"
                             "  --envelope-to ADDRESS   what you know of your mail: shows forged reports\n"
                             "  --reply, --command COMMAND, --host NAME, --recipient ADDRESS  SMTP replies\n"
                             "  --rules PATH, --check-rules PATH, --list-rules, --test-rules PATH,\n"
                             "  --against MAILBOX, --draft-rule REASON, --undecided, --no-config  your rules\n"
                             "  --recursive, --read-all, --read-forwarded, --jit, --no-sandbox  see manual\n"
                             "  -j, --jobs N, --unordered, -h, --help, -V, --version  use N processes\n"
                             "Exit status: 0 success, 1 some input or output failed, 2 wrong usage or rules.\n";
