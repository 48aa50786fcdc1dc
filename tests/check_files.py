#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small promises about the files of the project, all checked at once.

usage: check_files.py SOURCE_DIR

Sources carry their licence; nothing names a path of one machine or a folder
beside the checkout (only .ci/run may); every case of the corpus is complete, with
its expectations and its origin; text files end in a newline; there are no
generated files in the tree; every source is built; no test limits elapsed
time.
"""
import json
import pathlib
import re
import sys

SKIPPED_FOLDERS = {".git", "build", "__pycache__", ".cache"}
SOURCE_SUFFIXES = {".c", ".h", ".cpp", ".py", ".cmake", ".sh", ".map"}
SOURCE_NAMES = {"CMakeLists.txt", "setup", "run"}
# Mails are data as found: any bytes, any line ends.
DATA_SUFFIXES = {".eml", ".mbox", ".bin"}
TEXT_SUFFIXES = SOURCE_SUFFIXES | {".md", ".json", ".rules", ".tsv", ".txt", ".in", ".1", ".3", ".5"}
MACHINE_PATH = re.compile(rb"(?<![\w.])/(?:work|root)/\w")
# A limit on elapsed time: of Criterion, of Python's subprocess. On a busy machine, correct code would fail it.
WALL_TIME = re.compile(rb"\.timeout = |\btimeout=\d")
LIMITED_TESTS = ("tests/unit/", "tests/cli/", "tests/hostile/", "tests/api/")
OUTSIDE = ("." * 2 + "/shared").encode()
CASE_FILES = ("mail.eml", "expected.json", "origin.md")


def files(top):
    """Every file of the tree that belongs to the project."""
    for path in sorted(top.rglob("*")):
        relative = path.relative_to(top)
        # Data for fuzzing may be any bytes.
        if path.is_file() and not SKIPPED_FOLDERS & set(relative.parts):
            yield path, relative


def check_file(path, relative):
    """Yields the complaints about one file."""
    data = path.read_bytes()
    if relative.as_posix() != ".ci/run" and OUTSIDE in data:
        yield "names a folder outside of the project"
    if MACHINE_PATH.search(data):
        yield "names a path of one machine"
    if path.suffix in DATA_SUFFIXES or "fuzz" in relative.parts:
        return
    is_source = path.suffix in SOURCE_SUFFIXES or path.name in SOURCE_NAMES
    if is_source and data.strip() and b"SPDX-License-Identifier: MIT" not in data[:300]:
        yield "has no SPDX-License-Identifier in its first lines"
    if (is_source or path.suffix in TEXT_SUFFIXES) and data and not data.endswith(b"\n"):
        yield "does not end in a newline"
    if is_source and re.search(rb"[ \t]+$", data, re.M):
        yield "has white space at the end of a line"
    if relative.as_posix().startswith(LIMITED_TESTS) and WALL_TIME.search(data):
        yield "limits elapsed time; bounce_add_test limits the processor time of each test"
    if path.suffix in (".c", ".h") and b"\t" in data:
        yield "is indented by tabs"
    if path.name == "builtin_rules.c":
        yield "is generated: it belongs in the build folder"


def check_case(case):
    """Yields the complaints about one folder of the corpus."""
    for name in CASE_FILES:
        if not (case / name).is_file():
            yield f"{name} is missing"
        elif (case / name).stat().st_size == 0 and name != "mail.eml":
            yield f"{name} is empty"
    if (case / "expected.json").is_file():
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        if "kind" not in expected or "recipients" not in expected:
            yield "expected.json must state kind and recipients"


def check_listed(top):
    """Yields the sources that are not part of the build."""
    for folder in (top / "libbounce", top / "cli", top / "ledger"):
        words = set((folder / "CMakeLists.txt").read_text(encoding="utf-8").replace(")", " ").split())
        for path in sorted(folder.rglob("*.c")):
            if path.relative_to(folder).as_posix() not in words:
                yield f"{path.relative_to(top)}: is not listed in {folder.name}/CMakeLists.txt"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    complaints = [f"{relative}: {text}" for path, relative in files(top) for text in check_file(path, relative)]
    cases = [case for case in (top / "tests" / "corpus").glob("*/*") if case.is_dir()]
    complaints += [f"{case.relative_to(top)}: {text}" for case in sorted(cases) for text in check_case(case)]
    complaints += check_listed(top)
    if not cases:
        complaints.append("tests/corpus holds no case")
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
