#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The words of logs: their examples, and the messages about a file with mistakes.

usage: words.py PROGRAM EMBED_RULES FOLDER

Each `example LINE` of FOLDER/*.words is read with `--log --delivered --all --format json`, and must have the results of
the lines `gives KEY=VALUE ...` below it: keys of the object or of its recipient. `gives nothing`: no object.
EMBED_RULES, which compiles the files, must name file, line and column of each mistake of MISTAKES.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

MISTAKES = [
    ("outcome sent delivered", "1:1: the first line must be `log NAME`"),
    ("log x\nlog y", "2:1: one name of a log, once in a file"),
    ("log X9", "1:5: the name of a log has small letters only"),
    ("log x\n  outcom sent delivered", "2:3: this keyword is not known"),
    ("log x\noutcome sent arrived", "2:14: this meaning is not known"),
    ("log x\n\n# a comment\noutcome sent", "4:1: a word and its meaning are needed"),
    ("log x\noutcome not sent failed", "2:18: too many words: what has blanks needs quotes"),
    ("log x\noutcome \"sent failed", "2:9: a quote is not closed"),
    ("log x\nprogram", "2:1: a word is needed"),
    ("log x\nfield to whom", "2:10: this meaning is not known"),
    ("log x\ngives nothing", "2:1: there is no example above"),
    ("log x\nexample a\nexample b", "3:1: the example above lacks what it gives"),
    ("log x\nexample a", "2:1: the example lacks what it gives"),
]


def shown(value):
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def problems(program, line, gives):
    """What is wrong with an example."""
    done = subprocess.run([program, "--log", "--delivered", "--all", "--format", "json"], input=line.encode() + b"\n",
                          capture_output=True, check=False)
    objects = [json.loads(text) for text in done.stdout.decode().splitlines()]
    if gives == ["nothing"]:
        return [f"gives {len(objects)} objects"] if objects else []
    if len(objects) != 1:
        return [f"gives {len(objects)} objects"]
    got = {**objects[0], **objects[0]["recipients"][0]}
    pairs = (word.partition("=") for word in gives)
    return [f"{key} is {shown(got.get(key, '(not a key)'))}" for key, _, value in pairs if shown(got.get(key, "(not a key)")) != value]


def check_examples(program, path):
    example, failed = None, False
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith("example "):
            example = text.removeprefix("example ").strip()
        elif text.startswith("gives "):
            for problem in problems(program, example, text.split()[1:]):
                print(f"{path.name}:{number}: {problem}")
                failed = True
    return not failed


def check_mistakes(embed_rules):
    good = True
    with tempfile.TemporaryDirectory() as folder:
        source, output = pathlib.Path(folder, "x.words"), pathlib.Path(folder, "x.c")
        for text, message in MISTAKES:
            source.write_text(text + "\n", encoding="utf-8")
            done = subprocess.run([embed_rules, "--logs", output, source], capture_output=True, text=True, check=False)
            if done.returncode != 1 or output.exists() or f"{source}:{message}\n" not in done.stderr:
                print(f"{text!r}: status {done.returncode}, {done.stderr!r} instead of {message!r}")
                good = False
    return good


def main():
    program, embed_rules, folder = sys.argv[1:]
    files = sorted(pathlib.Path(folder).glob("*.words"))
    results = [check_examples(program, path) for path in files] + [check_mistakes(embed_rules)]
    sys.exit(not (files and all(results)))


if __name__ == "__main__":
    main()
