#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The completions of bash, zsh and fish know the options of the programs.

usage: check_completions.py SOURCE_DIR BINARY_DIR PROGRAM [LEDGER]

Made again, they are what the build has made. Each shell can read its own; bash
and fish are made to complete options and their values, and offer those of
--help; for bounce-ledger (LEDGER) also its commands.
"""
import filecmp
import pathlib
import re
import subprocess
import sys
import tempfile

BASH = 'source "$0"; COMP_WORDS=("${@}"); COMP_CWORD=$(($# - 1)); FUNCTION; printf "%s\\n" "${COMPREPLY[@]}"'
# What is completed, and what must be offered.
VALUES = {"bounce-classify": ((("--format", ""), {"text", "json", "csv"}), (("--input-format", "mai"), {"mail", "maildir"})),
          "bounce-ledger": ((("--format", ""), {"text", "json", "csv"}), (("r",), {"record", "release", "replay"}),
                            (("-q", "s"), {"sent", "show", "suppressed", "stats"}), (("--list", "s"), {"ses", "sendgrid", "sparkpost"}))}


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"failed ({done.returncode}): {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def by_bash(folder, program, *words):
    """What bash offers in place of the last word."""
    script = BASH.replace("$0", str(folder / program)).replace("FUNCTION", "_" + program.replace("-", "_"))
    return set(run("bash", "-c", script, "bash", program, *words).split())


def by_fish(folder, program, *words):
    script = f"source {folder / f'{program}.fish'}; complete -C '{program} {' '.join(words)}'"
    return {line.split("\t")[0] for line in run("fish", "--no-config", "-c", script).splitlines()}


def check_made(top, made):
    with tempfile.TemporaryDirectory() as name:
        run(sys.executable, top / "tools" / "completions", top, name)
        for file in sorted(path.name for path in pathlib.Path(name).iterdir()):
            if not filecmp.cmp(made / file, pathlib.Path(name) / file, shallow=False):
                yield f"{file}: differs from what is made again; build once more"


def shown_by(help_text, program):
    """The options of --help: of bounce-classify at the start of a line, of bounce-ledger anywhere."""
    lines = [line for line in help_text.splitlines() if line.startswith("  -") or program == "bounce-ledger"]
    return set(re.findall(r"(?m)(?<=[ ,\[])(--[a-z-]+)", "\n".join(lines)))


def check_words(made, name, program):
    shown = shown_by(run(program, "--help"), name)
    zsh = set(re.findall(r"'\*(--[a-z-]+)", (made / f"_{name}").read_text(encoding="utf-8")))
    for shell, offered in (("bash", by_bash(made, name, "--")), ("fish", by_fish(made, name, "--")), ("zsh", zsh)):
        for option in sorted(shown - offered):
            yield f"{shell}: {name}: does not offer {option}"
        for option in sorted(word for word in offered - shown if word.startswith("--") and word.rstrip("=") not in shown):
            yield f"{shell}: {name}: offers {option}, which --help does not show"
    for complete in (by_bash, by_fish):
        for words, want in VALUES[name]:
            offered = complete(made, name, *words)
            if not want <= offered | {word.partition("=")[2] for word in offered}:
                yield f"{complete.__name__}: {name}: {words}: offers {offered}"
    if "json" not in by_bash(made, name, "--format", "=", "j"):
        yield f"bash: {name}: does not complete --format=j"
    if name == "bounce-ledger" and {"record", "release"} & by_bash(made, name, "record", "r"):
        yield "bash: offers a second command"


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    top, made = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) / "completions"
    complaints = [*check_made(top, made)]
    for name, program in zip(VALUES, sys.argv[3:]):
        run("bash", "-n", made / name)
        run("zsh", "-n", made / f"_{name}")
        run("fish", "-n", made / f"{name}.fish")
        complaints += check_words(made, name, program)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
