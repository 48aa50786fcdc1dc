#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One fact, three tellings: what a server said, the line in the log of the one that asked, and the report by mail.

usage: agree.py run SERVER...            as lab.py run (root, its roots made by setup.sh): messages to one recipient a reply
                                         of replies(); the log and the mails go to $LAB/out/SERVER/agree
       agree.py table PROGRAM SERVER...  reads them with bounce-classify and prints the table of doc/agreement.md

SERVER is postfix or exim. A failure that was put off first is told of by the log at once, and by the mail as delayed or,
with the last error as cause, as expired: the reason or the cause must be that of the reply.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import importlib  # noqa: E402

import lab  # noqa: E402

LOGS = {"postfix": "var/log/postfix.log", "exim": "var/log/exim4/mainlog"}
MORE = ["550-5.1.1 The email account that you tried to reach does not exist.\n550-5.1.1 Please try double-checking the "
        "address\n550 5.1.1 for typos.", "550 5.1.1 Użytkownik nieznany", "552 5.2.2 Boîte aux lettres pleine",
        "554 5.7.1 " + "This message was refused because of its content, as filters of this site found it. " * 9,
        "450-4.2.1 The user is receiving mail too quickly.\n450 4.2.1 Please resend your message later.",
        "550 5.7.1 " + "x" * 480 + " blocked using zen.spamhaus.org"]


def replies(count=100):
    """Those of tests/seed that a server can give to RCPT, as many different reasons as there are, and some of odd form."""
    by_reason = collections.defaultdict(list)
    for line in (HERE.parent / "seed" / "replies.tsv").read_text(encoding="utf-8").splitlines():
        text, reason = (line.split("\t") + [""])[:2]
        if re.match(r"[45]\d\d ", text) and "{" not in text and not text.startswith("421") and len(text) < 400:
            by_reason[reason].append(text)
    chosen, turn = list(MORE), 0
    while len(chosen) < count and any(len(texts) > turn for texts in by_reason.values()):
        chosen += [texts[turn] for texts in by_reason.values() if len(texts) > turn]
        turn += 1
    return chosen[:count]


def address(number):
    return f"reader@r{number:03}.example"


def inside(name):
    server = importlib.import_module("servers." + name) # its own cases need the scenarios
    lab.SCENARIOS.clear()
    for number, text in enumerate(replies()):
        domain = f"r{number:03}.example"
        lab.SCENARIOS[domain] = {"domain": domain, "dns": "plain", "host": "scripted", "script": {"rcpt": text}}
    numbers = range(len(replies()))
    server.CASES = [lab.Case(f"agree{i}", [address(n) for n in numbers[i:i + 5]], [], about="", want="never there", seconds=45)
                    for i in numbers[::5]]
    shutil.rmtree(lab.LAB / "out" / name / "all", ignore_errors=True)
    lab.inside(name, [])
    to = lab.LAB / "out" / name / "agree"
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(lab.LAB / "out" / name / "all", to)
    shutil.copy(lab.LAB / name / LOGS[name], to / "log")


def run(name):
    subprocess.run(["nice", "unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c",
                    'ulimit -n 4096; exec "$@"', "sh", sys.executable, __file__, "inside", name],
                   env={**os.environ, lab.INSIDE: ""}, check=True)


def classify(program, *arguments, text=None):
    done = subprocess.run([program, "--format", "json", *map(str, arguments)], input=text, capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def tellings(program, name):
    """number -> (what the reply means, what the log says, what the mails say)"""
    folder = lab.LAB / "out" / name / "agree"
    found = [([], []) for _ in replies()]
    for which, objects in ((0, classify(program, "--log", folder / "log")), (1, classify(program, *sorted(folder.glob("*.eml"))))):
        for o in objects:
            for r in o["recipients"]:
                match = re.match(r"reader@r(\d+)\.example", r["address"] or "")
                if match and r["reason"] != "delivered":
                    found[int(match[1])][which].append(r)
    for number, text in enumerate(replies()):
        (reply,) = classify(program, "--reply", "--recipient", address(number), "--command", "RCPT", text=text.encode())[0]["recipients"] \
            if "\n" not in text else classify(program, "--reply", "--recipient", address(number), "--command", "RCPT", "--", text)[0]["recipients"]
        yield text, reply, *found[number]


def same(reply, told):
    return any(reply["reason"] in (r["reason"], r["cause"]) for r in told)


def table(program, names):
    rows, odd = collections.defaultdict(lambda: collections.defaultdict(collections.Counter)), []
    for name in names:
        for text, reply, log, mail in tellings(program, name):
            in_log, in_mail = same(reply, log), same(reply, mail)
            for row in (rows[reply["reason"]], rows["~all"]):
                row[name].update({"n": 1, "log": int(in_log), "mail": int(in_mail), "all": int(in_log and in_mail)})
            if not in_log or not in_mail:
                odd.append(f"{name}: `{text.splitlines()[0][:90]}`: {reply['reason']}; log {sorted({r['reason'] for r in log})}, "
                           f"mail {sorted({r['reason'] for r in mail})}")
    print("| what the reply means |" + "".join(f" {name}: replies | log | mail | all three |" for name in names))
    print("|---|" + "---|---|---|---|" * len(names))
    for reason in sorted(rows):
        cells = "".join(f" {c['n']} | {c['log']} | {c['mail']} | {c['all']} |" for c in (rows[reason][name] for name in names))
        print(f"| {reason.strip('~')} |{cells}")
    print("\n" + "\n".join(f"* {line}" for line in odd))


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or [""]
    if what == "run" and rest:
        for server_name in rest:
            run(server_name)
    elif what == "inside" and lab.INSIDE in os.environ:
        inside(rest[0])
    elif what == "table" and len(rest) > 1:
        table(rest[0], rest[1:])
    else:
        sys.exit(__doc__)
