#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What each sending service writes, and what the program makes of it.

usage: run.py PROGRAM SCHEMA FOLDER

Each file of the folder holds cases of one service: see README.md there. The events of a file are read together, so that
the service must be recognised for each of them, and in order. All output fits the output schema.
"""
import json
import pathlib
import subprocess
import sys

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import check_schema


def read(program, validator, text):
    """(number of the document, object) of each event; (None, message) if something is wrong with all of them."""
    run = subprocess.run([program, "--events", "--delivered", "--explain", "--format", "json"], input=text.encode(),
                         capture_output=True, check=False)
    if run.returncode or run.stderr:
        yield None, run.stderr.decode()
        return
    for line in run.stdout.decode().splitlines():
        report = json.loads(line)
        yield from ((None, message) for message in check_schema.complaints(line, validator))
        yield report["source"]["index"], report


def check(service, case, reports):
    got = [(report, to) for report in reports for to in report["recipients"]]
    if len(got) != len(case["expect"]):
        yield f"{len(got)} recipients, not {len(case['expect'])}"
        return
    for (report, to), want in zip(got, case["expect"]):
        have = {**to, "class": report["service"]["class"]}
        yield from (f"{key} {have[key]!r}, not {value!r}" for key, value in want.items() if have[key] != value)
        if report["service"]["name"] != service or report["kind"] != "event":
            yield f"taken for {report['service']['name']}"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, schema, folder = sys.argv[1:]
    validator = jsonschema.Draft202012Validator(json.loads(pathlib.Path(schema).read_text(encoding="utf-8")))
    wrong, count = [], 0
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        events = [case["event"] for case in cases]
        for text in ("\n".join(map(json.dumps, events)), json.dumps(events), json.dumps(events, indent=2)):
            found = list(read(program, validator, text))
            wrong += [f"{path.name}: {message}" for index, message in found if index is None]
            for number, case in enumerate(cases):
                reports = [report for index, report in found if index == number]
                wrong += [f"{path.name}: {case['note']}: {what}" for what in check(path.stem, case, reports)]
        count += len(cases)
    print("\n".join(dict.fromkeys(wrong)) or f"{count} events")
    sys.exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    main()
