#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile mails and replies of several sizes: their cost may grow only about as
fast as their size.

usage: linear_cost.py PROGRAM PART PARTS [--print]

Counts instructions by valgrind's callgrind: the same number on a busy machine as
on an idle one. From each size to the next the cost grows as some power of the
size: 1 if it is linear, 2 if it is quadratic; more than MAX_POWER is a failure.
PROGRAM is built from linear_cost.c. --print: the figures of every shape.
"""
import math
import pathlib
import re
import subprocess
import sys
import tempfile

MAX_POWER = 1.5  # eight times the instructions for four times the bytes; 1.24 is the most seen so far
DUMP = re.compile(r"^desc: Trigger: Client Request: ([^\n]+)/(\d+)$.*?^totals: (\d+)$", re.M | re.S)


def count(program, part, parts):
    """{name of a shape: [(bytes, instructions) of each size]} of a part."""
    with tempfile.TemporaryDirectory() as folder:
        dumps = pathlib.Path(folder) / "dumps"
        done = subprocess.run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--combine-dumps=yes", f"--callgrind-out-file={dumps}",
                               program, part, parts], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            sys.exit(f"{program}: exit status {done.returncode}\n{done.stdout}{done.stderr[-2000:]}")
        text = dumps.read_text(encoding="utf-8", errors="replace")
    figures = {}
    for name, size, instructions in DUMP.findall(text):
        figures.setdefault(name, []).append((int(size), int(instructions)))
    ran = int(re.search(r"^(\d+) shapes", done.stdout, re.M).group(1))
    if not ran or len(figures) != ran or min(map(len, figures.values())) < 2:
        sys.exit(f"{ran} shapes ran, {len(figures)} wrote dumps: at least two are expected of each")
    return figures


def main():
    words = [word for word in sys.argv[1:] if word != "--print"]
    if len(words) != 3:
        sys.exit(__doc__)
    failures = 0
    figures = count(*words)
    for name, sizes in figures.items():
        power = max(math.log(more / fewer, big / small) for (small, fewer), (big, more) in zip(sizes, sizes[1:]))
        bad = power > MAX_POWER
        failures += bad
        if bad or "--print" in sys.argv:
            print(f"{'FAIL ' if bad else ''}{power:5.2f} {name}: "
                  + ", ".join(f"{size:,} bytes {instructions:,} instructions" for size, instructions in sizes))
    print(f"{len(figures)} shapes, {failures} grow faster than size to the power of {MAX_POWER}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
