#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs cases of the corpus.

usage: run_cases.py PROGRAM FOLDER

FOLDER is a case or holds cases. Passes CASE/mail.eml to `PROGRAM --format json` and
compares the answer with CASE/expected.json. Every key of expected.json must be equal; objects
are compared key by key, so that a case states only what it is about; lists
must have the same length and order. All differences are printed, not only the
first. A key "options" on the top level has further options for the program.
"""
import json
import pathlib
import subprocess
import sys


def differences(want, got, path):
    """Yields one line for each place where got differs from want."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            yield f"{path}: expected an object, got {got!r}"
            return
        for key, value in want.items():
            if key not in got:
                yield f"{path}.{key}: missing"
            else:
                yield from differences(value, got[key], f"{path}.{key}")
    elif isinstance(want, list):
        if not isinstance(got, list) or len(want) != len(got):
            count = len(got) if isinstance(got, list) else "none"
            yield f"{path}: expected {len(want)} entries, got {count}: {got!r}"
            return
        for index, (one, other) in enumerate(zip(want, got)):
            yield from differences(one, other, f"{path}[{index}]")
    elif type(want) is not type(got) or want != got:
        yield f"{path}: expected {want!r}, got {got!r}"


def run(program, case):
    """Yields every complaint about this case."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    options = expected.pop("options", [])
    command = [program, "--format", "json", *options, str(case / "mail.eml")]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        yield f"exit status {done.returncode}"
    if done.stderr:
        yield "standard error: " + done.stderr.decode("utf-8", "replace").strip()
    lines = done.stdout.decode("utf-8").splitlines()
    if len(lines) != 1:
        yield f"expected one object, got {len(lines)} lines"
        return
    yield from differences(expected, json.loads(lines[0]), "$")


def cases(folder):
    """The cases of a folder, or the folder itself if it is one."""
    return sorted(mail.parent for mail in folder.rglob("mail.eml"))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    found, wrong = cases(folder), 0
    for case in found:
        complaints = list(run(sys.argv[1], case))
        wrong += bool(complaints)
        for complaint in complaints:
            print(f"{case}: {complaint}")
    print(f"{len(found)} cases, {wrong} wrong")
    sys.exit(1 if wrong or not found else 0)


if __name__ == "__main__":
    main()
