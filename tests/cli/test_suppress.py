#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The address to which the sender wrote, --suppress, --only, --exclude, --since and --until."""
import datetime
import json

import program
from program import FROM, ORDINARY, Case, dsn


def returned(mail, to, fields=""):
    """A report with a returned message to that address."""
    part = f"--b\nContent-Type: text/rfc822-headers\n\nFrom: News <news@sender.example>\nTo: {to}\n{fields}\n--b--"
    return mail.replace("--b--", part)


class AddressToSuppress(Case):
    def address(self, mail, *options):
        answer = json.loads(self.check_run("--format", "json", *options, stdin=mail))
        return answer["recipients"][0]["address_to_suppress"]

    def test_the_address_itself(self):
        self.assertEqual(self.address(dsn()), "user@example.net")
        self.assertEqual(self.address("", "--reply", "550 5.1.1 <jo@example.net>: User unknown"), "jo@example.net")
        self.assertIsNone(self.address("", "--reply", "550 5.1.1 User unknown"))

    def test_the_recipient_that_is_given_with_brackets(self):
        for given in "joe@x.example", "<joe@x.example>":
            answer = json.loads(self.check_run("-f", "json", "--recipient", given, "--reply", "550 5.1.1 unknown"))
            self.assertEqual(answer["recipients"][0]["address"], "joe@x.example")

    def test_the_only_to_of_the_returned_message(self):
        self.assertEqual(self.address(returned(dsn(), "User <user@forward.example>")), "user@forward.example")
        for to in ("user@forward.example, b@example.net", "news@sender.example", "undisclosed-recipients:;"):
            self.assertEqual(self.address(returned(dsn(), to)), "user@example.net", to)
        mail = returned(dsn(), "members@lists.sender.example", "List-Id: All <members.lists.sender.example>\n")
        self.assertEqual(self.address(mail), "user@example.net")

    def test_not_of_a_report_on_several(self):
        other = "\n\nFinal-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.1.1\n\n--b"
        mail = returned(dsn().replace("\n\n--b--", f"{other}--"), "user@forward.example")
        self.assertEqual(self.address(mail), "user@example.net")

    def test_the_original_recipient_comes_before_that(self):
        mail = dsn().replace("Final-Recipient", "Original-Recipient: rfc822; User@orig.example\nFinal-Recipient")
        self.assertEqual(self.address(returned(mail, "user@forward.example")), "User@orig.example")

    def test_verp_that_the_report_confirms_comes_first(self):
        mail = returned(dsn(), "user@forward.example").replace(
            "To: sender@example.org", "To: bounces+user=example.net@sender.example", 1)
        self.assertEqual(self.address(mail), "user@example.net")
        self.assertEqual(self.address(mail.replace("+user=example.net", "+anna=maple.example")), "anna@maple.example")
        stated = mail.replace("Final-Recipient", "Original-Recipient: rfc822; user@orig.example\nFinal-Recipient")
        self.assertEqual(self.address(stated.replace("+user=example.net", "+anna=maple.example")), "user@orig.example")


def box(*mails):
    return "".join(f"{FROM}{mail}\n" for mail in mails)


FULL = dsn("full@example.net", "552 5.2.2 over quota", "5.2.2")
LOG = ("2026-10-04T04:36:41Z mx1 postfix/qmgr[1]: A1b: from=<news@sender.example>, size=9, nrcpt=1 (queue active)\n"
       "2026-10-04T04:36:42Z mx1 postfix/smtp[1]: A1b: to=<a@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, "
       "dsn=5.1.1, status=bounced (host mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown)\n")
LEFT_OUT = "left out: {} repeated, {} in reports of mail that you did not send, {} without an address\n"


