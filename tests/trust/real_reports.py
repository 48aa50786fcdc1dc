#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No real report is said to be about a message that its receiver did not send.

usage: real_reports.py PROGRAM FOLDER...

Takes every mail below the folders, and as the receiver's own domains those to which it was sent. A real report may
be about mail that the receiver forwarded or sent as a list, return nothing, come from a stranger, lack a null sender,
or be weeks late: none of that may make it "no". Mail that is not a report has no answer. Folders that do not exist are
left out, and so are the cases of made-forged.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

RECEIVER = re.compile(rb"^(?:to|delivered-to|x-original-to|envelope-to|x-envelope-to|x-failed-recipients):"
                      rb"((?:.*\r?\n)(?:[ \t].*\r?\n)*)", re.I | re.M)
DOMAIN = re.compile(rb"@([A-Za-z0-9.-]*[A-Za-z0-9])")


def own_domains(mail):
    """The domains of the addresses to which a mail was sent, by its header."""
    header = re.split(rb"\r?\n\r?\n", mail.read_bytes().lstrip(), maxsplit=1)[0] + b"\n"
    names = {name.decode("ascii").lower() for value in RECEIVER.findall(header) for name in DOMAIN.findall(value)}
    return tuple(sorted(names))


def answers(program, domains, mails):
    options = [word for domain in domains for word in ("--own-domain", domain)]
    done = subprocess.run([program, "--format", "json", "--input-format", "mail", *options, *map(str, mails)],
                          stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    by_domains = collections.defaultdict(list)
    for folder in map(pathlib.Path, sys.argv[2:]):
        for mail in sorted(folder.rglob("*.eml")):
            if mail.parents[1].name != "made-forged":
                by_domains[own_domains(mail)].append(mail)
    counts = collections.Counter()
    for domains, mails in by_domains.items():
        if not domains:
            continue
        for answer in answers(sys.argv[1], domains, mails):
            counts[answer["sent"], answer["sent_why"]] += 1
            if answer["sent"] == "no":
                print(f"{answer['source']['path']}: no ({answer['sent_why']}), with {' '.join(domains)}")
    print(dict(counts))
    sys.exit(any(sent == "no" for sent, _ in counts))


if __name__ == "__main__":
    main()
