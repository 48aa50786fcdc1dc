#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--events: what sending services post."""
import json

import program
from program import Case

BOUNCE = {"event": "bounce", "email": "anna@maple.example", "sg_event_id": "1", "type": "bounce",
          "reason": "550 5.1.1 user unknown"}
DELIVERED = {"event": "delivered", "email": "ben@birch.example", "sg_event_id": "2", "response": "250 2.0.0 OK"}
OPEN = {"event": "open", "email": "ben@birch.example", "sg_event_id": "3"}
UNKNOWN = {"what": "nobody knows"}


class Events(Case):
    def objects(self, events, *arguments):
        run = program.run("--events", "--format", "json", *arguments, stdin=json.dumps(events))
        self.assertEqual(run.returncode, 0, run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()], run.stderr.decode()

    def test_deliveries_are_shown_if_wanted(self):
        for arguments, addresses in ((), ["anna@maple.example"]), \
                                    (("--delivered",), ["anna@maple.example", "ben@birch.example"]):
            got, _ = self.objects([BOUNCE, OPEN, DELIVERED], *arguments)
            self.assertEqual([report["recipients"][0]["address"] for report in got], addresses)

    def test_one_object_each(self):
        (got,), _ = self.objects(BOUNCE)
        self.assertEqual(got["kind"], "event")
        self.assertEqual(got["service"], {"name": "sendgrid", "event": "bounce", "class": "bounce", "id": "1"})
        self.assertEqual(got["source"]["offset"], 0)

    def test_the_text_decides_and_the_evidence_says_so(self):
        (got,), _ = self.objects({**BOUNCE, "bounce_classification": "Content"})
        (to,) = got["recipients"]
        self.assertEqual((to["reason"], to["evidence"]["service_reason"]), ("no-such-user", "content-rejected"))
        (got,), _ = self.objects({**BOUNCE, "reason": "", "bounce_classification": "Content"})
        (to,) = got["recipients"]
        self.assertEqual((to["reason"], to["evidence"]["rule"], to["evidence"]["text"]),
                         ("content-rejected", "service/sendgrid", "Content"))

    def test_an_unknown_service_is_reported(self):
        (got,), errors = self.objects([UNKNOWN])
        self.assertEqual([warning["id"] for warning in got["warnings"]], ["unknown-service"])
        self.assertEqual(got["recipients"], [])
        self.assertEqual(errors, "bounce-classify: standard input: 1 events from unknown services; "
                                 "nothing was read from them\n")

    def test_text_and_csv(self):
        run = program.run("--input-format", "events", stdin=json.dumps([BOUNCE, OPEN, DELIVERED]))
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        (line,) = run.stdout.decode().splitlines()
        self.assertIn("anna@maple.example", line)
        self.assertEqual(run.totals, "messages 3, reports 1, recipients 1: hard 1, soft 0, none 0")
        run = program.run("--events", "--format", "csv", stdin=json.dumps([BOUNCE, OPEN]))
        self.assertEqual(len(run.stdout.decode().splitlines()), 2)
        self.assertIn(b"event", run.stdout)

    def test_broken_input_is_reported_and_the_rest_read(self):
        path = self.put("e.json", json.dumps(BOUNCE) + '\n{"event":,}\n' + json.dumps(BOUNCE) + "\n")
        run = program.run("--events", "--format", "json", path)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(len(run.stdout.splitlines()), 2)
        self.assertIn(f"{path}: line 2, offset {len(json.dumps(BOUNCE)) + 1}: ", run.stderr.decode())

    def test_files_that_cannot_be_read(self):
        path = self.put("good.json", json.dumps(BOUNCE))
        run = program.run("--events", "--format", "json", path.with_name("nowhere"), path.parent, path)
        self.assertEqual((run.returncode, len(run.stdout.splitlines())), (1, 1))
        self.assertEqual(len(run.stderr.splitlines()), 2)

    def test_without_the_option_events_are_not_mail(self):
        path = self.put("e.json", json.dumps([BOUNCE], indent=1))
        for run in program.run("--format", "json", path), program.run("--format", "json", stdin=json.dumps(BOUNCE)):
            self.assertEqual((run.returncode, run.stdout), (1, b""))
            self.assertIn(b"use --events", run.stderr)
        self.assertIn(str(path).encode(), program.run(path).stderr)

    def test_options_that_exclude_it(self):
        for wrong in ("--shard", "1/2"), ("--start-offset", "5"), ("--header", "To"), ("--own-domain", "a.example"), \
                     ("--reply",), ("--list-rules",):
            self.assertEqual(program.run("--events", *wrong).returncode, 2, wrong)
        self.assertEqual(program.run("--delivered").returncode, 2)


if __name__ == "__main__":
    program.main()
