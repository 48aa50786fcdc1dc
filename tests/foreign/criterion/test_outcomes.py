#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The test runner for other processors notices failures, and has everything that unit tests use of Criterion.

usage: test_outcomes.py PROGRAM CRITERION_H UNIT_FOLDER

PROGRAM is outcomes.c, whose tests say in their names whether they pass.
CRITERION_H must have each assertion and each option of a test that the sources below
UNIT_FOLDER use: they are compiled with it only where there is no Criterion.
"""
import pathlib
import re
import subprocess
import sys

OPTIONS = re.compile(r"^Test(?:Suite)?\((.*)\)$", re.M)


def complain_of_outcomes(program):
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    failed = set(re.findall(r"^FAILED outcomes/(\w+)", done.stdout, re.M))
    source = pathlib.Path(__file__).with_name("outcomes.c").read_text(encoding="utf-8")
    names = re.findall(r"^Test\(outcomes, (\w+)", source, re.M)
    want = {name for name in names if name.startswith("fails")}
    if failed != want:
        yield f"failed: {sorted(failed)}, not {sorted(want)}"
    if f"Tested: {len(names)} | Passed: {len(names) - len(want)} | Failed: {len(want)}\n" not in done.stdout:
        yield "the last line does not count them"
    if done.returncode != 1:
        yield f"exit status {done.returncode}"
    for text, seen in (("expected 1 == 2: because of 7\n", True), ("went on\n", True), ("took too long", True),
                       ("must not be seen", False), ("set up\n", True), ("torn down\n", True)):
        if (text in done.stdout) != seen:
            yield f"{text!r} is {'not ' if seen else ''}printed"


def complain_of_uses(header, folder):
    known = set(re.findall(r"^#define (cr_\w+)\(", header.read_text(encoding="utf-8"), re.M))
    options = set(re.findall(r"\b(\w+)(?:\)\(void\))?[,;]", header.read_text(encoding="utf-8").split("struct test {")[0]))
    for source in sorted(folder.rglob("*.[ch]")):
        text = source.read_text(encoding="utf-8")
        for name in sorted(set(re.findall(r"\b(cr_(?:assert|expect)\w*)\(", text)) - known):
            yield f"{source}: {name}() is not in {header.name}"
        used = {name for line in OPTIONS.findall(text) for name in re.findall(r"\.(\w+) *=", line)}
        for name in sorted(used - options):
            yield f"{source}: .{name} is not in {header.name}"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, header, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    complaints = [*complain_of_outcomes(program), *complain_of_uses(header, folder)]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
