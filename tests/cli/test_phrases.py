#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tests/phrases/run.py: which differences from the recorded phrases it lets pass."""
import subprocess
import sys

import program
from program import Case

FULL = "mailbox-full\tsoft\tmailbox-full/full\tmailbox is full\n"
SPAM = "spam\tsoft\tspam/old\tuser unknown\n"  # the program says no-such-user


class Phrases(Case):
    def compare(self, record, changed, *arguments, status=1):
        """The output of run.py for a record of one table."""
        self.put("reasons/some.tsv", record)
        self.put("changed.tsv", changed)
        path = program.SOURCE_DIR / "tests" / "phrases" / "run.py"
        done = subprocess.run([sys.executable, str(path), program.PROGRAM, str(self.folder), *arguments],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout.decode() + done.stderr.decode())
        return done.stdout.decode() + done.stderr.decode()

    def test_no_difference_from_the_record_passes(self):
        self.assertTrue(self.compare(FULL, "", status=0).startswith("1 texts, 0 with another"))

    def test_differences_are_grouped_by_their_rules(self):
        said = self.compare(FULL + SPAM, "")
        self.assertRegex(said, r"\Aspam/old -> no-such-user/\S+: 1\n    spam/soft +no-such-user/hard +user unknown\n")
        self.assertNotIn("mailbox is full", said)

    def test_another_type_is_a_difference(self):
        self.assertIn("mailbox-full/hard", self.compare(FULL.replace("soft", "hard"), ""))

    def test_a_listed_difference_passes(self):
        changed = "# why\nuser unknown\tno-such-user\tIt was wrong.\n"
        said = self.compare(SPAM, changed, status=0)
        self.assertNotIn("spam/old", said)
        self.assertIn("1 with another reason or type, 0 of which", said)
        self.assertIn("spam/old", self.compare(SPAM, changed, "--show", status=0))

    def test_lines_of_changed_tsv_are_needed_complete_and_true(self):
        for changed, complaint in (("user unknown\tpolicy\tNo.\n", "the reason is no-such-user, not policy"),
                                   ("mailbox is full\tmailbox-full\tNo.\n", "is not needed"),
                                   ("mailbox is empty\tpolicy\tNo.\n", "not in the record"),
                                   ("user unknown\tno-such-user\n", "3 columns are needed"),
                                   ("user unknown\tno-such-user\t \n", "none of them empty"),
                                   ("user unknown\tno-such-user\tNo.\n" * 2, "stands twice")):
            with self.subTest(changed):
                self.assertIn(complaint, self.compare(FULL + SPAM, changed))

    def test_a_record_exists_and_has_no_duplicates(self):
        self.assertIn("there is no record", self.compare("", ""))
        self.assertIn("stands twice in the record", self.compare(FULL + FULL, ""))

    def test_one_table_can_be_compared_alone(self):
        self.put("reasons/other.tsv", SPAM)
        changed = "user unknown\tno-such-user\tIt was wrong.\n"
        self.assertTrue(self.compare(FULL, changed, "reasons/some", status=0).startswith("1 texts"))
        self.assertIn("2 texts, 1 with", self.compare(FULL, changed, status=0))


if __name__ == "__main__":
    program.main()
