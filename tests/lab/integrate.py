#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real mail servers pass their bounces to bounce-classify in the ways of doc/integration.md, on loopback.

usage: integrate.py PROGRAM [SERVER...]    postfix, postfix-alias, exim, opensmtpd, opensmtpd-alias, filters; default: all

Needs root and the roots of setup.sh: postfix, exim, opensmtpd, filters. Each server gets mail for hosts that refuse it
(scenarios.py). Its reports go to bounces@mail.example.org, which is the server itself: there the recipe of the
document, taken from it word by word, runs the program. Then reason, type and status of each line are compared with what
the hosts said, as lab.py does for the corpus. One more mail arrives while the file cannot be written: it must be in the
file once that is fixed. filters: procmail, maildrop and Sieve get a mail, and another while it cannot be written.
"""
import asyncio
import importlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import dns
import lab
from servers.postfix import inside

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "doc" / "integration.md"
BOUNCES, FILE = "bounces@mail.example.org", "var/lib/bounces/bounces.jsonl"
SERVERS = ["postfix", "postfix-alias", "exim", "opensmtpd", "opensmtpd-alias", "filters"]


def piece(first_line):
    """A piece of the document by its first line, which is not part of it."""
    found = re.search(rf"^```\w+\n# {re.escape(first_line)}\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S)
    if not found:
        sys.exit(f"{DOCUMENT} has no piece '{first_line}'")
    return found[1]


def install(root, program):
    """Installs the program and the libraries that it needs; makes the user and the file."""
    shutil.copy(program, root / "usr/bin/bounce-classify")
    for library in re.findall(r"=> (/\S+)", subprocess.run(["ldd", program], capture_output=True, text=True).stdout):
        target = root / library.lstrip("/")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
    print(inside(root, """
        ldconfig
        id bounces >/dev/null 2>&1 || useradd --system --home-dir /var/lib/bounces --create-home bounces
        rm -f /var/lib/bounces/bounces.jsonl
        install -o bounces -g bounces -m 666 /dev/null /var/lib/bounces/bounces.jsonl
        chmod 755 /var/lib/bounces
        bounce-classify --version
    """).stdout.splitlines()[0])


# ------------------------------------------------------------ the recipes

def postfix(root):
    main = root / "etc/postfix/main.cf"
    kept = [line for line in main.read_text().splitlines() if not line.startswith(("recipient_delimiter", "bounce_queue", "maximal_queue"))]
    main.write_text("\n".join(kept) + "\nmaximal_queue_lifetime = 1d\nbounce_queue_lifetime = 1d\n" + piece("/etc/postfix/main.cf"))
    with open(root / "etc/postfix/master.cf", "a", encoding="utf-8") as file:
        file.write(piece("/etc/postfix/master.cf"))
    return "postfix"


def postfix_alias(root):
    main = root / "etc/postfix/main.cf"
    text = re.sub(r"_queue_lifetime = \w+", "_queue_lifetime = 1d", main.read_text())
    main.write_text(re.sub(r"^mailbox_size_limit.*\n", piece("/etc/postfix/main.cf, for the alias"), text, flags=re.M))
    with open(root / "etc/aliases", "a", encoding="utf-8") as file:
        file.write(piece("/etc/aliases"))
    inside(root, "newaliases")
    return "postfix"


def exim(root):
    path = next(p for p in (root / "etc/exim4/exim4.conf", root / "etc/exim4.conf") if p.exists())
    text = path.read_text()
    text = text.replace("begin routers\n", "begin routers\n" + piece("exim4.conf, routers"), 1)
    text = text.replace("begin transports\n", "begin transports\n" + piece("exim4.conf, transports"), 1)
    path.write_text(text)
    return "exim"


def opensmtpd(root):
    path = root / "etc/smtpd.conf"
    action, match = piece("/etc/smtpd.conf").splitlines()
    text = path.read_text().replace("queue ttl 10s", "queue ttl 1h").replace('match from any for domain', f"{match}\nmatch from any for domain", 1)
    path.write_text(text.replace('action "local"', f'{action}\naction "local"', 1))
    return "opensmtpd"


def opensmtpd_alias(root):
    path = root / "etc/smtpd.conf"
    path.write_text(path.read_text().replace("queue ttl 10s", "queue ttl 1h"))
    with open(root / "etc/aliases", "a", encoding="utf-8") as file:
        file.write(piece("/etc/aliases of OpenSMTPD"))
    return "opensmtpd"


RECIPES = {"postfix": postfix, "postfix-alias": postfix_alias, "exim": exim, "opensmtpd": opensmtpd,
           "opensmtpd-alias": opensmtpd_alias}
FLUSH = {"postfix": "postqueue -f", "exim": "exim4 -qff", "opensmtpd": "smtpctl schedule all"}


# --------------------------------------------------------------- the runs

def lines_of(root):
    """The contents of the file so far: all complete lines, without those for mails that are not reports."""
    whole = (root / FILE).read_text(encoding="utf-8").rpartition("\n")[0]   # the last one may be incomplete
    reports = [json.loads(line) for line in whole.splitlines()]
    return [report for report in reports if report["kind"] != "none"]


def about(report, case):
    """A line belongs to a case by the subject of the returned message or, if none is returned, by its recipients."""
    subject = (report["original"] or {}).get("subject") or ""
    return subject.endswith(f": {case.name}") or (not subject and {r["address"] for r in report["recipients"]} & set(case.to))


def wait_for(root, condition, seconds, flush=None):
    end = time.time() + seconds
    while time.time() < end:
        if condition(lines_of(root)):
            return True
        if flush:
            inside(root, flush)
        time.sleep(1)
    return False


def compare(case, report):
    """The differences from what the hosts said."""
    wanted = {r["address"]: r for r in case.expect}
    for r in report["recipients"]:
        want = wanted.get(r["address"], {})
        for key in ("reason", "type", "status", "action"):
            if key in want and r[key] != want[key]:
                yield f"{case.name}: {r['address']}: {key} is {r[key]}, but the host said {want[key]}"
    if report["trust"] and report["trust"]["null_sender"] is False:
        yield f"{case.name}: the envelope sender is reported as not null"


def deliver(root, name, server, cases):
    """The reports of all cases; then one that arrives while the file cannot be written."""
    *cases, last = cases
    for case in cases:
        lab.send(case)
    complete = wait_for(root, lambda lines: all(any(about(l, c) for l in lines) for c in cases), 60)
    lines = lines_of(root)
    for case in cases:
        mine = [line for line in lines if about(line, case)]
        if len(mine) != 1:
            yield f"{case.name}: {len(mine)} lines"
        for line in mine:
            yield from compare(case, line)
    if not complete:
        return
    path = root / FILE
    before = path.stat().st_size
    path.rename(path.with_suffix(".away"))
    path.mkdir()   # nobody can write to it, not even root
    lab.send(last)
    time.sleep(6)
    path.rmdir()
    path.with_suffix(".away").rename(path)
    if path.stat().st_size != before:
        yield "the file has grown while it was away"
    if not wait_for(root, lambda lines: any(about(l, last) for l in lines), 60, FLUSH[server]):
        yield f"{last.name}: arrived while the file could not be written, and is lost"


async def play(root, name, module, cases):
    zone, hosts, _held = lab.world([], None)
    zone.add("mail.example.org", "home", "127.0.0.1")
    await dns.serve(zone)
    for host in hosts:
        await host

    def blocking():
        module.start(root, "")
        return list(deliver(root, name, module.__name__.removeprefix("servers."), cases))

    return await asyncio.to_thread(blocking)


def mount(root):
    subprocess.run("ip link set lo up && ip addr add 127.0.0.2/8 dev lo && hostname mail.example.org", shell=True, check=True)
    (lab.LAB / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    for source, target in (("/dev", "dev"), (lab.LAB / "resolv.conf", "etc/resolv.conf")):
        subprocess.run(["mount", "--bind", source, root / target], check=True)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.0.1 mail.example.org mail\n")
    (root / "etc/mailname").write_text("mail.example.org\n")


def is_plain(case):
    """Whether a host refuses a case at once; cases that wait for a lifetime to end are not run again."""
    odd = case.want or case.variant or case.submit or case.notify or case.smtputf8 or case.hops or case.size or case.ret
    at_home = any(address.endswith("@mail.example.org") for address in case.to)
    return not odd and not at_home and all(r.get("action") == "failed" and r.get("reason") != "expired" for r in case.expect)


def serve(program, name):
    server = name.removesuffix("-alias")
    module, root = importlib.import_module("servers." + server), lab.LAB / server
    mount(root)
    cases = [case for case in module.CASES if is_plain(case)]
    for case in cases:
        case.sender = BOUNCES
    module.setup(root, "")
    install(root, program)
    RECIPES[name](root)
    failures = asyncio.run(asyncio.wait_for(play(root, name, module, cases), 240))
    print(f"{name}: {module.version(root)}: {len(cases)} bounces: {len(failures)} wrong", flush=True)
    return failures


# ------------------------------------------------------------ the filters

MAIL = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: bounces@mail.example.org
Delivered-To: bounces@mail.example.org
Subject: Undelivered
Content-Type: text/plain

<anna@maple.example>: 550 5.1.1 User unknown
"""


