#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the build into a folder of its own and builds programs against it.

usage: run.py CMAKE BINARY_DIR CC CXX [FLAG...]

That folder is in the build folder: programs in the one for temporary files may
not be run everywhere. As a packager and as a user would: through pkg-config and
through find_package, from C and from C++, with the shared library and with the
static one. Then the installed tree is moved, and the pkg-config way must still
work.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


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
    """What pkg-config says of these packages."""
    return sh(["pkg-config", "--cflags", "--libs", *packages], env=environment).split()


def through_pkg_config(prefix, work, cc, cxx, flags):
    """Each source, shared and static, as a Makefile would build it."""
    pc = find_one(prefix, "libbounce.pc")
    libdir = pc.parent.parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
    shared = flags_of(environment, "libbounce")
    if "-lgmime-3.0" in shared:
        sys.exit("pkg-config shows the private dependencies of the shared library")
    # The library alone is static: Debian's GMime has no complete static form.
    static = [str(libdir / "libbounce.a") if word == "-lbounce" else word for word in shared]
    static += ["-DBOUNCE_STATIC", *flags_of(environment, "gmime-3.0", "libpcre2-8")]
    for variant, words in (("shared", shared), ("static", static)):
        for compiler, source in ((cc, "consumer.c"), (cxx, "consumer.cpp")):
            program = work / f"{source}.{variant}"
            sh([compiler, *flags, "-Wall", "-Werror", str(HERE / source), "-o", str(program), *words])
            print(program.name, sh([str(program)], env=dict(os.environ, LD_LIBRARY_PATH=str(libdir))).strip())


def through_cmake(cmake, prefix, work, cc, cxx, flags):
    """The same sources, by find_package."""
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


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    cmake, binary, cc, cxx, *flags = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=binary) as folder:
        work = pathlib.Path(folder).resolve()
        prefix = work / "prefix"
        sh([cmake, "--install", binary, "--prefix", str(prefix)])
        through_cmake(cmake, prefix, work, cc, cxx, flags)
        sh([str(find_one(prefix, "bounce-classify")), "--version"])
        moved = prefix.rename(work / "moved")
        through_pkg_config(moved, work, cc, cxx, flags)


if __name__ == "__main__":
    main()