class Suppress(Case):
    def test_each_address_once(self):
        mails = box(dsn("b@example.net"), FULL, dsn("a@example.org"), dsn("B@example.net"), ORDINARY)
        for jobs in ("1", "2"):
            text = self.check_run("--suppress", "--jobs", jobs, stdin=mails, stderr="bounce-classify: 2 addresses to "
                                  "suppress; " + LEFT_OUT.format(1, 0, 0))
            self.assertEqual(text, "b@example.net\na@example.org\n")

    def test_what_you_did_not_send_is_left_out(self):
        mail = returned(dsn("a@example.org"), "a@example.org", "Message-ID: <1@evil.test>\nReturn-Path: <x@evil.test>\n"
                        "Received: from a by mx.evil.test\nDKIM-Signature: v=1; d=evil.test\n")
        text = self.check_run("--suppress", "--own-domain", "mine.example", stdin=mail,
                              stderr="bounce-classify: 0 addresses to suppress; " + LEFT_OUT.format(0, 1, 0))
        self.assertEqual(text, "")

    def test_an_address_is_one_line(self):
        mail = dsn("a@example.org").replace("rfc822; a@example.org", 'rfc822; "a\x0bb\x07"@example.org')
        text = program.run("--suppress", stdin=mail).stdout.decode()
        self.assertNotRegex(text, r"[\x00-\x09\x0b-\x20\x7f]")
        self.assertLessEqual(text.count("\n"), 1)

    def test_one_cause_at_one_provider_is_suspicious(self):
        mails = [dsn(f"u{i}@example.net").replace("mx.example.net", "mx.Example.NET" if i % 2 else "mx.example.net")
                 for i in range(11)]
        for others, status in ((10, 1), (11, 0)):
            some = box(*mails, *(dsn(f"u@d{i}.example").replace("mx.example.net", f"mx.d{i}.example")
                                 for i in range(others)))
            done = program.run("--suppress", stdin=some)
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (status, 0 if status else 22))
            if status:
                self.assertIn(b"11 of 21 addresses have one cause at one provider, no-such-user at example.net",
                              done.stderr)
                self.assertEqual(program.run("--suppress", "--force", stdin=some).stdout.count(b"\n"), 21)
        self.assertEqual(program.run("--suppress", stdin=box(*mails[:9])).returncode, 0)
        self.assertEqual(program.run("--force", stdin="").returncode, 2)

    def test_of_replies(self):
        done = program.run("--suppress", "--reply", "550 5.1.1 <jo@example.net>: User unknown", "550 5.1.1 unknown user")
        self.assertEqual(done.stdout, b"jo@example.net\n")
        self.assertTrue(done.stderr.decode().endswith("1 without an address\n"), done.stderr)

    def test_spaces_in_a_quoted_local_part(self):
        done = program.run("--suppress", "--force", "--reply", '550 5.1.1 <"a b"@x.example>: user unknown')
        self.assertEqual(done.stdout, b'"a b"@x.example\n')
        self.assertTrue(done.stderr.decode().endswith(LEFT_OUT.format(0, 0, 0)), done.stderr)
        for bad in ("\u0085", "\u2028", "\u202e", "\t"):
            done = program.run("--suppress", "--force", "--reply", f'550 5.1.1 <"a{bad}b"@x.example>: user unknown')
            self.assertNotIn(bad.encode(), done.stdout)

    def test_of_logs_and_events(self):
        """A log names the address before a forward; both name the address to which the sender wrote."""
        told = "bounce-classify: 1 address to suppress; " + LEFT_OUT.format(0, 0, 0)
        forwarded = LOG.replace("to=<a@", "to=<new@forward.example>, orig_to=<a@")
        for line in LOG, forwarded:
            self.assertEqual(self.check_run("--log", "--suppress", stdin=line, stderr=told), "a@b.example\n")
        event = {"event": "bounce", "email": "a@b.example", "sg_event_id": "1", "type": "bounce",
                 "reason": "550 5.1.1 user unknown"}
        text = self.check_run("--events", "--suppress", stdin=json.dumps(event), stderr=told)
        self.assertEqual(text, "a@b.example\n")


