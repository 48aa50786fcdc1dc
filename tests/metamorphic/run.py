#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes changes that must not change the verdict, and counts the verdicts that moved.

usage: run.py [--sample N] [--allowed FILE] [--kind KIND ...] [--failures] [--keep FOLDER] PROGRAM INPUT...

An INPUT is a folder, of which every *.eml is read; or a list of replies: JSON lines with
a key "text", or tab-separated lines whose first column begins with a code. Each mail and
reply is classified as it is, and again with each change (changes.py). Then kind, and the
address, action, type, reason and status of each recipient must be the same as before, apart
from an exchanged address. --sample tries N changes of each kind of each mail, always the
same ones. --keep writes the mails whose verdict changed. FILE lists known cases: kind, change, mail (patterns of the
shell) and the reason, separated by tabs; a line that is not needed is an error. Exit
status 1: a verdict changed that no line allows.
"""
import argparse
import collections
import fnmatch
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

import changes
from mail import Skipped

BATCH = 2000
ORDER = [*changes.KINDS, "reply name", "reply domain", "reply host", "reply around", "reply lines", "reply case"]
RULES = pathlib.Path(__file__).resolve().parents[2] / "data" / "patterns"


class Said:
    """The program's results for one mail, as far as changes need them."""

    def __init__(self, report, host_files):
        recipients = report["recipients"]
        self.kind = report["kind"]
        self.verdicts = [(r["address"], r["action"], r["type"], r["reason"], r["status"]) for r in recipients]
        self.addresses = [r["address"] for r in recipients[:3] if changes.usable(r["address"])]
        mtas = [r["remote_mta"] for r in recipients[:2]] + [report["reporting_mta"]]
        domains = {a.rpartition("@")[2].lower() for a in self.addresses}
        self.hosts = sorted({h for h in mtas if h and re.fullmatch(r"[\w-]+(\.[\w-]+)+", h)
                             and not re.fullmatch(r"[\d.]+", h) and h.lower() not in domains})
        self.sent_to = (report["report"] or {}).get("to") or ""
        self.subject = (report["original"] or {}).get("subject")
        self.by_host = any((r["evidence"] or {}).get("file") in host_files for r in recipients)

    def key(self, renamed=lambda address: address):
        lower = [(str(renamed(v[0])).casefold(), *map(str, v[1:])) for v in self.verdicts]
        return self.kind, sorted(lower)


class Table:
    def __init__(self, allowed):
        self.rows = collections.defaultdict(collections.Counter)
        self.moved_mails = collections.defaultdict(set)
        self.skipped = collections.Counter()
        self.failures, self.allowed = [], allowed

    def skip(self, kind, why):
        self.rows[kind]["skipped"] += 1
        self.skipped[f"{kind}: {why}"] += 1

    def allows(self, kind, name):
        """Whether this mail is on the list: then all changes of the kind are made."""
        return any(fnmatch.fnmatchcase(kind, line["patterns"][0]) and fnmatch.fnmatchcase(name, line["patterns"][2])
                   for line in self.allowed)

    def add(self, kind, label, name, before, after):
        self.rows[kind]["tried"] += 1
        if before == after:
            return
        for line in self.allowed:
            if all(fnmatch.fnmatchcase(v, p) for v, p in zip((kind, label, name), line["patterns"])):
                line["used"] = True
                self.rows[kind]["allowed"] += 1
                return
        self.rows[kind]["moved"] += 1
        self.moved_mails[kind].add(name)
        self.failures.append((kind, label, name, before, after))

    def print(self):
        print(f"{'change':14}{'tried':>8}{'skipped':>9}{'allowed':>9}{'moved':>8}{'of texts':>10}{'share moved':>13}")
        for kind in sorted(self.rows, key=ORDER.index):
            row = self.rows[kind]
            share = 100 * row["moved"] / row["tried"] if row["tried"] else 0
            print(f"{kind:14}{row['tried']:8}{row['skipped']:9}{row['allowed']:9}{row['moved']:8}"
                  f"{len(self.moved_mails[kind]):10}{share:12.2f}%")


def read_allowed(path):
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines() if path else []:
        if line and not line.startswith("#"):
            *patterns, reason = line.split("\t")
            if len(patterns) != 3 or not reason:
                sys.exit(f"{path}: not kind, change, mail and reason: {line}")
            lines.append({"patterns": patterns, "used": False, "line": line})
    return lines


def files_with_host_scopes():
    return {p.name for p in RULES.rglob("*.rules") if re.search(r"^\s*scope host", p.read_text("utf-8"), re.M)}


