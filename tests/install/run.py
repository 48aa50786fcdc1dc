#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the build into a folder of its own, builds programs against it, and removes it.

usage: run.py CMAKE BINARY_DIR CC CXX [FLAG...]

The folder is in the build folder: programs in the one for temporary files may not
be executable everywhere. As a packager and as a user would: through pkg-config
and through find_package, from C and from C++, with the shared library and with the
static one. Then the installed tree is moved, and pkg-config must still work, also
as `pkg-config --static` and if the static library is alone. Every document that the
header, the manual or the README names is installed. In the end `./setup uninstall`
leaves nothing.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
# Files beside the documents, by the names that the documents use.
ELSEWHERE = {"doc/bounce-classify.1": "share/man/man1/bounce-classify.1", "libbounce/bounce.h": "include/bounce.h",
             "data/patterns": "share/libbounce/patterns", "data/policy": "share/libbounce/policy",
             "doc/output.schema.json": "share/libbounce/output.schema.json"}
# Files that are in the sources only; the README says so where it names them.
SOURCES_ONLY = ("libbounce/base/limits.h", "libbounce/", "cli/", "tests/", "tools/", "cmake/", "debian/",
                "RELEASING.md", "doc/", "data/")


def sh(command, **options):
    """Runs one step; ends the test with its output if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def find_one(prefix, name):
    """The one file of that name below the prefix."""
    found = sorted(prefix.rglob(name))
    if len(found) != 1:
        sys.exit(f"expected one {name} below {prefix}, found {len(found)}")
    return found[0]


def flags_of(environment, *packages):
    """pkg-config's output for these packages."""
    return sh(["pkg-config", "--cflags", "--libs", *packages], env=environment).split()


def through_pkg_config(prefix, work, cc, cxx, flags):
    """Each source, shared and static, as a Makefile would build it."""
    pc = find_one(prefix, "libbounce.pc")
    libdir = pc.parent.parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
    shared = flags_of(environment, "libbounce")
    if "-lglib-2.0" in shared:
        sys.exit("pkg-config shows the private dependencies of the shared library")
    # The library alone is static.
    static = [str(libdir / "libbounce.a") if word == "-lbounce" else word for word in shared]
    static += ["-DBOUNCE_STATIC", *flags_of(environment, "glib-2.0", "libpcre2-8")]
    for variant, words in (("shared", shared), ("static", static)):
        for compiler, source in ((cc, "consumer.c"), (cxx, "consumer.cpp")):
            program = work / f"{source}.{variant}"
            sh([compiler, *flags, "-Wall", "-Werror", str(HERE / source), "-o", str(program), *words])
            print(program.name, sh([str(program)], env=dict(os.environ, LD_LIBRARY_PATH=str(libdir))).strip())


def through_cmake(cmake, prefix, work, cc, cxx, flags):
    """The same sources, with find_package."""
    build = work / "project"
    joined = " ".join(flags)
    sh([cmake, "-G", "Ninja", "-S", str(HERE / "project"), "-B", str(build), f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}",
        f"-DCMAKE_C_FLAGS={joined}", f"-DCMAKE_CXX_FLAGS={joined}"])
    sh([cmake, "--build", str(build)])
    programs = sorted(path for path in build.iterdir() if path.name.startswith(("c_", "cxx_")))
    if len(programs) != 4:
        sys.exit(f"expected 4 programs, built {len(programs)}")
    for program in programs:
        print(program.name, sh([str(program)]).strip())


def linked_statically(cmake, prefix, work, cc, flags):
    """The README's own command with `--static`, and if the shared library was not built."""
    command = [cc, *flags, str(HERE / "consumer.c"), "-o"]
    pc = find_one(prefix, "libbounce.pc")
    environment = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
    words = sh(["pkg-config", "--static", "--cflags", "--libs", "libbounce"], env=environment).split()
    sh([*command, str(work / "with-static"), *words])
    sh([cmake, "-S", str(TOP), "-B", str(work / "alone"), "-G", "Ninja", f"-DCMAKE_C_COMPILER={cc}",
        "-DBUILD_SHARED_LIBS=OFF", "-DBUILD_TESTING=OFF"])
    pc.write_text((work / "alone" / "libbounce.pc").read_text(encoding="utf-8"), encoding="utf-8")
    for library in pc.parent.parent.glob("libbounce.so*"):
        library.rename(work / library.name)
    for option in ([], ["--static"]):
        program = work / f"alone{''.join(option)}.program"
        words = sh(["pkg-config", *option, "--cflags", "--libs", "libbounce"], env=environment).split()
        sh([*command, str(program), *words])
        print(program.name, sh([str(program)]).strip())


def documents_are_there(prefix):
    """Checks that what the installed texts name, in backquotes or as a path, is installed."""
    docs = prefix / "share" / "doc" / "libbounce"
    manual = prefix / "share" / "man"
    texts = [docs / "README.md", prefix / "include" / "bounce.h", manual / "man1" / "bounce-classify.1",
             *sorted(manual.glob("man[35]/*"))]
    if len(texts) < 100:
        sys.exit(f"there are {len(texts)} texts only: pages of the manual are missing")
    missing = []
    for text in texts:
        body = text.read_text(encoding="utf-8").replace("\\-", "-")
        names = set(re.findall(r"\b(?:doc|data|examples)/[\w/.-]*\w|\b[A-Z]{4,}\.md", body))
        names |= {f"doc/{name}" for name in re.findall(r"^\.Pa (\w+\.md)", body, re.M)}
        for name in sorted(names - set(SOURCES_ONLY)):
            place = ELSEWHERE.get(name) or re.sub("^data/patterns/", "share/libbounce/patterns/", name)
            if not (prefix / place).exists() and not (docs / name).exists():
                missing.append(f"{text.name} names {name}")
        missing += [f"{text.name}: man {page}" for page in re.findall(r"\bman ([a-z]+-[a-z]+)", body)
                    if not list(manual.glob(f"man*/{page}.*"))]
    if missing:
        sys.exit("named, but not installed: " + "; ".join(missing))


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    cmake, binary, cc, cxx, *flags = sys.argv[1:]
    setup = str(TOP / "setup")
    with tempfile.TemporaryDirectory(dir=binary) as folder:
        work = pathlib.Path(folder).resolve()
        prefix = work / "prefix"
        (prefix / "lib").mkdir(parents=True)  # exists before and after
        for _ in range(2):
            sh([setup, "install", "--build", binary, "--prefix", str(prefix)])
        documents_are_there(prefix)
        through_cmake(cmake, prefix, work, cc, cxx, flags)
        sh([str(prefix / "bin" / "bounce-classify"), "--version"])
        moved = prefix.rename(work / "moved")
        through_pkg_config(moved, work, cc, cxx, flags)
        if not flags:
            linked_statically(cmake, moved, work, cc, flags)
        sh([setup, "uninstall", "--prefix", str(moved)])
        left = sorted(path.relative_to(moved).as_posix() for path in moved.rglob("*"))
        if left != ["lib"]:
            sys.exit(f"left by ./setup uninstall: {left}")


if __name__ == "__main__":
    main()
