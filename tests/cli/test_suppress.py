#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The address that the sender wrote to, --suppress, --only, --exclude, --since and --until."""
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

    def test_the_original_recipient_before_that(self):
        mail = dsn().replace("Final-Recipient", "Original-Recipient: rfc822; User@orig.example\nFinal-Recipient")
        self.assertEqual(self.address(returned(mail, "user@forward.example")), "User@orig.example")

    def test_verp_that_is_borne_out_before_all(self):
        mail = returned(dsn(), "user@forward.example").replace(
            "To: sender@example.org", "To: bounces+user=example.net@sender.example", 1)
        self.assertEqual(self.address(mail), "user@example.net")
        self.assertEqual(self.address(mail.replace("+user=example.net", "+anna=maple.example")), "anna@maple.example")
        stated = mail.replace("Final-Recipient", "Original-Recipient: rfc822; user@orig.example\nFinal-Recipient")
        self.assertEqual(self.address(stated.replace("+user=example.net", "+anna=maple.example")), "user@orig.example")


if __name__ == "__main__":
    program.main()
