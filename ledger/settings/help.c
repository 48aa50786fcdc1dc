/* SPDX-License-Identifier: MIT */
/*
 * help.c - what --help prints.
 *
 * In: nothing. Out: a text that fits a terminal of 80 columns and 24 lines, with the prompt below it, and names each
 * command and option. The manual page has the rest.
 */
#include "settings/options.h"

const char ledger_help[] = "Usage: bounce-ledger COMMAND [OPTION]... [ARGUMENT]...\n"
                           "Remembers what bounces say about addresses: who may be mailed again, and when.\n"
                           "  record [FILE]...        read what bounce-classify --format json writes\n"
                           "    --scope TENANT/STREAM/LIST, --scope-from KEY, --own-domain DOMAIN,\n"
                           "    --dry-run, --first-cleaning, --batch N\n"
                           "  sent [FILE]...          read mails that were sent: id, address, time, scope\n"
                           "  may [ADDRESS]...        may it be mailed? Status 0: yes, 1: never, 3: not now\n"
                           "    --scope, --service NAME, --on-error allow|deny   without: filters stdin\n"
                           "  show ADDRESS            all that is known about it\n"
                           "  suppressed, due, held   addresses never to mail; to try again; held back\n"
                           "  changes --after N       each change of a state, from a cursor on\n"
                           "  release ADDRESS... --because resubscribed|typo-fixed|confirmed|\n"
                           "    provider-incident     let it be mailed again\n"
                           "  held accept|reject ADDRESS... [--who NAME]   a person decides\n"
                           "  forget ADDRESS... [--even-suppression]   erase it\n"
                           "  prune [--days N]        erase words of servers that are older\n"
                           "  stats [--by KEY] [--since DATE] [--until DATE] [--prometheus FILE]   figures\n"
                           "  export, import [FILE]... --list ses|sendgrid|mailgun|postmark|sparkpost\n"
                           "  replay --policy FILE, policy check FILE, policy show   another policy\n"
                           "Common options: --db FILE|postgresql://..., --policy FILE, --now TIME,\n"
                           "  --limit N, -f, --format text|json|csv, -q, --quiet,\n"
                           "  -h, --help, -V, --version\n"
                           "Exit status: 0 success, 1 some input failed, 2 wrong usage, 4 no database.\n";
