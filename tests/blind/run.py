#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judge the replies of lists that were labelled before they were run.

usage: run.py --bin PATH [--list] FILE...

Each FILE holds one reply a line: reason (alternatives by "|"), type (hard or soft) and the text, parted by tabs; "\\n" in
the text is a line break, "\\\\" a backslash, a line that begins with "#" a comment. The comment "# held: reason=98 type=99"
states the shares that the list must reach, in percent. Prints for each file how many replies it holds, the share whose
reason and type are as labelled, and how many came out hard although the label is soft. --list shows each reply that is
judged otherwise. The exit status is 1 where a share is below what is held, or where a reply comes out hard that is not.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

ESCAPE = re.compile(r"\\(.)")
HELD = re.compile(r"^# held: reason=([\d.]+) type=([\d.]+)$", re.M)


def read_list(path):
    """The labelled replies of one file, as (reasons, type, text)."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3 or cells[1] not in ("hard", "soft"):
            sys.exit(f"{path}:{number}: expected reason, hard or soft, and a reply, parted by tabs")
        text = ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], cells[2])
        rows.append((cells[0].split("|"), cells[1], text))
    return rows


def judge(program, texts):
    """What the program says of each text, as (reason, type, evidence)."""
    output = subprocess.run([program, "--reply", "--format", "json", "--", *texts], capture_output=True, check=False)
    lines = output.stdout.decode("utf-8").splitlines()
    if len(lines) != len(texts):
        sys.exit(f"{program}: {len(texts)} replies gave {len(lines)} results: {output.stderr.decode()}")
    recipients = [json.loads(line)["recipients"][0] for line in lines]
    return [(r["reason"], r["type"], r.get("decided_by")) for r in recipients]


def measure(program, path, show):
    """Shares in percent and the number of false hards of one file; prints its row."""
    rows = read_list(path)
    right = {"reason": 0, "type": 0}
    false_hard = 0
    for (reasons, kind, text), (reason, type_, rule) in zip(rows, judge(program, [row[2] for row in rows])):
        right["reason"] += reason in reasons
        right["type"] += type_ == kind
        false = type_ == "hard" and kind != "hard"
        false_hard += false
        if show and (reason not in reasons or type_ != kind):
            mark = "FALSE HARD " if false else ""
            print(f"{mark}{'|'.join(reasons)} {kind}, judged {reason} {type_} ({rule}): {text!r}")
    shares = {field: 100 * count / len(rows) for field, count in right.items()}
    print(f"{path.name}: {len(rows)} replies, reason {shares['reason']:.2f} %, type {shares['type']:.2f} %, "
          f"false hard {false_hard}")
    return shares, false_hard


def is_held(path, shares, false_hard):
    """Whether a list reaches what its comment states."""
    held = HELD.search(path.read_text(encoding="utf-8"))
    if not held:
        sys.exit(f"{path}: has no comment \"# held: reason=N type=N\"")
    low = [(field, floor) for field, floor in zip(("reason", "type"), held.groups()) if shares[field] < float(floor)]
    for field, floor in low:
        print(f"{path.name}: {field} {shares[field]:.2f} % is below {floor} %")
    return not low and not false_hard


def main():
    """Measure each file and compare with what it states."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", required=True, metavar="PATH")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE")
    args = parser.parse_args()
    held = [is_held(path, *measure(args.bin, path, args.list)) for path in args.files]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
