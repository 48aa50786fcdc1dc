#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/release makes the same archive twice, and refuses what does not agree.

usage: run.py SOURCE_DIR

In a repository of its own with a header, two changelogs and the script:
the version, the changelogs and the tag are made to disagree one by one.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2026-11-30T12:00:00Z",
            "GIT_COMMITTER_DATE": "2026-11-30T12:00:00Z", "GIT_CONFIG_GLOBAL": "/dev/null"}


def run(folder, *command):
    return subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True,
                          env=dict(os.environ, **IDENTITY))


def git(folder, *arguments):
    done = run(folder, "git", *arguments)
    if done.returncode != 0:
        sys.exit(f"git {arguments}: {done.stderr}")
    return done.stdout


def change(folder, file, old, new):
    """Replaces text in one file and commits, moving the tag along."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if old not in text:
        sys.exit(f"{file}: has no {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    git(folder, "commit", "-qam", "change")
    git(folder, "tag", "-f", "v1.2.3")


def repository(top, folder):
    """A project of version 1.2.3, ready to be released."""
    for name in ("libbounce/bounce.h", "CHANGELOG.md", "debian/changelog", "tools/release"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(top / name, folder / name)
    header = (folder / "libbounce/bounce.h").read_text(encoding="utf-8")
    for part, value in (("MAJOR", 1), ("MINOR", 2), ("PATCH", 3), ("STRING", '"1.2.3"')):
        header = re.sub(rf"(#define BOUNCE_VERSION_{part}) .*", rf"\1 {value}", header)
    (folder / "libbounce/bounce.h").write_text(header, encoding="utf-8")
    (folder / "CHANGELOG.md").write_text("# Changes\n\n## 1.2.3 (2026-11-30)\n", encoding="utf-8")
    (folder / "debian/changelog").write_text("libbounce (1.2.3) unstable; urgency=medium\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "begin")
    git(folder, "tag", "v1.2.3")


def check_refusals(folder, work):
    """Yields what is not refused, or refused for another reason."""
    disagreements = [
        ("CHANGELOG.md", "2026-11-30", "unreleased", "has no date"),
        ("CHANGELOG.md", "1.2.3", "1.2.4", "the first entry is"),
        ("debian/changelog", "1.2.3", "1.2.2", "debian/changelog"),
        ("debian/changelog", "unstable", "UNRELEASED", "is unreleased"),
        ("libbounce/bounce.h", "_PATCH 3", "_PATCH 4", "the numbers say 1.2.4"),
    ]
    for file, old, new, reason in disagreements:
        change(folder, file, old, new)
        done = run(folder, "tools/release", work)
        if done.returncode != 1 or reason not in done.stderr:
            yield f"{file} with {new}: exit status {done.returncode}, {done.stderr}"
        change(folder, file, new, old)
    (folder / "new").write_text("new\n", encoding="utf-8")
    if "not committed" not in run(folder, "tools/release", work).stderr:
        yield "a file that is not committed is not refused"
    git(folder, "add", "new")
    git(folder, "commit", "-qm", "new")
    if "not at HEAD" not in run(folder, "tools/release", work).stderr:
        yield "a tag at another commit is not refused"
    git(folder, "tag", "-d", "v1.2.3")
    if "no tag" not in run(folder, "tools/release", work).stderr:
        yield "a missing tag is not refused"
    if list(work.iterdir()):
        yield "an archive was made where one was refused"


def check_archive(folder, work):
    archives = []
    for number, umask in ((1, 0o022), (2, 0o077)):
        target = work / str(number)
        target.mkdir()
        before = os.umask(umask)
        done = run(folder, "tools/release", target)
        os.umask(before)
        if done.returncode != 0:
            yield f"refused: {done.stderr}"
            return
        archives.append(target / "libbounce-1.2.3.tar.gz")
    if archives[0].read_bytes() != archives[1].read_bytes():
        yield "the archive has other bytes the second time"
    with tarfile.open(archives[0]) as archive:
        names = archive.getnames()
    if "libbounce-1.2.3/libbounce/bounce.h" not in names:
        yield f"the archive holds {names}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder, work = pathlib.Path(name) / "project", pathlib.Path(name) / "archives"
        work.mkdir()
        folder.mkdir()
        repository(pathlib.Path(sys.argv[1]), folder)
        complaints = [*check_archive(folder, work)]
        for path in list(work.iterdir()):
            shutil.rmtree(path)
        complaints += check_refusals(folder, work)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
