#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents agree with the sources.

usage: check_docs.py SOURCE_DIR

doc/reasons.md lists each reason with the group, type and class that it has in
reasons.c; the README's limits are those of limits.h; paths that the documents
name in backquotes exist; the CHANGELOG has an entry for this version, and the
first one of debian/changelog is for it too.
"""
import pathlib
import re
import sys

ROW = re.compile(r'NAME\("([a-z-]+)"\),\s+BOUNCE_GROUP_(\w+),\s+BOUNCE_TYPE_(\w+),\s+(\d)')
FOLDERS = ("libbounce/", "cli/", "ledger/", "data/", "tests/", "doc/", "cmake/",
           "tools/", "examples/", "python/")
# A limit in the README's words, and the same limit in limits.h with its unit.
LIMITS = {
    "header lines of one part": [("LIMIT_HEADER_LINES", 1)],
    "parts of a message; nesting": [("LIMIT_PARTS", 1), ("LIMIT_NESTING", 1)],
    "bytes of text read from one part": [("LIMIT_PART_TEXT_BYTES", 1024)],
    "recipients of one report": [("LIMIT_RECIPIENTS", 1)],
    "bytes of one text in which rules are searched": [("LIMIT_SEARCHED_BYTES", 1024)],
    "steps of regular expressions: in one text; in one message": [
        ("LIMIT_TEXT_STEPS_DEFAULT", 1),
        ("LIMIT_MESSAGE_STEPS_DEFAULT", 1),
    ],
}


def rows(text):
    """The cells of each row of the tables in a document, by the heading above."""
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").partition(":")[0]
        elif line.startswith("|"):
            yield heading, [cell.strip() for cell in line.strip("|").split("|")]


def check_reasons(top):
    source = (top / "libbounce" / "smtp" / "reasons.c").read_text(encoding="utf-8")
    want = {name: (group.lower(), kind.lower(), default) for name, group, kind, default in ROW.findall(source)}
    have = {}  # success has no class: it is 2
    for heading, cells in rows((top / "doc" / "reasons.md").read_text(encoding="utf-8")):
        if cells[0].startswith("`"):
            have[cells[0].strip("`")] = (heading, cells[1], cells[2] or "2")
    header = (top / "libbounce" / "bounce.h").read_text(encoding="utf-8")
    declared = {name.lower().replace("_", "-") for name in re.findall(r"\bBOUNCE_REASON_(\w+) = ", header)}
    for name in sorted(declared ^ set(want)):
        yield f"{name}: is in only one of bounce.h and reasons.c"
    for name in sorted(set(want) | set(have)):
        if want.get(name) != have.get(name):
            yield f"doc/reasons.md: {name}: says {have.get(name)}, reasons.c says {want.get(name)}"


def check_limits(top):
    source = (top / "libbounce" / "base" / "limits.h").read_text(encoding="utf-8")
    values = {name: int(value) for name, value in re.findall(r"^#define (LIMIT_\w+) (\d+)$", source, re.M)}
    shown = {cells[0]: cells[1] for heading, cells in rows((top / "README.md").read_text(encoding="utf-8"))
             if heading == "Limits"}
    for what, limits in LIMITS.items():
        numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]+", shown.get(what, ""))]
        want = [values[name] // unit for name, unit in limits]
        if numbers != want:
            yield f"README.md: {what}: says {shown.get(what)}, limits.h says {want}"


def check_paths(top):
    for document in sorted([*top.glob("*.md"), *(top / "doc").glob("*.md")]):
        for name in re.findall(r"`([\w./-]+)`", document.read_text(encoding="utf-8")):
            if name.startswith(FOLDERS) and not (top / name).exists():
                yield f"{document.relative_to(top)}: names {name}, which does not exist"


def check_version(top):
    header = (top / "libbounce" / "bounce.h").read_text(encoding="utf-8")
    version = re.search(r'BOUNCE_VERSION_STRING "(.*)"', header).group(1)
    if not re.search(rf"^## {re.escape(version)}\b", (top / "CHANGELOG.md").read_text(encoding="utf-8"), re.M):
        yield f"CHANGELOG.md: has no entry for {version}"
    numbers = [re.search(rf"BOUNCE_VERSION_{part} (\d+)", header).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
    if ".".join(numbers) != version:
        yield f"bounce.h: the numbers say {'.'.join(numbers)}, BOUNCE_VERSION_STRING says {version}"
    packaged = (top / "debian" / "changelog").read_text(encoding="utf-8").splitlines()[0]
    if not packaged.startswith(f"libbounce ({version}) "):
        yield f"debian/changelog: its first entry is not for {version}: {packaged}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    complaints = [text for check in (check_reasons, check_limits, check_paths, check_version) for text in check(top)]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
