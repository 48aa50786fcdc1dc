# SPDX-License-Identifier: MIT
"""One build that holds all changes.

The project is copied into the build folder, and each change is written into the copy as a choice made at run time:

    if (a < b)    becomes    if ((BOUNCE_MUTANT(17) ? (a <= b) : (a < b)))
"""
import shutil
import subprocess
import sys

from changes import HERE, TOP

LEFT_OUT = {".git", "build", "__pycache__", ".cache"}


def both(number, change, text):
    """The bytes of a source with the change and the original side by side."""
    if change.kind == "drop-statement":
        return b"{ if (!BOUNCE_MUTANT(%d)) %s }" % (number, text)
    other = change.replacement.encode()
    if change.kind == "drop-condition":
        other = b"!!(" + other + b")"
        text = b"!!(" + text + b")"
    return b"(BOUNCE_MUTANT(%d) ? (%s) : (%s))" % (number, other, text)


def rewritten(content, numbered):
    """The content of one file with its changes, given as (number, change)."""
    for number, change in sorted(numbered, key=lambda pair: -pair[1].start):
        content = content[:change.start] + both(number, change, content[change.start:change.end]) + content[change.end:]
    return content


def put(path, content, mode):
    """Writes a file only if it differs, so that little is rebuilt."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)


def copy_tree(destination, changes):
    """Makes destination a copy of the project that contains the changes; they are numbered from 1."""
    by_file = {}
    for number, change in enumerate(changes, 1):
        by_file.setdefault(change.file, []).append((number, change))
    expected = set()
    for path in sorted(TOP.rglob("*")):
        relative = path.relative_to(TOP)
        if LEFT_OUT & set(relative.parts) or not path.is_file():
            continue
        content = rewritten(path.read_bytes(), by_file.get(relative.as_posix(), []))
        put(destination / relative, content, path.stat().st_mode & 0o777)
        expected.add(destination / relative)
    for path in sorted(destination.rglob("*")):
        if path.is_file() and path not in expected and "__pycache__" not in path.parts:
            path.unlink()


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout[-4000:]}")


def configure_plain(build):
    """A configured build of the unchanged project: the compiler's arguments are needed to read the sources."""
    if not shutil.which("ninja"):
        sys.exit("ninja is missing")
    run("cmake", "-S", TOP, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release")


def build_changed(source, build):
    """Builds the copy with all its tests."""
    header = HERE / "mutant.h"
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
        f"-DCMAKE_C_FLAGS=-O1 -DNDEBUG -w -include {header}", "-DCMAKE_CXX_FLAGS=-w")
    run("cmake", "--build", build)


def compiles(change, arguments):
    """Whether the source still compiles with this change in it."""
    path = TOP / change.file
    content = rewritten(path.read_bytes(), [(1, change)])
    # Its quoted includes are found as if it was in its own folder.
    command = ["gcc", "-fsyntax-only", "-w", "-include", HERE / "mutant.h", f"-I{path.parent}", *arguments, "-xc", "-"]
    return subprocess.run(command, input=content, capture_output=True).returncode == 0
