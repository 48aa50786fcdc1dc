#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines of logs that were labelled before the program read them.

usage: fresh.py PROGRAM CASES

A case is a line of JSON: a note, the lines of the log, options, and the expected facts of each object, in order;
missing keys are not compared. "reasons" are others that would be right, too.
"""
import json
import subprocess
import sys


def complaints(program, case):
    out = subprocess.run([program, "--log", "--delivered", *case.get("options", []), "--format", "json"],
                         input="".join(line + "\n" for line in case["log"]).encode("utf-8", "surrogateescape"),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    objects = [json.loads(line) for line in out.decode().splitlines()]
    if len(objects) != len(case["expect"]):
        shown = [(o["recipients"][0]["address"], o["recipients"][0]["action"]) for o in objects]
        yield f"{len(objects)} objects, not {len(case['expect'])}: {shown}"
        return
    for number, (o, want) in enumerate(zip(objects, case["expect"])):
        have = {**o, **o["recipients"][0]}
        for key, value in want.items():
            if key == "reasons":
                continue
            if have[key] != value and not (key == "reason" and have[key] in want.get("reasons", [])):
                yield f"{number}: {key} {have[key]!r}, not {value!r}"


def main():
    program, path = sys.argv[1:]
    wrong = 0
    with open(path, encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    for case in cases:
        found = list(complaints(program, case))
        wrong += bool(found)
        for text in found:
            print(f"{case['note']}: {text}")
    print(f"{len(cases) - wrong} of {len(cases)} as labelled")
    sys.exit(1 if wrong or not cases else 0)


main()
