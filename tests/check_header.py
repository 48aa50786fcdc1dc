#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bounce.h compiles alone, in every language version that users may have.

usage: check_header.py CC CXX HEADER_DIR
"""
import subprocess
import sys

WARNINGS = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
# Included twice, to see that its include guard works.
SOURCE = "#include <bounce.h>\n#include <bounce.h>\nint main(void) { return bounce_version() == 0; }\n"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    cc, cxx, folder = sys.argv[1:]
    failed = False
    runs = [(cc, "c", std) for std in ("c99", "c11", "c17", "gnu11")]
    runs += [(cxx, "c++", std) for std in ("c++11", "c++17", "c++20")]
    for compiler, language, std in runs:
        command = [compiler, f"-std={std}", *WARNINGS, "-I", folder, "-x", language, "-"]
        done = subprocess.run(command, input=SOURCE, capture_output=True, text=True)
        if done.returncode != 0:
            failed = True
            print(f"{std}: {' '.join(command)}\n{done.stderr}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
