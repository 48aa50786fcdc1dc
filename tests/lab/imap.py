# SPDX-License-Identifier: MIT
"""fetchmail and mbsync fetch bounces from a real IMAP server (Dovecot), as doc/integration.md has it; what mbsync has
fetched, the watched Maildir of that document reads.

In: the program; the root "imap". Out: what is wrong. The server has the name of the recipes, imap.example.org, and a
certificate that the root believes. systemd cannot run here: systemd-analyze verifies the units, and what the service
runs is run as its user.
"""
import re
import time

import lab
from recipe import Away, as_user, inside, install, lines_of, mount, piece, text_of

DOVECOT = """
protocols = imap
listen = 127.0.0.1
mail_location = maildir:/srv/imap/%u
log_path = /var/log/dovecot.log
ssl = required
ssl_cert = </etc/dovecot/private/imap.pem
ssl_key = </etc/dovecot/private/imap.key
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=imap gid=imap home=/srv/imap/%u
}
"""
BOUNCE = """Return-Path: <>
From: {sender}
To: bounces@mail.example.org
Subject: Undelivered
{more}Content-Type: text/plain

<{name}@maple.example>: 550 5.1.1 User unknown
"""
SERVER, LOCAL = "srv/imap/bounces", "var/lib/bounces/Maildir"
UNITS = "/etc/systemd/system/bounces.path /etc/systemd/system/bounces.service"


def start(root):
    """The server, and who believes it."""
    (root / "etc/dovecot/dovecot.conf").write_text(DOVECOT)
    with open(root / "etc/hosts", "a", encoding="utf-8") as hosts:
        hosts.write("127.0.0.1 imap.example.org\n")
    print(inside(root, f"""
        id imap >/dev/null 2>&1 || useradd --system imap
        rm -rf /{SERVER} /{LOCAL} /var/lib/bounces/.mbsync /var/lib/bounces/.fetchids
        mkdir -p /{SERVER}/cur /{SERVER}/new /{SERVER}/tmp && chown -R imap:imap /srv/imap
        mkdir -p /etc/dovecot/private
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=imap.example.org \\
            -addext subjectAltName=DNS:imap.example.org -keyout /etc/dovecot/private/imap.key \\
            -out /etc/dovecot/private/imap.pem 2>/dev/null
        cp /etc/dovecot/private/imap.pem "/etc/ssl/certs/$(openssl x509 -hash -noout -in /etc/dovecot/private/imap.pem).0"
        dovecot >/dev/null 2>&1 </dev/null
    """).stdout, end="")
    time.sleep(1)


def write(root):
    """The files of the recipes."""
    home = root / "var/lib/bounces"
    (home / ".fetchmailrc").write_text(piece("~/.fetchmailrc"))
    (home / ".mbsyncrc").write_text(piece("~/.mbsyncrc"))
    (home / ".bounces-password").write_text("secret\n")
    for path in ("/etc/systemd/system/bounces.path", "/etc/systemd/system/bounces.service", "/usr/local/bin/bounces-read"):
        (root / path.lstrip("/")).write_text(piece(path))
    print(inside(root, """
        chmod 755 /usr/local/bin/bounces-read; cd /var/lib/bounces
        chown -R bounces:bounces . ; chmod 600 .fetchmailrc .bounces-password
    """).stdout, end="")


def put(root, name, seen=False, more="", sender="MAILER-DAEMON@mx.example.net"):
    """A bounce about NAME comes to the server; seen: somebody has read it there."""
    path = root / SERVER / ("cur" if seen else "new") / (f"{name}.mail.example.org" + ":2,S" * seen)
    path.write_text(BOUNCE.format(name=name, more=more, sender=sender))
    inside(root, f"chown imap:imap '/{path.relative_to(root)}'")


def names(root):
    """Whom the lines are about."""
    return sorted(r["address"].partition("@")[0] for line in lines_of(root) for r in line["recipients"])


