#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--summary as text and JSON: its figures, its warning, its limits."""
import json
import resource

import program
from program import FROM, ORDINARY, Case, dsn

LISTED = ("554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org; "
          "https://www.spamhaus.org/query/ip/192.0.2.25")


def box(*mails):
    return "".join(f"{FROM}{mail}\n" for mail in mails)


def on_day(mail, day):
    return mail.replace("Date: Sat, 31 Jan 2026", f"Date: {day}")


MIXED = box(dsn("a@b.example"), dsn("c@d.example", "552 5.2.2 over quota", "5.2.2"),
            dsn("e@b.example", LISTED, "5.7.1"), dsn("f@b.example", "451 4.7.1 Greylisted, try again in 5 minutes",
                                                     "4.7.1", "delayed"), ORDINARY)


class Summary(Case):
    def figures(self, mails, *options, **more):
        return json.loads(self.check_run("--summary", "json", *options, stdin=mails, **more))

    def values(self, table, name):
        return {value[name]: value["count"] for value in table["values"]}

    def test_counts(self):
        f = self.figures(MIXED)
        self.assertEqual([f["summary"], f["messages"], f["reports"], f["recipients"], f["failures"]], [1, 5, 4, 4, 4])
        by = f["by"]
        self.assertEqual(self.values(by["type"], "type"), {"hard": 1, "soft": 3})
        self.assertEqual(self.values(by["reason"], "reason"),
                         {"no-such-user": 1, "mailbox-full": 1, "ip-blocked": 1, "greylisted": 1})
        self.assertEqual(self.values(by["group"], "group"), {"recipient": 2, "sender": 2})
        self.assertEqual(self.values(by["domain"], "domain"), {"b.example": 3, "d.example": 1})
        self.assertEqual(self.values(by["remote_mta"], "remote_mta"), {"mx.example.net": 4})
        self.assertEqual(self.values(by["day"], "day"), {"2026-01-31": 4})
        self.assertEqual(self.values(by["status"], "status"), {"5.1.1": 1, "5.2.2": 1, "5.7.1": 1, "4.7.1": 1})
        self.assertEqual(self.values(by["provider"], "provider"), {None: 4})
        self.assertEqual(list(by), ["type", "reason", "group", "day", "provider", "domain", "remote_mta", "software",
                                    "status", "provider_month"])
        self.assertTrue(all(table["exact"] and table["others"] == 0 for table in by.values()))

    def test_recipients_to_suppress_are_no_addresses(self):
        """Three reports about one address are three recipients, as everywhere in the figures."""
        text = self.check_run("--summary", stdin=box(dsn("a@b.example"), dsn("a@b.example"), dsn("a@b.example")))
        self.assertIn("Recipients to suppress: 3.\n", text)
        page = self.check_run("--summary", "html", stdin=box(dsn("a@b.example"), dsn("a@b.example")))
        self.assertIn("Recipients dead or unwanted</dt><dd>2</dd>", page)

    def test_own_fault_and_what_to_do(self):
        f = self.figures(MIXED)
        self.assertEqual(f["own_fault"], {"count": 1, "of": 4, "share": 0.25})
        listing = f["listing"]["values"][0]
        self.assertEqual([listing[key] for key in ("listed", "blocklist", "zone", "count")],
                         ["192.0.2.25", "Spamhaus ZEN", "zen.spamhaus.org", 1])
        self.assertEqual(f["suppress"]["values"][0]["address"], "a@b.example")
        self.assertEqual([(m["mend"], m["where"]) for m in f["mend"]["values"]], [("listing", "example.net")])
        f = self.figures(box(dsn("f@b.example", "451 4.7.1 Greylisted, try again in 5 minutes", "4.7.1")))
        self.assertEqual([[r[key] for key in ("queue", "where", "after_s")] for r in f["retry"]["values"]],
                         [["retry", "example.net", 300]])

    def test_nothing_is_no_share(self):
        f = self.figures(ORDINARY)
        self.assertEqual(f["own_fault"], {"count": 0, "of": 0, "share": None})
        self.assertEqual(f["by"]["type"], {"values": [], "others": 0, "exact": True})

    def test_the_warning(self):
        mails = box(*[dsn(f"u{i}@b.example", LISTED, "5.7.1") for i in range(10)], dsn("a@b.example"))
        text = ("10 of 11 failures share one cause, ip-blocked by Spamhaus ZEN: fix that first, and remove no address "
                "from a list because of it")
        f = self.figures(mails, stderr=f"bounce-classify: warning: {text}\n")
        self.assertEqual(f["warning"], {"reason": "ip-blocked", "blocklist": "Spamhaus ZEN", "where": None, "count": 10,
                                        "of": 11, "text": text})
        shown = self.check_run("--summary", stdin=mails)
        self.assertIn("\nWarning: " + text.replace(": fix", ":\n  fix") + "\n", shown)
        self.assertLessEqual(max(map(len, shown.splitlines())), 80)

    def test_no_warning_of_few_or_of_half(self):
        nine = [dsn(f"u{i}@b.example", LISTED, "5.7.1") for i in range(9)]
        self.assertIsNone(self.figures(box(*nine))["warning"])
        half = [dsn(f"u{i}@b.example", LISTED, "5.7.1") for i in range(10)]
        other = [dsn(f"v{i}@b.example").replace("mx.example.net", f"mx.b{i}.example") for i in range(10)]
        self.assertIsNone(self.figures(box(*half, *other))["warning"])

    def test_any_number_of_jobs_and_inputs(self):
        path = self.put("a.mbox", MIXED * 200)
        texts = {self.check_run("--summary", form, "--jobs", jobs, path) for form in ("json", "text", "html")
                 for jobs in ("1", "2", "4")}
        self.assertEqual(len(texts), 3)

    def test_selection(self):
        f = self.figures(MIXED, "--only", "type=hard")
        self.assertEqual([f["recipients"], f["failures"]], [1, 1])
        mails = box(on_day(dsn("a@b.example"), "Fri, 30 Jan 2026"), dsn("c@b.example"))
        self.assertEqual(self.values(self.figures(mails, "--since", "2026-01-31")["by"]["day"], "day"),
                         {"2026-01-31": 1})

    def test_replies_and_logs(self):
        f = self.figures("550 5.1.1 User unknown\n452 4.2.2 full\n", "--reply")
        self.assertEqual(self.values(f["by"]["reason"], "reason"), {"no-such-user": 1, "mailbox-full": 1})
        log = ("2026-10-04T04:36:42Z mx1 postfix/smtp[1]: A1b: to=<a@b.example>, relay=mx.b.example[198.51.100.1]:25, "
               "delay=9, dsn=5.1.1, status=bounced (host mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown)\n")
        self.assertEqual(self.values(self.figures(log, "--log")["by"]["software"], "software"), {"postfix": 1})

    def test_many_values_take_no_more_memory(self):
        """5,000 domains: the frequent ones stay, and no count is further from the truth than it says."""
        mails = []
        for i in range(5000):
            mails.append(f"550 5.1.1 <u@d{i}.example>: User unknown")
            if i % 10 == 0:
                mails.append("550 5.1.1 <u@often.example>: User unknown")
        f = self.figures("\n".join(mails), "--reply", stderr=None)
        domain = f["by"]["domain"]
        self.assertEqual([f["values_kept"], domain["exact"]], [2048, False])
        often = domain["values"][0]
        self.assertEqual(often["domain"], "often.example")
        self.assertTrue(500 <= often["count"] <= 500 + often.get("too_high_by_at_most", 0))
        self.assertEqual(sum(v["count"] for v in domain["values"]) + domain["others"], 5500)
        self.assertTrue(all(v.get("too_high_by_at_most", 0) <= 5500 // 2048 for v in domain["values"]))

    def test_hostile_texts_stay_json_and_text(self):
        mail = dsn('"a\\"b\x1b[31m"@b.example').replace("mx.example.net", 'mx"\\.example.net')
        self.figures(mail)
        self.assertNotIn("\x1b", self.check_run("--summary", stdin=mail))

    def test_wrong_usage(self):
        for options in (["--summary=xml"], ["--summary", "--suppress"], ["--summary", "--format", "json"],
                        ["--summary", "--list-rules"]):
            done = program.run(*options, stdin=ORDINARY)
            self.assertEqual(done.returncode, 2, options)
        path = self.put("text", MIXED)
        self.assertIn("5 messages", self.check_run("--summary", path))

    def check_run(self, *arguments, stderr="", **more):
        if stderr is None:
            done = program.run(*arguments, **more)
            self.assertEqual(done.returncode, 0)
            return done.stdout.decode()
        return super().check_run(*arguments, stderr=stderr, **more)


class Memory(Case):
    def test_hostile_domains(self):
        """100,000 long domains, which are counted in several tables: they would not all fit."""
        path = self.folder / "replies"
        with open(path, "w", encoding="ascii") as file:
            for i in range(100000):
                file.write(f"550 5.1.1 <u@{'x' * 180}{i}.example>: User unknown\n")

        def limit():
            resource.setrlimit(resource.RLIMIT_DATA, (64 << 20, 64 << 20))

        if program.run("--version", preexec_fn=limit).returncode != 0:
            self.skipTest("built with a sanitizer")
        with open(path, "rb") as file:
            done = program.run("--reply", "--summary", "json", "--jobs", "1", input_from=file, preexec_fn=limit)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["recipients"], 100000)


if __name__ == "__main__":
    program.main()
