#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of block lists and providers: well-formed, and each line found by the program.

usage: check_known.py PROGRAM EMBED_RULES COMPILED BLOCKLISTS PROVIDERS [REPLIES.jsonl...]

Puts each zone and each word of a block list into a refusal, makes each domain of a provider the host of a reply, and
puts each of its words into one: the program must name the line. REPLIES are further replies, one a line as JSON with
`text` and perhaps `help_url` and `retry_stated_s`, for which the program must find exactly these. EMBED_RULES makes
the tables again, in another folder and under another locale: they must be the bytes of COMPILED.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LEAST_ROWS = 60
# Pages that their operators do not offer by https.
PLAIN_HTTP = ("http://rfc-clueless.org/", "http://postmaster.free.fr/", "http://mail.i.ua/err/9/")
DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


def rows(path, columns):
    """(place, columns) of each line of a table."""
    with open(path, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            if line.startswith("#"):
                continue
            row = line.rstrip("\n").split("\t")
            place = f"{path}:{number}"
            if len(row) != columns or not all(row) or any(cell != cell.strip() for cell in row):
                sys.exit(f"{place}: not {columns} columns with something in each")
            yield place, row


def listed(cell, separator):
    return [] if cell == "-" else cell.split(separator)


def answers(program, replies):
    done = subprocess.run([program, "--format", "json", "--reply"], input="".join(r + "\n" for r in replies).encode(),
                          capture_output=True, check=True)
    found = [json.loads(line)["recipients"][0] for line in done.stdout.decode("utf-8").splitlines()]
    if len(found) != len(replies):
        sys.exit(f"{len(replies)} replies, but {len(found)} answers")
    return found


class Table:
    """The replies to be given to the program, and the complaints."""

    def __init__(self, program):
        self.program, self.asked, self.complaints, self.seen = program, [], [], set()

    def unique(self, place, value):
        if value in self.seen:
            self.complaints.append(f"{place}: {value} occurs twice")
        self.seen.add(value)

    def well_formed(self, place, good, what):
        if not good:
            self.complaints.append(f"{place}: {what}")

    def ask(self, place, reply, want):
        """want: a function of the recipient."""
        self.asked.append((place, reply, want))

    def check(self):
        for (place, reply, want), got in zip(self.asked, answers(self.program, [row[1] for row in self.asked])):
            if not want(got):
                told = {key: got[key] for key in ("provider", "blocklist", "refused", "help_url", "retry_stated_s")}
                self.complaints.append(f"{place}: {reply}: {told}")


def read_blocklists(table, path):
    count = 0
    for place, (name, zone, url, words) in rows(path, 4):
        count += 1
        table.unique(place, ("list", name))
        for word in listed(words, "|") + listed(zone, " "):
            table.unique(place, ("list word", word))
            table.well_formed(place, word == word.lower() and len(word) > 3, f"word {word!r}")
            table.ask(place, f"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using {word}",
                      lambda got, name=name: got["blocklist"] and got["blocklist"]["name"] == name)
        table.well_formed(place, zone == "-" or DOMAIN.fullmatch(zone), f"zone {zone}")
        table.well_formed(place, url == "-" or url.startswith("https://") or url in PLAIN_HTTP, f"page {url}")
        want = {"name": name, "zone": None if zone == "-" else zone, "url": None if url == "-" else url}
        if zone != "-":
            table.ask(place, f"550 5.7.1 192.0.2.1 is listed at {zone}.",
                      lambda got, want=want: got["blocklist"] == want and got["refused"]["ip"] == "192.0.2.1")
    return count


def read_providers(table, path):
    count = 0
    for place, (name, domains, words, passes_on) in rows(path, 4):
        count += 1
        table.unique(place, ("provider", name))
        table.well_formed(place, re.fullmatch(r"[a-z0-9-]+", name), f"name {name}")
        table.well_formed(place, passes_on in ("passes-on", "-"), f"passes on: {passes_on}")
        for domain in listed(domains, " "):
            table.unique(place, ("domain", domain))
            table.well_formed(place, DOMAIN.fullmatch(domain), f"domain {domain}")
            table.ask(place, f"host mx1.{domain}[192.0.2.1] said: 550 5.1.1 User unknown",
                      lambda got, name=name: got["provider"] == name)
        for word in listed(words, "|"):
            table.unique(place, ("provider word", word))
            table.well_formed(place, word == word.lower() and len(word) > 3, f"word {word!r}")
            table.ask(place, f"550 5.7.1 Message refused [0] {word}", lambda got, name=name: got["provider"] == name)
    return count


def read_replies(table, path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            text = row["text"].replace("\r", " ").replace("\n", " ")
            page = row.get("help_url")
            if page and page not in text:  # in another line of the reply, which the collection lacks
                continue
            table.ask(f"{path}:{number}", text, lambda got, row=row: all(
                got[key] == row.get(key) for key in ("help_url", "retry_stated_s")))


def is_reproducible(embed_rules, compiled, *tables):
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "made.c")
        subprocess.run([embed_rules, "--known", made, *map(os.path.abspath, tables)], cwd=folder, check=True,
                       env=dict(os.environ, LC_ALL="tr_TR.UTF-8", TZ="Asia/Tokyo"))
        return made.read_bytes() == pathlib.Path(compiled).read_bytes()


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    table = Table(sys.argv[1])
    counts = read_blocklists(table, sys.argv[4]), read_providers(table, sys.argv[5])
    table.well_formed(sys.argv[3], is_reproducible(*sys.argv[2:6]), "compiled again it has other bytes")
    for path in sys.argv[6:]:
        read_replies(table, path)
    for other in ("550 5.1.1 User unknown", "host mx.notgoogle.com[192.0.2.1] said: 550 5.1.1 User unknown",
                  "550 5.7.1 Client host absorbs too much", "554 5.7.1 blocked using bl.example.net"):
        table.ask("no line", other, lambda got: not got["provider"] and not got["blocklist"])
    table.check()
    print(f"{counts[0]} block lists, {counts[1]} providers, {len(table.asked)} replies")
    print("\n".join(table.complaints))
    sys.exit(1 if table.complaints or min(counts) < LEAST_ROWS else 0)


if __name__ == "__main__":
    main()
