#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include what: the borders between the modules.

usage: check_layers.py SOURCE_DIR

Only message*.c and text*.c see GMime, only one file sees PCRE2, only what reads
rule files sees rules as they are written there, and the program and the tests
of the interface see bounce.h and nothing internal.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", re.M)


def includes(path):
    """(quote, name) of every include of one file."""
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def check_library(folder):
    """The two big dependencies stay behind one module each."""
    pcre2_users = []
    for path in sorted(folder.glob("*.[ch]")):
        names = [name for _, name in includes(path)]
        sees_gmime = any(name.startswith("gmime") for name in names)
        if sees_gmime and not re.fullmatch(r"(message|text)\w*\.c", path.name):
            yield f"{path}: only message*.c and text*.c may include GMime"
        if "pcre2.h" in names:
            pcre2_users.append(path)
        if "rulewritten.h" in names and not re.fullmatch(r"rule(reader\.h|dialects\.c|layer\.c|pack\.c)", path.name):
            yield f"{path}: what rule files say is seen packed (ruleset.h) by all but the modules that read them"
    if len(pcre2_users) != 1:
        yield f"pcre2.h must be included by exactly one file, not by {[p.name for p in pcre2_users]}"
    header = includes(folder / "bounce.h")
    for _, name in header:
        if name not in ("stdbool.h", "stddef.h", "stdint.h"):
            yield f"{folder / 'bounce.h'}: a public header must not include {name}"


def check_outsiders(folder, internal):
    """What lives outside of the library uses its public header only."""
    for path in sorted(folder.rglob("*.[ch]")) + sorted(folder.rglob("*.cpp")):
        for _, name in includes(path):
            base = pathlib.PurePath(name).name
            if base in internal and not (path.parent / base).exists():
                yield f"{path}: includes {name}, which is internal to the library"
            if name.startswith(("gmime", "pcre2", "glib")):
                yield f"{path}: includes {name}, which belongs to the library alone"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    library = top / "libbounce"
    internal = {path.name for path in library.glob("*.h")} - {"bounce.h"}
    complaints = list(check_library(library))
    for folder in (top / "cli", top / "tests" / "api", top / "tests" / "install"):
        complaints += check_outsiders(folder, internal)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
