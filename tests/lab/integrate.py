#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real mail servers pass their bounces to bounce-classify in the ways of doc/integration.md, on loopback.

usage: integrate.py PROGRAM [SERVER...]    postfix, postfix-alias, exim, opensmtpd, opensmtpd-alias, sendmail,
                                           sendmail-include, filters, imap; default: all

Needs root and the roots of setup.sh: postfix, exim, opensmtpd, sendmail, filters, imap. Each server gets mail for hosts
that refuse it (scenarios.py). Its reports go to bounces@mail.example.org, which is the server itself: there the recipe of the
document, taken from it word by word, runs the program. Then reason, type and status of each line are compared with what
the hosts said, as lab.py does for the corpus. One more mail arrives while the file cannot be written: it must be in
the file once that is fixed. filters.py has procmail, maildrop and Sieve, imap.py fetchmail, mbsync and the watched
Maildir.
"""
import asyncio
import importlib
import os
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import dns
import filters
import imap
import lab
from recipe import FILE, Away, inside, install, lines_of, mount, piece

BOUNCES = "bounces@mail.example.org"
SERVERS = ["postfix", "postfix-alias", "exim", "opensmtpd", "opensmtpd-alias", "sendmail", "sendmail-include"]
OTHERS = {"filters": filters.run, "imap": imap.run}


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


def sendmail(root):
    """The alias, by smrsh, as the default user."""
    config = root / "etc/mail/lab.mc"
    # It returns nothing while the test lasts, and trusts no file more than it does by default.
    text = re.sub(r"^define\(`conf(TO_QUEUE\w+|DONT_BLAME_SENDMAIL)'.*\n", "", config.read_text(), flags=re.M)
    config.write_text(text.replace("MAILER(`local')", piece("/etc/mail/sendmail.mc") + "MAILER(`local')", 1))
    with open(root / "etc/mail/aliases", "a", encoding="utf-8") as file:
        file.write(piece("/etc/mail/aliases"))
    inside(root, "rm -f /etc/mail/smrsh/bounce-classify")
    print(inside(root, piece("for smrsh") + "m4 /etc/mail/lab.mc > /etc/mail/sendmail.cf\nnewaliases").stdout)


def sendmail_include(root):
    """The list in a file, as its owner: nobody else may write to the file."""
    sendmail(root)
    aliases = root / "etc/aliases"
    aliases.write_text(aliases.read_text().replace(piece("/etc/mail/aliases"), piece("/etc/mail/aliases, with a file")))
    (root / "etc/mail/bounces").write_text(piece("/etc/mail/bounces"))
    inside(root, "chown bounces:bounces /etc/mail/bounces; chmod 644 /etc/mail/bounces; newaliases; chmod 640 /" + FILE)


RECIPES = {"postfix": postfix, "postfix-alias": postfix_alias, "exim": exim, "opensmtpd": opensmtpd,
           "opensmtpd-alias": opensmtpd_alias, "sendmail": sendmail, "sendmail-include": sendmail_include}
FLUSH = {"postfix": "postqueue -f", "exim": "exim4 -qff", "opensmtpd": "smtpctl schedule all",
         "sendmail": "timeout 20 sendmail-mta -q"}


# --------------------------------------------------------------- the runs

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
    with Away(root):
        lab.send(last)
        time.sleep(6)
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


def is_plain(case):
    """Whether a host refuses a case at once; cases that wait for a lifetime to end are not run again."""
    odd = case.want or case.variant or case.submit or case.notify or case.smtputf8 or case.hops or case.size or case.ret
    at_home = any(address.endswith("@mail.example.org") for address in case.to)
    return not odd and not at_home and all(r.get("action") == "failed" and r.get("reason") != "expired" for r in case.expect)


def serve(program, name):
    server = name.partition("-")[0]
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


def main():
    what, *rest = sys.argv[1:] or ["help"]
    if what == "inside":
        program, name = rest
        failures = OTHERS[name](program) if name in OTHERS else serve(program, name)
        for failure in failures:
            print(f"{name}: {failure}")
        sys.exit(bool(failures))
    if not os.path.exists(what) or not set(rest) <= {*SERVERS, *OTHERS}:
        sys.exit(__doc__)
    status = 0
    for name in rest or [*SERVERS, *OTHERS]:
        # As lab.py: a network, mounts and processes of its own, which end with it.
        status |= subprocess.run(["nice", "unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c",
                                  'ulimit -n 4096; exec "$@"', "sh", sys.executable, __file__, "inside",
                                  os.path.abspath(what), name], check=False).returncode
    sys.exit(status)


if __name__ == "__main__":
    main()
