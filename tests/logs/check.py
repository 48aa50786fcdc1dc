#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines of logs and their results.

usage: check.py PROGRAM FOLDER [--write]

Each NAME.log of the folder is read with `--log --delivered --format json`, and the output is compared with
NAME.expected, which has a line for each object: line number, address, original recipient, action, type, reason, cause,
reply code, stated status, remote host, its address, command, queue id, envelope sender ("-": not stated, "<>": the null
sender), whether it was tried. --write writes these files; read them before you trust them.
"""
import json
import pathlib
import subprocess
import sys


def shown(value):
    return "<>" if value == "" else "-" if value is None else str(value)


def rows(program, log):
    out = subprocess.run([program, "--log", "--delivered", "--format", "json", log], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True).stdout
    for line in out.decode("utf-8").splitlines():
        o = json.loads(line)
        (r,) = o["recipients"]
        keys = ("address", "original_recipient", "action", "type", "reason", "cause", "reply_code", "stated_status",
                "remote_mta", "remote_address", "command")
        yield " | ".join([str(o["source"]["index"] + 1), *(shown(r[k]) for k in keys), shown(o["queue_id"]),
                          shown(o["envelope_from"]), "tried" if o["attempted"] else "not tried"])


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    wrong = 0
    for log in sorted(folder.glob("*.log")):
        expected = log.with_suffix(".expected")
        got = list(rows(program, log))
        if "--write" in sys.argv:
            expected.write_text("".join(f"{row}\n" for row in got), encoding="utf-8")
            continue
        want = expected.read_text(encoding="utf-8").splitlines()
        for i in range(max(len(got), len(want))):
            a, b = got[i] if i < len(got) else "nothing", want[i] if i < len(want) else "nothing"
            if a != b:
                print(f"{log.name}: {a}\n{' ' * len(log.name)}  not {b}")
                wrong += 1
    sys.exit(1 if wrong else 0)


main()
