#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The completions of bash, zsh and fish know the options of the program.

usage: check_completions.py SOURCE_DIR BINARY_DIR PROGRAM

Made again, they are those that the build has made. Each shell can read its own;
bash and fish are asked to complete options and their values, and give those of
--help.
"""
import filecmp
import pathlib
import re
import subprocess
import sys
import tempfile

NAMES = ("bounce-classify", "_bounce-classify", "bounce-classify.fish")
BASH = 'source "$0"; COMP_WORDS=("${@}"); COMP_CWORD=$(($# - 1)); _bounce_classify; printf "%s\\n" "${COMPREPLY[@]}"'


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"failed ({done.returncode}): {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def by_bash(folder, *words):
    """What bash offers in place of the last word."""
    script = BASH.replace("$0", str(folder / "bounce-classify"))
    return set(run("bash", "-c", script, "bash", "bounce-classify", *words).split())


def by_fish(folder, *words):
    script = f"source {folder / 'bounce-classify.fish'}; complete -C 'bounce-classify {' '.join(words)}'"
    return {line.split("\t")[0] for line in run("fish", "--no-config", "-c", script).splitlines()}


def check_made(top, made):
    with tempfile.TemporaryDirectory() as name:
        run(sys.executable, top / "tools" / "completions", top, name)
        for file in NAMES:
            if not filecmp.cmp(made / file, pathlib.Path(name) / file, shallow=False):
                yield f"{file}: differs from what is made again; build once more"


def check_words(made, program):
    shown = set(re.findall(r"(?m)(?<=[ ,])(--[a-z-]+)", "\n".join(
        line for line in run(program, "--help").splitlines() if line.startswith("  -"))))
    zsh = set(re.findall(r"'\*(--[a-z-]+)", (made / "_bounce-classify").read_text(encoding="utf-8")))
    for shell, offered in (("bash", by_bash(made, "--")), ("fish", by_fish(made, "--")), ("zsh", zsh)):
        for option in sorted(shown - offered):
            yield f"{shell}: does not offer {option}"
        for option in sorted(word for word in offered - shown if word.startswith("--") and word.rstrip("=") not in shown):
            yield f"{shell}: offers {option}, which --help does not show"
    for complete in (by_bash, by_fish):
        for words, want in ((("--format", ""), {"text", "json", "csv"}),
                            (("--input-format", "mai"), {"mail", "maildir"})):
            if not want <= complete(made, *words) | {word.partition("=")[2] for word in complete(made, *words)}:
                yield f"{complete.__name__}: {words}: offers {complete(made, *words)}"
    if "json" not in by_bash(made, "--format", "=", "j"):
        yield "bash: does not complete --format=j"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    top, made, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) / "completions", sys.argv[3]
    run("bash", "-n", made / "bounce-classify")
    run("zsh", "-n", made / "_bounce-classify")
    run("fish", "-n", made / "bounce-classify.fish")
    complaints = [*check_made(top, made), *check_words(made, program)]
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
