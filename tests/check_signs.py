#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Conditions that many dialects use have a name.

usage: check_signs.py FOLDER

No condition (the value of `know` or `also`) is in more than two dialects and signs of the rule files in FOLDER:
it needs a sign of its own then. Nor does a dialect or sign repeat a group of conditions.
"""
import collections
import pathlib
import sys

USERS_MAX = 2
ENTRIES = ("rule", "override", "dialect", "sign", "words")


def conditions(folder):
    """(file:line, entry as "dialect NAME", keyword, condition) of each `know` and `also`."""
    for path in sorted(folder.rglob("*.rules")):
        entry = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            keyword, _, value = line.strip().partition(" ")
            if keyword in ENTRIES:
                entry = f"{keyword} {value.strip()}"
            elif keyword in ("know", "also"):
                yield f"{path.name}:{number}", entry, keyword, " ".join(value.split())


def check(folder):
    """Yields the complaints."""
    users, groups = collections.defaultdict(dict), collections.defaultdict(list)
    for place, entry, keyword, condition in conditions(folder):
        if "sign" not in condition.split()[:2]:
            users[condition].setdefault(entry, place)
        if keyword == "know":
            groups[entry].append((place, []))
        groups[entry][-1][1].append(condition)
    for condition, places in users.items():
        if len(places) > USERS_MAX:
            yield f"{', '.join(places.values())}: make a sign of \"{condition}\""
    for entry, of_entry in groups.items():
        seen = {}
        for place, group in of_entry:
            other = seen.setdefault(frozenset(group), place)
            if other != place:
                yield f"{place}: {entry} repeats the conditions of {other}"


def main():
    complaints = list(check(pathlib.Path(sys.argv[1])))
    print(*complaints, sep="\n", end="\n" if complaints else "")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
