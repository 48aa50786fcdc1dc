#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--fields: some keys of the JSON output, in JSON and CSV."""
import csv
import io
import json
import re

import program
from program import FROM, ORDINARY, Case, dsn

OTHER = '\n\nFinal-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 ' \
        'over quota "{\\",}],["\n\n--b--'


def names_of(schema, part, front=""):
    """The dotted names in a part of the JSON Schema."""
    while "$ref" in part:
        name = part["$ref"].split("/")[-1]
        part = schema["$defs"][name]
    for one in part.get("oneOf", []) + part.get("anyOf", []):
        yield from names_of(schema, one, front)
    for key, value in part.get("properties", {}).items():
        yield front + key
        yield from names_of(schema, value, f"{front}{key}.")
    if isinstance(part.get("items"), dict):
        yield from names_of(schema, part["items"], front)


class Fields(Case):
    BOX = f"{FROM}{dsn().replace(chr(10) * 2 + '--b--', OTHER)}\n{FROM}{ORDINARY}"

    def objects(self, names, *options, stdin=None):
        text = self.check_run("--format", "json", "--fields", names, *options, stdin=stdin or self.BOX)
        return [json.loads(line) for line in text.splitlines()]

    def test_the_names_are_those_of_the_schema(self):
        """Names that this test reports as missing belong in field_names.c."""
        schema = json.loads((program.SOURCE_DIR / "doc" / "output.schema.json").read_text())
        table = (program.SOURCE_DIR / "cli" / "render" / "field_names.c").read_text()
        known = re.findall(r'^    "([a-z0-9_.]+)",$', table, re.M)
        self.assertEqual(set(known), set(names_of(schema, schema)))
        self.assertEqual(len(known), len(set(known)))

    def test_json_keeps_its_form(self):
        whole = [json.loads(line) for line in self.check_run("--format", "json", stdin=self.BOX).splitlines()]
        self.assertEqual(self.objects("kind,recipients.address,report.date"),
                         [{"kind": one["kind"], "report": {"date": one["report"]["date"]},
                           "recipients": [{"address": r["address"]} for r in one["recipients"]]} for one in whole])
        self.assertEqual(self.objects("recipients,source"),
                         [{"source": one["source"], "recipients": one["recipients"]} for one in whole])
        self.assertEqual(self.objects("advice.actions,diagnostic")[0]["recipients"],
                         [{"diagnostic": r["diagnostic"], "advice": {"actions": r["advice"]["actions"]}}
                          for r in whole[0]["recipients"]])
        self.assertEqual(self.objects("address", "--only", "reason=mailbox-full"),
                         [{"recipients": [{"address": "b@example.net"}]}])

    def test_csv_has_the_columns_in_their_order(self):
        text = self.check_run("--format", "csv", "--fields", "reason,address,kind,status,advice.actions,diagnostic,partial",
                              stdin=self.BOX)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        self.assertEqual(rows[0], ["recipients.reason", "recipients.address", "kind", "recipients.status",
                                   "recipients.advice.actions", "recipients.diagnostic", "recipients.partial"])
        self.assertEqual(rows[1][:5], ["no-such-user", "user@example.net", "dsn", "'5.1.1", "suppress"])
        self.assertEqual(rows[2][4:], ["retry contact-recipient", '552 5.2.2 over quota "{\\",}],["', "false"])
        self.assertEqual(rows[3], ["", "", "none", "", "", "", ""])

    def test_csv_of_messages(self):
        rows = self.check_run("--format", "csv", "--fields", "source.index,kind,warnings,report.subject",
                              stdin=self.BOX.replace("Subject: lunch", "Subject: =1+1")).splitlines()
        self.assertEqual(rows[1:], ["0,dsn,,Undelivered Mail Returned to Sender", "1,none,,'=1+1"])

    def test_csv_of_members_of_lists(self):
        """They are joined, like other lists."""
        mail = dsn().replace("charset=utf-8", "charset=x-nonsense").replace("Action: failed", "Action: failed\nX-\x00: 1")
        fields = "warnings.id,recipients.address,recipients.advice.actions"
        want = json.loads(self.check_run("--format", "json", stdin=mail))
        rows = self.check_run("--format", "csv", "--fields", fields, stdin=mail).splitlines()
        self.assertGreater(len(want["warnings"]), 0)
        self.assertEqual(rows[1], f"{' '.join(w['id'] for w in want['warnings'])},user@example.net,suppress")

    def test_every_name_works_in_every_format(self):
        table = (program.SOURCE_DIR / "cli" / "render" / "field_names.c").read_text()
        for name in re.findall(r'^    "([a-z0-9_.]+)",$', table, re.M):
            for output_format in ("json", "csv"):
                named = ["--as", "ses"] if name == "recipients.as" else []
                if not named or output_format == "json":  # CSV has a column of its own for these names
                    self.check_run("--format", output_format, "--explain", "--header", "X-A", "--fields", name, *named, stdin=self.BOX)

    def test_wrong_names(self):
        for names, message in (("nothing", "nothing: no such field"), ("kind,", ": no such field"),
                               ("message_id", "did you mean report.message_id"), ("", "no such field")):
            done = program.run("--format", "json", "--fields", names, stdin="")
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr.decode())
        self.assertEqual(program.run("--fields", "kind", stdin="").returncode, 2)


if __name__ == "__main__":
    program.main()
