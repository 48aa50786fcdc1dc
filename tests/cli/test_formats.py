#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The output: text, its colours and width; CSV; JSON; --explain."""
import csv
import fcntl
import io
import json
import os
import re
import pty
import struct
import subprocess
import termios

import program
from program import FROM, ORDINARY, Case, dsn

KEYS = ("schema rules source kind software sent sent_why trust machine auto_reply report reporting_mta arrival_date "
        "envelope_id original feedback recipients warnings").split()
RECIPIENT_KEYS = ("address address_type original_recipient action type reason group cause permanent decided_by "
                  "status stated_status reply_code command remote_mta diagnostic_type diagnostic last_attempt "
                  "will_retry_until queued_for_s attempts partial advice evidence address_to_suppress trust "
                  "retry_stated_s blocklist refused help_url provider time final").split()
LATER_KEYS = "retry_stated_s blocklist refused help_url provider time final".split()  # at the end of CSV, or missing
# ESC, a right-to-left override, C1, DEL: characters that must not reach a terminal.
HOSTILE = "550 5.1.1 User unknown \x1b]0;x\x07 \u202eabc \x9b31m \x7f"


def on_terminal(arguments, columns, **environment):
    """The program's output on a terminal of that width."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        raise AssertionError(f"this test needs a pseudo terminal (/dev/ptmx and /dev/pts): {error}") from None
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    child = subprocess.Popen([program.PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=theirs,
                             stderr=theirs, env={**env, "TERM": "xterm", **environment})
    os.close(theirs)
    output = b""
    try:
        while block := os.read(ours, 65536):
            output += block
    except OSError:  # EIO: the other end is closed
        pass
    os.close(ours)
    child.wait()
    return output.decode().replace("\r\n", "\n")


def in_csv(value):
    """A value of the JSON output as CSV shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if str(value)[:1] in tuple("=+-@") else str(value)


def returned(fields):
    """A report that returns a message with these header fields."""
    part = f"--b\nContent-Type: text/rfc822-headers\n\nFrom: a@example.org\n{fields}To: b@example.net\n\n--b--"
    return dsn().replace("--b--", part)


def told_columns(recipient):
    """The last columns: the facts of the reply itself."""
    told = recipient or dict.fromkeys(LATER_KEYS)
    listed, refused = (told[key] or {} for key in ("blocklist", "refused"))
    columns = {"retry_stated_s": told["retry_stated_s"], "blocklist": listed.get("name"),
               "blocklist_zone": listed.get("zone"), "blocklist_url": listed.get("url")}
    columns |= {f"refused_{key}": refused.get(key) for key in ("ip", "domain", "url")}
    columns |= {key: told[key] for key in ("help_url", "provider")}
    return columns | {key: recipient and recipient["advice"][key] for key in ("queue", "mend")}


def rows_of_answer(answer):
    """The rows of CSV that correspond to an object of the JSON output."""
    message = {key: answer["source"][key] for key in ("path", "index", "offset", "length")}
    message |= {"kind": answer["kind"], "software": answer["software"],
                "message_id": answer["report"]["message_id"], "original_message_id": answer["original"]["message_id"]}
    for recipient in answer["recipients"] or [None]:
        row = dict(message)
        for key in RECIPIENT_KEYS:
            if key not in ("advice", "evidence", "address_to_suppress", "trust", *LATER_KEYS):
                row[key] = recipient and recipient[key]
        row["advice"] = " ".join(recipient["advice"]["actions"]) if recipient else None
        row["rule"] = recipient["evidence"] and recipient["evidence"]["rule"] if recipient else None
        row["sent"], row["sent_why"] = answer["sent"], answer["sent_why"]
        row["machine"] = answer["machine"]
        for key in ("status", "stated_status"):
            row[key] = row[key] and f"'{row[key]}"
        row |= {"date": answer["report"]["date"], "sender": answer["report"]["from"],
                "subject": answer["report"]["subject"], "reporting_mta": answer["reporting_mta"],
                "original_sender": answer["original"]["from"], "original_subject": answer["original"]["subject"],
                "warnings": " ".join(warning["id"] for warning in answer["warnings"]),
                "address_to_suppress": recipient and recipient["address_to_suppress"]}
        service = answer.get("service") or dict.fromkeys(("name", "event", "class", "id"))
        row |= {"service": service["name"], **{f"service_{key}": service[key] for key in ("event", "class", "id")}}
        row |= answer["auto_reply"] or dict.fromkeys(("until", "left", "new_address", "alternative_contact"))
        row |= told_columns(recipient)
        yield {key: in_csv(value) for key, value in row.items()}