def classify_files(program, paths):
    """The report of each path, in order."""
    done = subprocess.run([program, "--format", "json", "--input-format", "mail", *map(str, paths)],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{program} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-400:]}")
    reports = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        report = json.loads(line)
        reports[report["source"]["path"]] = report
    return [reports[str(p)] for p in paths]


def choose(items, number, name):
    """Some of the items, this many, from a place that depends on the name."""
    items = list(items)
    if not number or len(items) <= number:
        return items
    start = zlib.crc32(name.encode())
    return [items[(start + k * 7) % len(items)] for k in range(number)]


class Mails:
    """Classifies changed mails, many at once."""

    def __init__(self, options, table):
        self.options, self.table, self.waiting = options, table, []

    def add(self, change, name, said):
        self.waiting.append((change, name, said))
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / f"{i:06}.eml" for i in range(len(self.waiting))]
            for path, (change, _, _) in zip(paths, self.waiting):
                path.write_bytes(change.data)
            reports = classify_files(self.options.program, paths) if paths else []
        for report, (change, name, said) in zip(reports, self.waiting):
            before, after = said.key(change.renamed), Said(report, ()).key()
            self.table.add(change.kind, change.label, name, before, after)
            if self.options.keep and before != after:
                self.options.keep.mkdir(exist_ok=True)
                file = re.sub(r"[^\w.@-]+", "-", f"{change.kind}-{change.label}-{name}")[:200]
                (self.options.keep / file).write_bytes(change.data)
        self.waiting = []


def name_of(path, folder):
    """"lab-exim/null-mx", "sisimai/mails/lhost-exim-01.eml" """
    parts = path.relative_to(folder.parent).parts
    return "/".join(parts[:-1] if parts[-1] == "mail.eml" else parts)


def try_mails(options, folder, table):
    paths = sorted(folder.rglob("*.eml"))
    mails, host_files = Mails(options, table), files_with_host_scopes()
    for start in range(0, len(paths), BATCH):
        batch = paths[start:start + BATCH]
        for path, report in zip(batch, classify_files(options.program, batch)):
            name, said, data = name_of(path, folder), Said(report, host_files), path.read_bytes()
            for kind, make in changes.KINDS.items():
                if options.kind and kind not in options.kind:
                    continue
                number = 0 if table.allows(kind, name) else options.sample
                for one in choose(make(data, said), number, name + kind):
                    if said.by_host and kind in ("domain", "host"):
                        table.skip(kind, "a rule with scope host decided")
                        continue
                    try:
                        mails.add(one(), name, said)
                    except Skipped as why:
                        table.skip(kind, str(why))
    mails.flush()


def read_replies(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if path.suffix == ".jsonl":
            text = json.loads(line).get("text")
        else:
            text = line.split("\t")[0] if line[:1] in "245" else None
        if text:
            yield " ".join(text.split())


def classify_replies(program, texts):
    done = subprocess.run([program, "--format", "json", "--reply"], input="".join(t + "\n" for t in texts).encode(),
                          capture_output=True, check=False)
    reports = [json.loads(line) for line in done.stdout.decode("utf-8", "replace").splitlines()]
    assert len(reports) == len(texts), "one report a reply"
    return [Said(r, ()).key(lambda _: None) for r in reports]


def try_replies(options, path, table):
    texts, waiting = sorted(set(read_replies(path))), []
    for text in texts:
        for kind, all_of_kind in changes.changes_of_reply(text).items():
            if not options.kind or "reply " + kind in options.kind:
                waiting += [(kind, label, text, new) for label, new in choose(all_of_kind, options.sample, text + kind)]
    before = dict(zip(texts, classify_replies(options.program, texts)))
    after = classify_replies(options.program, [w[3] for w in waiting])
    for (kind, label, text, new), got in zip(waiting, after):
        table.add("reply " + kind, label, f"{path.parent.name}/{path.name}: {new[:110]}", before[text], got)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--allowed", type=pathlib.Path)
    parser.add_argument("--kind", action="append")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("program")
    parser.add_argument("inputs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    table = Table(read_allowed(options.allowed))
    for path in options.inputs:
        if path.is_dir():
            try_mails(options, path.resolve(), table)
        else:
            try_replies(options, path, table)
    table.print()
    for failure in table.failures if options.failures else []:
        print("\t".join(map(str, failure)))
    for why, number in sorted(table.skipped.items()) if options.failures else []:
        print(f"skipped {number} {why}")
    unused = [line["line"] for line in table.allowed if not line["used"]]
    for line in unused:
        print(f"no move needs this line any longer: {line}")
    sys.exit(1 if table.failures or unused else 0)


if __name__ == "__main__":
    main()