def commands(root):
    """For each filter: how the user bounces runs it, and where the mail is if that fails."""
    home = root / "var/lib/bounces"
    (home / ".procmailrc").write_text("MAILDIR=$HOME\nDEFAULT=$HOME/inbox\n" + piece("~/.procmailrc"))
    (home / ".mailfilter").write_text(f"DEFAULT=\"$HOME/inbox\"\n" + piece("~/.mailfilter"))
    (home / ".mailfilter").chmod(0o600)
    script = root / "usr/lib/dovecot/sieve-pipe/bounces"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(piece("/usr/lib/dovecot/sieve-pipe/bounces"))
    script.chmod(0o755)
    (root / "etc/dovecot/dovecot.conf").write_text(
        "protocols =\nmail_location = maildir:~/Maildir\nssl = no\nlog_path = /dev/stderr\nprotocol lda {\n mail_plugins = sieve\n}\n"
        "service auth {\n}\npassdb {\n driver = static\n args = nopassword=y\n}\nuserdb {\n driver = passwd\n}\n"
        "postmaster_address = postmaster@mail.example.org\n" + piece("dovecot.conf"))
    yield "procmail", "procmail", home / "inbox"
    yield "maildrop", "maildrop", None
    for name in ("pipe", "execute"):
        sieve = root / "etc/dovecot/sieve/bounces.sieve"
        sieve.parent.mkdir(exist_ok=True)
        sieve.write_text(piece(f"/etc/dovecot/sieve/bounces.sieve, with {name}"))
        inside(root, "sievec -x '+vnd.dovecot.pipe +vnd.dovecot.execute' /etc/dovecot/sieve/bounces.sieve")
        yield f"sieve, {name}", "/usr/lib/dovecot/dovecot-lda -a bounces@mail.example.org -e", home / "Maildir/new"


