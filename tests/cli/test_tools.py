#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/rule-coverage and tools/accuracy, on corpora of a few mails; tools/rule-size, on a few rules."""
import json
import subprocess
import sys

import program
from program import Case, dsn

RULES = """rule mine/zebra
reason policy
tier 1
phrase zebra crossing
why The zebra refuses.
example 550 zebra crossing closed
example 550 a zebra that crosses
near 550 zebra without a crossing

rule mine/okapi
reason spam
tier 1
phrase okapi crossing
why The okapi refuses.
example 550 okapi crossing closed
near 550 okapi without a crossing

rule mine/known
reason no-such-user
tier 1
phrase user unknown
why What the built-in rules say as well.
example 550 user unknown
near 550 user is not unknown

rule mine/gate
reason greylisted
tier 2
phrase wooden gate
why The cause of an expiry.
example 451 wooden gate
near 451 wooden garden gate
"""
DIALECTS = """# A comment.
dialect one
know from /daemon/
also header X-One
know  from  /daemon/
also sign mail-system

dialect two
know from /daemon/
line /^(?<status>5)/

dialect three
know not from /daemon/
also header X-One
also sign mail-system

dialect four
know sign mail-system

words contact
word ring our

words who
word user
word mailbox
word {ja-who}
"""
FREE_TEXT = """From: MAILER-DAEMON@mx.example.org
To: sender@example.org
Subject: Undeliverable mail

Your message could not be delivered:

<user@example.net>: user unknown
"""


class Tools(Case):
    def tool(self, name, *arguments, status=0):
        """Runs a tool; returns its standard output and its standard error."""
        path = program.SOURCE_DIR / "tools" / name
        command = [sys.executable, str(path), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr.decode())
        return done.stdout.decode(), done.stderr.decode()

    def case(self, name, mail, **recipient):
        """A case of a corpus that expects one recipient."""
        self.put(f"corpus/made/{name}/mail.eml", mail)
        expected = {"kind": "dsn", "recipients": [{"address": "user@example.net", **recipient}]}
        return self.put(f"corpus/made/{name}/expected.json", json.dumps(expected))


class RuleCoverage(Tools):
    def coverage(self, *arguments):
        """The rows by rule. Only the examples of RULES are read."""
        rules = self.put("rules/mine.rules", RULES)
        self.put("corpus/made/readme.md", "not a case")
        out, _ = self.tool("rule-coverage", "--bin", program.PROGRAM, "--rules", rules, "--format", "tsv",
                           "--patterns", self.folder / "rules", *arguments)
        rows = [line.split("\t") for line in out.splitlines()]
        self.assertEqual(rows[0][0], "state")
        return {row[8]: row[:7] for row in rows[1:]}

    def test_state_of_each_rule(self):
        self.case("zebra", dsn(diagnostic="550 5.1.1 zebra crossing closed"))
        self.case("known", dsn())
        rows = self.coverage("--corpus", self.folder / "corpus")
        self.assertEqual(rows["mine/zebra"], ["single", "1", "1", "0", "1/2", "1", "1"])
        self.assertEqual(rows["mine/okapi"], ["dead", "0", "0", "0", "1/1", "1", "1"])
        self.assertEqual(rows["mine/known"], ["overlapping", "1", "0", "0", "1/1", "0", "1"])
        self.assertGreater(len(rows), 100)

    def test_labels_of_mails_and_replies_are_read(self):
        self.put("mails/mails/one.eml", dsn(diagnostic="550 5.1.1 zebra crossing closed"))
        self.put("mails/labels.jsonl", '{"file": "one.eml", "kind": "dsn", "recipients": []}\n')
        replies = ("550 zebra crossing", "450 zebra\ncrossing now")
        self.put("replies/labels.jsonl", "".join(json.dumps({"text": reply}) + "\n" for reply in replies))
        readme = self.put("README", "a glob names this, too")
        rows = self.coverage("--labels", self.folder / "mails", self.folder / "replies", readme)
        self.assertEqual(rows["mine/zebra"], ["-", "3", "3", "0", "1/2", "1", "1"])

    def test_causes_are_counted_separately(self):
        self.case("gate", dsn(diagnostic="451 4.3.0 wooden gate, retry timeout exceeded", status="4.3.0"))
        rows = self.coverage("--corpus", self.folder / "corpus")
        self.assertEqual(rows["mine/gate"][:4], ["-", "0", "0", "1"])

    def test_single_rules_can_be_left_out(self):
        for number, local in enumerate(("joe", "ann")):  # one text, apart from address and number
            text = f"550 5.1.1 <{local}@example.net> zebra crossing id=a{number}77"
            self.case(local, dsn(f"{local}@example.net", text))
        rules, without = self.put("mine.rules", RULES), self.folder / "without.rules"
        out, _ = self.tool("rule-coverage", "--bin", program.PROGRAM, "--rules", rules, "--single", "--write", without,
                           "--corpus", self.folder / "corpus")
        self.assertIn("mine/zebra: made/ann, made/joe\n    550 5.1.1 @ zebra crossing id 0\n", out)
        self.assertIn("override mine/zebra\n", without.read_text())
        answer = json.loads(self.check_run("--rules", rules, "--rules", without, "--reply", "--format", "json",
                                           "550 5.1.1 zebra crossing"))
        self.assertEqual(answer["recipients"][0]["reason"], "no-such-user")

    def test_a_rule_with_two_texts_is_not_single(self):
        self.case("one", dsn(diagnostic="550 5.1.1 zebra crossing closed"))
        self.case("two", dsn(diagnostic="550 5.1.1 zebra crossing open"))
        self.assertEqual(self.coverage("--corpus", self.folder / "corpus")["mine/zebra"][:3], ["-", "2", "2"])

    def test_unusable_input_is_an_error(self):
        self.put("broken/labels.jsonl", '{"file": "missing.eml"}\n')
        _, said = self.tool("rule-coverage", "--bin", program.PROGRAM, "--labels", self.folder / "broken", status=1)
        self.assertIn("missing.eml", said)
        (self.folder / "empty").mkdir()
        _, said = self.tool("rule-coverage", "--bin", program.PROGRAM, "--corpus", self.folder / "empty", status=1)
        self.assertIn("nothing to read", said)
        self.tool("rule-coverage", "--write", self.folder / "x", status=2)


