#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Debian packages build, satisfy lintian, work in a clean Debian 12, and leave nothing behind.

usage: run.py SOURCE_DIR BINARY_DIR [--optimised]

In a folder of its own in BINARY_DIR: builds the packages from a copy of the
sources, runs lintian on them, installs them into a fresh root that mmdebstrap
makes, uses program, library, rules and manual there, and purges them: after that
every file of the root is as it was. The quality of the compiled code is not tested
here: without --optimised the compiler works as fast as it can. The fresh root is kept for a
week in BINARY_DIR, as debian-root-N.tar, where N depends on its contents. If the test cannot be run, it names the
missing tool and the exit status is 77.
"""
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zlib

TOOLS = ("dpkg-buildpackage", "dh", "dh_python3", "lintian", "mmdebstrap", "chroot", "cc")
PACKAGES = ("libbounce0", "libbounce-dev", "bounce-classify", "bounce-ledger", "python3-libbounce")
NEEDED = ("libglib2.0-0,libgmime-3.0-0,libjansson4,libpcre2-8-0,libpq5,libsqlite3-0,python3,"
          "python3-cffi-backend")
MAIL = """From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: ann@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; joe@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
--b--
"""
RULES = """rule mine/parrot
reason policy
phrase parrot says no
why It does.
example 550 parrot says no
near 550 parrot says yes
"""
# dpkg's own records; /proc and the like are not part of the root.
OWN_NOTES = ("var/lib/dpkg/", "var/log/", "var/cache/", "etc/ld.so.cache", "proc/", "sys/", "dev/", "run/")
WEEK_S = 7 * 24 * 3600


def skip(reason):
    print(f"left out: {reason}")
    sys.exit(77)


def sh(*command, stdin="", **options):
    """Runs one step; ends the test with its output if it fails."""
    done = subprocess.run([str(word) for word in command], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout[-6000:]}")
    return done.stdout


def expect(text, *parts):
    for part in parts:
        if part not in text:
            sys.exit(f"not found: {part!r} in\n{text}")


def copy_sources(top, target):
    """The files that git knows and new ones; without git, everything but builds."""
    if (top / ".git").exists() and shutil.which("git"):
        listed = sh("git", "-C", top, "ls-files", "-co", "--exclude-standard").splitlines()
        for name in (name for name in listed if (top / name).exists()):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(top / name, target / name)
    else:
        shutil.copytree(top, target, ignore=shutil.ignore_patterns("build", ".git"), dirs_exist_ok=True)


def fresh_name(archive):
    """The file that mmdebstrap writes; its extension says what to make."""
    return str(archive.with_name(f"new-{archive.name}"))


def start_root(archive):
    """Starts making the fresh root, unless there is one of this week."""
    if archive.exists() and time.time() - archive.stat().st_mtime < WEEK_S:
        return None
    command = ["mmdebstrap", "--variant=essential", f"--include={NEEDED}", "bookworm", fresh_name(archive)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish_root(process, archive, root):
    if process:
        said, _ = process.communicate()
        if process.returncode != 0:
            skip(f"mmdebstrap cannot make a fresh root here:\n{said[-2000:]}")
        os.replace(fresh_name(archive), archive)
    root.mkdir()
    sh("tar", "-xf", archive, "-C", root, "--exclude=./dev/*")


def build(sources, jobs, optimised):
    environment = dict(os.environ, DEB_BUILD_OPTIONS=f"parallel={jobs} noautodbgsym", DPKG_DEB_COMPRESSOR_LEVEL="1")
    if not optimised:
        environment["DEB_BUILD_OPTIONS"] += " noopt"
        environment.update(DEB_CFLAGS_APPEND="-g0", DEB_CXXFLAGS_APPEND="-g0")
    for name in ("CFLAGS", "LDFLAGS", "PYTHONDONTWRITEBYTECODE", "G_DEBUG"):
        environment.pop(name, None)
    if os.path.isdir("/usr/lib/ccache"):
        environment.update(PATH=f"/usr/lib/ccache:{environment['PATH']}", CCACHE_BASEDIR=str(sources.parent),
                           CCACHE_NOHASHDIR="1")
    sh("dpkg-buildpackage", "-us", "-uc", "-b", cwd=sources, env=environment)
    changes = next(sources.parent.glob("*.changes"))
    said = sh("lintian", "--allow-root", "--profile", "debian", "--fail-on", "error,warning", changes)
    print(said.strip() or "lintian: no error, no warning")


def files(root):
    """Every path of the root, with everything by which a change would show."""
    answer = {}
    for folder, names, others in os.walk(root):
        for name in names + others:
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            if not (relative + "/").startswith(OWN_NOTES):
                seen = os.lstat(path)
                size = 0 if stat.S_ISDIR(seen.st_mode) else seen.st_size
                answer[relative] = (seen.st_mode, seen.st_uid, size)
    return answer


def use(root, work, top):
    """Uses the program, its rules and manual, and builds somebody else's program with the library."""
    def inside(*command, stdin=""):
        return sh("chroot", root, *command, stdin=stdin)
    expect(inside("bounce-classify", "--version"), "bounce-classify ")
    expect(inside("bounce-classify", "--format", "json", stdin=MAIL), '"address":"joe@example.net"', "no-such-user")
    expect(inside("bounce-ledger", "--version"), "bounce-ledger ")
    (root / "tmp" / "mine.rules").write_text(RULES, encoding="utf-8")
    inside("bounce-classify", "--check-rules", "/tmp/mine.rules")
    reply = ("--reply", "550 parrot says no")
    expect(inside("bounce-classify", "--rules", "/tmp/mine.rules", *reply), "policy")
    own = (root / "tmp" / "mine.rules").rename(root / "etc" / "bounce-classify" / "mine.rules")
    expect(inside("env", "-u", "BOUNCE_CLASSIFY_CONFIG", "bounce-classify", *reply), "policy")
    own.unlink()
    patterns = root / "usr" / "share" / "libbounce" / "patterns"
    if not list(patterns.glob("reasons/*.rules")):
        sys.exit("the rules cannot be read")
    for page in ("man1/bounce-classify.1", "man3/libbounce.3", "man3/bounce_parse.3", "man5/bounce-rules.5"):
        shown = sh("man", "-l", root / "usr" / "share" / "man" / f"{page}.gz", env=dict(os.environ, MANWIDTH="80"))
        expect(shown, "NAME")
    script = "import bounce, sys; print(bounce.parse(sys.stdin.buffer.read())[0].reason, bounce.__version__)"
    expect(inside("python3", "-W", "error", "-c", script, stdin=MAIL), "no-such-user 0.")
    # Built as the README says, against the files in the root; run there.
    library = next((root / "usr" / "lib").glob("*/pkgconfig/libbounce.pc")).parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(library))
    flags = sh("pkg-config", "--cflags", "--libs", "libbounce", env=environment).split()
    program = work / "consumer"
    sh("cc", top / "tests" / "install" / "consumer.c", "-o", program, *flags)
    shutil.copy(program, root / "tmp" / "consumer")
    expect(inside("/tmp/consumer"), "no-such-user")
    (root / "tmp" / "consumer").unlink()


