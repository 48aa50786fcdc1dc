# SPDX-License-Identifier: MIT
"""What generate.py and run.py share: the lines of the record, and what the program says of a text."""
import collections
import json
import subprocess
import sys

# A line of the record: what the program said of the text when the record was made. rule: the rule that decided.
Row = collections.namedtuple("Row", "reason type rule text")


def rows(path, columns):
    """The cells of each line of a table; blank lines and those that begin with "#" are left out."""
    with open(path, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            cells = line.rstrip("\n").split("\t")
            if not line.strip() or line.startswith("#"):
                continue
            if len(cells) != columns or not all(cell.strip() for cell in cells):
                sys.exit(f"{path}:{number}: {columns} columns are needed, separated by tabs, none of them empty")
            yield cells


def ask(program, texts):
    """A row for each text, all of them read by one run of the program; it says "-" where no rule decides."""
    feed = "".join(text + "\n" for text in texts)
    command = [program, "--format", "json", "--reply"]
    done = subprocess.run(command, input=feed.encode(), capture_output=True, check=False)
    lines = done.stdout.decode("utf-8").splitlines()
    if done.returncode or done.stderr or len(lines) != len(texts):
        sys.exit(f"exit status {done.returncode}, {len(texts)} texts in, {len(lines)} objects out\n"
                 + done.stderr.decode("utf-8", "replace"))
    recipients = (json.loads(line)["recipients"][0] for line in lines)
    return [Row(said["reason"], said["type"], said["evidence"]["rule"] if said["evidence"] else "-", text)
            for text, said in zip(texts, recipients)]
