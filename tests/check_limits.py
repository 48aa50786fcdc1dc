#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No cap is silent: doc/limits.md names every limit, how a user learns of it, and the test that reaches it.

usage: check_limits.py SOURCE_DIR

Each limit of base/limits.h is in a table of the page, and nothing else is; its test exists; the warnings are ids that
the library reports. Each constant by which a reader bounds how far it looks is on the page, too. doc/output.md lists
every warning that the library can report, and no other.
"""
import pathlib
import re
import sys

ROOMS = ("reading", "verdict", "mail", "smtp", "text")
CONSTANT = re.compile(r"enum \{ ?([^}]*=[^}]*)\}")
# Sizes of tables and of output, bits and names: they do not bound what is read.
NO_BOUNDS = {"NOBODY", "SEEN_FINAL", "SEEN_ORIGINAL", "SEEN_ACTION", "SEEN_STATUS", "FIRST_CAPACITY",
             "OWN_HOSTS", "ENCODED_TO_DECODED_MAX", "FORM_BYTES", "LINE_END_BYTES", "FIRST_SLOTS", "FIELD_NAME_BITS",
             "REASON_COUNT", "REASON_CODES_MAX", "REPLY_WORDS_MAX", "REPLY_WORD_BRACKET", "AFTER", "NAME_BYTES",
             "MASK_PHRASE_BYTES_MIN", "NORM_PADDING_BYTES", "CYRILLIC_IE", "CYRILLIC_IO", "CODE_BYTES", "SECONDS_A_DAY",
             "MARK", "LETTERS_FROM"}
WARNING = re.compile(r'report_warn\([^;]*?"([a-z-]+)"|\{MESSAGE_\w+, "([a-z-]+)"', re.S)


def cells_of(text):
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def warnings_of(top):
    sources = (path.read_text(encoding="utf-8") for path in (top / "libbounce").rglob("*.c"))
    return {name for source in sources for pair in WARNING.findall(source) for name in pair if name}


def check_limits(top, page, warnings):
    header = (top / "libbounce" / "base" / "limits.h").read_text(encoding="utf-8")
    defined = set(re.findall(r"^#define (LIMIT_\w+)", header, re.M))
    rows = {cells[0]: cells[1:] for cells in cells_of(page) if cells[0].startswith("LIMIT_")}
    for name in sorted(defined ^ set(rows)):
        yield f"{name}: is in only one of limits.h and doc/limits.md"
    for name, (told, test) in sorted(rows.items()):
        if not (top / test.strip("`")).is_file():
            yield f"doc/limits.md: {name}: there is no {test}"
        for word in re.findall(r"`([a-z-]+)`", told):
            if word not in warnings and not word.startswith("--"):
                yield f"doc/limits.md: {name}: no warning is called {word}"


def check_distances(top, page):
    listed = {(cells[0].strip("`"), cells[1]) for cells in cells_of(page) if cells[0].startswith("`libbounce/")}
    found = set()
    for path in sorted(path for room in ROOMS for path in (top / "libbounce" / room).glob("*.[ch]")):
        for body in CONSTANT.findall(path.read_text(encoding="utf-8")):
            for name in re.findall(r"([A-Z][A-Z_]*) = \d", body) if "\n" not in body else []:
                if name not in NO_BOUNDS:
                    found.add((str(path.relative_to(top)), name))
    for where, name in sorted(found - listed):
        yield f"{where}: {name} is not in doc/limits.md"
    for where, name in sorted(listed - found):
        yield f"doc/limits.md: {where} has no {name}"


def check_warnings(top, warnings):
    output = (top / "doc" / "output.md").read_text(encoding="utf-8").partition("\n## Warnings\n")[2].partition("\n## ")[0]
    listed = {name for cells in cells_of(output) for name in re.findall(r"`([a-z-]+)`", cells[0])}
    for name in sorted(warnings ^ listed):
        yield f"the warning {name}: is in only one of the library and doc/output.md"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    page, warnings = (top / "doc" / "limits.md").read_text(encoding="utf-8"), warnings_of(top)
    complaints = [*check_limits(top, page, warnings), *check_distances(top, page), *check_warnings(top, warnings)]
    print("\n".join(complaints) or "no cap is silent")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