def as_user(root, command):
    return subprocess.run(["chroot", root, "su", "-s", "/bin/sh", "bounces", "-c", command], input=MAIL.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def filters(program):
    root = lab.LAB / "filters"
    mount(root)
    install(root, program)
    path, failures, count = root / FILE, [], 0
    for name, command, kept in commands(root):
        inside(root, "cd /var/lib/bounces && rm -rf inbox Maildir && chown -R bounces:bounces . && : > bounces.jsonl")
        done = as_user(root, command)
        reasons = [r["reason"] for line in lines_of(root) for r in line["recipients"]]
        if done.returncode != 0 or reasons != ["no-such-user"]:
            failures.append(f"{name}: status {done.returncode}, {reasons}: {done.stdout.decode()[-600:]}")
        path.unlink()
        path.mkdir()
        inside(root, "rm -rf /var/lib/bounces/inbox /var/lib/bounces/Maildir")
        done = as_user(root, command)
        path.rmdir()
        path.touch()
        is_kept = kept and (kept.stat().st_size if kept.is_file() else any(kept.iterdir()) if kept.exists() else False)
        if done.returncode != 75 and not is_kept:
            failures.append(f"{name}: status {done.returncode} while the file cannot be written, and the mail is lost: "
                            f"{done.stdout.decode()[-300:]}")
        count += 1
    (root / "var/lib/bounces/.fetchmailrc").write_text(piece("~/.fetchmailrc"))
    (root / "var/lib/bounces/.mbsyncrc").write_text(piece("~/.mbsyncrc"))
    inside(root, "chown -R bounces:bounces /var/lib/bounces; chmod 600 /var/lib/bounces/.fetchmailrc")
    for command in ("fetchmail --version -f ~/.fetchmailrc >/dev/null",
                    "mbsync -c ~/.mbsyncrc bounces 2>&1 | grep -q \"Cannot resolve server 'imap.example.org'\""):
        done = as_user(root, command)
        if done.returncode != 0:
            failures.append(f"{command}: {done.stdout.decode()[-300:]}")
    print(f"filters: {count} of them and the files of fetchmail and mbsync: {len(failures)} wrong", flush=True)
    return failures


def main():
    what, *rest = sys.argv[1:] or ["help"]
    if what == "inside":
        program, name = rest
        failures = filters(program) if name == "filters" else serve(program, name)
        for failure in failures:
            print(f"{name}: {failure}")
        sys.exit(bool(failures))
    if not os.path.exists(what) or not set(rest) <= set(SERVERS):
        sys.exit(__doc__)
    status = 0
    for name in rest or SERVERS:
        # As in lab.py: its own network, mounts and processes, which end with it.
        status |= subprocess.run(["nice", "unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c",
                                  'ulimit -n 4096; exec "$@"', "sh", sys.executable, __file__, "inside",
                                  os.path.abspath(what), name], check=False).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
