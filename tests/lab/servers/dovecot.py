# SPDX-License-Identifier: MIT
"""Dovecot: its delivery agent, run for one user per case; its mails go straight to the sink (submission_host)."""
import subprocess

from labels import verdict
from lab import SINK, Case
from servers.postfix import inside

SOFTWARE, REPORTING_MTA = "dovecot", "mail.example.org"

CONFIG = f"""
protocols =
log_path = /dev/stderr
hostname = mail.example.org
postmaster_address = postmaster@mail.example.org
submission_host = {SINK}:25
mail_location = maildir:~/Maildir
import_environment = QUOTA
quota_full_tempfail = no
protocol lda {{
  mail_plugins = quota sieve
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=%{{env:QUOTA}}
  sieve = file:~/rules.sieve
}}
"""

SIEVE = {
    "reject": 'require "reject";\nreject "I do not read newsletters, please take me off your list.";\n',
    "vacation": 'require "vacation";\nvacation :days 1 :subject "Out of office until Monday" "I am away and read your mail on Monday.";\n',
    "german": 'require "reject";\nreject text:\nIch möchte keine Rundschreiben erhalten.\nBitte löschen Sie meine Adresse.\n.\n;\n',
    "quota": "keep;\n",
}


def version(root):
    return "Dovecot " + inside(root, "dovecot --version").stdout.strip()


def setup(root, variant):
    (root / "etc/dovecot/dovecot.conf").write_text(CONFIG)
    for user, rules in SIEVE.items():
        inside(root, f"id {user} >/dev/null 2>&1 || useradd -m {user}; rm -rf /home/{user}/Maildir /home/{user}/.dovecot*")
        (root / "home" / user / "rules.sieve").write_text(rules)
        inside(root, f"chown -R {user} /home/{user}")


def start(root, variant):
    pass


def submit(root, case):
    user = case.to[0].partition("@")[0]
    quota = "1" if user == "quota" else "9999"
    done = subprocess.run(["chroot", root, "su", user, "-s", "/bin/sh", "-c",
                           f"HOME=/home/{user} QUOTA={quota}k /usr/lib/dovecot/dovecot-lda -f {case.sender} -a {case.to[0]} -k -o mail_location=maildir:/home/{user}/Maildir"],
                          input=case.message(), stderr=subprocess.PIPE)
    if done.returncode:
        print(case.name, done.returncode, done.stderr.decode()[-600:])


def case(name, user, reason, about, size=0, kind="mdn"):
    to = f"{user}@mail.example.org"
    stated = "5.2.2" if kind == "dsn" else None
    expect = [verdict(to, reason, stated=stated, by="reporter")] if reason else []
    unknown = {"dsn": {}, "mdn": {"reporting_mta": "-"}, "auto-reply": {"reporting_mta": "-", "software": "-"}}[kind]
    return Case(name, [to], expect, about=about, size=size, kind=kind, top=unknown)


CASES = [
    case("sieve-reject", "reject", "recipient-refused", "Sieve reject."),
    case("sieve-reject-german", "german", "recipient-refused", "Sieve reject with a German text."),
    case("over-quota", "quota", "mailbox-full", "The quota of 1 kB is exceeded; quota_full_tempfail = no.", size=4000, kind="dsn"),
    case("vacation", "vacation", None, "Sieve vacation: not a failure.", kind="auto-reply"),
]
