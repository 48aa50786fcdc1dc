#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the record of what the phrases of the rules mean: what the program says of each.

usage: generate.py PROGRAM PATTERNS_DIR TARGET_DIR

It was run once, on the rules of version 0.1 (README.md names the commit), and is
kept to show how the record was made. Each phrase of each rule becomes a text: a
gap becomes an invented word, a "*" at the end the rest of a word. A scope that
asks for codes, a command or a host is met in the words of the text itself; other
scopes are not. What the program says of the text is written to a table for each
file of PATTERNS_DIR, whether or not it is what the rule of the phrase says. A text
stands in the first table alone. Left out are those of which the program says
"unknown" although their rule does not.
"""
import collections
import pathlib
import sys

import record

FILLER = "quillop"  # no word of any language here; alone it is "unknown"
ENTRIES = ("rule", "override", "dialect", "words")
# What ends the last word of a phrase with "*", by the end of the phrase.
ENDINGS = """
kontrol len, kontroll en, DMARC-policy en, DMARC-politik ken, oppslag et, opslag et, uppslag et, DNS-server en,
bei der DNS -Auflösung, engellen di, liste de, post en, sjekk en, tjek ket, exist s, blacklist ed, senderadresse n,
avsenderadresse n, reddedil di, avsändaradress en, avsändardomän en, rule_ 4711, niedostępn y, restriction s, gräns en,
nedostupn á, graylist ed, greylist ed, fail ed, alın dı, kapatıl dı, storlek en, email s, verkkotunnus ta, bomb ing,
corrupt ed, mass mail ing, mail filter s, grænse n, grense n, utilgjengelig e, utilgængelig e, méretkorlát ot,
namnuppslagning en, deep ly, host name, inactiv e, politik ken, exceed ed, control s, attempt s, block ed, issue s,
suodat us, sikkerhetspolicy en, upptäckt es, içer iyor, algılan dı, değerlendir ildi, işaretlen di, sınıflandır ıldı,
tanımlan dı, minősített e, suojauskäytän tö, adress en, throttl ed, otillgänglig a, user name, virenverseucht e,
Richtlinie n
"""
ENDING = dict(pair.rsplit(" ", 1) for pair in " ".join(ENDINGS.split()).split(", "))


def rules(path):
    """The rules of a file: the values of each keyword, in a dictionary."""
    found, rule = [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        keyword, _, value = line.strip().partition(" ")
        if keyword in ENTRIES:
            rule = collections.defaultdict(list)
            if keyword == "rule":
                found.append(rule)
        elif rule is not None:
            rule[keyword].append(value.strip())
    return found


def scope_of(rule):
    """The first value of each key of the rule's scope."""
    scope = {}
    for value in rule["scope"]:
        words = value.split()
        scope.setdefault(words[0], words[1])
    return scope


def codes(scope):
    """Reply code and enhanced code that the scope asks for, with a space after them, or nothing."""
    code, status = scope.get("code", ""), scope.get("status", "")
    status = "" if status == "none" else status
    if not code and status:
        code = "4xx" if status[0] == "4" else "5xx"
    if not code and ("host" in scope or "command" in scope):
        code = "5xx"
    code = "" if code == "none" else code[0] + code[1:].replace("xx", "50") if code else ""
    if status:
        status = status.replace("x", code[:1] or "5", 1)
    return "".join(word + " " for word in (code, status) if word)


def surroundings(rule):
    """What must stand before and after a text so that the rule's scope fits, as far as a text can do that."""
    scope = scope_of(rule)
    before, after = codes(scope), ""
    if "host" in scope:
        before = f"host mx1.{scope['host']}[192.0.2.1] said: " + before
    if "command" in scope:
        after = {"MAIL": " (in reply to MAIL FROM command)", "EHLO": " (in reply to EHLO command)"}[scope["command"]]
    return before, after


def text_of(phrase):
    """The text of a phrase. An ending is that of the longest end of the phrase in the table."""
    text = phrase.replace(" ... ", f" {FILLER} ")
    if text.endswith("*"):
        text = text[:-1]
        text += ENDING[max((end for end in ENDING if text.endswith(end)), key=len)]
    return text


def texts(path):
    """(text, reason of its rule) for each phrase of a file, once; the first rule counts."""
    found = {}
    for rule in rules(path):
        before, after = surroundings(rule)
        for phrase in rule["phrase"]:
            found.setdefault(before + text_of(phrase) + after, rule["reason"][0])
    return found


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(row) + "\n" for row in sorted(rows)), encoding="utf-8")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, patterns, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    seen, count = set(), collections.Counter()
    for path in sorted(patterns.rglob("*.rules")):
        reasons = {text: reason for text, reason in texts(path).items() if text not in seen}
        seen |= reasons.keys()
        said = record.ask(program, list(reasons))
        rows = [row for row in said if row.reason != "unknown" or reasons[row.text] == "unknown"]
        count["left out"] += len(reasons) - len(rows)
        count["of another reason than their rule"] += sum(row.reason != reasons[row.text] for row in rows)
        if rows:
            write(target / path.relative_to(patterns).with_suffix(".tsv"), rows)
    print(f"{len(seen)} texts, " + ", ".join(f"{number} {what}" for what, number in count.items()))


if __name__ == "__main__":
    main()
