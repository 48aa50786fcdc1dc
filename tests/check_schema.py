#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every object that the program prints for the corpus fits the output schema.

usage: check_schema.py PROGRAM SCHEMA MAIL_OR_FOLDER...
"""
import json
import pathlib
import subprocess
import sys

import jsonschema

# The contract: keys in this order (missing facts are null, never left out).
TOP_KEYS = ("schema rules source kind software sent sent_why trust machine auto_reply report reporting_mta arrival_date "
            "envelope_id original feedback recipients warnings").split()
RECIPIENT_KEYS = ("address address_type original_recipient action type reason group cause permanent decided_by "
                  "status stated_status reply_code command remote_mta diagnostic_type diagnostic last_attempt "
                  "will_retry_until queued_for_s attempts partial advice evidence address_to_suppress trust "
                  "retry_stated_s blocklist refused help_url provider time final").split()


def mails(names):
    """The mails named, and those below the folders named."""
    for name in map(pathlib.Path, names):
        yield from sorted(name.rglob("*.eml")) if name.is_dir() else [name]


def in_order(got, want):
    """True if the keys of the contract are in order; there may be new ones between them."""
    return [key for key in got if key in want] == want


def complaints(line, validator):
    """Yields the complaints about one line of output."""
    answer = json.loads(line)
    for error in validator.iter_errors(answer):
        yield f"{error.json_path}: {error.message[:300]}"
    if not in_order(answer, TOP_KEYS):
        yield f"keys out of order: {list(answer)}"
    for recipient in answer["recipients"]:
        if not in_order(recipient, RECIPIENT_KEYS):
            yield f"keys of a recipient out of order: {list(recipient)}"
    compact = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode()) > len(line.encode()):
        yield "escapes less than JSON requires"


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, schema_path, *names = sys.argv[1:]
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    paths = [str(path) for path in mails(names)]
    if not paths:
        sys.exit("no mail was found")
    done = subprocess.run([program, "--format", "json", *paths], stdin=subprocess.DEVNULL, capture_output=True)
    lines = done.stdout.decode("utf-8").split("\n")[:-1]
    failed = done.returncode != 0
    if failed:
        print(f"exit status {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
    if len(lines) < len(paths):
        failed = True
        print(f"{len(paths)} mails in, {len(lines)} objects out")
    for line in lines:
        for text in complaints(line, validator):
            failed = True
            print(f"{json.loads(line)['source']['path']}: {text}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
