# SPDX-License-Identifier: MIT
"""procmail, maildrop and Sieve hand a bounce to the program, as doc/integration.md has it.

In: the program; the root "filters". Each gets one bounce, and one more while the file cannot be written. Out: what is
wrong. Sieve is asked by Dovecot's delivery agent, and by its LMTP server with an address that has an extension.
"""
import smtplib
import time

import lab
from recipe import FILE, Away, as_user, inside, install, lines_of, mount, piece, text_of

MAIL = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: bounces@mail.example.org
Delivered-To: bounces@mail.example.org
Subject: Undelivered
Content-Type: text/plain

<anna@maple.example>: 550 5.1.1 User unknown
"""
# Besides the recipe: who the users are, and where their mail is.
DOVECOT = """
protocols = lmtp
mail_location = maildir:~/Maildir
ssl = no
log_path = /var/log/dovecot.log
auth_username_format = %Ln
postmaster_address = postmaster@mail.example.org
protocol lda {
  log_path = /dev/stderr
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = 24
  }
}
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = passwd
}
"""
SIEVE = "etc/dovecot/sieve/bounces.sieve"


def write(root):
    """The files of all recipes but the two scripts of Sieve."""
    home = root / "var/lib/bounces"
    (home / ".procmailrc").write_text("MAILDIR=$HOME\nDEFAULT=$HOME/inbox\n" + piece("~/.procmailrc"))
    (home / ".mailfilter").write_text("DEFAULT=\"$HOME/inbox\"\n" + piece("~/.mailfilter"))
    (home / ".mailfilter").chmod(0o600)
    script = root / "usr/lib/dovecot/sieve-pipe/bounces"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(piece("/usr/lib/dovecot/sieve-pipe/bounces"))
    script.chmod(0o755)
    (root / "etc/dovecot/dovecot.conf").write_text(DOVECOT + piece("dovecot.conf"))
    (root / SIEVE).parent.mkdir(exist_ok=True)


def commands(root):
    """For each filter: how the user bounces runs it, and where the mail is if that fails."""
    home = root / "var/lib/bounces"
    yield "procmail", "procmail", home / "inbox"
    yield "maildrop", "maildrop", None
    for name in ("pipe", "execute"):
        (root / SIEVE).write_text(piece(f"/{SIEVE}, with {name}"))
        print(inside(root, f"rm -f /{SIEVE.replace('.sieve', '.svbin')}; sievec /{SIEVE}").stdout, end="")
        yield f"sieve, {name}", "/usr/lib/dovecot/dovecot-lda -a bounces@mail.example.org -e", home / "Maildir/new"


def clean(root):
    inside(root, "cd /var/lib/bounces && rm -rf inbox Maildir && chown -R bounces:bounces . && : > bounces.jsonl")


def reasons(root):
    return [r["reason"] for line in lines_of(root) for r in line["recipients"]]


def is_kept(path):
    return path and path.exists() and (path.stat().st_size if path.is_file() else any(path.iterdir()))


def by_lmtp(root):
    """The recipe of the last command, with an address that has an extension."""
    clean(root)
    inside(root, "dovecot >/dev/null 2>&1 </dev/null")
    time.sleep(1)
    with smtplib.LMTP("127.0.0.1", 24) as lmtp:
        lmtp.sendmail("", ["bounces+anna=maple.example@mail.example.org"], MAIL)
    if reasons(root) != ["no-such-user"]:
        yield f"sieve, LMTP: {reasons(root)}: {(root / 'var/log/dovecot.log').read_text()[-600:]}"
    inside(root, "dovecot stop")


def run(program):
    root, failures, count = lab.LAB / "filters", [], 0
    mount(root)
    install(root, program)
    write(root)
    for name, command, kept in commands(root):
        clean(root)
        done = as_user(root, command, MAIL)
        if done.returncode != 0 or reasons(root) != ["no-such-user"]:
            failures.append(f"{name}: status {done.returncode}, {reasons(root)}: {text_of(done)}")
        clean(root)
        with Away(root):
            done = as_user(root, command, MAIL)
        if done.returncode != 75 and not is_kept(kept):
            failures.append(f"{name}: status {done.returncode} while the file cannot be written, and the mail is lost: "
                            f"{text_of(done)}")
        if (root / FILE).read_text():
            failures.append(f"{name}: the file has grown while it was away")
        count += 1
    failures += by_lmtp(root)
    print(f"filters: {count} of them, and LMTP: {len(failures)} wrong", flush=True)
    return failures
