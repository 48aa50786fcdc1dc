#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the program against the record of what the phrases of version 0.1 mean.

usage: run.py PROGRAM FOLDER [--show] [TABLE...]

FOLDER holds the tables of the record and changed.tsv, see README.md. All texts go
through one run of the program. Differences are grouped by the rule that decided
then and the rule that decides now; "-" is no rule, and "code/..." a code. A
difference that changed.tsv lists is none; its lines must be needed and come true.
TABLE limits all this to some tables, such as reasons/spam. --show prints every
difference, also those that changed.tsv lists, and is content with them.
"""
import argparse
import collections
import pathlib
import sys

import record

Difference = collections.namedtuple("Difference", "before now")


def read_record(folder, names):
    """The rows of these tables, or of all, by their text; and complaints."""
    rows, complaints = {}, []
    paths = [folder / f"{name}.tsv" for name in names] or sorted(folder.glob("*/*.tsv"))
    for path in paths:
        for cells in record.rows(path, 4):
            row = record.Row(*cells)
            if row.text in rows:
                complaints.append(f"{path}: this text stands twice in the record: {row.text}")
            rows[row.text] = row
    if not rows:
        complaints.append(f"{folder}: there is no record")
    return rows, complaints


def read_changed(path):
    """The new reason of each text that changed.tsv lists; and complaints."""
    changed, complaints = {}, []
    for text, reason, _ in record.rows(path, 3):
        if text in changed:
            complaints.append(f"{path.name}: this text stands twice: {text}")
        changed[text] = reason
    return changed, complaints


def check_changed(changed, rows, differences):
    """Complaints about lines of changed.tsv that are not needed or do not come true."""
    for text, reason in changed.items():
        if text not in rows:
            yield f"changed.tsv: this text is not in the record: {text}"
        elif text not in differences:
            yield f"changed.tsv: this line is not needed, the verdict is that of the record: {text}"
        elif differences[text].now.reason != reason:
            yield f"changed.tsv: the reason is {differences[text].now.reason}, not {reason}: {text}"


def show(differences):
    """Prints differences: the rules of then and now, and below them verdicts and texts."""
    groups = collections.defaultdict(list)
    for before, now in differences:
        groups[before.rule, now.rule].append((f"{before.reason}/{before.type}", f"{now.reason}/{now.type}", now.text))
    for (before, now), lines in sorted(groups.items()):
        print(f"{before} -> {now}: {len(lines)}")
        for line in sorted(lines):
            print("    {:27} {:27} {}".format(*line))
        print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("table", nargs="*")
    parser.add_argument("--show", action="store_true", help="print every difference, and fail for none")
    arguments = parser.parse_args()
    rows, complaints = read_record(arguments.folder, arguments.table)
    changed, more = read_changed(arguments.folder / "changed.tsv")
    if arguments.table:
        changed = {text: reason for text, reason in changed.items() if text in rows}
    answers = record.ask(arguments.program, list(rows))
    differences = {now.text: Difference(rows[now.text], now) for now in answers if now[:2] != rows[now.text][:2]}
    complaints += more + list(check_changed(changed, rows, differences))
    unlisted = [found for text, found in differences.items() if text not in changed]
    show(list(differences.values()) if arguments.show else unlisted)
    print("\n".join([*complaints, f"{len(rows)} texts, {len(differences)} with another reason or type, "
                                  f"{len(unlisted)} of which changed.tsv does not list"]))
    sys.exit(1 if complaints or (unlisted and not arguments.show) else 0)


if __name__ == "__main__":
    main()
