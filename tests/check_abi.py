#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs built against the last release run with this library.

usage: check_abi.py LIBRARY HEADER DUMP [--write]

DUMP is abidw's output for the library of the last release (before the first
release, for the library on the day it was written); abidiff compares LIBRARY
with it. New functions and values are no difference, everything else is one.
Without debugging information only the names and versions of functions can be
compared; the test says so. --write writes DUMP anew, from a library with
debugging information: doc/abi.md says when.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DUMP_OPTIONS = ["--exported-interfaces-only", "--drop-private-types", "--no-corpus-path", "--no-comp-dir-path",
                "--no-parameter-names", "--no-elf-needed", "--type-id-style", "hash"]
LOCATION = re.compile(r" (?:filepath|line|column)='[^']*'")


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def has_types(library):
    return ".debug_info" in run("readelf", "-SW", library).stdout


def dump_of(library, header):
    """abidw's output for the interface; the header is alone in a folder, so that only its types count."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(header, folder)
        done = run("abidw", *DUMP_OPTIONS, "--headers-dir", folder, library.resolve())
        if done.returncode != 0:
            sys.exit(f"abidw: {done.stderr}")
        return re.sub(r"(<abi-instr [^>]* path=')[^']*/(?=libbounce/)", r"\1", LOCATION.sub("", done.stdout))


def difference(dump, now):
    """What abidiff reports, or an empty text."""
    done = run("abidiff", "--no-added-syms", dump, now)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def check_check(dump, now, with_types):
    """Checks that a removed function and a changed value are noticed."""
    changes = [("bounce_version", "bounce_edition")]
    if with_types:
        changes.append(("name='BOUNCE_FORMAT_FOLDER' value='5'", "name='BOUNCE_FORMAT_FOLDER' value='9'"))
    text = dump.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        other = pathlib.Path(name) / "other.abi"
        for old, new in changes:
            other.write_text(text.replace(old, new), encoding="utf-8")
            if old not in text or not difference(other, now):
                yield f"would not notice that {new} became {old}"


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    library, header, dump = map(pathlib.Path, sys.argv[1:4])
    with_types = has_types(library)
    if sys.argv[4:] == ["--write"]:
        if not with_types:
            sys.exit("the library has no debugging information; use the preset dev")
        dump.write_text(dump_of(library, header), encoding="utf-8")
        return
    if not with_types:
        print("no debugging information: only names and versions of functions are compared; preset dev compares types")
    with tempfile.TemporaryDirectory() as folder:
        now = library
        if with_types:
            now = pathlib.Path(folder) / "now.abi"
            now.write_text(dump_of(library, header), encoding="utf-8")
        complaints = [text for text in (difference(dump, now), *check_check(dump, now, with_types)) if text]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
