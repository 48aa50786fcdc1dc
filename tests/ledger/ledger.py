# SPDX-License-Identifier: MIT
"""What the tests of bounce-ledger have in common: verdicts, ledgers, a PostgreSQL server.

A test script is run as

    test_NAME.py LEDGER CLASSIFY sqlite|postgres [CLASS.TEST...]

PostgreSQL is a real Debian server in a temporary folder, on a Unix socket there, run by a user other than
root. If it is not installed, the script ends with status 77: skipped.
"""
import datetime
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
LEDGER, CLASSIFY, KIND = (sys.argv[1:4] + [None] * 3)[:3]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
DAY = 86400
START = 1767225600  # 2026-01-01T00:00:00Z


def when(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def verdict(address, at=START, reason="no-such-user", kind="dsn", action="failed", hard=True, message=None, **more):
    """An object of bounce-classify --format json about one recipient, with the keys that the ledger reads."""
    recipient = {"address": address, "original_recipient": None, "action": action,
                 "type": ("hard" if hard else "soft") if action == "failed" else "none", "reason": reason,
                 "group": more.pop("group", "recipient"), "cause": None, "permanent": hard, "status": None,
                 "reply_code": 550 if hard else 452, "remote_mta": more.pop("remote", None), "diagnostic": more.pop("diagnostic", None),
                 "last_attempt": when(at), "partial": False, "evidence": None,
                 "address_to_suppress": more.pop("suppress", address), "trust": {"named_in_original": None, "verp": None},
                 "retry_stated_s": more.pop("retry", None), "provider": more.pop("provider", None)}
    for key in ("partial", "cause", "type", "permanent", "time", "final"):
        if key in more:
            recipient[key] = more.pop(key)
    found = {"schema": 1, "kind": kind, "software": None, "sent": more.pop("sent", "unknown"), "trust": None,
             "report": {"message_id": None, "date": when(at)}, "reporting_mta": more.pop("reporter", None),
             "original": {"message_id": message, "from": None, "list_id": more.pop("list_id", None)},
             "feedback": more.pop("feedback", None), "recipients": [recipient], "warnings": []}
    found.update(more)
    return found


def lines(*verdicts):
    return "".join(json.dumps(one) + "\n" for one in verdicts)


class Server:
    """A PostgreSQL server, until stop()."""

    def __init__(self):
        self.bin = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
        if not self.bin or not (self.bin / "initdb").exists():
            print("skipped: PostgreSQL is not installed (Debian: postgresql)")
            sys.exit(SKIPPED)
        self.user = pwd.getpwnam("postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
        self.folder = tempfile.mkdtemp(prefix="ledger-pg-")
        os.chmod(self.folder, 0o755)
        if os.getuid() == 0:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.schemas = 0
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "ledger", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        self.start()

    def run(self, name, *arguments, check=True):
        drop = ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"]
        return subprocess.run([*(drop if os.getuid() == 0 else []), str(self.bin / name), *arguments], check=check,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def start(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-s", "-l", f"{self.folder}/log", "-o",
                 f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off", "start")

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-s", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, url, sql):
        done = subprocess.run([str(self.bin / "psql"), "-X", "-q", "-t", "-A", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql],
                              check=True, stdout=subprocess.PIPE, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def url(self):
        """A ledger for one test."""
        self.schemas += 1
        base = f"postgresql:///postgres?host={self.folder}&user=ledger"
        self.psql(base, f"CREATE SCHEMA t{self.schemas}")
        return f"{base}&options=-csearch_path%3Dt{self.schemas}"


SERVER = None


class LedgerTest(unittest.TestCase):
    """Each test has a ledger of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db = self.new_db()

    def new_db(self):
        if SERVER:
            return SERVER.url()
        self.count = getattr(self, "count", 0) + 1
        return str(self.folder / f"ledger-{self.count}.db")

    def run_ledger(self, *arguments, given="", db=None, program=None):
        return subprocess.run([program or LEDGER, "--db", db or self.db, *map(str, arguments)], input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def ledger(self, *arguments, given="", status=0, db=None):
        """Standard output of a run that must end with this status."""
        done = self.run_ledger(*arguments, given=given, db=db)
        self.assertEqual(done.returncode, status, done.stderr + done.stdout)
        return done.stdout

    def record(self, *verdicts, now=None, db=None, options=()):
        latest = max([START] + [seconds(one) for one in verdicts])
        return self.ledger("record", "-q", "--now", when(now or latest), *options, given=lines(*verdicts), db=db)

    def answers(self, *arguments, db=None, status=0, given=""):
        """The rows of an answer in JSON."""
        return [json.loads(line) for line in self.ledger(*arguments, "--format", "json", db=db, status=status, given=given).splitlines()]

    def states(self, db=None, now=None):
        """Everything that can be seen of a ledger."""
        at = ("--now", when(now)) if now else ()
        rows = [(r["address"], r["for"], r["scope"], r["basis"], r["since"]) for r in self.answers("suppressed", *at, db=db)]
        rows += [(r["address"], "due", r["basis"], r["since"], r["retries"]) for r in self.answers("due", "--now", when(START + 4000 * DAY), db=db)] if not now else []
        rows += [(r["address"], "held", r["basis"], r["since"]) for r in self.answers("held", *at, db=db)]
        return sorted(rows)

    def may(self, address, *options, db=None, now=None):
        options = (*options, "--now", when(now)) if now else options
        done = self.run_ledger("may", address, "--format", "json", *options, db=db)
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode, {"yes": 0, "never": 1, "not-now": 3}[answer["may"]], done.stderr)
        return answer["may"]

    def sql(self, statement, db=None):
        if SERVER:
            return SERVER.psql(db or self.db, statement)
        import sqlite3  # the module of the standard library, not the program under test
        connection = sqlite3.connect(db or self.db)
        try:
            return [[str(v) for v in row] for row in connection.execute(statement)]
        finally:
            connection.close()


def seconds(one):
    text = one["recipients"][0]["last_attempt"] or one["report"]["date"]
    return int(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp())


def main():
    global SERVER
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    del sys.argv[1:4]
    if KIND == "postgres":
        SERVER = Server()
        sys.modules["ledger"].SERVER = SERVER
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        done = unittest.main(module="__main__", exit=False)
    finally:
        if SERVER:
            SERVER.stop()
    sys.exit(not done.result.wasSuccessful())
