# SPDX-License-Identifier: MIT
"""The recipes of doc/integration.md, and the roots in which they are run.

In: the first line of a piece of the document; a root of setup.sh. Out: the piece, word by word; the program, its
libraries, its user and its file in that root. Refused: a piece that the document does not have.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import lab
from servers.postfix import inside

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "doc" / "integration.md"
FILE = "var/lib/bounces/bounces.jsonl"


def piece(first_line):
    """A piece of the document by its first line, which is not part of it."""
    found = re.search(rf"^```\w+\n# {re.escape(first_line)}\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S)
    if not found:
        sys.exit(f"{DOCUMENT} has no piece '{first_line}'")
    return found[1]


def install(root, program):
    """Installs the program and the libraries that it needs; makes the user and the file."""
    shutil.copy(program, root / "usr/bin/bounce-classify")
    for library in re.findall(r"=> (/\S+)", subprocess.run(["ldd", program], capture_output=True, text=True).stdout):
        target = root / library.lstrip("/")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
    print(inside(root, """
        ldconfig
        id bounces >/dev/null 2>&1 || useradd --system --home-dir /var/lib/bounces --create-home bounces
        rm -f /var/lib/bounces/bounces.jsonl
        install -o bounces -g bounces -m 666 /dev/null /var/lib/bounces/bounces.jsonl
        chmod 755 /var/lib/bounces
        bounce-classify --version
    """).stdout.splitlines()[0])


def mount(root):
    subprocess.run("ip link set lo up && ip addr add 127.0.0.2/8 dev lo && hostname mail.example.org", shell=True, check=True)
    (lab.LAB / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    for source, target in (("/dev", "dev"), (lab.LAB / "resolv.conf", "etc/resolv.conf")):
        subprocess.run(["mount", "--bind", source, root / target], check=True)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.0.1 mail.example.org mail\n")
    (root / "etc/mailname").write_text("mail.example.org\n")


def lines_of(root):
    """The contents of the file so far: all complete lines, without those for mails that are not reports."""
    whole = (root / FILE).read_text(encoding="utf-8").rpartition("\n")[0]   # the last one may be incomplete
    reports = [json.loads(line) for line in whole.splitlines()]
    return [report for report in reports if report["kind"] != "none"]


def as_user(root, command, mail=""):
    """As the user bounces, with a mail on standard input."""
    return subprocess.run(["chroot", root, "su", "-s", "/bin/sh", "bounces", "-c", command], input=mail.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def text_of(done):
    return done.stdout.decode("utf-8", "replace")[-600:].strip()


class Away:
    """While it lasts, nobody can write to the file, not even root: a folder has its name."""

    def __init__(self, root):
        self.path = root / FILE
        self.kept = self.path.with_suffix(".away")

    def __enter__(self):
        self.path.rename(self.kept)
        self.path.mkdir()
        return self

    def __exit__(self, *_):
        self.path.rmdir()
        self.kept.rename(self.path)