class Filter(Case):
    MAILS = box(dsn("a@sub.example.net"), FULL, ORDINARY, dsn("c@example.org", "451 4.3.0 later", "4.3.0", "delayed"),
                returned(dsn("d@example.org").replace("Remote-MTA: dns; mx.example.net", "Remote-MTA: dns; mx.other.example"),
                         "d@example.org"))

    def addresses(self, *options):
        lines = self.check_run("--format", "json", *options, stdin=self.MAILS).splitlines()
        return [[recipient["address"][0] for recipient in json.loads(line)["recipients"]] for line in lines]

    def test_only_and_exclude(self):
        for options, want in (
                (["--only", "type=hard"], "ad"), (["--only", "type=HARD", "--only", "domain=example.net"], "a"),
                (["--only", "reason=mailbox-full,no-such-user"], "afd"), (["--only", "reason=mail*"], "f"),
                (["--exclude", "reason=no-such-user"], "fc"), (["--only", "group=recipient"], "afd"),
                (["--only", "action=delayed"], "c"), (["--only", "kind=dsn"], "afcd"),
                (["--only", "domain=example.net"], "af"), (["--only", "domain=sub.example.net"], "a"),
                (["--only", "address=C@example.org"], "c"), (["--only", "address=*@example.org"], "cd"),
                (["--only", "sender=news@sender.example"], "d"), (["--only", "remote_mta=other.example"], "d"),
                (["--only", "type=hard", "--exclude", "domain=example.org"], "a")):
            got = self.addresses(*options)
            self.assertEqual("".join(a for one in got for a in one), want, options)
        self.assertEqual(self.addresses("--only", "kind=none"), [[]])
        self.assertEqual(self.addresses("--exclude", "type=hard,soft"), [[]])

    def test_all_formats_and_totals(self):
        text = self.check_run("--only", "type=hard", stdin=self.MAILS)
        self.assertEqual([line.split()[0] for line in text.splitlines()], ["a@sub.example.net", "d@example.org"])
        self.assertEqual(self.totals, "messages 2, reports 2, recipients 2: hard 2, soft 0, none 0")
        text = self.check_run("--format", "csv", "--only", "type=hard", stdin=self.MAILS)
        self.assertEqual(text.count("\n"), 3)
        text = self.check_run("--suppress", "--only", "domain=example.org", stdin=self.MAILS,
                              stderr="bounce-classify: 1 address to suppress; " + LEFT_OUT.format(0, 0, 0))
        self.assertEqual(text, "d@example.org\n")

    def test_of_logs(self):
        for condition, shown in (("queue_id=A1b", 1), ("queue_id=A1*", 1), ("queue_id=a1b", 0),
                                 ("queue_id=A2,A1b", 1), ("sender=NEWS@sender.example", 1),
                                 ("sender=b@sender.example", 0), ("kind=log", 1)):
            text = self.check_run("--log", "--format", "json", "--only", condition, stdin=LOG)
            self.assertEqual(len(text.splitlines()), shown, condition)
        self.assertEqual(self.addresses("--only", "queue_id=*"), [])
        text = self.check_run("--log", "--format", "csv", "--fields", "queue_id,address,advice.queue", stdin=LOG)
        self.assertEqual(text, "queue_id,recipients.address,recipients.advice.queue\nA1b,a@b.example,drop\n")

    def test_recipients_of_one_message(self):
        other = "\n\nFinal-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.2.2\n" \
                "Diagnostic-Code: smtp; 552 over quota {\"}],[\n\n--b"
        mail = dsn().replace("\n\n--b--", f"{other}--")
        for reason, want in (("mailbox-full", ["b@example.net"]), ("no-such-user", ["user@example.net"])):
            answer = json.loads(self.check_run("--format", "json", "--only", f"reason={reason}", stdin=mail))
            self.assertEqual([recipient["address"] for recipient in answer["recipients"]], want)

    def test_wrong_conditions(self):
        for condition, message in (("type", "not KEY=VALUE"), ("size=3", "with a key of type, reason"),
                                   ("type=heavy", "unknown type; it can be"), ("reason=", "not KEY=VALUE")):
            done = program.run("--only", condition, stdin="")
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr.decode())

    def test_the_time_when_it_happened(self):
        """dsn() is dated 2026-01-31 10:00:05 UTC."""
        for zone, options, shown in (
                ("UTC", ["--since", "2026-01-31"], True), ("UTC", ["--since", "2026-02-01"], False),
                ("UTC", ["--until", "2026-01-31"], True), ("UTC", ["--until", "2026-01-30"], False),
                ("UTC", ["--since", "2026-01", "--until", "2026-01"], True),
                ("UTC", ["--since", "2026-01-31T10:00:05"], True), ("UTC", ["--since", "2026-01-31T10:00:06Z"], False),
                ("XXX-14", ["--since", "2026-02-01"], True), ("XXX-14", ["--until", "2026-01-31"], False),
                ("UTC", ["--until", "today"], True), ("UTC", ["--until", "last month"], True)):
            lines = self.check_run("--format", "json", *options, stdin=dsn(), env={"TZ": zone}).splitlines()
            self.assertEqual(len(lines), int(shown), (zone, options))
        now = datetime.datetime.now(datetime.timezone.utc)
        mail = dsn().replace("Sat, 31 Jan 2026 10:00:05 +0000", now.strftime("%a, %d %b %Y %H:%M:%S +0000"))
        for options, shown in ((["--since", "today"], 1), (["--since", "this month"], 1), (["--since", "yesterday"], 1),
                               (["--until", "yesterday"], 0), (["--until", "last month"], 0)):
            lines = self.check_run("--format", "json", *options, stdin=mail, env={"TZ": "UTC"}).splitlines()
            self.assertEqual(len(lines), shown, options)
        for wrong in ("2026-02-30", "2026-13", "tomorrow", "2026", "2026-01-31T24:00", "2026-01-31x", ""):
            self.assertEqual(program.run("--since", wrong, stdin="").returncode, 2, wrong)


if __name__ == "__main__":
    program.main()
