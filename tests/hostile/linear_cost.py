#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile mails and replies of one size and of four times that size: what they
cost may grow about as their size does.

usage: linear_cost.py PROGRAM PART PARTS [--print]

Counts instructions by valgrind's callgrind: the same on a busy machine as on an
idle one. Four times the bytes are four times the instructions where the cost is
linear, and 16 times where it is quadratic; MAX_GROWTH is the bound.
PROGRAM is built from linear_cost.c. --print: the figures of every shape.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MAX_GROWTH = 8
DUMP = re.compile(r"^desc: Trigger: Client Request: ([^\n]+)/(\d+)$.*?^totals: (\d+)$", re.M | re.S)


def count(program, part, parts):
    """(name, instructions small, big) of each shape of a part."""
    with tempfile.TemporaryDirectory() as folder:
        dumps = pathlib.Path(folder) / "dumps"
        done = subprocess.run(["valgrind", "--tool=callgrind", "--combine-dumps=yes", f"--callgrind-out-file={dumps}",
                               program, part, parts], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            sys.exit(f"{program}: exit status {done.returncode}\n{done.stdout}{done.stderr[-2000:]}")
        found = DUMP.findall(dumps.read_text(encoding="utf-8", errors="replace"))
    ran = int(re.search(r"^(\d+) shapes", done.stdout, re.M).group(1))
    if not ran or len(found) != 2 * ran:
        sys.exit(f"{ran} shapes ran, {len(found)} dumps were written: two a shape are expected")
    return [(small[0], int(small[2]), int(big[2])) for small, big in zip(found[::2], found[1::2])]


def main():
    words = [word for word in sys.argv[1:] if word != "--print"]
    if len(words) != 3:
        sys.exit(__doc__)
    failures = 0
    figures = count(*words)
    for name, small, big in figures:
        bad = big > MAX_GROWTH * small
        failures += bad
        if bad or "--print" in sys.argv:
            print(f"{'FAIL ' if bad else ''}{name:<40} {small:>12,} instructions, four times as long {big:>13,}: "
                  f"{big / small:.2f}")
    print(f"{len(figures)} shapes, {failures} grow more than {MAX_GROWTH} times")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
