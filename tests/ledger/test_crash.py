#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing is lost and nothing counts twice: killed at any moment, several writers at once, a full disk.

BOUNCE_LEDGER_KILLS says how often a run is killed (12).
"""
import json
import os
import random
import resource
import signal
import subprocess
import time

from ledger import DAY, KIND, LEDGER, START, LedgerTest, lines, main, verdict, when

NOW = when(START + 60 * DAY)
KILLS = int(os.environ.get("BOUNCE_LEDGER_KILLS", "12"))


def many(count, seed=3):
    some = random.Random(seed)
    made = []
    for i in range(count):
        address = f"u{some.randrange(count // 3)}@{some.choice('bcd')}.example"
        at = START + some.randrange(50 * DAY)
        if some.random() < 0.4:
            made.append(verdict(address, at, "delivered", kind="log", action="delivered", group="other", message=f"<m{i}@x>"))
        else:
            made.append(verdict(address, at, some.choice(("no-such-user", "mailbox-full")), hard=False, message=f"<m{i}@x>"))
    return made


class Crash(LedgerTest):
    def everything(self, db=None):
        """Everything that does not depend on the order in which rows arrived."""
        return json.dumps([
            sorted(self.sql("SELECT a.address, e.at, e.last_at, e.keys, e.doors, e.happened, e.reason, e.flags FROM events e"
                            " JOIN addresses a ON a.id = e.address", db)),
            sorted(self.sql("SELECT a.address, s.name, t.state, t.basis, t.cause, t.since, t.until, t.next, t.retries FROM states t"
                            " JOIN addresses a ON a.id = t.address JOIN scopes s ON s.id = t.scope", db)),
            sorted(self.sql("SELECT w.word, h.question, h.reason, h.hour, h.events FROM hours h JOIN words w ON w.id = h.subject"
                            " WHERE h.events <> 0", db)),
            sorted(self.sql("SELECT d.name, e.week, e.at, e.last_at, e.happened, e.reason FROM domain_events e JOIN domains d ON d.id = e.domain", db))])

    def start(self, path, db=None, **more):
        process = subprocess.Popen([LEDGER, "--db", db or self.db, "record", "-q", "--batch", "20", "--now", NOW, str(path)],
                                   stderr=subprocess.PIPE, **more)
        self.addCleanup(process.stderr.close)
        return process

    def kill_in_the_middle(self, text, db, some):
        """Kills a run that waits for more input and has processed any part of what it got."""
        process = self.start("-", db, stdin=subprocess.PIPE)
        process.stdin.write(text[:some.randrange(len(text))])
        process.stdin.flush()
        time.sleep(some.random() / 10)
        process.send_signal(signal.SIGKILL)
        self.assertEqual(process.wait(), -signal.SIGKILL)
        process.stdin.close()

    def test_killed(self):
        path = self.folder / "verdicts.json"
        path.write_text(lines(*many(900)), encoding="utf-8")
        self.assertEqual(self.start(path).wait(), 0)
        want = self.everything()
        some = random.Random(KILLS)
        db = self.new_db()
        for i in range(KILLS):
            if i % 6 == 5:
                db = self.new_db()
            self.kill_in_the_middle(path.read_bytes(), db, some)
            if i % 6 == 4 or i == KILLS - 1:
                self.assertEqual(self.start(path, db).wait(), 0)
                self.assertEqual(self.everything(db), want)

    def test_two_writers_and_a_reader(self):
        made = many(900, seed=5)
        whole, parts = self.folder / "all.json", [self.folder / f"part-{i}.json" for i in range(3)]
        whole.write_text(lines(*made), encoding="utf-8")
        for i, part in enumerate(parts):
            part.write_text(lines(*made[i::2]) if i < 2 else lines(*made[::-3]), encoding="utf-8")
        self.assertEqual(self.start(whole).wait(), 0)
        db = self.new_db()
        self.ledger("record", "-q", given="", db=db)  # the tables
        writers = [self.start(part, db) for part in parts]
        while any(writer.poll() is None for writer in writers):
            self.assertIn(self.run_ledger("may", "u1@b.example", "--now", NOW, db=db).returncode, (0, 1, 3))
        for writer in writers:
            self.assertEqual((writer.wait(), writer.stderr.read()), (0, b""))
        self.assertEqual(self.everything(db), self.everything())

    def test_a_pager_does_not_block_writers(self):
        """The output of a dry run is written only after its transaction has ended."""
        self.record(*many(900, seed=13))
        paged = subprocess.Popen([LEDGER, "--db", self.db, "record", "-q", "--dry-run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        paged.stdin.write(lines(*(verdict(f"new{i}@d{i}.example") for i in range(9000))))
        paged.stdin.close()
        begin = paged.stdout.read(1)
        self.record(verdict("c@other.example"))
        self.assertGreater(len(begin + paged.stdout.read()), 400000)
        paged.stdout.close()
        self.assertEqual(paged.wait(), 0)

    def test_full_disk(self):
        if KIND != "sqlite":
            self.skipTest("a file")
        path = self.folder / "verdicts.json"
        path.write_text(lines(*many(900, seed=9)), encoding="utf-8")
        limited = subprocess.run([LEDGER, "--db", self.db, "record", "-q", "--batch", "50", "--now", NOW, str(path)], stderr=subprocess.PIPE,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500000, 500000)), check=False)
        self.assertEqual(limited.returncode, 4, limited.stderr)
        self.assertEqual(self.start(path).wait(), 0)
        db = self.new_db()
        self.assertEqual(self.start(path, db).wait(), 0)
        self.assertEqual(self.everything(), self.everything(db))

    def test_lost_connection(self):
        if KIND != "postgres":
            self.skipTest("a server")
        from ledger import SERVER as server
        path = self.folder / "verdicts.json"
        path.write_text(lines(*many(900, seed=11)), encoding="utf-8")
        self.assertEqual(self.start(path).wait(), 0)
        db = self.new_db()
        process = self.start(path, db)
        time.sleep(0.4)
        server.psql(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
        self.assertIn(process.wait(), (0, 4))
        self.assertEqual(self.start(path, db).wait(), 0)
        self.assertEqual(self.everything(db), self.everything())


if __name__ == "__main__":
    main()
