#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy finds nothing in the sources; .clang-tidy says what it looks for.

usage: check_tidy.py CLANG_TIDY BUILD_DIR SOURCE_DIR

Checks every file of the compile database of BUILD_DIR that is not generated, on
all processors. A file in which nothing was found is not checked again until it, a
header of the project that it includes, its compiler options, a .clang-tidy or
clang-tidy itself changes: BUILD_DIR/tidy holds the hashes.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

DIAGNOSTIC = re.compile(r"^(?=\S+:\d+:\d+: (?:warning|error): )", re.M)


def read_database(build, top):
    """One command for each source file of the project, by its name."""
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(top) and not path.is_relative_to(build):
            entries.setdefault(path, entry)
    return entries


def common_key(clang_tidy, top):
    """Everything on which all results depend."""
    version = subprocess.run([clang_tidy, "--version"], check=True, capture_output=True).stdout
    settings = [path.read_bytes() for path in (top / ".clang-tidy", top / "tests" / ".clang-tidy")]
    return b"\0".join([version, *settings])


def key_of(path, entry, common):
    """Hash of everything on which the result for one file depends, or None if it does not compile."""
    command = shlex.split(entry["command"])
    at = command.index("-o")
    done = subprocess.run([*command[:at], *command[at + 2:], "-MM", "-MT", "x"], cwd=entry["directory"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return None
    key = hashlib.sha256(common + str(path).encode() + entry["command"].encode())
    for name in shlex.split(done.stdout.replace("\\\n", " "))[1:]:
        key.update(pathlib.Path(entry["directory"], name).read_bytes() + b"\0")
    return key.hexdigest()


def look_at(clang_tidy, path, entry, common, folder):
    """clang-tidy's output for one file; nothing if it is known to be clean."""
    key = key_of(path, entry, common)
    known = folder / key if key else None
    if known and known.exists():
        return "", False
    done = subprocess.run([clang_tidy, "--quiet", "--warnings-as-errors=*", "-p", str(folder), str(path)],
                          capture_output=True, text=True)
    text = done.stdout.strip()
    if done.returncode != 0 and not text:
        text = f"{path}:1:1: error: clang-tidy failed: {done.stderr.strip()}"
    if known and not text:
        known.touch()
    return text, True


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    clang_tidy, build, top = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    entries = read_database(build, top)
    if not entries:
        sys.exit("the compile database names no source")
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    # For a file that is built twice clang-tidy would run all commands.
    (folder / "compile_commands.json").write_text(json.dumps(list(entries.values())), encoding="utf-8")
    common = common_key(clang_tidy, top)
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(lambda item: look_at(clang_tidy, *item, common, folder), sorted(entries.items())))
    # Findings in a header appear once for each file that includes it.
    found = dict.fromkeys(block.strip() for text, _ in results for block in DIAGNOSTIC.split(text) if block.strip())
    for block in found:
        print(block.replace(f"{top}/", ""))
    print(f"{len(entries)} files, {sum(ran for _, ran in results)} checked now, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
