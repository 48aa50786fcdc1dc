#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""New rules: --draft-rule and --undecided."""
import itertools
import random
import re

import program
from program import Case, FROM, dsn

REPLY = "550 5.7.1 <ann@maple.example>: the locker of this person has evaporated (id 4F3C21A0B7)"


class Drafting(Case):
    def drafted(self, *arguments, **more):
        """The text of a rule file, which passes all checks, without comments."""
        text = self.check_run("--draft-rule", *arguments, **more)
        path = self.put("draft.rules", text)
        number = text.count("\nrule ")
        self.assertEqual(self.check_run("--check-rules", path), f"{number} rule{'s' * (number != 1)}, no errors\n")
        self.assertIn("none fails", self.check_run("--test-rules", path))
        return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))

    def test_a_reply(self):
        self.assertEqual(self.drafted("no-such-user", "--reply", REPLY), """format 2


rule own/locker-of-this-person-has-evaporated
reason no-such-user
phrase locker of this person has evaporated
why The server says: locker of this person has evaporated.
example 550 5.7.1 <user@example.com>: the locker of this person has evaporated (id a1b2c3d4)
near 550 5.7.1 locker of this person has
""")
        path = self.folder / "draft.rules"
        other = REPLY.replace("ann@maple", "joe@oak")
        self.assertIn(" no-such-user ", self.check_run("--rules", path, "--reply", other))
        self.assertIn(" policy ", self.check_run("--reply", other))

    def test_mails(self):
        """One rule for similar texts; nobody's name is left in it."""
        box = self.put("box.mbox", "".join(FROM + dsn(address, f"550 5.7.1 locker of {address} has evaporated", "5.7.1")
                                           + "\n" for address in ("ann@example.net", "joe.smith@example.net")))
        text = self.drafted("no-such-user", box)
        self.assertEqual(text.count("\nrule "), 1)
        self.assertNotIn("joe", text)
        self.assertNotIn("ann", text)
        self.assertEqual(text, self.drafted("no-such-user", stdin=box.read_bytes()))

    def test_a_rule_that_was_wrong_is_beaten(self):
        wrong = "550 5.1.1 user unknown in our zebra crossing"
        text = self.drafted("policy", "--reply", wrong)
        path = self.folder / "draft.rules"
        self.assertIn("phrase user unknown in our zebra crossing", text)
        self.assertIn(" policy ", self.check_run("--rules", path, "--reply", wrong))

    def test_many_drafts_get_along(self):
        """All texts of tests/seed: no draft decides the example of another, and each has its own id."""
        seed = (program.SOURCE_DIR / "tests" / "seed" / "replies.tsv").read_text(encoding="utf-8")
        texts = [line.split("\t")[0] for line in seed.splitlines() if not line.startswith("#")]
        for first in range(0, 400, 80):
            path = self.put("replies", "\n".join(texts[first:first + 80]) + "\n")
            done = program.run("--draft-rule", "spam", "--reply", input_from=open(path, "rb"))
            text = done.stdout.decode()
            self.assertGreater(text.count("\nrule "), 20)
            checked = self.check_run("--check-rules", self.put("draft.rules", text))
            self.assertRegex(checked, r"\A\d+ rules, no errors\n\Z")

    def test_too_many_texts(self):
        words = ["".join(pair) for pair in itertools.product("bcdfghjklm", "aeiou", "npqrst")]
        lines = "\n".join(f"550 5.7.1 {word}{word} wardrobe{word}" for word in words[:120])
        done = program.run("--draft-rule", "spam", "--reply", stdin=lines)
        self.assertEqual(done.stdout.decode().count("\nrule "), 100)
        self.assertIn("more than 100 different texts", done.stderr.decode())

    def test_selected_recipients(self):
        box = self.put("box.mbox", "".join(FROM + dsn(f"{name}@example.net", f"550 5.7.1 {name} evaporated", "5.7.1") +
                                           "\n" for name in ("okapi", "gnu")))
        text = self.drafted("no-such-user", "--only", "address=gnu@example.net", box)
        self.assertEqual(text.count("\nrule "), 1)

    def test_nothing_to_draft(self):
        rows = [(["--reply", "550 5.1.1 user unknown"], "it is already judged that way: no rule is needed"),
                (["--reply", "550 5.7.1 <ann@maple.example>"], "a text has no words that could find it"),
                ([self.put("lunch", program.ORDINARY)], "no bounces there"),
                ([self.folder / "none"], "No such file")]
        for arguments, message in rows:
            with self.subTest(message):
                done = program.run("--draft-rule", "no-such-user", *arguments)
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertIn(message, done.stderr.decode())

    def test_options_without_effect_are_refused(self):
        for options in (["no-such-reason"], ["policy", "--suppress"], ["policy", "--check-rules", "x"],
                        ["policy", "--events"], ["policy", "--undecided"]):
            self.assertEqual(program.run("--draft-rule", *options).returncode, 2, options)


