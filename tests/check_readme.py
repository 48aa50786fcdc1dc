#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The examples of the README do what the README says.

usage: check_readme.py SOURCE_DIR BINARY_DIR COMPILER_COMMAND...

COMPILER_COMMAND gets `-x c FILE -x none -o PROGRAM` put behind the compiler's
name. The C example is compiled, with warnings as errors, and run on a mail.
In a block marked `console`, each line that begins with `$ ` is run by the
shell with bounce-classify on its PATH, in the source folder; what follows up
to the next such line is the output that it must give. A line of `...` stands
for any number of lines, and the line number in `x.rules:12` for any number.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(text, language):
    """The contents of the fenced blocks in this language."""
    return [body for name, body in BLOCK.findall(text) if name == language]


def matches(want, got):
    """True if got is what the README shows."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", want, flags=re.M)]
    parts = [re.sub(r"(\.rules:)\d+", r"\1[0-9]+", part.replace(r"\.rules", ".rules")) for part in parts]
    return re.fullmatch("(?:.*\n)*".join(parts), got) is not None


def check_console(body, top, binary):
    """Runs the commands of one console block; yields complaints."""
    environment = dict(os.environ, PATH=f"{binary / 'cli'}{os.pathsep}{os.environ['PATH']}")
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, want = part.partition("\n")
        done = subprocess.run(command, shell=True, cwd=top, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        got = done.stdout.decode("utf-8", "replace")
        if not matches(want, got):
            yield f"$ {command}\n--- README says\n{want}--- it prints\n{got}"


def check_program(body, top, compiler):
    """Compiles and runs one C example; yields complaints."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = pathlib.Path(folder, "example.c"), pathlib.Path(folder, "example")
        source.write_text(body, encoding="utf-8")
        command = [compiler[0], "-x", "c", str(source), "-x", "none", "-o", str(program), *compiler[1:]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            yield f"the C example does not compile:\n{done.stderr}"
            return
        # The first mail of the sample mailbox, without its From line.
        mailbox = (top / "data" / "sample.mbox").read_bytes()
        mail = mailbox.split(b"\n\nFrom ")[0].partition(b"\n")[2]
        done = subprocess.run([str(program)], input=mail, capture_output=True)
        if done.returncode != 0 or b"@" not in done.stdout:
            yield f"the C example ended with {done.returncode} and printed {done.stdout!r} {done.stderr!r}"


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    top, binary, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    text = (top / "README.md").read_text(encoding="utf-8")
    programs, consoles = blocks(text, "c"), blocks(text, "console")
    complaints = [] if programs and consoles else ["the README holds no example"]
    for body in programs:
        complaints += check_program(body, top, compiler)
    for body in consoles:
        complaints += check_console(body, top, binary)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
