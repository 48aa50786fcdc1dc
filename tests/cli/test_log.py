#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--log: inputs, options, files that are not logs, bad lines."""
import gzip
import json
import os

import program
from program import ORDINARY, Case, dsn

HEAD = "2026-10-04T04:36:41Z mx1 postfix/"
FAILED = ("smtp[1]: A{0}: to=<u{0}@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, dsn=5.1.1, status=bounced "
          "(host mx.b.example[198.51.100.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))\n")
SENT = "smtp[1]: B1: to=<v@b.example>, relay={0}[{1}]:25, delay=9, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"


def failed(number=1):
    return HEAD + FAILED.format(number)


class Log(Case):
    def objects(self, *arguments, **more):
        text = self.check_run("--log", "--format", "json", *arguments, **more)
        return [json.loads(line) for line in text.splitlines()]

    def test_a_file_a_pipe_and_several_files(self):
        one, two = self.put("1.log", failed(1)), self.put("2.log", failed(2) + failed(3))
        got = [(o["source"]["path"], o["source"]["index"], o["source"]["offset"], o["recipients"][0]["address"])
               for o in self.objects(one, two)]
        self.assertEqual(got, [(str(one), 0, 0, "u1@b.example"), (str(two), 0, 0, "u2@b.example"),
                               (str(two), 1, len(failed(2)), "u3@b.example")])
        got = self.objects(stdin=failed(1) + failed(2))
        self.assertEqual([o["source"]["path"] for o in got], [None, None])
        self.assertEqual(self.objects("-", stdin=failed(1)), got[:1])
        self.assertEqual(self.objects(stdin=failed(1).rstrip("\n")), got[:1])

    def test_rotated_files_are_read_from_the_oldest(self):
        given = ["a.log", "b.log.1", "a.log.2.gz", "b.log", "a.log-20261129", "a.log.10", "b.log.2", "other"]
        want = ["a.log-20261129", "b.log.2", "a.log.10", "b.log.1", "a.log.2.gz", "a.log", "b.log", "other"]
        paths = [self.put(name, failed()) for name in given]
        self.assertEqual([os.path.basename(o["source"]["path"]) for o in self.objects(*paths)], want)
        many = [self.put(f"many/{i % 7}.log.{i // 7}", failed()) for i in range(300)]
        got = [os.path.basename(o["source"]["path"]) for o in self.objects(*many)]
        self.assertEqual(got, [f"{i % 7}.log.{(299 - i % 7) // 7 - i // 7}" for i in range(300)])

    def test_input_format_log_is_the_same(self):
        log = self.put("1.log", failed(1))
        self.assertEqual(self.check_run("--input-format", "log", log), self.check_run("--log", log))

    def test_jobs_change_nothing(self):
        log = self.put("1.log", "".join(map(failed, range(2000))))
        self.assertEqual(self.check_run("--jobs", "4", "--log", log), self.check_run("--jobs", "1", "--log", log))

    def test_a_line_is_judged_as_if_it_were_alone(self):
        """Each line alone, and all lines together several times: the same results."""
        texts = ["550 5.1.1 User unknown", "550 5.1.1 <{0}>: no such user", "452 4.2.2 over quota", "421 4.7.0 try again later",
                 "451 try again in 300 seconds", "450 4.7.1 come back after 23:59 UTC", "554 5.7.1 rejected by zen.spamhaus.org",
                 "550 {1} is unknown here", "550 joe is unknown here", "", "550 5.7.1 \xe9t\xe9", "553 sorry, badmailfrom"]
        people = ["joe@b.example", "ann@b.example", "user@other.example"]
        lines = []
        for text in texts * 3:
            for who in people:
                said = text.format(who, who.partition("@")[0])
                action = "bounced" if said.startswith("5") else "deferred"
                lines.append(f"{HEAD}smtp[1]: A{len(lines)}: to=<{who}>, relay=mx.b.example[198.51.100.1]:25, delay=9, "
                             f"dsn=4.0.0, status={action} (host mx.b.example[198.51.100.1] said: {said} (in reply to RCPT TO))\n")
        raw = [line.encode("latin-1") for line in lines]
        together = program.run("--log", "--format", "json", stdin=b"".join(raw)).stdout.splitlines()
        self.assertEqual(len(together), len(raw))
        for line, got in zip(raw, together):
            alone = json.loads(program.run("--log", "--format", "json", stdin=line).stdout)
            got = json.loads(got)
            del alone["source"], got["source"]
            self.assertEqual(got, alone, line)

    def test_text_and_csv(self):
        log = self.put("1.log", failed(1))
        self.assertIn("u1@b.example", self.check_run("--log", log))
        two = self.put("2.log", failed(2) + failed(3))
        fronts = [line.split(" ")[0] for line in self.check_run("--log", log, two).splitlines()]
        self.assertEqual(fronts, [f"{log}:1:", f"{two}:1:", f"{two}:2:"])
        self.check_run("--log", log)
        self.assertEqual(self.totals, "entries 1: hard 1, soft 0, none 0")
        header, row = self.check_run("--log", "--format", "csv", log).splitlines()
        self.assertEqual(dict(zip(header.split(","), row.split(",")))["kind"], "log")

    def test_relays(self):
        def actions(*arguments, name="mx.b.example", address="198.51.100.1"):
            line = HEAD + SENT.format(name, address)
            return [o["recipients"][0]["action"] for o in self.objects("--delivered", *arguments, stdin=line)]
        self.assertEqual(actions(), ["delivered"])
        self.assertEqual(actions("--relay", "198.51.100.0/24"), ["relayed"])
        self.assertEqual(actions("--relay", "mx.b.example"), ["relayed"])
        self.assertEqual(actions(address="127.0.0.1"), ["relayed"])
        for address in ("10.9.8.7", "fd00::5", "::ffff:10.9.8.7"):
            self.assertEqual(actions(address=address), ["relayed"])
        self.assertEqual(actions("--relay", "198.51.100.0/24", address="::ffff:198.51.100.1"), ["relayed"])
        tagged = ("2026-10-04T04:36:41Z mx1 sendmail[1]: l8E3xVpO007424: to=<v@b.example>, mailer=esmtp, "
                  "relay=gw. [IPv6:fd00::5], dsn=2.0.0, stat=Sent (ok)\n")
        (o,) = self.objects("--delivered", stdin=tagged)
        self.assertEqual((o["recipients"][0]["action"], o["recipients"][0]["remote_address"]), ("relayed", "fd00::5"))
        self.assertEqual(self.objects(stdin=HEAD + SENT.format("mx.b.example", "198.51.100.1")), [])

    def test_final_is_the_last_outcome(self):
        """A recipient that was delayed and then delivered or relayed is no failure any more, shown or not."""
        put_off = HEAD + FAILED.format(1).replace("A1", "B1").replace("u1@", "v@").replace("bounced", "deferred")
        other = put_off.replace("v@", "w@")
        for address, action in (("198.51.100.1", "delivered"), ("10.0.0.1", "relayed")):
            lines = put_off + other + HEAD + SENT.format("mx.b.example", address) + HEAD + "qmgr[1]: B1: removed\n"
            def outcomes(*arguments):
                return [(o["recipients"][0]["address"], o["recipients"][0]["action"])
                        for o in self.objects("--final", *arguments, stdin=lines)]
            self.assertEqual(outcomes(), [("w@b.example", "delayed")])
            self.assertEqual(outcomes("--delivered"), [("v@b.example", action), ("w@b.example", "delayed")])

    def test_several_recipients_of_sendmail(self):
        for to, want in (("<a@x.example>,<b@x.example>", ["a@x.example", "b@x.example"]),
                         ("a@x.example,b@y.example", ["a@x.example", "b@y.example"]), ("joe,ann", ["joe", "ann"]),
                         ("<a@x.example>,joe", ["a@x.example", "joe"]),
                         ('<"a,b"@x.example>,c@x.example', ['"a,b"@x.example', "c@x.example"]),
                         ('<"a\\",<"@x.example>,joe', ['"a\\",<"@x.example', "joe"]),
                         ('"|/usr/bin/list a,b"', ["|/usr/bin/list a,b"])):
            line = f"2026-10-04T04:36:41Z mx1 sendmail[1]: l8E3xVpO007424: to={to}, delay=00:00:01, dsn=5.1.1, stat=User unknown\n"
            self.assertEqual([o["recipients"][0]["address"] for o in self.objects(stdin=line)], want)

    def test_a_blank_in_an_address_of_exim(self):
        for address in ('"jo e"@x.example', "joe@x.example"):
            (o,) = self.objects(stdin="2026-10-04 04:36:49+00:00 1RwtEg-0002zL-Mi ** " + address + " <root@s.example> "
                                      "R=dnslookup T=remote_smtp H=mx.x.example [198.51.100.1]: 550 5.1.1 User unknown\n")
            (r,) = o["recipients"]
            self.assertEqual((r["address"], r["original_recipient"]), (address, "root@s.example"))

    def test_more_recipients_than_are_read(self):
        """The first ones of the line are read; the others are ignored."""
        people = [f"u{i}@x.example" for i in range(70)]
        row = "2026-10-04T04:36:49.123Z,,mx,,mx.x.example,,,SMTP,FAIL,1,<m@x>,n,{},550 5.1.1 x,9,70,,,s,a@b,a@b,,,,\n"
        syslog = "2026-10-04T04:36:41Z mx1 sendmail[1]: l8E3xVpO007424: to={}, delay=00:00:01, dsn=5.1.1, stat=User unknown\n"
        record = '{{"type":"Bounce","recipient":{},"timestamp":1790000000,"response":{{"code":550,"content":"5.1.1 no"}}}}\n'
        for line, there in ((row.format(";".join(people[:64])), 64), (row.format(";".join(people)), 70),
                            (syslog.format(",".join(people)), 70), (record.format(json.dumps(people)), 70)):
            result = program.run("--log", "--format", "json", stdin=line)
            got = [json.loads(line)["recipients"][0]["address"] for line in result.stdout.splitlines()]
            self.assertEqual(got, people[:64])
            self.assertEqual(b"more recipients than are read" in result.stderr, there > 64)

    def test_what_postfix_refuses(self):
        """The text ends where the facts begin, whatever it, an address or a name contains."""
        facts = "from=<a@out.example> to=<joe@our.example> proto=ESMTP helo=<{0}>"
        blocked = "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"
        helo = "450 4.7.1 <x; from=<y@z>: Helo command rejected: Host not found"
        rows = [
            ("smtpd", f"RCPT from unknown[192.0.2.1]: {blocked}; {facts}", "x", blocked),
            ("smtpd", f"RCPT from unknown[192.0.2.1]: {helo}; {facts}", "x", helo),
            ("smtpd", f"RCPT from unknown[192.0.2.1]: 550 5.1.1 no; {facts}", "x; from=<b@c> to=<d@e> proto=X", "550 5.1.1 no"),
            ("smtpd", f"RCPT from unknown[192.0.2.1]: 550 5.1.1 a<b; {facts}", "x", "550 5.1.1 a<b"),
            ("cleanup", f"header Subject: x from y; z from out.example[192.0.2.1]; {facts}: 5.7.1 spam", "x", "5.7.1 spam"),
            ("cleanup", f"body <a href from out.example[192.0.2.1]; {facts}: 4.7.1 later", "x", "4.7.1 later")]
        for service, text, name, said in rows:
            line = HEAD + f"{service}[1]: A1: reject: {text.format(name)}\n"
            (o,) = self.objects("--inbound", stdin=line)
            (r,) = o["recipients"]
            self.assertEqual((r["diagnostic"], r["address"], o["envelope_from"], r["remote_address"], r["action"]),
                             (said, "joe@our.example", "a@out.example", "192.0.2.1",
                              "delayed" if said.startswith("4") else "failed"), line)
        for text in ("header Subject: x; from=<a@b> to=<c@d>: 5.7.1 spam", "RCPT from unknown[192.0.2.1]: 550 5.1.1 no"):
            self.assertEqual(self.objects("--inbound", stdin=HEAD + f"cleanup[1]: A1: reject: {text}\n" + failed())[1:], [])

    def test_a_queue_id_that_is_handed_over_to_itself(self):
        sender = "a-sender-whose-name-is-long@client.example"
        lines = (HEAD + f"qmgr[1]: B1: from=<{sender}>, size=9, nrcpt=1 (queue active)\n" +
                 HEAD + SENT.format("filter", "127.0.0.1").replace("Ok", "Ok: queued as B1") +
                 HEAD + FAILED.format(1).replace("A1", "B1"))
        (o,) = self.objects(stdin=lines)
        self.assertEqual((o["envelope_from"], o["recipients"][0]["original_recipient"]), (sender, None))

    def test_time_zones(self):
        line = failed(1).replace("2026-10-04T04:36:41Z", "Oct  4 2026 04:36:41")
        for zone, date in (("UTC", "2026-10-04T04:36:41Z"), ("+0200", "2026-10-04T02:36:41Z")):
            result = program.run("--log", "--format", "json", "--log-timezone", zone, stdin=line)
            self.assertEqual(json.loads(result.stdout)["report"]["date"], date)
            self.assertIn(b"line 1, offset 0: times have no zone", result.stderr)

    def test_a_year_that_is_missing_is_that_of_the_file(self):
        log = self.put("1.log", failed(1).replace("2026-10-04T04:36:41Z", "Oct  4 04:36:41"))
        os.utime(log, (1600000000, 1600000000))  # 2020-09-13
        result = program.run("--log", "--format", "json", log)
        self.assertEqual(json.loads(result.stdout)["report"]["date"], "2019-10-04T04:36:41Z")
        self.assertIn(b"line 1, offset 0: times have no year", result.stderr)

    def test_bad_lines(self):
        deep = '{"type":' + '{"a":' * 1000 + "1" + "}" * 1001
        for bad, warning in (("x" * (1 << 20) + "y", b"line 2, offset %d: the line is longer"),
                             ('{"type":"Bounce","recipient":', b"line 2, offset %d: the line is not a complete JSON"),
                             (deep, b"line 2, offset %d: the line is not a complete JSON")):
            result = program.run("--log", "--format", "json", stdin=failed(1) + bad + "\n" + failed(2))
            self.assertEqual(len(result.stdout.splitlines()), 2)
            self.assertEqual(result.returncode, 0)
            self.assertIn(warning % len(failed(1)), result.stderr)
        rubbish = bytes(range(256)) * 40
        result = program.run("--log", "--format", "json", stdin=rubbish + b"\n" + failed(2).encode())
        self.assertEqual(len(result.stdout.splitlines()), 1)

    def test_a_log_that_is_cut(self):
        line = failed(1)
        for n in range(0, len(line), 7):
            program.run("--log", "--format", "json", stdin=line[:n])
        self.assertEqual(self.objects(stdin=failed(1) + HEAD + FAILED.format(2).partition("nced")[0])[1:], [])

    def test_numbers_where_strings_belong(self):
        line = '{"type":"Bounce","recipient":5,"sender":[[]],"response":{"code":"x","content":7},"size":"y"}\n'
        (o,) = self.objects(stdin=line)
        self.assertEqual((o["recipients"][0]["address"], o["envelope_from"], o["message_size"]), ("5", None, None))

    LATER = HEAD + ("smtp[1]: {0}: to=<{1}@b.example>, relay=mx.b.example[198.51.100.1]:25, delay=9, dsn=4.2.2, status=deferred "
                    "(host mx.b.example[198.51.100.1] said: 452 4.2.2 over quota (in reply to RCPT TO command))\n")

    def final(self, *arguments, **more):
        return [(os.path.basename(o["source"]["path"] or "-"), o["source"]["offset"], o["recipients"][0]["address"][0])
                for o in self.objects("--final", *arguments, **more)]

    def test_final_outcomes_name_the_log_of_their_line(self):
        a, b, c = (self.LATER.format(*one) for one in (("A", "a"), ("B", "b"), ("CCC", "c")))
        end = HEAD + "qmgr[1]: A: removed\n"
        old, new = self.put("x.log.1", b + a), self.put("x.log", c + end)
        self.assertEqual(self.final(old), [("x.log.1", 0, "b"), ("x.log.1", len(b), "a")])
        want = [("x.log.1", len(b), "a"), ("x.log.1", 0, "b"), ("x.log", 0, "c")]
        for jobs in 1, 2:
            self.assertEqual(self.final("--jobs", jobs, old, new), want)
        self.assertEqual(self.final(stdin=a), [("-", 0, "a")])
        self.assertEqual(self.final("-", old, stdin=c), [("-", 0, "c"), ("x.log.1", 0, "b"), ("x.log.1", len(b), "a")])
        fronts = [line.split(" ")[0] for line in self.check_run("--log", "--final", old, new).splitlines()]
        self.assertEqual(fronts, [f"{old}:2:", f"{old}:1:", f"{new}:1:"])

    def test_final_outcomes_of_a_shard_are_those_of_its_lines(self):
        a, b, again = (self.LATER.format(*one) for one in (("A", "a"), ("B", "b"), ("A", "a")))
        log = self.put("1.log", a + b + again + HEAD + "qmgr[1]: B: removed\n")
        self.assertEqual(self.final(log), [("1.log", len(a), "b"), ("1.log", len(a + b), "a")])
        self.assertEqual(self.final("--start-offset", len(a) + 1, log), [("1.log", len(a + b), "a")])
        self.assertEqual(self.final("--start-offset", log.stat().st_size, log), [])
        parts = [one for k in (1, 2, 3) for one in self.final("--shard", f"{k}/3", log)]
        self.assertEqual(sorted(parts), sorted(self.final(log)))
        other = self.put("1.log.1", b)
        parts = [one for k in (1, 2) for one in self.final("--shard", f"{k}/2", other, log)]
        self.assertEqual(sorted(parts), sorted(self.final(other, log)))

    def test_an_offset_beyond_the_end(self):
        log, message = self.put("1.log", failed(1)), b": the start is beyond the end\n"
        packed = self.put("2.log.gz", gzip.compress(failed(1).encode()))
        for arguments, stdin in (([log], b""), ([packed], b""), ([], failed(1))):
            done = program.run("--log", "--start-offset", "99999", *arguments, stdin=stdin)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertTrue(done.stderr.endswith(message), done.stderr)
        self.assertEqual(program.run("--log", "--start-offset", len(failed(1)), stdin=failed(1)).returncode, 0)

    def test_files_that_are_not_logs(self):
        mail = self.put("1.eml", ORDINARY)
        result = program.run("--log", mail)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"no line of it is from a known mail server's log", result.stderr)
        self.assertEqual(program.run("--log", self.put("empty.log", "")).returncode, 0)
        self.assertEqual(program.run("--log", self.folder / "none.log").returncode, 1)
        self.assertEqual(program.run("--log", self.folder).returncode, 1)

    def test_a_log_without_the_option_is_recognised(self):
        log = self.put("1.log", failed(1))
        for result in (program.run(log), program.run(stdin=failed(1))):
            self.assertEqual(result.returncode, 1)
            self.assertIn(b"is the log of a mail server; --log reads it", result.stderr)
        self.assertEqual(program.run(self.put("1.eml", dsn())).returncode, 0)

    def test_options_that_need_each_other(self):
        for arguments in (["--delivered"], ["--final"], ["--inbound"], ["--all"], ["--log-timezone", "UTC"],
                          ["--log", "--reply"], ["--log", "--own-domain", "a.example"], ["--follow"],
                          ["--log", "--follow"], ["--log", "--follow", "-"], ["--log", "--state", "s"],
                          ["--state", "s", "a"], ["--log", "--state", "s", "a", "b"],
                          ["--log", "--follow", "--shard", "1/2", "a"], ["--log", "--state", "s", "--start-offset", "1", "a"],
                          ["--log", "--log-timezone", "CET"], ["--log", "--relay", "a b"], ["--log", "--header", "X"]):
            self.assertEqual(program.run(*arguments).returncode, 2, arguments)


if __name__ == "__main__":
    program.main()