def install_and_purge(root, work, top):
    before = files(root)
    debs = [deb for deb in sorted(work.glob("*.deb")) if "-dbgsym_" not in deb.name]
    names = [deb.name.partition("_")[0] for deb in debs]
    if set(PACKAGES) != set(names):
        sys.exit(f"unexpected packages: {names}")
    for deb in debs:
        shutil.copy(deb, root / "tmp")
    sh("chroot", root, "sh", "-c", "dpkg -i /tmp/*.deb && rm /tmp/*.deb")
    use(root, work, top)
    sh("chroot", root, "dpkg", "--purge", *names)
    after = files(root)
    left = [name for name in sorted(set(before) | set(after)) if before.get(name) != after.get(name)]
    if left:
        sys.exit("left behind or changed: " + ", ".join(left[:20]))


def main():
    optimised = "--optimised" in sys.argv
    places = [word for word in sys.argv[1:] if word != "--optimised"]
    if len(places) != 2:
        sys.exit(__doc__)
    top, binary = map(pathlib.Path, places)
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        skip(f"the test of the Debian packages needs {', '.join(missing)} "
             "(Debian: debhelper dh-python dpkg-dev lintian mmdebstrap)")
    if os.geteuid() != 0:
        skip("the test of the Debian packages needs root, to change into a root of its own")
    archive = binary / f"debian-root-{zlib.crc32(NEEDED.encode())}.tar"
    with tempfile.TemporaryDirectory(dir=binary, prefix="debian-") as name:
        work = pathlib.Path(name).resolve()
        os.chmod(work, 0o755)
        process = start_root(archive)
        (work / "libbounce").mkdir()
        copy_sources(top, work / "libbounce")
        build(work / "libbounce", os.cpu_count() or 1, optimised)
        finish_root(process, archive, work / "root")
        install_and_purge(work / "root", work, top)
    print("built, installed, used and purged; nothing is left")


if __name__ == "__main__":
    main()
