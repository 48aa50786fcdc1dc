#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples in bounce.h, the manual page and the documents work as written.

usage: check_examples.py SOURCE_DIR BINARY_DIR COMPILER_COMMAND...

COMPILER_COMMAND gets `-x c FILE -x none -o PROGRAM` inserted after the
compiler's name. The form of an example decides how it is checked:

* C (a block marked `c`, an indented block in a comment of bounce.h) is
  compiled and run on each of the MAILS below. It must exit with status 0 and
  write nothing to standard error. A fragment without main() is put into FRAME,
  where it finds a mail in `bytes` and `length`.
* In a block marked `console`, each line that begins with `$ ` is run by the
  shell in the source folder, and the lines up to the next such line are the
  expected output. A line of `...` stands for any number of lines, and the line
  number in `x.rules:12` for any number.
* An indented block, or a run of .Dl lines, that begins with a command of
  COMMANDS is run by the shell in a folder that holds the files it names. It must
  exit with status 0 and write nothing to standard error.
* A fenced block of `python` is a script, run with the module of the build; it is skipped
  if the module cannot be loaded (a build with a sanitizer), or was not made.
* An indented block that begins with `format`, `rule`, `dialect`, `words` or `sign` is a rule file
  without errors, which decides its `example`s and none of its `near`s.

* A block marked `conf` or `sh` is a piece of another program's configuration or a script. tests/lab/integrate.py runs
  those of doc/integration.md, cli/recipes those of doc/recipes.md; other documents have none.

Any other form is an error, unless NOT_RUN says why the example cannot run.
"""
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
from typing import NamedTuple

COMMANDS = ("bounce-classify", "bounce-ledger", "zcat")
# Document and beginning of an example that is not run, and the reason.
NOT_RUN = {
    ("README.md", "./setup try"): "it is what builds the project and runs this test",
    ("doc/abi.md", "cmake --preset dev"): "builds everything; the test abi runs the tool",
    ("doc/abi.md", "LIBBOUNCE_X.Z"): "a line of a linker script",
    ("doc/install.md", "./setup install"): "installs into the system; the test install runs it elsewhere",
    ("doc/install.md", "apt-get build-dep"): "installs into the system; the test debian does it in a root of its own",
    ("doc/install.md", "FROM debian:12"): "needs a container program",
    ("doc/install.md", "mmdebstrap"): "takes minutes; the test debian makes such a root",
    ("doc/install.md", "cc example.c"): "the test install runs it",
    ("doc/accuracy.md", "tools/accuracy --bin"): "rewrites a document; cli/tools tests the tool",
    ("doc/accuracy.md", "tools/accuracy --corpus"): "FOLDER is the reader's; cli/tools tests the tool",
    ("doc/accuracy.md", "tools/rule-coverage --bin"): "takes minutes; cli/tools tests the tool",
    ("doc/architecture.md", "bytes -> mailbox"): "a picture",
    ("doc/architecture.md", "readers ->"): "a picture",
    ("doc/architecture.md", "face "): "a picture",
    ("doc/blind-replies.md", "tests/blind/run.py --bin"): "the test blind-replies runs it",
    ("doc/bounce-classify.1", "bounce-classify --format json inbox.mbox |"): "needs jq",
    ("doc/bounce-classify.1", "parallel -k"): "needs GNU parallel; scale/parallel tests it",
    ("doc/forged-reports.md", "Message-ID: <20261130"): "differs each day; cli/sent tests what the example prints",
    ("doc/forged-reports.md", "# the first hmac key"): "a file of keys; cli/sent reads one",
    ("doc/handwritten.md", "cmake --preset release"): "takes minutes; bench/handwritten tests the tool",
    ("doc/policy.md", "# Ours."): "a policy file; the test unit/policy/load reads it",
    ("doc/signs.md", "tools/fit-signs vectors"): "FOLDER is the reader's; the test fit-signs runs the rest",
    ("doc/ledger.md", "ledger unix"): "a line of Postfix; ledger/postfix has the like",
    ("doc/ledger.md", "#!/bin/sh"): "waits for a mail; ledger/postfix has the like",
    ("doc/ledger.md", "[Service]"): "a unit of systemd",
    ("doc/ledger.md", "bounce-ledger suppressed --format json | jq"): "needs jq; ledger/postfix does the same",
    ("doc/output.md", '{"schema":1'): "an excerpt of output; output-schema tests the whole",
    ("doc/security.md", "cmake --preset fuzz-fast"): "takes minutes; fuzz/* replay the inputs",
    ("doc/performance.md", "cmake --preset release"): "takes an hour; bench/smoke tests the tools",
    ("doc/performance.md", "instructions of a mail"): "output of a benchmark",
    ("doc/performance.md", "tests/bench/python-report"): "takes minutes; bench/python tests the tool",
    ("doc/performance.md", "made mail, 5 % bounces"): "output of a benchmark",
    ("doc/summary.md", "jq -r"): "needs jq; cli/recipes runs one like it",
    ("doc/summary.md", "12345 mails"): "a line of progress; cli/output_file tests it",
    ("doc/scaling.md", "seq 64 | parallel -k"): "needs GNU parallel; scale/parallel tests it",
    ("doc/scaling.md", "seq 64 | parallel --sshlogin"): "needs GNU parallel; scale/parallel tests it",
    ("doc/scaling.md", "#!/bin/sh"): "needs Slurm; scale/slurm tests it",
    ("doc/scaling.md", "seq 64 > parts.txt"): "needs Hadoop",
    ("doc/scaling.md", "n = 64"): "needs Spark",
}
FRAME = """#include <bounce.h>
#include <stdio.h>