class Text(Case):
    def test_trace_shows_the_reading_of_every_mail(self):
        lines = self.check_run("--trace", stdin=dsn()).splitlines()
        self.assertEqual(lines[0], "message 1")
        self.assertTrue(lines[1].startswith("  gate: open: "), lines[1])
        self.assertTrue(any(line.startswith("  finding 1: fields by status-fields") for line in lines), lines)
        ordinary = self.check_run("--trace", stdin="From: a@example.org\nTo: b@example.org\nSubject: x\n"
                                  "Content-Type: text/plain\n\nhi\n")
        self.assertIn("  gate: closed", ordinary)
        path = self.put("a\x1bb", dsn())
        self.assertTrue(self.check_run("--trace", path).startswith(f"message 1 of {self.folder}/a\\x1bb\n"))
        self.assertIn('"trace":', self.check_run("--format", "json", "--trace", stdin=dsn()))

    def test_one_line_for_each_recipient(self):
        mails = dsn(), ORDINARY, dsn("b@example.net", "552 5.2.2 over quota", "5.2.2")
        box = "".join(f"{FROM}{mail}\n" for mail in mails)
        lines = self.check_run(stdin=box).splitlines()
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[0].split()[:4], ["user@example.net", "hard", "no-such-user", "5.1.1"])
        self.assertIn("550 5.1.1 <user@example.net>: User unknown", lines[0])
        self.assertEqual(lines[1].split()[:4], ["b@example.net", "soft", "mailbox-full", "5.2.2"])
        self.assertEqual(self.totals, "messages 3, reports 2, recipients 2: hard 1, soft 1, none 0")

    def test_requested_headers_are_below_the_recipients(self):
        mail = returned("X-Tag: a\x1bb\nX-Tag: c\n")
        lines = self.check_run("--header", "X-Tag", "--header", "X-Nowhere", stdin=mail).splitlines()
        self.assertEqual(lines[1:3], ["    X-Tag: a\\x1bb", "    X-Tag: c"])
        self.assertEqual(len(lines), 3)

    def test_totals_of_empty_input(self):
        self.assertEqual(self.check_run(stdin=""), "")
        self.assertEqual(self.totals, "messages 0, reports 0, recipients 0: hard 0, soft 0, none 0")

    def test_quiet_shows_no_totals_and_no_warnings(self):
        mail = dsn().replace("text/plain; charset=utf-8", "text/plain; charset=x-nowhere").replace("report.", "r\u00e9port.")
        self.assertIn("\n    warning: bad-charset: ", self.check_run(stdin=mail))
        self.assertIsNotNone(self.totals)
        self.assertNotIn("warning", self.check_run("-q", stdin=mail))
        self.assertIsNone(self.totals)

    def test_warnings_of_a_mail_without_recipients(self):
        text = self.check_run(self.put("a", "hello\n"), self.put("b", dsn()))
        self.assertEqual(text.splitlines()[0].split(": ")[:3], [f"{self.folder}/a", "warning", "no-header"])

    def test_lines_name_their_input_if_there_are_several(self):
        box, mail = self.put("box", f"{FROM}{dsn()}\n{FROM}{dsn('b@example.net')}"), self.put("mail", dsn("c@example.net"))
        lines = [line.split("  ")[0] for line in self.check_run(box, mail).splitlines()]
        self.assertEqual(lines, [f"{box}:1: user@example.net", f"{box}:2: b@example.net", f"{mail}: c@example.net"])
        for alone in ([box], ["--no-filename", box, mail]):
            self.assertTrue(self.check_run(*alone).startswith("user@example.net  "))
        self.assertTrue(self.check_run("--with-filename", box).startswith(f"{box}:1: user@"))
        self.assertTrue(self.check_run("--with-filename", stdin=dsn()).startswith("(standard input): user@"))
        self.assertIn(f"{mail}: c@", self.check_run(self.folder))

    def test_unreadable_inputs_are_counted(self):
        done = program.run(self.folder / "none")
        self.assertTrue(done.totals.endswith("; unreadable 1"))

    def test_delays_are_marked(self):
        mail = dsn(diagnostic="451 4.3.0 try again later", status="4.3.0", action="delayed")
        self.assertIn("(delayed) 451", self.check_run(stdin=mail))

    def test_no_cut_and_no_colour_without_a_terminal(self):
        long = "550 5.1.1 User unknown " + "x" * 600
        text = self.check_run(stdin=dsn(diagnostic=long))
        self.assertIn("x" * 600, text)
        self.assertNotIn("\x1b", text)

    def test_control_characters_are_escaped(self):
        for output_format in ("text", "csv"):
            text = self.check_run("--format", output_format, "--explain", stdin=dsn(diagnostic=HOSTILE))
            for bad in "\x1b\x07\u202e\x9b\x7f":
                self.assertNotIn(bad, text, output_format)
            self.assertIn("\\x1b", text)
            self.assertIn("\\u202e", text)

    def test_lines_are_cut_at_the_width_of_the_terminal(self):
        mail = self.put("mail", dsn(diagnostic="550 5.1.1 User unknown " + "w\u00f6rd \u6f22\u5b57 " * 100))
        for columns in (80, 90, 120, 200):
            line = on_terminal([mail], columns, NO_COLOR="1").split("\n")[0]
            wide = sum(c in "\u6f22\u5b57" for c in line)
            self.assertLessEqual(len(line) + wide, columns)
            self.assertGreaterEqual(len(line) + wide, columns - 2)
            self.assertTrue(line.endswith("\u2026"), line)

    def test_a_cut_line_is_as_wide_as_the_terminal(self):
        for columns in (80, 100, 120, 200):
            for kind in ("failed", "delayed"):
                mail = self.put("mail", dsn(diagnostic="550 5.1.1 User unknown " + "x" * 300, action=kind))
                line = on_terminal([mail], columns, NO_COLOR="1").split("\n")[0]
                self.assertEqual((len(line), line[-1:]), (columns, "\u2026"), (columns, kind, line))

    def test_no_line_is_wider_than_80_columns(self):
        """Whatever the address, the name of the file and the words; the address is shown in full."""
        for address in ("a@b.example", f"{'x' * 40}@example.net", f"{'x' * 60}@{'y' * 12}.net"):
            mail = self.put("d" * 40 + "/mail", dsn(address, "550 5.1.1 User unknown " + "word " * 50))
            for more in ([], ["--with-filename"]):
                lines = on_terminal([*more, mail], 80, NO_COLOR="1").splitlines()[:2]
                if len(address) < 64:
                    self.assertLessEqual(max(map(len, lines)), 80, lines)
                self.assertTrue(any(address in line for line in lines), lines)
                self.assertTrue(any("hard  no-such-user      5.1.1  User unknown" in line for line in lines), lines)

    def test_other_lines_fit_the_terminal_too(self):
        """Lines of automatic replies, of warnings and of --trace; a word that is wider than a line is not cut."""
        auto = ("From: Johanna <johanna.mustermann@verwaltung.example.net>\nTo: a@example.org\nSubject: Automatic reply: away\n"
                "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\nDate: Sat, 31 Jan 2026 10:00:05 +0000\n\n"
                "I am out of the office until 15 February 2026. In urgent cases please contact "
                "maximilian.beispielhaft@verwaltung.example.net.\n\nMy new address is johanna.neu@verwaltung.example.net.\n")
        broken = "From: a@b.example\nTo: c@d.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n"
        for text, options in ((auto, []), (broken, []), (broken, ["--with-filename"]), (dsn(), ["--trace"]), (dsn(), ["-v", "--trace"])):
            mail = self.put("d" * 60 + "/mail", text)
            lines = re.sub(r"\x1b\[\d*m", "", on_terminal([*options, mail], 60)).splitlines()
            totals = [line for line in lines if line.startswith("messages ")]
            self.assertEqual([line for line in lines if len(line) > 60 and len(line.split()) > 1 and line not in totals], [], options)
            wide = on_terminal(["--wide", *options, mail], 60, NO_COLOR="1")
            if "-v" not in options:
                self.assertEqual(wide.split("messages ")[0], program.run(*options, mail).stdout.decode())
        self.assertIn("auto-reply: ", on_terminal([self.put("auto", auto)], 60))

    def test_a_word_that_is_cut_ends_with_an_ellipsis(self):
        url = "https://help.example/" + "x" * 1100
        text = self.check_run("-v", "--reply", f"550 5.1.1 User unknown, see {url}")
        self.assertIn("x\u2026", text)

    def test_codes_and_address_in_front_are_cut_first(self):
        mail = self.put("mail", dsn(diagnostic="550 5.1.1 <user@example.net>: User unknown"))
        self.assertTrue(on_terminal([mail], 80, NO_COLOR="1").startswith(
            "user@example.net           hard  no-such-user      5.1.1  User unknown\n"))
        self.assertIn("5.1.1    550 5.1.1 <user@", on_terminal(["--wide", mail], 80, NO_COLOR="1"))
        self.assertIn("550 5.1.1 <user@example.net>: User unknown\n", self.check_run(mail))

    def test_colour_is_chosen(self):
        mail = self.put("mail", dsn())
        self.assertNotIn("\x1b", on_terminal([mail], 80, TERM="dumb"))
        self.assertNotIn("\x1b", on_terminal(["--color", "never", mail], 80))
        self.assertIn("\x1b[31mhard", on_terminal(["--color", "always", mail], 80, NO_COLOR="1", TERM="dumb"))
        self.assertIn("\x1b[31mhard", self.check_run("--color=always", mail))

    def test_a_hint_on_a_terminal_without_input(self):
        for arguments, words in (([], "a mail"), (["--reply"], "SMTP replies"), (["-q"], None)):
            ours, theirs = pty.openpty()
            with subprocess.Popen([program.PROGRAM, *arguments], stdin=theirs, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as child:
                os.close(theirs)
                os.write(ours, b"\x04")
                errors = child.stderr.read().decode()
            os.close(ours)
            self.assertEqual(words in errors if words else errors == "", True, errors)

    def test_colour_on_a_terminal_unless_NO_COLOR_is_set(self):
        mail = self.put("mail", dsn())
        self.assertIn("\x1b[31mhard\x1b[0m", on_terminal([mail], 80))
        self.assertIn("\x1b[31mhard\x1b[0m", on_terminal([mail], 80, NO_COLOR=""))
        self.assertNotIn("\x1b", on_terminal([mail], 80, NO_COLOR="1"))

    def test_explanation_follows_each_recipient(self):
        text = self.check_run("--explain", stdin=dsn())
        self.assertEqual(re.sub(r":\d+\)", ":7)", text), """\
user@example.net                  hard  no-such-user          5.1.1    550 5.1.1 <user@example.net>: User unknown
    What happened: The address does not work: the domain exists, the mailbox
        does not (no-such-user). It was in the queue for 5 seconds.
    Who says so: mx.example.net: "550 5.1.1 <user@example.net>: User unknown"
    Why: The receiving server says that it does not know the user. The rule is
        no-such-user/user-unknown (no-such-user.rules:7), by the words "User
        unknown" (Diagnostic-Code).
    Also considered:
        stated status 5.1.1 (in the reply)
        code 5.1.1 means no-such-user by the registry, but definite words
          outrank codes
    What to do: The mailbox does not exist. Remove the address.
""")

    def test_notes_fit_80_columns(self):
        """In all of the corpus; the labels are in order, and only an address or URL may be longer."""
        mails = sorted((program.SOURCE_DIR / "tests" / "corpus").glob("*/*/mail.eml"))
        notes = [line for line in self.check_run("--explain", "--quiet", *mails).splitlines() if line.startswith("    ")]
        self.assertGreater(len(notes), 1000)
        self.assertEqual([line for line in notes if len(line) > 80 and len(line.split()) > 1], [])
        labels = {found[1] for line in notes if (found := re.match(r"    (\w[\w ]*):", line))}
        self.assertEqual(labels, {"What happened", "Who says so", "Why", "Also considered", "What to do",
                                  "Ask for removal", "More from the server"} | (labels & {"warning"}))

    def test_what_a_note_says(self):
        rows = [("450 4.2.2 mailbox full", "What happened: The message has not arrived yet, and is still being tried:"),
                ("550 5.7.1 gremlins", "Why: No rule knows the words; the code 5.7.1 decides (code/subject)."),
                ("554 5.7.1 blocked using zen.spamhaus.org", "Ask for removal: https://check.spamhaus.org/ (Spamhaus ZEN)"),
                ("421 4.7.0 Try again in 5 minutes", "The server says to try again in 5 minutes."),
                ("550", "Also considered: nothing else."), ("250 ok", "What happened: The message arrived. Who")]
        for reply, want in rows:
            text = " ".join(self.check_run("--explain", "--reply", reply).split())
            self.assertIn(want, text)

    def test_all_texts_with_trace(self):
        text = self.check_run("--explain", "--trace", stdin=dsn())
        self.assertIn("    How it was judged:\n        the rule no-such-user/user-unknown says why: ", text)
        self.assertIn("        text (reply, Diagnostic-Code): 550 5.1.1 ", text)

    def test_a_note_in_a_narrow_terminal(self):
        mail = self.put("mail", dsn())
        lines = re.sub(r"\x1b\[\d*m", "", on_terminal(["-v", mail], 50)).splitlines()
        self.assertEqual([line for line in lines if line.startswith("    ") and len(line) > 50], [])


class Csv(Case):
    def rows(self, *arguments, **more):
        text = self.check_run("--format", "csv", *arguments, **more)
        self.assertTrue(text.endswith("\n"))
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def test_one_row_for_each_recipient(self):
        box = f"{FROM}{dsn(diagnostic='550 5.1.1 no, really: User unknown')}\n{FROM}{ORDINARY}"
        rows = self.rows(stdin=box)
        self.assertEqual([row["kind"] for row in rows], ["dsn", "none"])
        self.assertEqual(rows[0]["address"], "user@example.net")
        self.assertEqual(rows[0]["diagnostic"], "550 5.1.1 no, really: User unknown")
        self.assertEqual(rows[0]["reply_code"], "550")
        self.assertEqual(rows[0]["permanent"], "true")
        self.assertEqual(rows[0]["advice"], "suppress")
        self.assertEqual(rows[0]["offset"], str(len(FROM)))
        self.assertEqual({key for key, value in list(rows[1].items())[8:] if value}, {"machine", "sender", "subject"})
        self.assertNotIn(None, rows[0])
        self.assertNotIn(None, rows[0].values())

    def test_quotes_are_doubled(self):
        rows = self.rows(stdin=dsn(diagnostic='550 5.1.1 "user" unknown, "sorry"'))
        self.assertEqual(rows[0]["diagnostic"], '550 5.1.1 "user" unknown, "sorry"')

    def test_nothing_runs_as_a_formula_or_becomes_a_date(self):
        for text in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)"):
            row = self.rows(stdin=dsn(diagnostic="550 5.1.1 x").replace("Subject: Und", f"Subject: {text} Und")
                            .replace("mx.example.net", f"{text}.example.net"))[0]
            self.assertTrue(row["subject"].startswith(f"'{text}"), row["subject"])
        self.assertEqual((row["status"], row["stated_status"], row["reply_code"]), ("'5.1.1", "'5.1.1", "550"))
        self.assertEqual(self.rows("--header", "X-Tag", stdin=returned("X-Tag: =1\n"))[0]["X-Tag"], "'=1")

    def test_when_from_whom_and_about_what(self):
        row = self.rows(stdin=returned("Subject: lunch\n").replace("text/plain; charset=utf-8", "text/plain; charset=x-none")
                        .replace("report.", "r\u00e9port."))[0]
        self.assertEqual([row[key] for key in ("date", "sender", "subject", "reporting_mta", "original_sender",
                                               "original_subject", "warnings")],
                         ["2026-01-31T10:00:05Z", "MAILER-DAEMON@mx.example.org",
                          "Undelivered Mail Returned to Sender", "mx.example.org", "a@example.org", "lunch",
                          "bad-charset"])

    def test_paths_are_quoted(self):
        path = self.put('a,"b"', dsn())
        text = self.check_run("--format", "csv", path)
        row = list(csv.reader(io.StringIO(text)))[1]
        self.assertEqual(row[0], str(path))

    def test_columns_hold_what_the_json_output_says(self):
        """For every mail of the corpus; each column has a value in some of them."""
        mails = sorted((program.SOURCE_DIR / "tests" / "corpus").glob("*/*/mail.eml"))
        mails.append(self.put("attempts", dsn().replace("Status:", "X-Delivery-Attempts: 17\nStatus:")))
        mails.append(self.put("listed", dsn(diagnostic="554 5.7.1 Spam, contains http://bad.example/x and is "
                                            "blocked using zen.spamhaus.org", status="5.7.1")))
        rows = self.rows(*mails)
        answers = [json.loads(line) for line in self.check_run("--format", "json", *mails).splitlines()]
        want = [row for answer in answers for row in rows_of_answer(answer)]
        self.assertEqual(rows, want)
        missing = [column for column in want[0] if not any(row[column] for row in want)]
        self.assertEqual(missing, [])

    def test_columns_that_an_argument_does_not_have_are_empty(self):
        row = self.rows("--reply", "550 5.1.1 User unknown")[0]
        self.assertEqual([row[column] for column in ("path", "index", "offset", "length")], ["", "0", "", "22"])

    def test_requested_headers_are_the_last_columns(self):
        mail = returned("X-Tag: a\nX-Tag: b, c\n")
        rows = self.rows("--header", "X-Tag", "--header", "x-tag", "--header", "X-Nowhere", stdin=mail)
        self.assertEqual(list(rows[0])[-2:], ["X-Tag", "X-Nowhere"])
        self.assertEqual((rows[0]["X-Tag"], rows[0]["X-Nowhere"]), ("a\nb, c", ""))

    def test_empty_input_gives_the_header_only(self):
        text = self.check_run("--format", "csv", stdin="")
        self.assertTrue(text.startswith("path,index,offset,length,kind,"))
        self.assertEqual(text.count("\n"), 1)


