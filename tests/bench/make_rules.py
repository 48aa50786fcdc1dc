#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes rules beside the built-in ones, to see what many rules cost.

usage: make_rules.py [--times N] OUT_DIR RULE_FILE...

For each verdict rule of the files it makes N others (default 9, that is, ten times
the rules) with as many phrases, needs, matches and exceptions. Their words are those
of bounces, taken from the same file and so from the same language, in random
order, each with one word that no mail has: the verdicts do not change. A phrase with
classes of words has the same classes in the generated rule, except for one: that is a
copy whose members have such a word.
"""
import argparse
import pathlib
import random
import re

WORD = re.compile(r"[^\W\d_]{2,}")
CLASS = re.compile(r"\{([^}]*)\}(\??)")
COPIED_MEMBERS = 12


def classes_of(paths):
    """The members of all classes by name; without those that a class takes from others."""
    classes = {}
    for path in paths:
        members = None
        for line in path.read_text(encoding="utf-8").splitlines():
            keyword, _, value = line.strip().partition(" ")
            if keyword == "words":
                members = classes.setdefault(value.strip(), [])
            elif keyword == "word" and members is not None:
                members += [word.strip() for word in value.split(" | ") if "{" not in word]
    return classes


def rules_of(path):
    """The rules of a file as lists of (keyword, value)."""
    rule = None
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        keyword, _, value = line.partition(" ")
        if keyword in ("rule", "dialect", "override"):
            if rule:
                yield rule
            rule = [] if keyword == "rule" else None
        if rule is not None:
            rule.append((keyword, value.strip()))
    if rule:
        yield rule


def made_word(rng):
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(3))


def phrase(words, rng, length):
    """This many words; one that bounces do not use keeps them from being a phrase of a real rule."""
    chosen = rng.sample(words, min(length, len(words)))
    chosen.insert(rng.randrange(len(chosen) + 1), made_word(rng))
    return " ".join(chosen)


class Rows:
    """Phrases with classes, and the copies of classes that they need."""

    def __init__(self, name, classes, rng):
        self.name, self.classes, self.rng, self.lines, self.count = name, classes, rng, [], 0
        self.shown = ""  # words of the last row

    def copy(self, name):
        """A class with the members of another one, each with a word that no mail has."""
        members = self.classes.get(name) or ["word"]
        self.count += 1
        copied = f"made/{self.name}-{self.count}"
        self.lines += [f"words {copied}"]
        for member in self.rng.sample(members, min(COPIED_MEMBERS, len(members))):
            words = member.strip("*").split()
            words.insert(self.rng.randrange(len(words) + 1), made_word(self.rng))
            self.lines.append(f"word {' '.join(words)}")
            self.shown = " ".join(words)
        return copied

    def sibling(self, value):
        must = [found for found in CLASS.finditer(value) if not found[2]]
        if not must:
            self.shown = made_word(self.rng)
            return f"{self.shown} {value.lstrip('^')}"
        chosen = self.rng.choice(must)
        return f"{value[:chosen.start()]}{{{self.copy(chosen[1])}}}{value[chosen.end():]}"


def sibling(rule, number, words, rows, rng):
    """The lines of one generated rule."""
    out, needs, first = [], [], None
    for keyword, value in rule:
        length = max(1, min(len(value.split()), 6))
        if keyword == "rule":
            out.append(f"rule {value}/made-{number}")
        elif keyword == "reason":
            out.append(f"reason {value}")
        elif keyword == "phrase" and "{" in value:
            out.append(f"phrase {rows.sibling(value)}")
            first = first or f"{rows.shown} {rng.choice(words)}"
        elif keyword == "phrase":
            text = phrase(words, rng, length)
            first = first or text
            out.append(f"phrase {text}")
        elif keyword == "match":
            need, other = phrase(words, rng, 2), rng.choice(words)
            needs.append(need)
            first = first or f"{need} {other}"
            out.append(f"match \\b{need} (?:{other}|{rng.choice(words)})(?![\\w-])")
        elif keyword == "unless" and value.startswith("/"):
            continue
        elif keyword == "unless" and "{" in value:
            out.append(f"unless {rows.sibling(value)}")
        elif keyword == "unless":
            out.append(f"unless {phrase(words, rng, length)}")
        elif keyword in ("tier", "last", "scope"):
            out.append(f"{keyword} {value}".rstrip())
    out += [f"need {need}" for need in needs]
    near = " ".join(reversed(first.split()))
    return [*out, "why Made for the benchmark.", f"example 550 {first}", f"near 550 {near}", ""]


def write(path, source, classes, times):
    rng = random.Random(source.name)
    rows = Rows(path.stem.removeprefix("made-"), classes, rng)
    rules = list(rules_of(source))
    text = " ".join(value for rule in rules for keyword, value in rule if keyword in ("phrase", "example"))
    words = sorted({word.lower() for word in WORD.findall(CLASS.sub(" ", text))})
    words = [word for word in words if len(word.encode()) > 2]
    if len(words) < 8:
        words += "mailbox message server refused address delivery quota unknown".split()
    made = []
    for rule in rules:
        if any(keyword in ("phrase", "match") for keyword, _ in rule):
            for number in range(times):
                made += sibling(rule, number, words, rows, rng)
    language = re.search(r"^language .*", source.read_text(encoding="utf-8"), re.MULTILINE)
    head = ["# Generated by make_rules.py.", "format 2", language[0] if language else "", ""]
    path.write_text("\n".join([*head, *rows.lines, "", *made]), encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=9)
    options.add_argument("out", type=pathlib.Path)
    options.add_argument("rules", type=pathlib.Path, nargs="+")
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    classes = classes_of(chosen.rules)
    for source in chosen.rules:
        write(chosen.out / f"made-{source.name}", source, classes, chosen.times)


if __name__ == "__main__":
    main()
