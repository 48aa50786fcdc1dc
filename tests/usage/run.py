#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The programs of examples/ are built and run against an installed copy.

usage: run.py PART CMAKE BINARY_DIR CC CXX [FLAG...]

PART is c (C, C++, the projects for CMake and pkg-config), python (the installed module), php or go. The build is
installed into a folder of its own, and the examples that were installed are built.
Each program gets mails that lack facts and input that cannot be read; valgrind, or
the sanitizer of the build (FLAG), finds no mistake and no leak in those of C and
C++. If an interpreter is missing, the exit status is 77, and its name is
printed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from check_examples import MAILS  # noqa: E402
from memcheck import VALGRIND  # noqa: E402
from server import Server  # noqa: E402

STRICT = ["-Wall", "-Wextra", "-Werror"]
# For PHP, which has no header: how a type of bounce.h is written there.
PLAIN_TYPES = (r"\bbounce_(?:status|command|format)\b|\bbounce_rules_error_fn \*|const void \*",
               lambda found: {"bounce_rules_error_fn *": "void *", "const void *": "const char *"}.get(found[0], "int"))


class Work(NamedTuple):
    """The folders and tools of the test."""
    prefix: pathlib.Path
    examples: pathlib.Path
    folder: pathlib.Path
    cc: list
    cxx: list
    cmake: str
    environment: dict
    checker: list  # valgrind, or nothing if a sanitizer checks

    def build(self, *command, cwd=None):
        """Runs a compiler and the like; any message is a failure, too."""
        done = subprocess.run([str(word) for word in command], cwd=cwd, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            sys.exit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout}")
        return done.stdout

    def run(self, *command, status=0, stdin="", complains=None):
        """The output of an example. Only expected complaints may be on standard error."""
        done = subprocess.run([*self.checker, *map(str, command)], input=stdin, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = complains in done.stderr and done.stderr.count("\n") == 1 if complains else not done.stderr
        if done.returncode != status or not said:
            sys.exit(f"exit status {done.returncode}, not {status}: {' '.join(map(str, command))}\n"
                     f"{done.stdout}{done.stderr}")
        return done.stdout


def expect(text, *parts):
    for part in parts:
        if part not in text:
            sys.exit(f"not found: {part!r} in\n{text}")


def install(cmake, binary, folder, cc, cxx, flags):
    """A staging prefix, and an environment in which it is found."""
    prefix = folder / "prefix"
    done = subprocess.run([cmake, "--install", binary, "--prefix", str(prefix)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout)
    library = next(prefix.rglob("libbounce.so.0"))
    environment = dict(os.environ, PKG_CONFIG_PATH=str(library.parent / "pkgconfig"),
                       LD_LIBRARY_PATH=str(library.parent), BOUNCE_LIBRARY=str(library))
    checker = [] if flags or not shutil.which("valgrind") else VALGRIND
    return Work(prefix, prefix / "share" / "doc" / "libbounce" / "examples", folder, [cc, *flags], [cxx, *flags],
                cmake, environment, checker)


# ---- C and C++

def program(work, source, compiler, *words):
    """Builds one source as its first comment says, with warnings as errors."""
    target = work.folder / source.stem
    flags = work.build("pkg-config", "--cflags", "--libs", "libbounce").split()
    work.build(*compiler, *STRICT, *words, source, "-o", target, *flags)
    return target


def try_classify_file(work):
    classify = program(work, work.examples / "classify-file" / "classify_file.c", work.cc, "-std=c11")
    paths = []
    for i, (mail, _) in enumerate(MAILS.values()):
        paths.append(work.folder / f"mail-{i}.eml")
        paths[-1].write_bytes(mail)
    said = work.run(classify, *paths)
    expect(said, "joe@example.net: hard, no-such-user, status 5.1.1, reply 550", "  -: ", "the server said: -",
           "mail-5.eml: none, written by -", "warning: ")
    expect(work.run(classify, paths[0], "/nowhere", status=1, complains="/nowhere: No such file"), "joe@example.net")
    work.run(classify, work.folder, status=1, complains="Is a directory")


def try_mailbox_threads(work, sample):
    threads = program(work, work.examples / "mailbox-threads" / "mailbox_threads.c", work.cc, "-std=c11", "-pthread")
    one = work.run(threads, sample, 1)
    expect(one, "hard anna@pine.example no-such-user\n", "soft emil@birch.example mailbox-full\n")
    for count in (2, 5):
        if work.run(threads, sample, count) != one:
            sys.exit(f"{count} threads print something else than one")
    lost = work.folder / "lost.eml"
    lost.write_bytes(MAILS["a bounce without any of them"][0])
    expect(work.run(threads, lost, 2), "(not stated)")
    work.run(threads, "/nowhere", 1, status=1, complains="/nowhere: No such file")
    work.run(threads, sample, 0, status=2, complains="usage: ")


def try_thread_sanitizer(work, corpus):
    """ThreadSanitizer finds nothing in the threads that the installed suppressions do not name."""
    if not work.checker:
        return  # the build has another sanitizer
    checked = program(work, work.examples / "mailbox-threads" / "mailbox_threads.c", work.cc, "-std=c11", "-pthread",
                      "-fsanitize=thread", "-g")
    suppressions = work.prefix / "share" / "libbounce" / "tsan.supp"
    environment = dict(work.environment, TSAN_OPTIONS=f"suppressions={suppressions}")
    done = subprocess.run([str(checked), str(corpus), "4"], env=environment, capture_output=True, text=True)
    if "unexpected memory mapping" in done.stderr:
        print("ThreadSanitizer does not work on this kernel")
    elif done.returncode != 0 or done.stderr or "no-such-user" not in done.stdout:
        sys.exit(f"under ThreadSanitizer: exit status {done.returncode}\n{done.stderr}")


def try_smtp_client(work):
    client = program(work, work.examples / "smtp-client" / "smtp_client.c", work.cc, "-std=c11")
    mail = "Subject: hello\n\nFirst line.\n.\n..two dots\nthe last line, without an end"
    with Server() as server:
        words = ["127.0.0.1", server.port, "ann@example.org"]
        said = work.run(client, *words, "joe@example.net", "full@example.net", "gone@example.net", stdin=mail, status=1)
        expect(said, "joe@example.net: accepted so far\n", "full@example.net: retry, mailbox-full, again in ",
               "gone@example.net: drop, no-such-user. ", "delivered to 1 of 3\n")
        if server.mails != [mail.replace("\n", "\r\n") + "\r\n"]:
            sys.exit(f"what arrived is not what was sent: {server.mails}")
        expect(work.run(client, *words, "joe@example.net", stdin=mail), "delivered to 1 of 1\n")
        said = work.run(client, *words, "busy@example.net", "joe@example.net", stdin=mail, status=1)
        expect(said, "busy@example.net: ", "delivered to 1 of 2")
        expect(work.run(client, words[0], words[1], "spammer@example.org", "joe@example.net", stdin=mail, status=1),
               "everybody: ", "pause-ip, ip-blocked, mend listing")
        work.run(client, *words, "x@y>\r\nDATA", status=2, complains="usage: ")
    work.run(client, "127.0.0.1", server.port, "ann@example.org", "joe@example.net", status=2, complains="be reached")


def try_maillog(work):
    maillog = program(work, work.examples / "maillog" / "maillog.c", work.cc, "-std=c11")
    log = TESTS / "logs" / "postfix.log"
    said = work.run(maillog, log, complains="times have no year and no zone")
    expect(said, "bob@dest.example failed no-such-user 5.1.1\n")
    with open(log, encoding="utf-8") as lines:
        said = work.run(maillog, "-", stdin=lines.read(), complains="times have no year and no zone")
    expect(said, "bob@dest.example failed no-such-user 5.1.1\n")
    work.run(maillog, "-", stdin="no log\nat all\n", status=1, complains="no line is of a log")
    work.run(maillog, "/nowhere", status=1, complains="/nowhere: No such file")


def try_cpp(work, sample):
    mailbox = program(work, work.examples / "cpp" / "mailbox.cpp", work.cxx, "-std=c++17")
    expect(work.run(mailbox, sample), "anna@pine.example: hard, no-such-user, 5.1.1\n",
           "lena@provider.example: none, complaint, -\n", "1 mailbox-full\n")
    lost = work.folder / "lost.eml"
    lost.write_bytes(MAILS["a bounce without any of them"][0])
    expect(work.run(mailbox, lost), "(not stated): ")
    work.run(mailbox, sample, "/nowhere", status=1, complains="/nowhere: No such file")


def try_projects(work):
    build = work.folder / "cmake-build"
    flags = " ".join(work.cc[1:])
    work.build(work.cmake, "-S", work.examples / "cmake-project", "-B", build, f"-DCMAKE_PREFIX_PATH={work.prefix}",
               f"-DCMAKE_C_COMPILER={work.cc[0]}", f"-DCMAKE_C_FLAGS={flags}")
    work.build(work.cmake, "--build", build)
    judge = build / "judge"
    expect(work.run(judge, "550 5.1.1 <joe@example.net>: User unknown"), '"reason":"no-such-user"')
    expect(work.run(judge, ""), '"address":null')
    work.run(judge, status=2, complains="usage: ")
    make = work.folder / "pkg-config-project"
    shutil.copytree(work.examples / "pkg-config-project", make)
    work.build("make", f"CC={work.cc[0]}", f"CFLAGS={flags} {' '.join(STRICT)}", cwd=make)
    expect(work.run(make / "reasons"), "no-such-user         hard recipient  the domain exists")
    if "no-such-user" in work.run(make / "reasons", "network"):
        sys.exit("reasons: no-such-user is not of the network")
    work.run(make / "reasons", "nonsense", status=2, complains="there is no group 'nonsense'")


def try_c(work):
    sample = TESTS.parent / "data" / "sample.mbox"
    try_classify_file(work)
    try_mailbox_threads(work, sample)
    try_thread_sanitizer(work, TESTS / "corpus")
    try_smtp_client(work)
    try_maillog(work)
    try_cpp(work, sample)
    try_projects(work)


# ---- PHP and Go

def prototypes(text):
    """For each function of a header, by name: its result and its parameters, without their names."""
    text = re.sub(r"/\*.*?\*/|^[ ]*#[^\n]*", "", text, flags=re.S | re.M)
    text = re.sub(*PLAIN_TYPES, text)
    found = re.findall(r"^\s*(?:BOUNCE_API )?([\w ]+?[ *]+)(bounce_\w+)\(([^)]*)\);", text, re.M)
    return {name: (result.strip(), [re.sub(r"\w+$", "", " ".join(each.split())).strip() for each in words.split(",")])
            for result, name, words in found}


def check_declarations(php, header):
    """Checks that the declarations of Bounce.php are those of bounce.h."""
    have, want = prototypes(php), prototypes(header)
    if len(have) < 10:
        sys.exit(f"only {len(have)} functions were found in Bounce.php")
    for name, form in have.items():
        if want.get(name) != form:
            sys.exit(f"Bounce.php declares {name} as {form}, bounce.h as {want.get(name)}")


def try_classifier(work, *command):
    """What the examples in PHP and in Go have in common."""
    sample = TESTS.parent / "data" / "sample.mbox"
    expect(work.run(*command, sample), "anna@pine.example: hard, no-such-user, 5.1.1\n",
           "lena@provider.example: none, complaint, -\n")
    for name, (mail, facts) in MAILS.items():
        path = work.folder / "mail.eml"
        path.write_bytes(mail)
        said = work.run(*command, path)
        if (facts is None) != (said == "") or (facts and "address" in facts and not facts["address"]
                                               and not said.startswith("(not stated): ")):
            sys.exit(f"{name}: {said!r}")
    said = work.run(*command, "--reply", "452 4.2.2 <joe@example.net>: over quota")
    expect(said, "joe@example.net: soft, mailbox-full")
    work.run(*command, "/nowhere", status=1, complains="/nowhere: No such file")
    work.run(*command, status=2, complains="usage: ")


def try_python(work):
    """The installed module finds the library where the system looks, and creates no files beside itself."""
    module = next(iter(work.prefix.rglob("bounce/__init__.py")), None)
    cache = (work.folder.parent / "CMakeCache.txt").read_text(encoding="utf-8")
    python = re.search(r"^BOUNCE_CFFI_PYTHON:\w+=(.+)$", cache, re.M)
    if not module or not python:
        print("left out: this build has no module for Python (Debian: python3-cffi)")
        sys.exit(77)
    if sorted(path.suffix or path.name for path in module.parent.iterdir() if path.suffix != ".py") != [".typed"]:
        sys.exit(f"found beside the module: {sorted(module.parent.iterdir())}")
    environment = dict(work.environment, PYTHONPATH=str(module.parent.parent))
    environment.pop("BOUNCE_LIBRARY")
    script = ("import bounce, sys\nfor report in bounce.read(sys.argv[1]):\n    for r in report:\n"
              "        print(r.address or '(not stated)', r.type, r.reason)\n")
    work = work._replace(environment=environment, checker=[])
    expect(work.run(python[1], "-W", "error", "-c", script, TESTS.parent / "data" / "sample.mbox"),
           "anna@pine.example hard no-such-user\n")


def need(tool, package):
    if not shutil.which(tool):
        print(f"left out: {tool} is missing (Debian: {package})")
        sys.exit(77)


def try_php(work):
    work = work._replace(checker=[])
    need("php", "php-cli")
    if "FFI" not in work.build("php", "-m").split():
        print("left out: this php has no FFI")
        sys.exit(77)
    folder = work.examples / "php"
    check_declarations((folder / "Bounce.php").read_text(encoding="utf-8"),
                       (work.prefix / "include" / "bounce.h").read_text(encoding="utf-8"))
    try_classifier(work, "php", "-d", "display_errors=stderr", folder / "classify.php")
    rules = work.folder / "mine.rules"
    rules.write_text("rule mine/parrot\nreason policy\nphrase parrot says no\nwhy It does.\n"
                     "example 550 parrot says no\nnear 550 parrot says yes\n", encoding="utf-8")
    script = (f'require "{folder}/Bounce.php"; echo (new Bounce([$argv[1]]))->parseReply("550 parrot says no", "mx", '
              '"joe@example.net")["recipients"][0]["reason"];')
    expect(work.run("php", "-r", script, rules), "policy")
    expect(work.run("php", "-r", f'require "{folder}/Bounce.php"; try {{ new Bounce(["/nowhere"]); }} '
                    'catch (BounceException $e) { echo $e->getMessage(); }'), "/nowhere: No such file")


def try_go(work):
    need("go", "golang-go")
    work = work._replace(checker=[], environment=dict(
        work.environment, GOPROXY="off", GOFLAGS="-mod=mod", GOCACHE=str(work.folder / "cache"),
        GOPATH=str(work.folder / "go"), CC=work.cc[0], CGO_ENABLED="1"))
    folder = work.examples / "go"
    classify = work.folder / "classify"
    work.build("go", "vet", "./...", cwd=folder)
    work.build("go", "build", "-o", classify, ".", cwd=folder)
    print(work.build("go", "test", "./...", cwd=folder).strip())
    try_classifier(work, classify)


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    part, cmake, binary, cc, cxx, *flags = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=binary) as folder:
        work = install(cmake, binary, pathlib.Path(folder).resolve(), cc, cxx, flags)
        {"c": try_c, "python": try_python, "php": try_php, "go": try_go}[part](work)
    print(f"examples of {part}: built and run{', by valgrind' if work.checker and part == 'c' else ''}")


if __name__ == "__main__":
    main()