int main(void)
{
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, stdin);
    %s
    return 0;
}
"""
ORDINARY = b"From: ann@example.org\nTo: joe@example.net\nSubject: lunch\n\nAt one?\n"
REPORT = b"""From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: ann@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; joe@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
--b--
"""


def without(*fields):
    """REPORT without these fields."""
    return b"".join(line for line in REPORT.splitlines(True) if not line.startswith(tuple(fields)))


# Each mail, and the fact of its recipient for which it is here: the expected value
# in the JSON. None: the mail has no recipient.
MAILS = {
    "a bounce": (REPORT, {"address": "joe@example.net", "status": "5.1.1"}),
    "a bounce without Final-Recipient": (without(b"Final-"), {"address": None}),
    "a bounce without Action": (without(b"Action"), {"action": "failed"}),
    "a bounce without Status": (without(b"Status", b"Diagnostic"), {"stated_status": None, "diagnostic": None}),
    "a bounce without any of them": (without(b"Final-", b"Action", b"Status", b"Diagnostic"), {"address": None}),
    "an ordinary mail": (ORDINARY, None),
    "an empty mail": (b"", None),
}


class Example(NamedTuple):
    """An example, its place, and its form: c, console, block or the mark of a fence."""
    document: str
    line: int
    form: str
    body: str


class Tools(NamedTuple):
    """The tools with which examples are run."""
    top: pathlib.Path
    compiler: list
    environment: dict
    folder: pathlib.Path  # the mails and rules that examples name; in the build folder

    def run(self, command, data=b"", cwd=None):
        return subprocess.run(command, shell=isinstance(command, str), input=data, capture_output=True,
                              cwd=cwd or self.folder, env=self.environment)


# ---- finding them

def markdown_examples(name, text):
    """Fenced blocks, and indented blocks after a blank line."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        start = at
        at += 1
        if lines[start].startswith("```"):
            while at < len(lines) and lines[at] != "```":
                at += 1
            yield Example(name, start + 1, lines[start][3:], "\n".join(lines[start + 1:at]) + "\n")
            at += 1
        elif lines[start].startswith("    ") and not lines[start - 1].strip():
            while at < len(lines) and (lines[at].startswith("    ") or not lines[at].strip()):
                at += 1
            yield Example(name, start + 1, "block", textwrap.dedent("\n".join(lines[start:at])).strip() + "\n")


def manual_examples(name, text):
    """Runs of .Dl lines, without the prompt; other displays have an unknown form."""
    for found in re.finditer(r"^(?:\.Dl .*\n)+|^\.(?:Bd|D1)\b.*\n", text, re.M):
        body = re.sub(r'^\.Dl "?(.*?)"?$', r"\1", found[0], flags=re.M).replace(r"\(dq", '"')
        form = "block" if found[0].startswith(".Dl") else found[0].strip()
        yield Example(name, text[:found.start()].count("\n") + 1, form, body.removeprefix("$ "))


