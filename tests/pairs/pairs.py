#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which rules match the same text, and which wins: makes pairs.tsv, or compares it.

usage: pairs.py PROGRAM RULES_EXAMPLES TOP [--write]

The texts are the examples and near misses of the built-in rules (which the
program RULES_EXAMPLES prints with --pairs), the seeds and the cases of the
corpus (which PROGRAM explains). For each text, the first rule of a tier that
matches is paired with every other one of the tier; for a mail, the dialect that
is its writer with every other one that holds. A row of pairs.tsv is such a pair:

* tier, or "writer"
* winner
* loser
* why: "stated" by yields or beats; "last"; "longer": a phrase of the winner
  contains what the loser matches; "reason", "id", "general": the order; "moved":
  the order, because something is stated about another rule
* the text that both match, or the case; the shortest one of the best sort: an
  example, a near miss, a seed, a case

It is an error if the winner of a pair changes, and if a pair is new or gone: --write
writes the table anew, and `git diff` shows the effect. It is also an error if `yields`
or `beats` has a word that no example (of rules) or case (of dialects) needs, except
for `general`, which is a place and no exception.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

SORTS = ("example", "near", "seed", "case")
HIT = re.compile(r"  (?:decided|lost): (\S+) \(tier (\d), ")
HOLDS = re.compile(r"dialect (\S+) \(\S+\) holds: ")
Pair = collections.namedtuple("Pair", "tier winner loser")
Met = collections.namedtuple("Met", "sort text contains", defaults=(0,))  # contains: 1 the winner, -1 the loser


# ---- what the files say

class Entry:
    """A rule or dialect with the facts by which it is ordered."""
    def __init__(self, kind, name, path, line):
        self.kind, self.name, self.path, self.line = kind, name, path, line
        self.reason, self.tier, self.last, self.statements = "", "3", False, []

    def read(self, keyword, value, line):
        if keyword == "reason":
            self.reason = value
        elif keyword == "tier":
            self.tier = value
        elif keyword == "last":
            self.last = True
        elif keyword in ("yields", "beats"):
            self.statements += [(keyword, word, line) for word in value.split()]


def read_entries(folder):
    """Rules and dialects of all rule files, each in a dictionary by id."""
    found = {"rule": {}, "dialect": {}}
    for path in sorted(folder.rglob("*.rules")):
        entry = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            keyword, _, value = line.strip().partition(" ")
            if keyword in ("rule", "dialect", "sign", "words"):
                entry = Entry(keyword, value.strip(), path.name, number) if keyword in found else None
                if entry:
                    found[keyword][entry.name] = entry
            elif entry:
                entry.read(keyword, value.strip(), number)
    return found


def read_order(path):
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {reason: place for place, reason in enumerate(line for line in lines if line and line[0] != "#")}


class Rules:
    """What is stated about rules and dialects, and what decides if nothing is."""
    def __init__(self, folder):
        self.entries, self.places = read_entries(folder), read_order(folder / "order")
        self.stated = collections.defaultdict(set)  # (kind, winner, loser) -> statements
        for kind, entries in self.entries.items():
            for entry in entries.values():
                for keyword, word, line in entry.statements:
                    for other in self.others(entry, word):
                        pair = (other, entry.name) if keyword == "yields" else (entry.name, other)
                        self.stated[kind, *pair].add((entry.path, line, keyword, word))

    def others(self, entry, word):
        entries = self.entries[entry.kind]
        if entry.kind == "dialect" and word == "general":
            return [name for name in entries if name.startswith(word) and name != entry.name]
        if entry.kind == "rule" and word in self.places:
            return [name for name, other in entries.items()
                    if other.reason == word and other.tier == entry.tier and other is not entry]
        return [word]

    def key(self, kind, name):
        entry = self.entries[kind][name]
        if kind == "dialect":
            return (name.startswith("general"), entry.last, name)
        return (entry.last, self.places[entry.reason], name)

    def why(self, pair, mets):
        kind = "dialect" if pair.tier == "writer" else "rule"
        winner, loser = (self.key(kind, name) for name in (pair.winner, pair.loser))
        if (kind, pair.winner, pair.loser) in self.stated:
            return "stated"
        if winner > loser:
            return "longer" if any(met.contains == 1 for met in mets) or kind == "rule" else "moved"
        names = ("general", "last", "id") if kind == "dialect" else ("last", "reason", "id")
        return next(name for name, a, b in zip(names, winner, loser) if a != b)

    def would_turn(self, kind, winner, loser, met):
        """Whether the loser might win if nothing was stated about the two."""
        moves = any(keyword == "beats" for keyword, _, _ in self.entries[kind][loser].statements)
        return moves or self.key(kind, winner) > self.key(kind, loser) or met.contains == -1

    def needed(self, pairs):
        """The statements that an example or case needs."""
        found = set()
        for pair, mets in pairs.items():
            kind = "dialect" if pair.tier == "writer" else "rule"
            statements = self.stated.get((kind, pair.winner, pair.loser), ())
            for met in mets if statements else ():
                if met.sort == ("case" if kind == "dialect" else "example") and \
                        self.would_turn(kind, pair.winner, pair.loser, met):
                    found |= statements
        return found

    def statements(self):
        return {statement for statements in self.stated.values() for statement in statements
                if statement[3] != "general"}


