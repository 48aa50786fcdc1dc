# SPDX-License-Identifier: MIT
"""What python-report measures. usage: python_asks.py json|facts MAILBOX, python_asks.py replies FILE"""
import sys

import bounce


def write_json(reports, write):
    for report in reports:
        write(report.json_bytes() + b"\n")


def write_facts(reports, write):
    for report in reports:
        for r in report:
            write(f"{r.address}\t{r.type}\t{r.reason}\t{r.status}\t{r.action}\t{r.remote_mta}\t{r.reply_code}\t"
                  f"{r.diagnostic}\n".encode())


def replies(path):
    """The report of each line."""
    with open(path, "rb") as lines:
        yield from bounce.Parser().parse_replies(line.rstrip(b"\n") for line in lines)


if sys.argv[1] == "replies":
    write_facts(replies(sys.argv[2]), sys.stdout.buffer.write)
    sys.exit()
with bounce.Mailbox(sys.argv[2]) as mailbox:
    (write_json if sys.argv[1] == "json" else write_facts)(mailbox.reports(), sys.stdout.buffer.write)