def header_examples(name, text):
    """Indented blocks of comments; code elsewhere has an unknown form."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        start = at
        at += 1
        if re.match(r" \* {5}", lines[start]) and lines[start - 1] == " *":
            while re.match(r" \*( {5}|$)", lines[at]):
                at += 1
            body = "\n".join(line[3:] for line in lines[start:at])
            yield Example(name, start + 1, "c", textwrap.dedent(body).strip() + "\n")
        elif re.match(r" \*.*(\);|\{)$", lines[start]):
            yield Example(name, start + 1, "code in a comment that is not an indented block", lines[start])


def examples(top):
    """Every example of the project."""
    readers = {".md": markdown_examples, ".1": manual_examples, ".h": header_examples}
    names = [top / "README.md", top / "data" / "patterns" / "README.md", *sorted((top / "doc").glob("*.md")), *sorted((top / "doc").glob("*.[1-9]")),
             top / "libbounce" / "bounce.h"]
    for path in names:
        yield from readers[path.suffix](path.relative_to(top).as_posix(), path.read_text(encoding="utf-8"))


# ---- running them: each yields complaints

def silent(done, what):
    """Complains unless a command succeeded without a message; totals do not count as one."""
    totals = re.compile(rb"(messages|replies|entries|recipients) \d+[,:] |bounce-classify: \d+ address(es)? to suppress; ")
    messages = [line for line in done.stderr.splitlines() if not totals.match(line)]
    if done.returncode != 0 or messages:
        yield f"{what}: exit status {done.returncode}\n{done.stdout.decode(errors='replace')}" \
              f"{done.stderr.decode(errors='replace')}"


def check_c(example, tools):
    body = example.body
    if not re.search(r"^int main\(", body, re.M):
        body = FRAME % textwrap.indent(body, "    ").strip()
    source, program = tools.folder / "example.c", tools.folder / "example"
    source.write_text(body, encoding="utf-8")
    command = [tools.compiler[0], "-x", "c", str(source), "-x", "none", "-o", str(program), *tools.compiler[1:]]
    built = tools.run(command)
    if built.returncode != 0:
        yield f"does not compile:\n{built.stderr.decode(errors='replace')}"
        return
    for name, (mail, fact) in MAILS.items():
        done = tools.run([str(program)], mail)
        yield from silent(done, f"run on {name}")
        if fact is not None and done.returncode == 0 and not done.stdout:
            yield f"run on {name}: prints nothing"


def module_python(tools):
    """The Python for which the module was made; None if it cannot be used."""
    binary = tools.folder.parent
    cache = (binary / "CMakeCache.txt").read_text(encoding="utf-8")
    found = re.search(r"^BOUNCE_CFFI_PYTHON:\w+=(.+)$", cache, re.M)
    usable = (binary / "python" / "bounce").is_dir() and not any(w.startswith("-fsanitize") for w in tools.compiler)
    return found[1] if found and usable else None


def check_python(example, tools):
    python = module_python(tools)
    if python:
        binary = tools.folder.parent
        library = binary / "libbounce" / "libbounce.so.0"
        tools.environment.update(PYTHONPATH=str(binary / "python"), BOUNCE_LIBRARY=str(library))
        yield from silent(tools.run([python, "-W", "error", "-"], example.body.encode()), "run")


def shown(want, got):
    """True if got is the output in the document."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", want, flags=re.M)]
    parts = [re.sub(r"(\.rules:)\d+", r"\1[0-9]+", part.replace(r"\.rules", ".rules")) for part in parts]
    return re.fullmatch("(?:.*\n)*".join(parts), got) is not None


def check_console(example, tools):
    for part in re.split(r"^\$ ", example.body, flags=re.M)[1:]:
        command, _, want = part.partition("\n")
        done = tools.run(f"({command}) 2>&1", cwd=tools.top)
        got = done.stdout.decode("utf-8", "replace")
        if not shown(want, got):
            yield f"$ {command}\n--- the document says\n{want}--- it prints\n{got}"


def check_commands(example, tools):
    yield from silent(tools.run("set -e\n" + example.body), example.body.strip())


def deciding_rule(reply, rules, tools):
    """The id of the rule that decides a reply."""
    reply = reply.replace(r"\n", "\n")
    done = tools.run(["bounce-classify", "--format", "json", "--rules", str(rules), "--reply", reply])
    evidence = json.loads(done.stdout)["recipients"][0]["evidence"]
    return evidence and evidence["rule"]


