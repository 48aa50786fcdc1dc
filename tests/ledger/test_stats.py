#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Figures: counted by hand, and in the text format of Prometheus."""
import os
import re

from ledger import DAY, START, LedgerTest, main, verdict, when

PERIOD = ("--since", when(START), "--until", when(START + 60 * DAY))


def delivered(address, at, **more):
    return verdict(address, at, "delivered", kind="log", action="delivered", group="other", **more)


class Stats(LedgerTest):
    def setUp(self):
        super().setUp()
        self.record(
            verdict("a@b.example", START, message="<1@x>", provider="p", remote="mx.b.example", software="postfix",
                    envelope_from="news@shop.example", kind="log"),
            verdict("b@b.example", START + DAY, message="<2@x>", provider="p", remote="mx.b.example"),
            verdict("c@c.example", START + DAY, "spam", hard=False, group="message", message="<3@x>", provider="q"),
            verdict("d@c.example", START + 8 * DAY, "mailbox-full", hard=False, message="<4@x>", provider="q"),
            delivered("d@c.example", START + 9 * DAY, message="<5@x>", provider="q"),
            verdict("e@c.example", START + 8 * DAY, "mailbox-full", hard=False, message="<6@x>", provider="q"),
            verdict("e@c.example", START + 10 * DAY, "mailbox-full", hard=False, message="<7@x>", provider="q"),
            verdict("f@full.example", START + 8 * DAY, "system-full", hard=False, group="system", message="<8@x>", remote="mx.full.example"),
            verdict("abuse@z.example", START + 9 * DAY, "complaint", kind="arf", action="complaint", group="other", sent="yes",
                    feedback={"type": "abuse"}, message="<9@x>"),
            verdict("forged@c.example", START, sent="no"), verdict(None, START), now=START + 20 * DAY)

    def by(self, key, *options):
        return {row["value"]: row for row in self.answers("stats", "--by", key, *PERIOD, *options)}

    def test_reason(self):
        rows = self.by("reason")
        self.assertEqual({k: (r["bounces"], r["hard"], r["complaints"]) for k, r in rows.items() if k != "delivered"},
                         {"no-such-user": (2, 2, 0), "spam": (1, 0, 0), "mailbox-full": (3, 0, 0), "system-full": (1, 0, 0), "complaint": (0, 0, 1)})
        self.assertEqual((rows["no-such-user"]["dead"], rows["spam"]["own_fault"]), (100, 100))
        self.assertEqual(list(self.by("reason", "--limit", 1)), ["mailbox-full"])

    def test_other_keys(self):
        self.assertEqual(self.by("group")["recipient"]["bounces"], 5)
        self.assertEqual((self.by("provider")["q"]["bounces"], self.by("provider")["q"]["deliveries"]), (4, 1))
        self.assertEqual(self.by("domain")["c.example"]["bounces"], 4)
        self.assertEqual(self.by("remote")["mx.b.example"]["hard"], 2)
        self.assertEqual(self.by("software")["postfix"]["bounces"], 1)
        self.assertEqual(self.by("sender")["news@shop.example"]["bounces"], 1)
        self.assertEqual(self.by("sending-domain")["shop.example"]["bounces"], 1)
        self.assertEqual(self.by("scope")["//"]["bounces"], 7)
        self.assertEqual({k: r["bounces"] for k, r in self.by("day").items()}["2026-01-02"], 2)
        self.assertEqual({k: r["bounces"] for k, r in self.by("week").items()}, {"2025-12-29": 3, "2026-01-05": 4})
        for key in ("reporter", "service"):
            self.by(key)

    def test_course(self):
        resolved = self.by("resolve")["mailbox-full"]
        self.assertEqual((resolved["delivered"], resolved["open"]), (1, 1))
        self.assertTrue(0.94 < resolved["median_s"] / DAY < 1.07 and 0.94 < resolved["p90_s"] / (2 * DAY) < 1.07, resolved)
        retry = self.answers("stats", "--by", "retry", *PERIOD)
        self.assertEqual([(r["value"], r["tried"], r["delivered"], r["share"]) for r in retry], [(1, 2, 1, 50)])

    def test_states_full_and_roles(self):
        states = {r["state"]: r["addresses"] for r in self.answers("stats", "--by", "state")}
        self.assertEqual(states["suppressed"], 3)
        self.assertEqual([(r["server"], r["times"], r["now"]) for r in self.answers("stats", "--by", "full", *PERIOD)], [("mx.full.example", 1, True)])
        self.assertEqual([(r["address"], r["complaints"]) for r in self.answers("stats", "--by", "role", *PERIOD)], [("abuse@z.example", 1)])

    def test_text_and_csv(self):
        text = self.ledger("stats", *PERIOD)
        self.assertTrue(text.startswith("abuse@ and postmaster@"))
        self.assertIn("########", text)
        rows = self.ledger("stats", "--by", "reason", "--format", "csv", *PERIOD).splitlines()
        self.assertEqual(rows[0], "by,value,bounces,hard,delays,deliveries,complaints,own_fault,dead")
        self.assertEqual(len({row.count(",") for row in rows}), 1)
        self.assertEqual(self.ledger("stats", "--format", "csv", *PERIOD).splitlines(), rows)
        done = self.run_ledger("stats", "--by", "reason", "--prometheus", self.folder / "x.prom")
        self.assertEqual((done.returncode, (self.folder / "x.prom").exists()), (2, False))
        self.assertIn("last month", self.run_ledger("stats", "--since", "soon").stderr)
        self.assertIn("the year is out of range", self.run_ledger("stats", "--until", "9999-12-31").stderr)
        self.assertIn("unknown key", self.run_ledger("stats", "--by", "colour").stderr)

    def test_prometheus(self):
        path = self.folder / "bounce.prom"
        self.ledger("stats", "--prometheus", path, *PERIOD)
        text = path.read_text(encoding="utf-8")
        self.assertIn('bounce_ledger_events_by_reason{reason="no-such-user",what="hard"} 2\n', text)
        self.assertIn('bounce_ledger_states{state="suppressed"} 3\n', text)
        self.assertIn("bounce_ledger_unresolved 1\n", text)
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \w+ .+|[a-z_]+(\{(\w+="[^"]*",?)+\})? \d+)$')
        names = re.findall(r"^# TYPE (\w+) gauge$", text, re.M)
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([p.name for p in self.folder.glob("bounce.prom*")], ["bounce.prom"])
        self.assertEqual(self.run_ledger("stats", "--prometheus", self.folder / "none" / "x").returncode, 1)

    def test_prometheus_keeps_what_the_name_stands_for(self):
        path, link, fifo = (self.folder / name for name in ("bounce.prom", "link.prom", "fifo.prom"))
        path.write_text("old")
        path.chmod(0o640)
        link.symlink_to(path.name)
        os.mkfifo(fifo)
        self.ledger("stats", "--prometheus", link, *PERIOD)
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)
        text = path.read_text(encoding="utf-8")
        reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.ledger("stats", "--prometheus", fifo, *PERIOD)
        self.assertEqual(os.read(reading, 1 << 16).decode(), text)
        os.close(reading)
        self.assertTrue(fifo.is_fifo())
        self.assertEqual(len(list(self.folder.glob("*.prom*"))), 3)


if __name__ == "__main__":
    main()
