#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Rule files: --rules, --check-rules, --list-rules."""
import json

import program
from program import Case, dsn

GOOD = """rule mine/zebra
reason policy
tier 1
phrase zebra crossing
tag stripes
why The zebra refuses.
example 550 zebra crossing closed
near 550 zebra without a crossing
"""
BAD = """rule mine/zebra
reason no-such-reason
phrase zebra

colour black
"""


COSTLY = """rule mine/costly
reason policy
tier 1
match ^550 5.1.1 zebra (?:a|aa){1,60}\\d
need zebra
why It costs twice as much with each few letters.
example 550 5.1.1 zebra a1
near 550 zebra a1
"""


class Rules(Case):
    def test_an_expression_that_costs_too_much_is_not_decided(self):
        path = self.put("costly.rules", COSTLY)
        run = ("--rules", path, "--format", "json", "--reply", "--max-steps")
        text = "550 5.1.1 zebra " + 22 * "a"
        answer = json.loads(self.check_run(*run, "1000/1000", text))
        self.assertEqual([w["id"] for w in answer["warnings"]], ["match-limit"])
        self.assertIn("those of mine/costly", answer["warnings"][0]["text"])
        self.assertEqual(answer["recipients"][0]["type"], "soft")
        answer = json.loads(self.check_run(*run, "10000000/10000000", text))
        self.assertEqual(answer["warnings"], [])
        self.assertEqual(answer["recipients"][0]["type"], "hard")

    def test_expressions_that_may_cost_too_much_are_errors(self):
        path = self.put("costly.rules", COSTLY.replace("(?:a|aa){1,60}", "(?:a+ ?)+"))
        self.assertIn("costly.rules:4:27: this repeat and one before it can divide a text in too many ways",
                      self.check_run("--check-rules", path, status=1))

    def test_a_rule_of_the_user_decides(self):
        path = self.put("mine.rules", GOOD)
        answer = json.loads(self.check_run("--rules", path, "--format", "json",
                                           stdin=dsn(diagnostic="550 5.1.1 zebra crossing")))
        recipient = answer["recipients"][0]
        self.assertEqual(recipient["reason"], "policy")
        self.assertEqual(recipient["evidence"]["rule"], "mine/zebra")
        self.assertEqual(recipient["evidence"]["file"], "mine.rules")
        self.assertEqual(recipient["evidence"]["line"], 1)
        self.assertEqual(recipient["evidence"]["tag"], "stripes")

    def test_rules_with_errors_have_status_2(self):
        path = self.put("bad.rules", BAD)
        for more in ([], ["--list-rules"]):
            done = program.run("--rules", path, *more)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stdout, b"")
            lines = done.stderr.decode().splitlines()
            self.assertGreaterEqual(len(lines), 2)
            for line in lines:
                self.assertRegex(line, rf"\Abounce-classify: {path}:\d+:\d+: .")

    def test_a_missing_file_has_status_2(self):
        done = program.run("--rules", self.folder / "none")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"none: No such file or directory", done.stderr)

    def test_check_counts_the_rules_of_a_file(self):
        path = self.put("mine.rules", GOOD)
        self.assertEqual(self.check_run("--check-rules", path), "1 rule, no errors\n")

    def test_a_file_may_have_16_mib(self):
        path = self.put("long.rules", GOOD + "\n" * ((16 << 20) - len(GOOD)))
        self.assertEqual(self.check_run("--check-rules", path), "1 rule, no errors\n")
        with open(path, "a", encoding="utf-8") as file:
            file.write("\n")
        text = self.check_run("--check-rules", path, status=1)
        self.assertRegex(text, rf"\A{path}(:\d+:\d+)?: the file is larger than 16777216 bytes\n\Z")

    def test_check_counts_the_rules_of_a_folder(self):
        self.put("dir/a.rules", GOOD)
        self.put("dir/b.rules", GOOD.replace("zebra", "okapi"))
        self.put("dir/README", BAD)
        self.assertEqual(self.check_run("--check-rules", self.folder / "dir"), "2 rules, no errors\n")

    def test_check_lists_every_error(self):
        path = self.put("bad.rules", BAD)
        done = program.run("--check-rules", path)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"")
        lines = done.stdout.decode().splitlines()
        for number in (2, 5):
            self.assertTrue(any(line.startswith(f"{path}:{number}:") for line in lines), lines)
        for line in lines:
            self.assertRegex(line, rf"\A{path}:\d+:\d+: .")

    def test_check_of_a_missing_file_has_status_1(self):
        self.assertEqual(program.run("--check-rules", self.folder / "none").returncode, 1)

    def test_control_characters_of_rule_files_are_escaped(self):
        path = self.put("bad\x1b[31m.rules", BAD.replace("colour", "col\x1bour"))
        for option in ("--rules", "--check-rules"):
            done = program.run(option, path)
            self.assertNotIn(b"\x1b", done.stdout + done.stderr)
            self.assertIn(b"\\x1b", done.stdout + done.stderr)

    def test_list_has_seven_columns_in_order_of_tiers(self):
        lines = [line.split("\t") for line in self.check_run("--list-rules").splitlines()]
        self.assertGreater(len(lines), 100)
        self.assertEqual({len(line) for line in lines}, {7})
        tiers = [int(tier) for tier, *_ in lines]
        self.assertEqual(tiers, sorted(tiers))
        self.assertIn("no-such-user", {reason for _, _, reason, *_ in lines})

    def test_list_includes_rules_of_the_user(self):
        path = self.put("mine.rules", GOOD)
        text = self.check_run("--list-rules", "--rules", path)
        mine = [line for line in text.splitlines() if "\tmine/zebra\t" in line]
        self.assertEqual(mine, ["1\t1\tpolicy\tmine/zebra\tmine.rules:1\tstripes\tThe zebra refuses."])


if __name__ == "__main__":
    program.main()