class Undecided(Case):
    def undecided(self, lines, *options):
        return self.check_run("--undecided", "--reply", *options, stdin="\n".join(lines) + "\n")

    def test_like_texts_are_one_group(self):
        text = self.undecided(["550 5.7.1 the locker of ann has evaporated", "550 5.1.1 user unknown",
                               "550 5.7.1 gremlins ate joe@oak.example (id 4F3C21A0B7)",
                               "550 5.7.1 the locker of bob has evaporated", "250 ok", "550"])
        self.assertEqual(text, """format 2

# No rule decided 4 of 5 recipients. Replace each "?" by what their
# texts mean: doc/reasons.md lists the reasons.

# 2 of them (50 %), the first one in standard input, number 1
rule own/locker-evaporated
reason ?
phrase locker .. evaporated
why The server says: locker ... evaporated.
example 550 5.7.1 the locker of user1 has evaporated
near 550 5.7.1 locker

# 1 of them (25 %), the first one in standard input, number 6
# None of its words could find it; write a dialect, or a "match", by hand:
#   550

# 1 of them (25 %), the first one in standard input, number 3
rule own/gremlins-ate
reason ?
phrase gremlins ate
why The server says: gremlins ate.
example 550 5.7.1 gremlins ate user@example.com (id a1b2c3d4)
near 550 5.7.1 gremlins
""")
        path = self.put("new.rules", text)
        self.assertIn(':8:8: unknown reason "?"', self.check_run("--check-rules", path, status=1).replace(str(path), ""))
        path = self.put("new.rules", text.replace("reason ?", "reason policy"))
        self.assertEqual(self.check_run("--check-rules", path), "2 rules, no errors\n")
        self.assertIn("No rule decided 1 of 1 ", self.undecided(["550"], "--rules", path))
        self.assertIn("No rule decided 0 of 1 ", self.undecided(["550 gremlins ate it"], "--rules", path))

    def test_a_rule_that_would_do_for_another_group(self):
        text = self.undecided(["550 gremlins ate it", "550 gremlins ate it", "550 the gremlins ate it before "
                               "anybody could look at what was in there on that day"])
        self.assertIn("# The rule own/gremlins-ate would decide them, too:\n#   550 the gremlins", text)

    def test_mails_and_selection(self):
        box = self.put("box.mbox", "".join(FROM + dsn(f"{name}@example.net", f"550 5.7.1 {name} evaporated", "5.7.1") +
                                           "\n" for name in ("okapi", "gnu")))
        text = self.check_run("--undecided", box)
        self.assertIn(f"# 2 of them (100 %), the first one in {box}, number 1\n", text)
        self.assertIn("No rule decided 1 of 1 ", self.check_run("--undecided", "--only", "address=gnu@example.net", box))

    def test_memory_is_bounded_and_what_is_frequent_stays(self):
        """One text in five is the same, the others are all different; whatever the order of workers."""
        chance = random.Random(7)
        words = ["".join(chance.choices("bcdfghjklmnpqrstvwxz", k=6)) for _ in range(400)]
        lines = ["550 5.7.1 the blue wardrobe is shut" if i % 5 == 0 else "550 5.7.1 " + " ".join(chance.sample(words, 6))
                 for i in range(20000)]
        text = self.undecided(lines, "--jobs", "1")
        self.assertIn("No rule decided 20000 of 20000 ", text)
        self.assertRegex(text, r"\n# 4000 of them \(20 %\), the first one in standard input, number 1\n"
                               r"rule own/blue-wardrobe-is-shut\n")
        self.assertRegex(text, r"# 16000 others have rarer texts\.\n\Z")
        self.assertEqual(text, self.undecided(lines, "--jobs", "3"))
        late = ["550 5.7.1 red lockers vanish" if i > 15000 and i % 2 else line for i, line in enumerate(lines)]
        found = re.search(r"\n# (\d+) to (\d+) of them .*\nrule own/red-lockers-vanish", self.undecided(late))
        real = late.count("550 5.7.1 red lockers vanish")
        self.assertTrue(int(found[1]) <= real <= int(found[2]) < int(found[1]) + 40, (found[0], real))

    def test_nothing_undecided(self):
        self.assertEqual(self.undecided(["550 user unknown"]), "format 2\n\n# No rule decided 0 of 1 recipients.\n")
        for options in (["--suppress"], ["--check-rules", "x"], ["--fields", "kind", "--format", "json"]):
            self.assertEqual(program.run("--undecided", *options).returncode, 2, options)


if __name__ == "__main__":
    program.main()
