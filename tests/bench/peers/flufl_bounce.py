#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""flufl.bounce over an mbox, one line for each mail: flufl_bounce.py MAILBOX

Started with the system's Python, for which Debian packages it.
"""
import email
import sys

from flufl.bounce import all_failures


def mails(path):
    lines = None
    with open(path, "rb") as file:
        for line in file:
            if line.startswith(b"From "):
                if lines:
                    yield b"".join(lines)
                lines = []
            elif lines is not None:
                lines.append(line)
    if lines:
        yield b"".join(lines)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for mail in mails(sys.argv[1]):
        try:
            temporary, permanent = all_failures(email.message_from_bytes(mail))
        except Exception as error:  # it may fail on real mail
            print("failed", type(error).__name__)
            continue
        print(b" ".join(sorted(set(temporary) | set(permanent))).decode("utf-8", "replace"))


if __name__ == "__main__":
    main()