def on_server(root):
    return sum(len(list((root / SERVER / folder).iterdir())) for folder in ("new", "cur"))


def fetchmail(root):
    """Bounces of all kinds; then one that comes while the file cannot be written."""
    put(root, "anna")
    put(root, "read", seen=True)
    put(root, "broken", more="This line is no header field\n")
    put(root, "qmail", sender="MAILER-DAEMON")
    done = as_user(root, "fetchmail")
    first = ["anna", "broken", "qmail", "read"]
    if names(root) != first or on_server(root):
        yield f"fetchmail: {names(root)} in the file, {on_server(root)} on the server: {text_of(done)}"
    writers = {line["report"]["from"] for line in lines_of(root)}
    if writers != {"MAILER-DAEMON@mx.example.net", "MAILER-DAEMON"}:
        yield f"fetchmail: the writers are {writers}"
    put(root, "later")
    with Away(root):
        done = as_user(root, "fetchmail")
    if on_server(root) != 1:
        yield f"fetchmail: {on_server(root)} mails on the server after the file could not be written: {text_of(done)}"
    done = as_user(root, "fetchmail")
    if names(root) != sorted([*first, "later"]) or on_server(root):
        yield f"fetchmail: {names(root)} in the file, {on_server(root)} on the server once it is mended: {text_of(done)}"


def read(root):
    """What the service runs, as the user that it names."""
    service = piece("/etc/systemd/system/bounces.service")
    if "\nUser=bounces\n" not in service:
        raise RuntimeError("the service does not run as bounces")
    return as_user(root, re.search(r"^ExecStart=(.*)$", service, re.M)[1])


def mbsync(root):
    """Two bounces, one of them while the file cannot be written; each is in the file once, however often it is run."""
    put(root, "anna")
    put(root, "ben")
    done = as_user(root, "mbsync bounces")
    if done.returncode or len(list((root / LOCAL / "new").iterdir())) != 2:
        yield f"mbsync: status {done.returncode}: {text_of(done)}"
        return
    with Away(root):
        done = read(root)
    if done.returncode == 0 or len(list((root / LOCAL / "new").iterdir())) != 2:
        yield f"bounces-read: status {done.returncode} while the file cannot be written: {text_of(done)}"
    done = read(root)
    if done.returncode or names(root) != ["anna", "ben"]:
        yield f"bounces-read: status {done.returncode}, {names(root)}: {text_of(done)}"
    put(root, "cleo")
    for _ in range(2):
        done = as_user(root, "mbsync bounces")
        again = read(root)
        if done.returncode or again.returncode:
            yield f"mbsync: status {done.returncode}, then {again.returncode}: {text_of(done)} {text_of(again)}"
    if names(root) != ["anna", "ben", "cleo"]:
        yield f"mbsync: {names(root)} in the file"


def units(root):
    """systemd has no doubts about the units, and would have some about wrong ones."""
    done = inside(root, f"systemd-analyze verify {UNITS}")
    if done.returncode or done.stdout.strip():
        yield f"systemd-analyze: status {done.returncode}: {done.stdout[-600:]}"
    path = root / "etc/systemd/system/bounces.service"
    path.write_text(path.read_text().replace("ExecStart=", "ExecStat="))
    if not inside(root, f"systemd-analyze verify {UNITS}").stdout:
        yield "systemd-analyze: sees no wrong key"


def run(program):
    root, failures = lab.LAB / "imap", []
    mount(root)
    install(root, program)
    write(root)
    start(root)
    for part in (fetchmail, mbsync, units):
        failures += part(root)
        inside(root, ": > /var/lib/bounces/bounces.jsonl")
    inside(root, "dovecot stop")
    version = inside(root, "dovecot --version").stdout.split()[0]
    print(f"imap: fetchmail, mbsync and the Maildir, with Dovecot {version}: {len(failures)} wrong", flush=True)
    return failures
