#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a ledger answers, and what a person can tell it."""
import json
import re

from ledger import DAY, KIND, SOURCE, START, LedgerTest, lines, main, verdict, when

HOUR = 3600


def full(address, at, **more):
    return verdict(address, at, "mailbox-full", hard=False, **more)


def delivered(address, at, **more):
    return verdict(address, at, "delivered", kind="log", action="delivered", group="other", **more)


class Questions(LedgerTest):
    def test_may(self):
        self.record(verdict("dead@b.example"), full("full@b.example", START))
        self.assertEqual(self.may("full@b.example", now=START + HOUR), "not-now")
        self.assertEqual(self.may("full@b.example", now=START + 25 * HOUR), "yes")
        answer = self.answers("may", "full@b.example", "--now", when(START + HOUR), status=3)[0]
        self.assertEqual(answer, {"address": "full@b.example", "may": "not-now", "from": when(START + DAY), "state": "due"})
        both = ("dead@b.example", "full@b.example", "new@b.example")
        self.assertEqual(self.run_ledger("may", *both, "--now", when(START)).returncode, 1)
        self.assertEqual(self.run_ledger("may", *both[1:], "--now", when(START)).returncode, 3)
        self.assertEqual(self.run_ledger("may", both[2]).returncode, 0)

    def test_may_filters(self):
        self.record(verdict("dead@b.example"), full("full@b.example", START))
        given = "a@b.example\nDEAD@b.example\r\nfull@b.example\nno address\n\nBüro@b.example"
        out = self.ledger("may", "--now", when(START + HOUR), given=given)
        self.assertEqual(out.splitlines(), ["a@b.example", "Büro@b.example"])
        rows = self.answers("may", "--now", when(START + HOUR), given=given)
        self.assertEqual([r["may"] for r in rows], ["yes", "never", "not-now", "never", "yes"])
        self.assertTrue(self.ledger("may", "--format", "csv", given="x@y.example\n").startswith("address,may,from,state\nx@y.example,yes,,free\n"))

    def test_four_retries_then_a_pause(self):
        """A full mailbox is due after 24, 48, 72 hours and a week; each attempt shows that it is still full."""
        at, waits = START, []
        for i in range(5):
            self.record(full("full@b.example", at, message=f"<m{i}@x>"), now=at)
            until = int(self.sql("SELECT until FROM states")[0][0])
            waits.append((until - at) // HOUR)
            state = self.sql("SELECT state FROM states")[0]
            self.assertEqual(self.answers("due", "--now", when(until - 1)), [])
            self.assertEqual([r["address"] for r in self.answers("due", "--now", when(until))], ["full@b.example"])
            at = until + HOUR
        self.assertEqual(waits, [24, 48, 72, 168, 720])
        self.assertEqual(state, ["paused"])
        self.record(delivered("full@b.example", at, message="<m9@x>"), now=at)
        self.assertEqual(self.may("full@b.example", now=at + HOUR), "yes")
        self.assertEqual(self.answers("due", "--now", when(at + 5 * DAY)), [])

    def test_suppressed_and_changes(self):
        self.record(verdict("b@b.example", START + 5), verdict("a@b.example", START), now=START + DAY)
        self.assertEqual([r["address"] for r in self.answers("suppressed")], ["a@b.example", "b@b.example"])
        self.assertEqual(self.answers("suppressed", "--limit", 1)[0]["since"], when(START))
        self.ledger("release", "a@b.example", "--because", "confirmed", "--who", "eve", "--now", when(START + 2 * DAY))
        self.assertEqual([r["address"] for r in self.answers("suppressed")], ["b@b.example"])
        since = self.answers("suppressed", "--since", when(START + 2 * DAY))
        self.assertEqual([(r["change"], r["address"]) for r in since], [("removed", "a@b.example")])
        changes = self.answers("changes", "--after", 0)
        self.assertEqual([(c["address"], c["was"], c["state"]) for c in changes][-1][:2], ("a@b.example", "suppressed"))
        self.assertEqual(len(changes), 3)
        self.assertEqual(self.answers("changes", "--after", changes[1]["n"]), changes[2:])
        self.assertEqual(self.answers("suppressed", "--scope", "other/x"), [])
        self.assertEqual(self.answers("suppressed", "--scope", "other/x", "--since", when(START)), [])
        self.assertEqual(self.answers("suppressed", "--scope", "//x", "--since", when(START + 2 * DAY)), since)

    def test_options_of_other_commands(self):
        """An option that a command would ignore is refused: prune has no --dry-run."""
        self.record(verdict("a@b.example", diagnostic="kept"))
        for command, option in (("prune", "--dry-run"), ("due", "--scope=x"), ("stats", "--scope=x"), ("show", "--since=today"),
                                ("forget", "--dry-run"), ("changes", "--since=today"), ("held", "--scope=x"), ("held", "--who=x")):
            done = self.run_ledger(command, option, *(["a@b.example"] if command in ("show", "forget") else []))
            self.assertEqual((done.returncode, done.stdout), (2, ""), (command, option))
            self.assertTrue(done.stderr.startswith(f"bounce-ledger: {option.split('=')[0]}: "), done.stderr)
        self.assertEqual(self.answers("show", "a@b.example")[0]["events"][0]["diagnostic"], "kept")

    def test_lists_are_read_in_their_order(self):
        """By an index, so that the first row costs no more than itself."""
        if KIND != "sqlite":
            self.skipTest("SQLite's plans")
        self.record()
        text = (SOURCE / "ledger" / "sql" / "statements.sql").read_text(encoding="utf-8")
        found = {m[2]: m[3] for m in re.finditer(r"^-- :(part|name) (\w+)\n(.*?)(?=^-- :|\Z)", text, re.S | re.M)}
        for name in ("suppressed", "suppressed_in", "suppressed_since", "suppressed_since_in", "due", "held", "changes_after", "exported"):
            sql = found[name]
            while "{" in sql:
                sql = re.sub(r"{(\w+)}", lambda m: found[m[1]], sql)
            plan = self.sql("EXPLAIN QUERY PLAN " + re.sub(r"\?\d", "7", sql))
            self.assertNotRegex(str(plan), "TEMP B-TREE|SCAN [^c]", name)

    def test_time_alone_changes(self):
        self.record(full("full@b.example", START))
        for i in range(1, 40):
            self.ledger("due", "--now", when(START + i * 10 * DAY))
        cursor = self.answers("changes", "--after", 0)
        self.assertEqual(cursor[0]["state"], "due")

    def test_a_question_about_another_time_changes_nothing(self):
        """A held address is free after some time: a question about that time must not free it now."""
        policy = self.folder / "policy"
        policy.write_text("treat hard no-such-user as hold\n", encoding="ascii")
        options = ("--policy", policy)
        self.record(verdict("a@b.example"), now=START, options=options)
        before = self.sql("SELECT * FROM states"), self.sql("SELECT * FROM changes")
        later = ("--now", when(START + 60 * DAY), *options)
        self.assertEqual(self.answers("held", *later), [])
        for question in (("suppressed",), ("due",), ("held",), ("export", "--list", "ses", "-q")):
            self.ledger(*question, *later)
        self.assertEqual((self.sql("SELECT * FROM states"), self.sql("SELECT * FROM changes")), before)
        self.assertEqual(self.may("a@b.example", *options, now=START + DAY), "not-now")
        self.assertEqual(self.answers("changes", "--after", before[1][-1][0], *later)[0]["was"], "held")
        self.assertEqual(len(self.sql("SELECT * FROM changes")), len(before[1]) + 1)

    def test_strikes_fade_if_something_was_sent(self):
        """Without a mail since then, nobody knows that it would not bounce again."""
        for sent, left in ((True, 0), (False, 1)):
            db = self.new_db()
            self.record(verdict("a@b.example", START, "mailbox-moved", hard=False, message="<1@x>"), now=START, db=db)
            self.assertEqual(self.sql("SELECT count(*) FROM states", db)[0], ["1"])
            if sent:
                self.ledger("sent", db=db, given=f'{{"id":"<2@x>","address":"A@b.example","time":"{when(START + 30 * DAY)}"}}\n')
            self.record(now=START + 92 * DAY, db=db)
            self.assertEqual(self.sql("SELECT count(*) FROM states", db)[0], [str(left)])

    def test_release(self):
        self.record(verdict("a@b.example", START), now=START)
        self.assertEqual(self.run_ledger("release", "none@b.example", "--because", "confirmed").returncode, 1)
        self.ledger("release", "A@b.example", "--because", "resubscribed", "--who", "eve", "--now", when(START + DAY))
        self.assertEqual(self.may("a@b.example"), "yes")
        event = self.answers("show", "a@b.example")[0]["events"][-1]
        self.assertEqual((event["what"], event["because"], event["who"], event["at"]),
                         ("release", "resubscribed", "eve", when(START + DAY)))
        self.record(verdict("a@b.example", START + 9 * DAY, message="<again@x>"))
        self.assertEqual(self.may("a@b.example"), "never")

    def test_only_held_addresses_are_accepted_or_rejected(self):
        self.record(verdict("a@b.example", START), now=START)
        for word in "accept", "reject":
            done = self.run_ledger("held", word, "a@b.example")
            self.assertEqual((done.returncode, done.stderr), (1, "bounce-ledger: a@b.example: the address is not held\n"))
        self.assertEqual([e["what"] for e in self.answers("show", "a@b.example")[0]["events"]], ["bounce"])
        self.assertEqual(self.may("a@b.example"), "never")

    def test_show(self):
        self.record(verdict("Anna.B@b.example", START, message="<m@x>", diagnostic="550 5.1.1 unknown", remote="mx.b.example"))
        shown = self.answers("show", "anna.b@B.example")[0]
        self.assertEqual((shown["address"], shown["key"], shown["domain"]), ("Anna.B@b.example", "anna.b@b.example", "b.example"))
        event = shown["events"][0]
        self.assertEqual((event["diagnostic"], event["remote_mta"], event["message_id"]), ("550 5.1.1 unknown", "mx.b.example", "m@x"))
        self.assertEqual((shown["states"][0]["state"], shown["changes"][0]["state"]), ("suppressed", "suppressed"))
        text = self.ledger("show", "anna.b@b.example")
        self.assertIn("550 5.1.1 unknown", text)
        self.assertEqual(self.run_ledger("show", "x@b.example").returncode, 1)

    def test_forget(self):
        self.record(verdict("a@b.example", diagnostic="550 a@b.example"), full("c@b.example", START))
        self.ledger("forget", "a@b.example", "c@b.example")
        self.assertEqual(self.sql("SELECT (SELECT count(*) FROM addresses) + (SELECT count(*) FROM events) + (SELECT count(*) FROM states)"
                                  " + (SELECT count(*) FROM changes)")[0], ["0"])
        self.assertEqual((self.may("A@b.example"), self.may("c@b.example")), ("never", "yes"))
        self.assertEqual(self.run_ledger("show", "a@b.example").returncode, 1)
        self.ledger("forget", "a@b.example", "--even-suppression")
        self.assertEqual(self.may("a@b.example"), "yes")
        self.assertEqual(self.run_ledger("forget", "a@b.example").returncode, 1)
        self.record(verdict("a@b.example"))
        self.ledger("forget", "a@b.example")
        self.ledger("release", "a@b.example", "--because", "resubscribed")
        self.assertEqual(self.may("a@b.example"), "yes")

    def test_what_is_forgotten_is_out_of_the_file(self):
        """Even if SQLite was built without secure_delete."""
        if KIND != "sqlite":
            self.skipTest("a file")
        self.record(verdict("anna@b.example", diagnostic="no anna here"), *(verdict(f"u{i}@b.example") for i in range(50)))
        self.ledger("forget", "anna@b.example")
        files = b"".join(path.read_bytes() for path in self.folder.glob("ledger-*"))
        self.assertIn(b"u7@b.example", files)
        self.assertNotIn(b"anna", files)

    def test_release_of_what_was_forgotten(self):
        """Alone, known again since then, and among others: each is free afterwards."""
        both = ("a@b.example", "c@b.example")
        self.record(*map(verdict, both))
        self.ledger("forget", *both)
        self.record(verdict(both[0]))
        self.ledger("release", *both, "--because", "confirmed", "--now", when(START + DAY))
        self.assertEqual([self.may(a) for a in both], ["yes", "yes"])
        self.record(verdict(both[1]))
        self.ledger("forget", both[1])
        self.record(verdict(both[1], START + DAY))
        self.ledger("release", both[1], "--because", "confirmed", "--now", when(START + 2 * DAY))
        self.assertEqual(self.may(both[1]), "yes")

    def test_prune(self):
        self.record(verdict("a@b.example", START, diagnostic="old", message="<m1@x>"), verdict("c@b.example", START + 9 * DAY, diagnostic="new"))
        self.ledger("prune", "--days", 180, "--now", when(START + 185 * DAY))
        self.assertEqual([self.answers("show", a)[0]["events"][0]["diagnostic"] for a in ("a@b.example", "c@b.example")], [None, "new"])
        self.assertEqual(self.may("a@b.example"), "never")

    def test_prune_of_imported_words(self):
        self.ledger("import", "-q", "--list", "sendgrid", given='[{"email":"a@b.example","reason":"550 no anna","created":1767258000}]')
        self.ledger("release", "a@b.example", "--because", "confirmed", "--who", "eve", "--now", when(START + DAY))
        self.ledger("prune", "--now", when(START + 200 * DAY))
        self.assertEqual([e["who"] for e in self.answers("show", "a@b.example")[0]["events"]], [None, "eve"])

    def test_show_of_another_name_of_an_address(self):
        self.record(verdict("target@b.example", suppress="list@b.example"), verdict("target@b.example", message="<2@x>"))
        self.assertEqual([r["address"] for r in self.answers("show", "target@b.example")], ["target@b.example", "list@b.example"])

    def test_show_has_the_state_of_the_domain(self):
        failures = [verdict(f"u{n}@gone.example", START + n * DAY, "no-such-domain", group="network", message=f"<{n}@own.example>")
                    for n in (0, 2, 60)]
        self.record(*failures, verdict("a@other.example"), now=START + 61 * DAY)
        state = self.sql("SELECT state FROM domain_states")[0][0]
        self.assertNotEqual(state, "free")
        rows = self.answers("show", "u0@gone.example")[0]["states"]
        self.assertEqual([(r["scope"], r["state"], r["retries"]) for r in rows if r["for"] == "domain"], [("gone.example", state, None)])
        self.assertEqual(rows[-1]["for"], "domain")
        self.assertRegex(self.ledger("show", "u0@gone.example"), rf"  domain   gone.example     {state}")
        self.assertNotIn("domain", [r["for"] for r in self.answers("show", "a@other.example")[0]["states"]])

    def test_suppressed_domains(self):
        """A domain that has been gone for long is in the list, after the addresses, and in what --since adds."""
        failures = [verdict(f"u{n}@gone.example", START + n * DAY, "no-such-domain", group="network", message=f"<{n}@own.example>")
                    for n in (0, 2, 60, 95, 110)]
        self.record(verdict("dead@b.example"), *failures, now=START + 111 * DAY)
        rows = [json.loads(line) for line in self.ledger("suppressed", "--format", "json", "--now", when(START + 111 * DAY)).splitlines()]
        self.assertEqual([(row["address"], row["for"]) for row in rows if "@" not in row["address"]], [("gone.example", "domain")])
        self.assertEqual(rows[-1]["address"], "gone.example")
        added = self.ledger("suppressed", "--since", "2026-01-01", "--format", "csv", "--now", when(START + 111 * DAY))
        self.assertIn("added,gone.example,domain,", added)
        self.assertEqual(len(self.ledger("suppressed", "--limit", "1", "--now", when(START + 111 * DAY)).splitlines()), 1)

    def test_who_proves_a_complaint(self):
        """Anybody's mail passes DKIM, for a domain of their own: the domain must be related to the recipient."""
        for n, (related, result, basis) in enumerate(((True, "pass", "complaint"), (False, "pass", "unverified-complaint"),
                                                      (None, "pass", "unverified-complaint"), (True, "fail", "unverified-complaint"))):
            trust = {"reporter_related": related, "auth": {"dkim": result}}
            self.record(verdict(f"u{n}@b.example", kind="arf", action="complaint", reason="complaint", trust=trust))
            found = {row["address"]: row["basis"] for row in self.answers("suppressed")}
            self.assertEqual(found[f"u{n}@b.example"], basis)

    def test_release_says_what_it_does_not_lift(self):
        complaint = {"type": "abuse", "received_date": None}
        self.record(verdict("a@b.example", kind="arf", action="complaint", reason="complaint", sent="yes", feedback=complaint), now=START)
        release = ("release", "a@b.example", "--now", when(START + DAY), "--because")
        done = self.run_ledger(*release, "confirmed")
        self.assertEqual((done.returncode, self.may("a@b.example")), (1, "never"))
        self.assertIn("a@b.example: not released (complaint): only --because resubscribed lifts it", done.stderr)
        self.ledger("release", "a@b.example", "--because", "confirmed", "--scope", "other/x", "--now", when(START + DAY))
        self.ledger(*release, "resubscribed")
        self.assertEqual(self.may("a@b.example"), "yes")
        self.record(verdict("a@b.example", START + 9 * DAY), now=START + 9 * DAY)
        self.assertIn("came later", self.run_ledger(*release, "typo-fixed").stderr)

    def test_release_frees_the_domain(self):
        failures = [verdict(f"u{n}@gone.example", START + n * DAY, "no-such-domain", group="network", message=f"<{n}@own.example>")
                    for n in (0, 2, 60, 95, 110)]
        self.record(*failures, now=START + 111 * DAY)
        self.assertEqual(self.may("u0@gone.example"), "never")
        self.ledger("release", "u0@gone.example", "--because", "confirmed", "--now", when(START + 112 * DAY))
        self.assertEqual(self.may("u0@gone.example"), "yes")
        self.record(*failures, now=START + 113 * DAY)
        self.assertEqual(self.may("other@gone.example"), "yes")
        self.assertEqual(self.answers("changes", "--after", 0)[-1]["was"], "suppressed")
        self.record(verdict("u7@gone.example", START + 120 * DAY, "no-such-domain", group="network", message="<7@own.example>"),
                    verdict("u8@gone.example", START + 122 * DAY, "no-such-domain", group="network", message="<8@own.example>"))
        self.assertEqual(self.may("u0@gone.example", now=START + 123 * DAY), "not-now")

    def test_csv_is_safe(self):
        self.record(verdict('=cmd|x@b.example'), verdict('"a,b"@b.example'))
        rows = self.ledger("suppressed", "--format", "csv").splitlines()
        self.assertEqual(len(rows), 3)
        self.assertTrue(rows[1].startswith('"\'=cmd|') or rows[2].startswith('"\'=cmd|'), rows)


class Guard(LedgerTest):
    def test_a_window_shorter_than_an_hour_is_one(self):
        policy = self.folder / "policy"
        policy.write_text("guard-window 30min\n", encoding="ascii")
        self.record(*(verdict(f"u{i}@p.example", START + i, provider="p", message=f"<{i}@x>") for i in range(60)), now=START + HOUR,
                    options=("--policy", policy))
        self.assertEqual(len(self.answers("held", "--policy", policy, "--now", when(START + HOUR))), 60)

    def usual(self, addresses, days=29, first=START):
        """A provider that delivers, and bounces a mail now and then."""
        made = [delivered(f"ok{d}-{i}@p.example", first + d * DAY + i * HOUR, provider="p") for d in range(days) for i in range(10)]
        return made + [verdict(f"gone{d}@p.example", first + d * DAY + 7 * HOUR, provider="p", message=f"<g{d}@x>") for d in range(addresses)]

    def bad_afternoon(self, count, at):
        return [verdict(f"user{i}@p.example", at + i * 60, provider="p", message=f"<b{i}@x>") for i in range(count)]

    def test_bad_afternoon(self):
        at = START + 30 * DAY
        self.record(*self.usual(28), now=at)
        self.record(*self.bad_afternoon(120, at), now=at + 3 * HOUR, options=("--batch", 17))
        self.assertEqual(len(self.answers("held", "--now", when(at + 4 * HOUR))), 120)
        self.assertEqual(self.may("user0@p.example", now=at + 4 * HOUR), "not-now")
        # Addresses that bounced weeks ago are not held.
        self.assertEqual(self.may("gone2@p.example", now=at + 4 * HOUR), "never")
        # One is delivered, one bounces again, a person decides about two; time resolves the rest.
        later = at + 4 * DAY
        self.record(delivered("user1@p.example", later, provider="p", message="<l1@x>"),
                    verdict("user2@p.example", later, provider="p", message="<l2@x>"), now=later + HOUR)
        self.ledger("held", "accept", "user3@p.example", "--now", when(later))
        self.ledger("held", "reject", "user4@p.example", "--now", when(later))
        now = later + 5 * DAY
        self.assertEqual([self.may(f"user{i}@p.example", now=now) for i in (1, 2, 3, 4, 5)], ["yes", "never", "never", "yes", "not-now"])
        now = at + 20 * DAY
        self.ledger("held", "--now", when(now))
        self.assertEqual(self.may("user5@p.example", now=now), "yes")
        self.assertEqual(self.answers("held", "--now", when(now)), [])

    def test_a_small_share_of_what_was_sent(self):
        """120 addresses are 4 % of 3,000 mails to this provider, and 6 % of 2,000; mails to others do not matter."""
        at = START + 30 * DAY
        for mails, held in ((3000, 0), (2000, 120)):
            db = self.new_db()
            self.ledger("sent", db=db, given="".join(
                json.dumps({"id": f"<s{i}@x>", "address": f"u{i}@{domain}.example", "time": when(at + i)}) + "\n"
                for domain in ("p", "elsewhere") for i in range(mails)))
            self.record(*self.usual(28), db=db, now=at)
            self.record(*self.bad_afternoon(120, at), db=db, now=at + 3 * HOUR)
            self.assertEqual(len(self.answers("held", "--now", when(at + 4 * HOUR), db=db)), held)

    def test_one_message(self):
        """Twenty addresses of one message, around midnight, at many providers; a tenth of its recipients."""
        made = [verdict(f"u{i}@d{i}.example", START + DAY - 12 * 3600 + i * 2880, message="<issue@x>") for i in range(30)]
        sent = "".join(f'{{"id":"<issue@x>","address":"u{i}@d{i}.example","time":"{when(START)}"}}\n' for i in range(100))
        results = set()
        for order in (made, made[::-1], made[15:] + made[:15]):
            db = self.new_db()
            self.ledger("sent", db=db, given=sent)
            self.record(*order, db=db, now=START + 2 * DAY, options=("--batch", 4))
            results.add(json.dumps([self.states(db, START + 2 * DAY), sorted(self.sql("SELECT hour FROM trips", db))]))
        self.assertEqual(len(results), 1, results)
        self.assertEqual(len(self.answers("held", "--now", when(START + 2 * DAY), db=db)), 30)

    def test_one_report_of_many(self):
        """Anybody can write a report that names a whole list."""
        forged = verdict("u0@b.example")
        forged["recipients"] = [dict(forged["recipients"][0], address=f"u{i}@b.example", address_to_suppress=f"u{i}@b.example") for i in range(30)]
        self.record(forged, now=START + HOUR)
        self.assertEqual(len(self.answers("held", "--now", when(START + HOUR))), 30)
        db = self.new_db()
        self.record(dict(forged, sent="yes"), now=START + HOUR, db=db)
        self.assertEqual(len(self.answers("suppressed", db=db)), 30)

    def test_complaints_of_one_reporter(self):
        def complaint(i, **more):
            return verdict(f"u{i}@b.example", START + i * 60, "complaint", kind="arf", action="complaint", group="other", message=f"<c{i}@x>",
                           feedback={"type": "abuse"}, report={"message_id": None, "from": "FBL <fbl@odd.example>", "date": when(START + i * 60)}, **more)
        for order in (1, -1):
            db = self.new_db()
            self.record(*[complaint(i) for i in range(40)][::order], db=db, now=START + DAY, options=("--batch", 7))
            self.assertEqual(len(self.answers("held", "--now", when(START + DAY), db=db)), 40)
        db = self.new_db()
        self.record(*[complaint(i, sent="yes") for i in range(40)], db=db, now=START + DAY)
        self.assertEqual(len(self.answers("suppressed", db=db)), 40)

    def test_december_2020(self):
        """Gmail on 14 and 15 December 2020: 550 5.1.1 for everybody, for hours, on both days. Nobody is lost."""
        gmail = {"provider": "google", "remote": "gmail-smtp-in.l.google.com"}
        first = 1605225600  # 2020-11-13
        usual = [delivered(f"u{(d * 12 + i) % 300}@gmail.example", first + d * DAY + i * HOUR, message=f"<u{d}.{i}@x>", **gmail)
                 for d in range(30) for i in range(12)]
        usual += [verdict(f"gone{d}@gmail.example", first + d * DAY, message=f"<g{d}@x>", **gmail) for d in range(30)]
        bad = [(1607971200 + i * 30, i) for i in range(0, 300)] + [(1608051600 + i * 30, i) for i in range(100, 400)]
        bounced = [verdict(f"u{i}@gmail.example", at, message=f"<b{at}.{i}@x>", diagnostic="550 5.1.1 The email account that you tried to "
                           "reach does not exist", **gmail) for at, i in bad]
        now = 1608076800  # 2020-12-16
        self.record(*usual, *bounced, now=now, options=("--batch", 100))
        lost = [r["address"] for r in self.answers("suppressed", "--now", when(now)) if r["address"].startswith("u")]
        self.assertEqual(lost, [])
        self.assertEqual(self.may("u150@gmail.example", now=now), "not-now")
        later = now + 4 * DAY
        self.record(*[delivered(f"u{i}@gmail.example", later, message=f"<l{i}@x>", **gmail) for i in range(0, 400, 2)], now=later + 5 * DAY)
        end = now + 30 * DAY
        self.ledger("held", "--now", when(end))
        answers = self.answers("may", "--now", when(end), given="".join(f"u{i}@gmail.example\n" for i in range(400)))
        self.assertEqual({a["may"] for a in answers}, {"yes"})
        self.assertEqual(self.may("gone3@gmail.example", now=end), "never")

    def test_order(self):
        at = START + 30 * DAY
        made = self.usual(28) + self.bad_afternoon(80, at)
        results = set()
        for order in (made, made[::-1], made[1::2] + made[::2]):
            db = self.new_db()
            self.record(*order, db=db, now=at + DAY, options=("--batch", 50))
            results.add(json.dumps([self.states(db, at + DAY), self.sql("SELECT question, reason, hour FROM trips ORDER BY 1, 2, 3", db)]))
        self.assertEqual(len(results), 1)

    def test_below(self):
        at = START + 30 * DAY
        self.record(*self.usual(28), *self.bad_afternoon(30, at), now=at + DAY)
        self.assertEqual(self.answers("held"), [])
        self.assertEqual(self.may("user7@p.example"), "never")

    def test_first_cleaning(self):
        self.record(*self.bad_afternoon(120, START), now=START + DAY, options=("--first-cleaning",))
        self.assertEqual(len(self.answers("suppressed")), 120)


if __name__ == "__main__":
    main()
