#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Wordings of mail systems are data, not C.

usage: check_wordings.py SOURCE_DIR

No .c file of libbounce/reading or libbounce/verdict contains a string literal of
two words or more, except in messages of the library itself: warnings (report_warn),
the trace, advice, and the literals listed here. Nor has any a table of three words
or names of hosts or more, except those listed here. A word consists of letters
only, so names of fields and MIME types are none. The lists of words in rule
files have the names that doc/rules.md explains.
"""
import pathlib
import re
import sys

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
MARKS = ".,:;!?()<>[]*-"
ROOMS = ("reading", "verdict")
# Their literals go to --explain, or are advice.
SPEAKS = {"trace.c", "explain.c", "settle.c", "doubt.c"}
TABLE = re.compile(r"(\w+)\[\] = \{(?!\s*\[)(.*?)\};", re.S)
TABLE_WORD = re.compile(r'"([a-z][a-z.\'-]*)"')
TABLES = {
    ("dsn.c", "words"),      # values of Action, a field of RFC 3464
    ("shown_header.c", "sure"),     # names of header fields
    ("shown_header.c", "plain"),    # the same
    ("refused.c", "files"),  # extensions of file names
    ("retry.c", "zones"),    # of RFC 5322, and some more
}
# What precedes a literal that the library prints.
SAYS = re.compile(r"report_warn\([^()]*,\s*$|\[GATE_\w+\] = $")
ALLOWED = {
    "arf_inferred.c": {"(sender IP is "},  # a comment of Microsoft's Authentication-Results
    # why a finding was dropped: the trace
    "resolve.c": {"listed: fields name the recipients", "fields: too many recipients",
                  "blocks: too many recipients", "nameless: names nobody, and others are named",
                  "blocks: names nobody", "blocks: the report names others",
                  "blocks: so is its block", "blocks: something nearer speaks"},
    "resolve_texts.c": {"exit status %s"},  # the text made from "x-unix; 77"
}
LIST_NAME = re.compile(r'\[WORDS_\w+\] = "([a-z-]+)"')


def literals(source):
    """(line, literal without its quotes, the code before it), without comments and #include."""
    code = TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0][0] == "/" else m[0], source)
    for m in TOKEN.finditer(code):
        if m[0][0] == '"' and not code[code.rfind("\n", 0, m.start()) + 1:].startswith("#include"):
            yield code.count("\n", 0, m.start()) + 1, m[0][1:-1], code[:m.start()]


def is_wording(literal):
    return sum(word.strip(MARKS).isalpha() for word in literal.split()) >= 2


def check_file(path):
    """Yields the complaints about one source."""
    allowed = set(ALLOWED.get(path.name, ()))
    for line, literal, before in literals(path.read_text(encoding="utf-8")):
        if literal in allowed:
            allowed.discard(literal)
        elif is_wording(literal) and literal not in ALLOWED.get(path.name, ()) and not SAYS.search(before[-200:]):
            yield f'{path.name}:{line}: "{literal}" is a wording: it belongs in data/patterns'
    for literal in sorted(allowed):
        yield f'{path.name}: "{literal}" is allowed, but not there'


def check_tables(path):
    """Yields the tables of words in one source."""
    for m in TABLE.finditer(path.read_text(encoding="utf-8")):
        if len(set(TABLE_WORD.findall(m[2]))) >= 3 and (path.name, m[1]) not in TABLES:
            yield f"{path.name}: the table {m[1]} has words: it belongs in data/patterns"


def check_names(top):
    """Yields the lists that are missing in the code, in the built-in words or in the document. In a file of format 2,
    other names are those of classes of words."""
    names = set(LIST_NAME.findall((top / "libbounce/rules/word_keywords.c").read_text(encoding="utf-8")))
    document = (top / "doc" / "rules.md").read_text(encoding="utf-8").partition("## Lists of words")[2]
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", document.partition("\n## ")[0], re.M)) - {"words", "word"}
    patterns = (path.read_text(encoding="utf-8") for path in (top / "data" / "patterns").rglob("*.rules"))
    built_in = {name for text in patterns for name in re.findall(r"^words (\S+)$", text, re.M)
                if name in names or not text.startswith("format 2\n")}
    for where, have in (("doc/rules.md", rows), ("data/patterns", built_in)):
        for name in sorted(names ^ have):
            yield f"{where}: the list {name} is only {'in the code' if name in names else 'there'}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = pathlib.Path(sys.argv[1])
    complaints = []
    for room in ROOMS:
        sources = sorted((top / "libbounce" / room).glob("*.c"))
        complaints += [complaint for path in sources if path.name not in SPEAKS for complaint in check_file(path)]
        complaints += [complaint for path in sources for complaint in check_tables(path)]
        if not sources:
            complaints.append(f"libbounce/{room} holds no source")
    complaints += check_names(top)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
