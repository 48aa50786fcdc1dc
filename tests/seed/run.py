#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the program against replies.tsv, through --reply.

usage: run.py PROGRAM REPLIES_TSV

All replies go through one run of the program, on its standard input; every
difference is printed.
"""
import json
import subprocess
import sys

FIELDS = ("reason", "type", "status", "permanent", "cause")


def rows(path):
    """(text, expected values by field) of each line of the table."""
    with open(path, encoding="utf-8") as table:
        for line in table:
            if line.strip() and not line.startswith("#"):
                text, reason, kind, status, permanent, cause = line.rstrip("\n").split("\t")
                yield text, dict(zip(FIELDS, (reason, kind, status, permanent == "yes", cause or None)))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, table = sys.argv[1], list(rows(sys.argv[2]))
    feed = "".join(text + "\n" for text, _ in table)
    done = subprocess.run([program, "--format", "json", "--reply"], input=feed.encode(), capture_output=True)
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    failed = done.returncode != 0 or len(answers) != len(table) or not table
    if failed:
        print(f"exit status {done.returncode}, {len(table)} replies in, {len(answers)} objects out")
        print(done.stderr.decode("utf-8", "replace"))
    for (text, want), answer in zip(table, answers):
        recipients = answer["recipients"]
        if answer["kind"] != "reply" or len(recipients) != 1:
            failed = True
            print(f"{text}: kind {answer['kind']}, {len(recipients)} recipients")
            continue
        got = {field: recipients[0][field] for field in FIELDS}
        if got != want:
            failed = True
            print(f"{text}: " + ", ".join(f"{f} {want[f]!r} but got {got[f]!r}" for f in FIELDS if got[f] != want[f])
                  + f" [{recipients[0]['evidence']}]")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
