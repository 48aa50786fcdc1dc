# SPDX-License-Identifier: MIT
"""Rules of the user, reasons, and what senders know about their mail."""
import datetime

import bounce
import pytest


def reason(rules):
    return bounce.Parser(rules).parse_reply("550 parrot says no")[0]


def test_rules_of_ones_own(parrot, tmp_path):
    (tmp_path / "mine.rules").write_text(parrot)
    for rules in (bounce.Rules(tmp_path / "mine.rules"), bounce.Rules(str(tmp_path)),
                  bounce.Rules.from_texts({"mine.rules": parrot})):
        recipient = reason(rules)
        assert recipient.reason is bounce.Reason.POLICY and recipient.tag == "birds"
        assert (recipient.evidence_rule, recipient.evidence_file) == ("mine/parrot", "mine.rules")
        assert len(rules) == len(bounce.Rules()) + 1 and rules.digest != bounce.Rules().digest
        rule = next(rule for rule in rules if rule.id == "mine/parrot")
        assert rules[rules.rank(rule) - 1].id == rule.id and rule.line == 1 and rule.why == "It does."
        assert bounce.Rules().rank(rule) == 0
    assert reason(bounce.Rules.from_texts({})).reason is not bounce.Reason.POLICY
    with pytest.raises(IndexError):
        bounce.Rules()[10**6]


def test_mistakes(tmp_path):
    with pytest.raises(bounce.RulesError) as caught:
        bounce.Rules.from_texts({"a": "rule x\nnonsense 1\n", "b": "nonsense 2\n"})
    assert caught.value.message.startswith("a: ") and caught.value.line
    assert {mistake.path for mistake in caught.value.mistakes} == {"a", "b"}
    with pytest.raises(bounce.FileError, match="nowhere"):
        bounce.Rules(tmp_path / "nowhere")
    with pytest.raises(ValueError):
        bounce.Rules.from_texts({"a": "\0"})


def test_checks_and_drafts(parrot, tmp_path):
    (tmp_path / "mine.rules").write_text(parrot)
    found = bounce.check_rules(tmp_path / "mine.rules")
    assert found.counts["rules"] == 1 and found.counts["examples"] == 1 and found.counts["failed"] == 0
    found = bounce.check_rules(texts={"t": parrot.replace("example 550 parrot says no", "example 550 parrot barks")})
    assert found.counts["failed"] == 1 and "t" in {warning.path for warning in found.warnings}
    with pytest.raises(bounce.RulesError):
        bounce.check_rules(texts={"t": "nonsense"})
    report = bounce.parse_reply("550 <joe@example.net>: the quantum mailbox has collapsed")
    assert "joe@example.net" not in report.wordings[0]
    drafted = bounce.draft_rule(report.wordings[0], bounce.Reason.SYSTEM_ERROR)
    assert "reason system-error" in drafted and bounce.check_rules(texts={"d": drafted}).counts["failed"] == 0
    assert bounce.draft_rule("550") is None


def test_words():
    assert bounce.Reason("no-such-user") is bounce.Reason.NO_SUCH_USER
    assert str(bounce.Reason.NO_SUCH_USER) == f"{bounce.Reason.NO_SUCH_USER}" == "no-such-user"
    assert bounce.Command("RCPT") == 5 and str(bounce.DecidedBy.REPORTER) == "reporter"
    with pytest.raises(ValueError):
        bounce.Reason("no such reason")
    later = bounce.Reason(9999)  # from a library newer than this module
    assert later == 9999 and str(later) == "unknown" and later not in list(bounce.Reason)
    for each in bounce.Reason:
        assert bounce.Reason(str(each)) is each and bounce.meaning(each) and bounce.usual_advice(each) is not None
    assert bounce.usual_advice(bounce.Reason.MAILBOX_FULL) == (bounce.Advice.RETRY, bounce.Advice.CONTACT_RECIPIENT)


def test_sent(report_mail):
    sent = bounce.Sent()
    sent.add_domain("ours.example")
    sent.add_id("<1@ours.example>")
    sent.add_key(bounce.KeyKind.HMAC, b"0123456789abcdef", 1)
    sent.set_time(datetime.datetime(2026, 11, 30, tzinfo=datetime.timezone.utc))
    made = sent.message_id("unique", "ours.example")
    path = sent.return_path("bounces@ours.example", "ann@maple.example")
    assert made.startswith("<unique.bk1") and path.endswith("@ours.example")
    with bounce.Parser(options=bounce.Options(sent=sent)) as parser:
        for message_id, answer in ((made, "YES"), ("<1@ours.example>", "YES"), ("<9@other.example>", "UNKNOWN")):
            mail = report_mail.replace(b"--b--", b"--b\nContent-Type: text/rfc822-headers\n\nFrom: x@other.example\n"
                                       b"Message-ID: " + message_id.encode() + b"\n\n--b--")
            assert parser.parse(mail).sent is bounce.SentAnswer[answer], message_id
    with pytest.raises(bounce.ArgumentError):
        sent.add_domain("late.example")  # it is in use
    for wrong in (lambda: bounce.Sent().message_id("a", "b.example"), lambda: bounce.Sent().read_keys("/nowhere"),
                  lambda: bounce.Sent().read_ids("/nowhere"),
                  lambda: bounce.Sent().add_key(bounce.KeyKind.HMAC, b"short")):
        with pytest.raises(bounce.Error):
            wrong()
    with pytest.raises(ValueError):
        bounce.Sent().add_key(bounce.KeyKind.SRS, b"x", 11)
