#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The built-in rules compile to the same bytes wherever and however they are compiled.

usage: check_reproducible.py EMBED_RULES TABLES RULE_FILE...

Runs EMBED_RULES several times on the rule files from which the build made
TABLES: files in another order and by other paths, in other folders, under
another locale, time zone and umask. The output must be TABLES each time,
and something else if one file differs. In a build for another processor
EMBED_RULES runs on that processor and TABLES were made on this one: the
tables do not depend on the word size and the byte order, either.

A build at the same time cannot interfere: EMBED_RULES and the rule files are
copied first. If the files are newer than TABLES, the test says so.
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile


def embed(program, files, folder, env=None, umask=0o022):
    """The output of EMBED_RULES for these files, run in folder."""
    output = pathlib.Path(folder, "made.c")
    subprocess.run([program, output, *files], cwd=folder, env=dict(os.environ, **(env or {})), umask=umask, check=True)
    made = output.read_bytes()
    output.unlink()
    return made


def copied(files, folder):
    """Copies the folder of the rule files, and returns them in the copy."""
    patterns = files[0].parent.parent
    shutil.copytree(patterns, folder)
    return [folder / file.relative_to(patterns) for file in files]


def ways(program, files, scratch):
    """(how it was made, the bytes) for each way."""
    copies = pathlib.Path(scratch, "copies of the rules")
    names = [str(file.relative_to(copies)) for file in copied(files, copies)]
    yield "once more", embed(program, files, scratch)
    for seed in range(3):
        shuffled = random.Random(seed).sample(files, len(files))
        yield f"files shuffled ({seed})", embed(program, shuffled, scratch)
    yield "files backwards, in a copied folder, by name", embed(program, names[::-1], copies)
    for locale in ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1"):
        env = {"LC_ALL": locale, "LANG": locale, "TZ": "Pacific/Apia", "G_FILENAME_ENCODING": "ISO-8859-1"}
        yield f"locale {locale}, umask 077", embed(program, files, scratch, env, 0o077)


def changed(program, files, scratch):
    """The bytes if one file has one more line of comment."""
    moved = copied(files, pathlib.Path(scratch, "changed"))
    with open(moved[-1], "a", encoding="utf-8") as last:
        last.write("# one more line\n")
    return embed(program, moved, scratch)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sources = [pathlib.Path(file).resolve() for file in sys.argv[3:]]
    made_at = os.stat(sys.argv[2]).st_mtime_ns
    with tempfile.TemporaryDirectory() as scratch:
        program, tables = shutil.copy(sys.argv[1], scratch), pathlib.Path(sys.argv[2]).read_bytes()
        files = copied(sources, pathlib.Path(scratch, "rules"))
        complaints = [f"{how}: {len(made)} bytes differ from the {len(tables)} of the build"
                      for how, made in ways(program, files, scratch) if made != tables]
        if changed(program, files, scratch) == tables:
            complaints.append("a changed file changes nothing")
    newer = [str(file) for file in [sys.argv[1], *sources] if os.stat(file).st_mtime_ns > made_at]
    if complaints and newer:
        complaints.append(f"build first: newer than the tables of the build are {', '.join(newer)}")
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