class RuleSize(Tools):
    def test_figures_of_a_few_rules(self):
        self.put("rules/mine.rules", RULES)
        self.put("rules/deep/dialects.rules", DIALECTS)
        out, _ = self.tool("rule-size", "--patterns", self.folder / "rules", "--format", "tsv")
        figures = {name: int(value) for name, value in (line.split("\t") for line in out.splitlines())}
        for name, value in {"files": 2, "lines": (RULES + DIALECTS).count("\n"), "kB": 1, "rules": 4, "dialects": 4,
                            "longest line, characters": max(map(len, RULES.splitlines())), "phrases": 4,
                            "lines over 160 characters": 0, "words of fixed lists": 1, "members of classes": 2,
                            "phrases and members": 6, "regular expressions": 5, "regular expressions in rules": 0,
                            "conditions in more than two dialects": 1, "lines with these": 4}.items():
            self.assertEqual(figures[name], value, name)
        out, _ = self.tool("rule-size", "--patterns", self.folder / "rules")
        self.assertIn("   3 dialects, 4 lines: from /daemon/\n", out)
        self.assertNotIn("X-One", out)

    def test_repeats_are_the_lines_after_the_first(self):
        self.put("rules/some.rules", "# same\n# same\n" + ("know body " + "x" * 989 + "\n") * 3)
        out, _ = self.tool("rule-size", "--patterns", self.folder / "rules", "--format", "tsv")
        self.assertIn("kB of repeats, conditions\t2\n", out)
        self.assertIn("kB of repeats, all lines\t2\n", out)

    def test_a_folder_without_rules_is_an_error(self):
        _, said = self.tool("rule-size", "--patterns", self.folder, status=1)
        self.assertIn("holds no .rules file", said)


class Accuracy(Tools):
    def page(self, *arguments):
        corpus = self.folder / "corpus"
        return self.tool("accuracy", "--bin", program.PROGRAM, "--corpus", corpus, "--out", "-", *arguments)

    def test_right_and_wrong_results_are_counted(self):
        self.case("right", dsn(), reason="no-such-user", status="5.1.1", cause=None)
        self.case("wrong", dsn(), reason="spam", type="hard")
        page, said = self.page()
        self.assertIn("2 mails with 2 recipients", page)
        self.assertIn("| recipients found | 2 | 2 | 100.0 % |  |", page)
        self.assertIn("| reason | 1 | 2 | 50.0 % |  |", page)
        self.assertIn("| cause | 0 | 0 | - | 1 of 1 |", page)
        self.assertIn("| expected | all | right | `no-such-user` |", page)
        self.assertIn("| `spam` | 1 | 0 | 1 |", page)
        self.assertEqual(said, "made/wrong: reason: expected spam, got no-such-user\n")

    def test_missed_and_invented_recipients_are_counted(self):
        self.case("other", dsn("joe@example.net"), reason="no-such-user")
        page, said = self.page()
        self.assertIn("| recipients found | 0 | 1 | 0.0 % |", page)
        self.assertIn("| no recipient invented | 0 | 1 | 0.0 % |", page)
        self.assertIn("| expected | all | right | (missed) |", page)
        self.assertIn("made/other: recipients found: expected user@example.net, got None\n", said)

    def test_page_has_general_reading_and_single_rules(self):
        self.case("right", dsn(), reason="no-such-user")
        free = {"kind": "ndr", "recipients": [{"address": "user@example.net", "reason": "no-such-user"}]}
        self.put("corpus/made/free/mail.eml", FREE_TEXT)
        self.put("corpus/made/free/expected.json", json.dumps(free))
        page, said = self.page()
        self.assertEqual(said, "")
        self.assertIn("The 1 mails in free text", page)
        self.assertIn("| kind | 1 of 1 | 100.0 % | 1 of 1 | 100.0 % |", page)
        self.assertRegex(page, r"\n\d of \d{3,} rules are needed by one distinct text")
        self.assertIn("\n## How doubtful cases are decided\n", page)

    def test_page_made_again_is_the_same(self):
        self.case("right", dsn(), reason="no-such-user")
        target = self.folder / "page.md"
        self.page("--out", target, "--date", "2026-01-31")
        page = target.read_text()
        self.assertIn("on 2026-01-31;", page)
        self.assertEqual(self.page("--date", "2026-01-31")[0], page)
        self.assertNotIn(str(self.folder), page)

    def test_a_corpus_without_cases_is_an_error(self):
        (self.folder / "corpus").mkdir()
        _, said = self.tool("accuracy", "--bin", program.PROGRAM, "--corpus", self.folder / "corpus", status=1)
        self.assertIn("holds no case", said)


if __name__ == "__main__":
    program.main()
