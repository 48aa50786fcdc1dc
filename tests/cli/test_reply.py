#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--reply: SMTP replies from arguments and from lines of standard input."""
import json
import os
import subprocess

import program
from program import Case, state, until

FULL = "552 5.2.2 mailbox is over quota"
UNKNOWN = "550 5.1.1 user unknown"


class Reply(Case):
    def objects(self, *arguments, **more):
        text = self.check_run("--reply", "--format", "json", *arguments, **more)
        *lines, rest = text.split("\n")  # not at other characters that splitlines() takes for line ends
        self.assertEqual(rest, "")
        return [json.loads(line) for line in lines]

    def test_each_argument_is_a_reply(self):
        got = self.objects(FULL, UNKNOWN)
        self.assertEqual([answer["kind"] for answer in got], ["reply", "reply"])
        self.assertEqual([answer["recipients"][0]["reason"] for answer in got], ["mailbox-full", "no-such-user"])
        self.assertEqual(got[1]["source"], {"path": None, "index": 1, "offset": None, "length": len(UNKNOWN)})

    def test_each_line_is_a_reply(self):
        got = self.objects(stdin=f"{FULL}\n{UNKNOWN}\r\n\n{FULL}")
        self.assertEqual([len(answer["recipients"]) for answer in got], [1, 1, 1, 1])
        sources = [answer["source"] for answer in got]
        at = [0, len(FULL) + 1, len(FULL) + len(UNKNOWN) + 3, len(FULL) + len(UNKNOWN) + 4]
        self.assertEqual([source["offset"] for source in sources], at)
        self.assertEqual([source["length"] for source in sources], [len(FULL), len(UNKNOWN), 0, len(FULL)])
        self.assertEqual([source["index"] for source in sources], [0, 1, 2, 3])
        self.assertEqual(got[3]["recipients"][0]["reason"], "mailbox-full")

    def test_no_lines_give_no_results(self):
        self.assertEqual(self.objects(stdin=""), [])

    def test_lines_across_the_edges_of_blocks(self):
        count = 20000
        got = self.objects(stdin=f"{UNKNOWN}\n" * count)
        self.assertEqual(len(got), count)
        self.assertEqual({answer["recipients"][0]["reason"] for answer in got}, {"no-such-user"})
        self.assertEqual(got[-1]["source"]["offset"], (count - 1) * (len(UNKNOWN) + 1))

    def test_a_line_longer_than_the_limit(self):
        line = UNKNOWN + " " + "x" * 300000
        got = self.objects("--max-message-bytes", "1K", stdin=f"{line}\n{FULL}\n")
        self.assertEqual(got[0]["source"]["length"], len(line))
        self.assertEqual(got[0]["recipients"][0]["reason"], "no-such-user")
        self.assertEqual(got[1]["source"]["offset"], len(line) + 1)

    def test_a_line_that_is_cut_at_a_return(self):
        """Only a return at the end of the line belongs to the line end."""
        line = UNKNOWN + "\r" * 3000 + "x"
        got = self.objects("--max-message-bytes", "1K", stdin=f"{line}\r\n{FULL}\r\n")
        self.assertEqual([answer["source"]["length"] for answer in got], [len(line) + 1, len(FULL)])

    def test_a_folder_as_standard_input_is_an_error(self):
        folder = os.open(self.folder, os.O_RDONLY)
        done = program.run("--reply", input_from=folder)
        os.close(folder)
        self.assertEqual(done.stderr, b"bounce-classify: standard input: Is a directory\n")
        self.assertEqual((done.returncode, done.stdout), (1, b""))

    def test_results_that_fill_or_exceed_the_buffer(self):
        lengths = [10, 60000, 10, 70000, 250000, 10, 262144, 300000, 10, 400000] * 3 + [10] * 1000
        lines = [f"550 5.1.1 <user{i}@example.net> {'x' * n}" for i, n in enumerate(lengths)]
        for jobs in (1, 3):
            got = self.objects("--jobs", jobs, stdin="\n".join(lines))
            self.assertEqual([answer["recipients"][0]["diagnostic"] for answer in got], lines)
        for form in ("text", "csv"):
            text = self.check_run("--reply", "--format", form, "--jobs", "1", stdin="\n".join(lines))
            named = [line.split("@example.net")[0].split("user")[-1] for line in text.splitlines() if "user" in line]
            self.assertEqual(named, [str(i) for i in range(len(lines))])

    def test_context_is_used(self):
        got = self.objects("--recipient", "user@example.net", "--host", "mx.example.net", "--command", "rcpt", UNKNOWN)
        recipient = got[0]["recipients"][0]
        self.assertEqual(recipient["address"], "user@example.net")
        self.assertEqual(recipient["remote_mta"], "mx.example.net")
        self.assertEqual(recipient["command"], "RCPT")

    def test_who_refuses_for_now_has_not_decided(self):
        for reply, action, decided_by, advice in (
                ("452 4.2.2 over quota", "delayed", None, ["retry", "contact-recipient"]),
                ("552 5.2.2 over quota", "failed", "remote", ["retry", "contact-recipient"]),
                ("450 4.1.1 user unknown", "delayed", None, ["retry"]),
                ("550 5.1.1 user unknown", "failed", "remote", ["suppress"]),
                ("4.2.2 over quota", "delayed", None, ["retry", "contact-recipient"]),
                ("450 4.1.1 host mx.example.net said: 550 5.1.1 User unknown", "delayed", None, ["retry"]),
                ("250 2.0.0 OK", "delivered", None, []), ("over quota", "failed", "reporter", None)):
            recipient = self.objects(reply)[0]["recipients"][0]
            self.assertEqual((recipient["action"], recipient["decided_by"]), (action, decided_by), reply)
            self.assertEqual(recipient["advice"]["actions"], advice or recipient["advice"]["actions"], reply)
        for reply, queue, retry_after_s in (("451 4.7.1 Greylisted, try again in 5 minutes", "retry", [300]),
                                            ("421 4.7.0 Too many concurrent connections", "slow-down", [])):
            advice = self.objects(reply)[0]["recipients"][0]["advice"]
            self.assertEqual((advice["queue"], advice["retry_after_s"]), (queue, retry_after_s), reply)

    def test_the_delay_of_a_full_mailbox_advises_to_retry(self):
        mail = program.dsn(diagnostic="452 4.2.2 over quota", status="4.2.2", action="delayed")
        advice = json.loads(self.check_run("--format", "json", stdin=mail))["recipients"][0]["advice"]
        self.assertEqual((advice["actions"], len(advice["retry_after_s"])), (["retry"], 4))

    def test_one_argument_with_several_lines(self):
        got = self.objects("550-5.1.1 The account\r\n550 5.1.1 does not exist: user unknown")
        self.assertEqual(got[0]["recipients"][0]["reason"], "no-such-user")

    def test_totals_count_replies(self):
        self.check_run("--reply", UNKNOWN)
        self.assertEqual(self.totals, "replies 1: hard 1, soft 0, none 0")

    def test_each_line_is_answered_at_once(self):
        """A program that keeps the pipe open does not wait."""
        with subprocess.Popen([program.PROGRAM, "--reply", "--format", "json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as child:
            for text, reason in ((FULL, "mailbox-full"), (UNKNOWN, "no-such-user")):
                child.stdin.write(f"{text}\n".encode())
                child.stdin.flush()
                self.assertEqual(json.loads(child.stdout.readline())["recipients"][0]["reason"], reason)
            child.stdin.close()

    def test_a_pipe_that_does_not_block(self):
        """Whoever made the pipe may have set it to non-blocking; the program waits all the same."""
        for jobs in ("1", "2"):
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            command = [program.PROGRAM, "--reply", "--format", "json", "--jobs", jobs]
            with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
                os.close(reading)
                for text in (FULL, "\n", f"{UNKNOWN}\n"):
                    until(lambda: state(child.pid) in ("S", "Z"))  # the pipe has been found empty
                    os.write(writing, text.encode())
                os.close(writing)
                reasons = [json.loads(line)["recipients"][0]["reason"] for line in child.stdout]
                errors = child.stderr.read()
            self.assertEqual((reasons, child.returncode, errors), (["mailbox-full", "no-such-user"], 0, b""))


if __name__ == "__main__":
    program.main()