class Json(Case):
    def answer(self, *arguments, **more):
        text = self.check_run("--format", "json", *arguments, **more)
        self.assertEqual(text.count("\n"), 1)
        return json.loads(text)

    def test_keys_are_in_the_promised_order(self):
        answer = self.answer(stdin=dsn())
        self.assertEqual(list(answer), KEYS)
        recipient = answer["recipients"][0]
        self.assertEqual(list(recipient), RECIPIENT_KEYS)
        self.assertEqual(list(answer["source"]), ["path", "index", "offset", "length"])
        self.assertEqual(list(answer["report"]), ["message_id", "from", "to", "date", "subject"])
        self.assertEqual(list(answer["original"]),
                         ["message_id", "from", "to", "subject", "date", "list_id", "feedback_id"])
        self.assertEqual(list(recipient["advice"]), ["actions", "retry_after_s", "then", "text", "queue", "mend"])
        self.assertEqual(list(recipient["evidence"]), ["rule", "tier", "file", "line", "where", "offset", "text"])
        self.assertIsNone(answer["feedback"])
        self.assertEqual(list(answer["trust"]), ["returned", "null_sender", "reporter_related", "auth"])
        self.assertEqual(list(recipient["trust"]), ["named_in_original", "verp"])

    def test_no_spaces_outside_strings(self):
        text = self.check_run("--format", "json", stdin=dsn()).rstrip("\n")
        self.assertEqual(text, json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")))

    def test_strings_are_unchanged_by_escaping(self):
        answer = self.answer(stdin=dsn(diagnostic='550 5.1.1 User unknown "q" \\ \x1b \x7f \u00e9'))
        self.assertEqual(answer["recipients"][0]["diagnostic"],
                         '550 5.1.1 User unknown "q" \\ \x1b \x7f \u00e9')

    def test_bytes_of_a_path_that_are_not_utf8_are_replaced(self):
        path = os.fsencode(self.folder) + b"/a\xff\xc3\xa9\"\xe2\x82"
        with open(path, "wb") as file:
            file.write(dsn().encode())
        done = subprocess.run([program.PROGRAM, "--format", "json", path], capture_output=True)
        shown = json.loads(done.stdout.decode("utf-8"))["source"]["path"]
        self.assertTrue(shown.endswith('/a\ufffd\u00e9"\ufffd\ufffd'), ascii(shown))

    def test_explanation_is_the_last_key(self):
        recipient = self.answer("--explain", stdin=dsn())["recipients"][0]
        self.assertEqual(list(recipient), [*RECIPIENT_KEYS, "explain"])
        self.assertTrue(all(isinstance(line, str) for line in recipient["explain"]))

    def test_ordinary_mail_is_of_kind_none(self):
        answer = self.answer(stdin=ORDINARY)
        self.assertEqual(answer["kind"], "none")
        self.assertEqual(answer["recipients"], [])
        self.assertIsNone(answer["software"])


if __name__ == "__main__":
    program.main()
