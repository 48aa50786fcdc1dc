#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the program with data/provider-codes.tsv: what providers document.

usage: check_provider_codes.py PROGRAM TABLE

Each reply must get its reason, or the table says why it has none. No reply may occur twice.
"""
import json
import subprocess
import sys


def rows(path):
    """(place, provider, reply, reason, why) of each line of the table."""
    with open(path, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            if line.strip() and not line.startswith("#"):
                provider, reply, reason, why = line.rstrip("\n").split("\t")
                yield f"{path}:{number}", provider, reply, reason, why


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    table = list(rows(sys.argv[2]))
    feed = "".join(row[2] + "\n" for row in table)
    done = subprocess.run([sys.argv[1], "--format", "json", "--reply"], input=feed.encode(), capture_output=True,
                          check=False)
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    failed = done.returncode != 0 or len(answers) != len(table) or not table
    seen = set()
    for (place, provider, reply, reason, why), answer in zip(table, answers):
        got = answer["recipients"][0]["reason"]
        complaint = None
        if (provider, reply) in seen:
            complaint = "is there twice"
        elif (reason == "-") != bool(why):
            complaint = "has a reason and says why not, or neither"
        elif reason not in ("-", got):
            complaint = f"{reason}, but got {got} by {answer['recipients'][0]['evidence']}"
        seen.add((provider, reply))
        if complaint:
            failed = True
            print(f"{place}: {reply}: {complaint}")
    print(f"{len(table)} replies of {len({row[1] for row in table})} providers")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
