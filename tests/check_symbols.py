#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The libraries export exactly the functions of bounce.h; the shared one gives
each of them a version (libbounce/libbounce.map).

usage: check_symbols.py BOUNCE_H LIBRARY...
"""
import re
import subprocess
import sys


def declared(header):
    """Names of the functions that the header marks BOUNCE_API."""
    text = open(header, encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    return set(re.findall(r"\bBOUNCE_API\b[^;(]*?(\w+)\s*\(", text))


def exported(library):
    """Names of the global symbols that a shared or a static library defines, each with its version."""
    table = [] if library.endswith(".a") else ["-D"]
    out = subprocess.run(["nm", *table, "-g", "--defined-only", library], check=True,
                         capture_output=True, text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    return [row[2] for row in rows if len(row) == 3 and row[1] != "A"]  # A: the name of a version


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    want = declared(sys.argv[1])
    if not want:
        sys.exit("no function was found in the header")
    failed = False
    for library in sys.argv[2:]:
        names = exported(library)
        have = {name.split("@")[0] for name in names}
        for name in sorted(names):
            if not library.endswith(".a") and not re.search(r"@@LIBBOUNCE_\d+\.\d+$", name):
                print(f"{library}: exported without a version: {name}")
                failed = True
        for name in sorted(have - want):
            print(f"{library}: exported, but not in bounce.h: {name}")
        for name in sorted(want - have):
            print(f"{library}: in bounce.h, but not exported: {name}")
        failed = failed or have != want
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
