#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manual pages say what bounce.h and doc/rules.md say, and are well formed.

usage: check_manual.py SOURCE_DIR BINARY_DIR

Made again, they are what the build has made. Each function, type and value of
bounce.h is described in the page of its section, and its page exists. mandoc
and groff find nothing to complain about, and no line of text is wider than a
terminal of 80 columns.
"""
import filecmp
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Complaints about style only, or about another system.
IGNORED = re.compile("new sentence, new line|operating system|cross reference to self|unknown library|"
                     "skipping paragraph macro")
# Pages that are not generated.
WRITTEN = ("man1/bounce-classify.1", "man1/bounce-ledger.1")


def run(*command):
    environment = dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80", MANROFFSEQ="", GROFF_NO_SGR="1")
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)


def pages_of(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.glob("man[1-9]/*"))}


def check_made(top, made):
    """Checks that the pages are the same when they are made again."""
    with tempfile.TemporaryDirectory() as name:
        again = pathlib.Path(name)
        done = run(sys.executable, top / "tools" / "manual-pages", top, again)
        if done.returncode != 0:
            yield f"tools/manual-pages: {done.stderr}"
        old, new = pages_of(made), pages_of(again)
        for page in sorted(set(old) ^ set(new)):
            yield f"{page}: is in only one of the build folder and the pages made again"
        for page in sorted(set(old) & set(new)):
            if not filecmp.cmp(old[page], new[page], shallow=False):
                yield f"{page}: differs from what is made again; build once more"


def check_names(top, made):
    """Checks that everything that the header declares is in the manual."""
    header = (top / "libbounce" / "bounce.h").read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    functions = set(re.findall(r"\bBOUNCE_API\b[^;(]*?(\w+)\s*\(", re.sub(r"(?m)^\s*#.*$", "", bare)))
    names = functions | set(re.findall(r"\b(BOUNCE_[A-Z0-9_]+) (?:=|[\d\"(U])", bare))
    names |= set(re.findall(r"typedef (?:struct|enum) (\w+)", bare))
    pages = {page: path.read_text(encoding="utf-8") for page, path in pages_of(made).items()}
    text = "\n".join(pages.values())
    for name in sorted(names):
        if not re.search(rf"\b{name}\b", text):
            yield f"bounce.h: {name} is in no manual page"
    for name in sorted(functions):
        if f"man3/{name}.3" not in pages:
            yield f"bounce.h: {name} has no manual page"
    for page, body in pages.items():
        if body.startswith(".so ") and body.split()[1] not in pages:
            yield f"{page}: leads to {body.split()[1]}, which does not exist"
        for name in re.findall(r"^\.Xr (\S+) \d", body, re.M):
            if not any(re.fullmatch(rf"man\d/{name}\.\d", other) for other in [*pages, *WRITTEN]):
                yield f"{page}: names {name}, which does not exist"


def check_form(page, path):
    """What mandoc and groff say about a page, and its lines on a terminal of 80 columns."""
    for line in run("mandoc", "-T", "lint", "-W", "warning", path).stdout.splitlines():
        if not IGNORED.search(line):
            yield f"{page}: {line}"
    done = run("man", "--warnings", "-l", path)
    for line in done.stderr.splitlines():
        yield f"{page}: groff: {line}"
    if not done.stdout.strip():
        yield f"{page}: man shows nothing"
    wide = [line for line in done.stdout.splitlines() if len(line) > 80]
    if wide and page.startswith("man3"):
        yield f"{page}: wider than 80 columns: {wide[0].strip()}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    top, made = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) / "man"
    complaints = [*check_made(top, made), *check_names(top, made)]
    pages = {**pages_of(made), **{page: top / "doc" / pathlib.Path(page).name for page in WRITTEN}}
    for page, path in pages.items():
        if not path.read_text(encoding="utf-8").startswith(".so "):
            complaints += check_form(page, path)
    for complaint in complaints:
        print(complaint)
    print(f"{len(pages)} pages, {len(complaints)} complaints")
    sys.exit(1 if complaints or len(pages) < 10 else 0)


if __name__ == "__main__":
    main()
