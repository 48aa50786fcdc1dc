#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""valgrind's memcheck finds nothing wrong while the program reads mails of the corpus.

usage: memcheck.py PROGRAM CORPUS [STEP]

Every STEP-th of the cases, sorted by name, is read (default: 1, all of them), in
one process, as JSON with --explain and --read-all, so that all rooms are
reached. Uninitialised values, bad reads and writes and lost memory are errors.
"""
import pathlib
import subprocess
import sys

VALGRIND = ["valgrind", "--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite",
            "--show-leak-kinds=definite", f"--suppressions={pathlib.Path(__file__).with_name('memcheck.supp')}"]


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, corpus, step = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    mails = sorted(corpus.glob("*/*/mail.eml"))[::step]
    if not mails:
        sys.exit(f"{corpus}: no mails")
    command = [*VALGRIND, program, "--no-sandbox", "--jobs", "1", "--format", "json", "--explain", "--read-all", *mails]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    print(done.stderr, end="")
    lines = len(done.stdout.splitlines())
    print(f"{lines} results of {len(mails)} mails, exit status {done.returncode}")
    sys.exit(0 if done.returncode == 0 and not done.stderr and lines == len(mails) else 1)


if __name__ == "__main__":
    main()