# ---- what the programs say

def add(pairs, tier, names, sort, text):
    """The first of these names with each other one."""
    for other in dict.fromkeys(names):
        if other != names[0]:
            pairs[Pair(tier, names[0], other)].append(Met(sort, text))


def add_explained(pairs, answer, sort, text):
    """The pairs in one answer of the program."""
    for recipient in answer["recipients"]:
        tiers = collections.defaultdict(list)
        for line in [*recipient.get("explain", ()), "text ("]:
            hit = HIT.match(line)
            if hit:
                tiers[hit[2]].append(hit[1])
            elif line.startswith("text ("):
                for tier, names in tiers.items():
                    add(pairs, tier, names, sort, text)
                tiers.clear()
    held = [found[1] for found in map(HOLDS.match, answer.get("trace") or ()) if found]
    if held:
        add(pairs, "writer", held, sort, text)


def run(command, feed=""):
    done = subprocess.run(command, input=feed.encode(), capture_output=True, check=True)
    return done.stdout.decode("utf-8").splitlines()


def gather(program, examples, top):
    pairs = collections.defaultdict(list)
    for line in run([examples, "--pairs"]):
        tier, winner, loser, sort, contains, text = line.split("\t")
        pairs[Pair(tier, winner, loser)].append(Met(sort, text, int(contains)))
    seeds = [line.split("\t")[0] for line in (top / "tests/seed/replies.tsv").read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    command = [program, "--format", "json", "--explain"]
    for text, answer in zip(seeds, run([*command, "--reply"], "".join(f"{seed}\n" for seed in seeds)), strict=True):
        add_explained(pairs, json.loads(answer), "seed", text)
    mails = sorted(str(path) for path in (top / "tests/corpus").glob("*/*/mail.eml"))
    for answer in map(json.loads, run([*command, *mails])):
        case = pathlib.Path(answer["source"]["path"]).parent.relative_to(top / "tests/corpus").as_posix()
        add_explained(pairs, answer, "case", case)
    return pairs


# ---- the table

def table_of(pairs, rules):
    """The rows of the table."""
    for pair in sorted(pairs):
        met = min(pairs[pair], key=lambda met: (SORTS.index(met.sort), len(met.text), met.text))
        yield "\t".join((*pair, rules.why(pair, pairs[pair]), f"{met.sort} {met.text}"))


def compare(old, new):
    """Complaints about differences."""
    before, now = ({Pair(*row.split("\t")[:3]): row for row in rows} for rows in (old, new))
    for pair in sorted(set(before) | set(now)):
        turned = Pair(pair.tier, pair.loser, pair.winner)
        if pair in before and turned in now and pair not in now:
            yield f"turned: {before[pair]}\n   now: {now[turned]}"
        elif pair not in before and turned not in before:
            yield f"   new: {now[pair]}"
        elif pair not in now and turned not in now:
            yield f"  gone: {before[pair]}"
        elif pair in before and pair in now and before[pair] != now[pair]:
            yield f"    is: {now[pair]}\n   was: {before[pair]}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("examples")
    options.add_argument("top", type=pathlib.Path)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    path, rules = chosen.top / "tests/pairs/pairs.tsv", Rules(chosen.top / "data/patterns")
    pairs = gather(chosen.program, chosen.examples, chosen.top)
    rows = list(table_of(pairs, rules))
    complaints = [f"{file}:{line}: nothing needs this word: {keyword} {word}"
                  for file, line, keyword, word in sorted(rules.statements() - rules.needed(pairs))]
    if chosen.write:
        path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    else:
        complaints += compare(path.read_text(encoding="utf-8").splitlines(), rows)
    for complaint in complaints:
        print(complaint)
    print(f"{len(rows)} pairs, {len(complaints)} complaints")
    sys.exit(1 if complaints or not rows else 0)


if __name__ == "__main__":
    main()
