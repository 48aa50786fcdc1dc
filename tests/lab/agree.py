#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One fact from three sources: what a server said, the client's log line about it, and the report by mail.

usage: agree.py run SERVER...            as lab.py run (root, its roots made by setup.sh): the messages of deliveries.py;
                                         the log and the mails go to $LAB/out/SERVER/agree
       agree.py table PROGRAM SERVER...  reads them with bounce-classify and prints the tables of doc/agreement.md

SERVER is postfix, exim, sendmail or opensmtpd. A failure that was delayed first is in the log at once, and in the mail
as delayed or, with the last error as cause, as expired: the reason or the cause must be that of the reply.
"""
import collections
import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import deliveries  # noqa: E402
import lab  # noqa: E402

LOGS = {"exim": "var/log/exim4/mainlog"}
SECONDS = 45   # longer than a server of the lab keeps a message


def inside(name):
    server = importlib.import_module("servers." + name)   # its own cases need the scenarios
    lab.SCENARIOS.clear()
    all_of, worlds = deliveries.deliveries(name)
    lab.SCENARIOS.update({world["domain"]: world for world in worlds})
    submit = getattr(server, "arguments", None)   # if the server itself would refuse a local user by SMTP
    server.CASES = [lab.Case(f"agree{i}", to, [], about="", want="never there", seconds=SECONDS,
                             submit=submit if to[0].endswith("@" + deliveries.OWN) else None)
                    for i, to in enumerate(deliveries.messages(all_of))]
    shutil.rmtree(lab.LAB / "out" / name / "all", ignore_errors=True)
    lab.inside(name, [])
    to = lab.LAB / "out" / name / "agree"
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(lab.LAB / "out" / name / "all", to)
    shutil.copy(lab.LAB / name / LOGS.get(name, lab.SYSLOG), to / "log")


def run(name):
    subprocess.run(["nice", "unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c",
                    'ulimit -n 4096; exec "$@"', "sh", sys.executable, __file__, "inside", name],
                   env={**os.environ, lab.INSIDE: ""}, check=True)


def classify(program, *arguments):
    done = subprocess.run([program, "--format", "json", *map(str, arguments)], capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def meaning(program, delivery):
    """The reason for the other side's reply."""
    if delivery.means:
        return delivery.means
    command = ["--command", delivery.command] if delivery.command else []
    return classify(program, "--reply", "--recipient", delivery.address, *command, "--", delivery.said)[0]["recipients"][0]["reason"]


def tellings(program, name):
    """For each delivery: its meaning, the results from the log, and those from the mails."""
    folder = lab.LAB / "out" / name / "agree"
    all_of, _ = deliveries.deliveries(name)
    told = {d.address: ([], []) for d in all_of}
    for which, objects in ((0, classify(program, "--log", folder / "log")), (1, classify(program, *sorted(folder.glob("*.eml"))))):
        for o in objects:
            for r in o["recipients"]:
                for address in {r["address"], r["original_recipient"]} & told.keys():
                    if r["reason"] != "delivered":
                        told[address][which].append(r)
    for d in all_of:
        yield d, meaning(program, d), *told[d.address]


def same(reason, told):
    return any(reason in (r["reason"], r["cause"]) for r in told)


def shown(c):
    """"8" if all agree, otherwise "8: log 7, mail 8"."""
    return str(c["n"] or "") if c["all"] == c["n"] else f"{c['n']}: log {c['log']}, mail {c['mail']}"


def print_table(title, rows, names):
    print(f"| {title} | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for row in sorted(rows):
        print(f"| {row.strip('~')} | " + " | ".join(shown(rows[row][name]) for name in names) + " |")
    print()


def table(program, names):
    by_reason, by_kind = (collections.defaultdict(lambda: collections.defaultdict(collections.Counter)) for _ in range(2))
    odd = []
    for name in names:
        for d, reason, log, mail in tellings(program, name):
            in_log, in_mail = same(reason, log), same(reason, mail)
            for row in (by_reason[reason], by_reason["~all"], by_kind[d.kind]):
                row[name].update({"n": 1, "log": int(in_log), "mail": int(in_mail), "all": int(in_log and in_mail)})
            if not in_log or not in_mail:
                said = d.said.splitlines()[0][:90] if d.said else d.address
                odd.append(f"{name}, {d.kind}: `{said}`: {reason}; log {sorted({r['reason'] for r in log})}, "
                           f"mail {sorted({r['reason'] for r in mail})}")
    print_table("what it means", by_reason, names)
    print_table("said to", by_kind, names)
    print("\n".join(f"* {line}" for line in odd))


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
