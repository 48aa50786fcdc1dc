#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sources are laid out as clang-format does it.

usage: check_format.py CLANG_FORMAT SOURCE_DIR

Prints each file that differs, with its lines. To fix them:

    clang-format -i FILE...
"""
import collections
import pathlib
import re
import subprocess
import sys

FOLDERS = ("libbounce", "cli", "ledger", "tests", "examples")
SUFFIXES = {".c", ".h", ".cpp", ".hpp"}
VIOLATION = re.compile(r"^(.+?):(\d+):\d+: error: code should be clang-formatted", re.M)


def sources(top):
    """Every C and C++ file of the project; generated files are in the build folder."""
    return [path.relative_to(top) for folder in FOLDERS for path in sorted((top / folder).rglob("*"))
            if path.suffix in SUFFIXES]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    clang_format, top = sys.argv[1], pathlib.Path(sys.argv[2])
    files = sources(top)
    if not files:
        sys.exit("no source was found")
    done = subprocess.run([clang_format, "--style=file", "--dry-run", "-Werror", *map(str, files)], cwd=top,
                          capture_output=True, text=True)
    lines = collections.defaultdict(set)
    for name, line in VIOLATION.findall(done.stderr):
        lines[name].add(int(line))
    for name, numbers in lines.items():
        print(f"{name}: lines {', '.join(map(str, sorted(numbers)))}")
    if done.returncode != 0 and not lines:
        print(done.stderr)
    print(f"{len(files)} files, {len(lines)} that clang-format would change")
    sys.exit(1 if done.returncode != 0 or lines else 0)


if __name__ == "__main__":
    main()