def check_rules(example, tools):
    rules = tools.folder / "example.rules"
    rules.write_text(example.body, encoding="utf-8")
    done = tools.run(["bounce-classify", "--check-rules", str(rules)])
    if done.returncode != 0 or done.stderr:
        yield from silent(done, "as a rule file")
        return
    rule = None
    for keyword, value in re.findall(r"^(\S+) +(.*)$", example.body, re.M):
        rule = value if keyword == "rule" else rule
        if keyword in ("example", "near") and (deciding_rule(value, rules, tools) == rule) != (keyword == "example"):
            yield f"{keyword} {value}: is decided by {deciding_rule(value, rules, tools)}"


def check(example, tools):
    """Runs one example in the way that fits its form."""
    first = example.body.split(None, 1)[0] if example.body.strip() else ""
    if any(example.document == document and example.body.startswith(begin) for document, begin in NOT_RUN):
        return []
    if example.form in ("conf", "sh") and example.document in ("doc/integration.md", "doc/recipes.md"):
        return []
    if example.form == "c":
        return check_c(example, tools)
    if example.form == "python":
        return check_python(example, tools)
    if example.form == "console":
        return check_console(example, tools)
    if example.form == "block" and first in COMMANDS:
        return check_commands(example, tools)
    if example.form == "block" and first in ("format", "rule", "dialect", "words", "sign"):
        return check_rules(example, tools)
    return [f"check_examples.py does not know how to run this ({example.form}):\n{example.body}"]


# ---- their input

def check_mails(tools):
    """Checks that each of MAILS has, or lacks, the fact for which it is here."""
    for name, (mail, facts) in MAILS.items():
        answer = json.loads(tools.run(["bounce-classify", "--format", "json", "--input-format", "mail"], mail).stdout
                            or '{"recipients":[]}')
        recipients = answer["recipients"]
        got = {key: recipients[0][key] for key in facts} if facts and recipients else None
        if got != facts or len(recipients) > 1:
            yield f"MAILS: {name}: should have {facts}, has {got}"


def fill(folder, top):
    """The mails and rules that the examples name."""
    (folder / "mail.log").write_bytes((top / "tests" / "logs" / "postfix.log").read_bytes())
    sample = (top / "data" / "sample.mbox").read_bytes()
    for name in ("mailbox", "mailbox.mbox", "inbox.mbox", "big.mbox"):
        (folder / name).write_bytes(sample)
    for name in ("mail", "mail.eml"):
        (folder / name).write_bytes(REPORT)
    (folder / "events.json").write_text('{"event":"bounce","email":"joe@example.net","sg_event_id":"1"}', encoding="utf-8")
    (folder / "inbox.json").write_text('{"schema":1,"kind":"dsn","recipients":[]}', encoding="utf-8")
    (folder / "2026-01.mbox.gz").write_bytes(gzip.compress(sample))
    for name in ("new", "cur"):
        (folder / "Maildir" / name).mkdir(parents=True)
        (folder / "Maildir" / name / "1").write_bytes(REPORT)
    for name in ("my.rules", "mine.rules"):
        (folder / name).write_text("rule mine/parrot\nreason policy\nphrase parrot says no\nwhy It does.\n"
                                   "example 550 parrot says no\nnear 550 parrot says yes\n", encoding="utf-8")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    top, binary, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    places = os.pathsep.join((str(binary / "cli"), str(binary / "ledger"), os.environ["PATH"]))
    environment = dict(os.environ, PATH=places)
    found = list(examples(top))
    has_ledger = (binary / "ledger" / "bounce-ledger").exists()
    if not has_ledger:
        found = [example for example in found if "ledger" not in example.document]
    complaints = [f"NOT_RUN: {document}: there is no example that begins with {begin}" for document, begin in NOT_RUN
                  if (top / document).exists() and (has_ledger or "ledger" not in document)
                  and not any(e.document == document and e.body.startswith(begin) for e in found)]
    with tempfile.TemporaryDirectory(dir=binary) as name:  # programs must be allowed to run in it
        tools = Tools(top, compiler, dict(environment, LEDGER=f"{name}/shown.db"), pathlib.Path(name))
        fill(tools.folder, top)
        complaints += check_mails(tools)
        for example in found:
            complaints += [f"{example.document}:{example.line}: {text}" for text in check(example, tools)]
    for complaint in complaints:
        print(complaint)
    print(f"{len(found)} examples, {len(complaints)} complaints")
    sys.exit(1 if complaints or not found else 0)


if __name__ == "__main__":
    main()
