# SPDX-License-Identifier: MIT
"""Mails and replies: their facts, missing facts, and lifetimes."""
import gc
import json
import mmap
import os
import resource
import subprocess
import threading

import bounce
import pytest


def test_what_a_report_says(report_mail):
    report = bounce.parse(report_mail)
    assert report.kind is bounce.Kind.DSN and len(report) == 1 and report.subject
    recipient = report[0]
    assert recipient.address == "joe@example.net"
    assert recipient.type is bounce.Type.HARD and recipient.reason is bounce.Reason.NO_SUCH_USER
    assert recipient.status == "5.1.1" and recipient.reply_code == 550
    assert recipient.advice == (bounce.Advice.SUPPRESS,) and recipient.queue is bounce.Queue.DROP
    assert recipient.permanent and recipient.cause is None and recipient.retry_after_s == ()
    assert [r.address for r in report] == [r.address for r in report.recipients] == ["joe@example.net"]
    assert report[-1].address == "joe@example.net"
    with pytest.raises(IndexError):
        report[1]


def test_what_is_missing_is_none(mails):
    for name, (mail, facts) in mails.items():
        report = bounce.parse(mail)
        assert len(report) == (0 if facts is None else 1), name
        for key, value in (facts or {}).items():
            got = getattr(report[0], key)
            assert (str(got) if isinstance(got, bounce.Action) else got) == value, name
        assert report and report.as_dict()["schema"] == 1


def test_every_property_of_the_corpus(corpus):
    """Each can be read for each mail, and agrees with the JSON key of the same name."""
    parser = bounce.Parser(options=bounce.Options(explain=1, read_all=1))
    for path in corpus:
        report = parser.parse_file(path)
        shown = report.as_dict()
        assert str(report.kind) == shown["kind"] and len(report) == len(shown["recipients"])
        for thing in (report, *report):
            for name in dir(type(thing)):
                if not name.startswith("_"):
                    getattr(thing, name)
        for recipient, facts in zip(report, shown["recipients"]):
            for key in ("address", "status", "stated_status", "diagnostic", "remote_mta", "reply_code", "permanent",
                        "attempts"):
                assert getattr(recipient, key) == facts[key], (path, key)
            for key in ("type", "reason", "action", "group"):
                assert str(getattr(recipient, key)) == facts[key], (path, key)


def test_bytes_of_all_sorts(report_mail, tmp_path):
    (tmp_path / "mail").write_bytes(report_mail)
    with open(tmp_path / "mail", "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        for mail in (report_mail, bytearray(report_mail), memoryview(report_mail), mapped):
            assert bounce.parse(mail)[0].address == "joe@example.net"
    assert bounce.parse(b"").kind is bounce.Kind.NONE
    with pytest.raises(TypeError):
        bounce.parse("a string")


def test_files(report_mail, tmp_path):
    (tmp_path / "ü").write_bytes(report_mail)
    assert bounce.parse_file(tmp_path / "ü")[0].status == "5.1.1"
    with pytest.raises(bounce.FileError, match="missing: No such file") as caught:
        bounce.parse_file(str(tmp_path / "missing"))
    assert isinstance(caught.value, OSError) and caught.value.status is bounce.Status.ERROR_IO
    with pytest.raises(bounce.FileError):
        bounce.parse_file(tmp_path)
    with pytest.raises(ValueError):
        bounce.parse_file("a\0b")


def test_replies():
    recipient = bounce.parse_reply("452 4.2.2 over quota", command=bounce.Command.RCPT, host="mx.example.net",
                                   recipient="joe@example.net")[0]
    assert recipient.address == "joe@example.net" and recipient.reason is bounce.Reason.MAILBOX_FULL
    assert recipient.command is bounce.Command.RCPT and recipient.remote_mta == "mx.example.net"
    assert recipient.action is bounce.Action.DELAYED and recipient.retry_after_s
    assert bounce.parse_reply(b"550 5.1.1 <ann@example.org>: unknown")[0].address == "ann@example.org"
    assert bounce.parse_reply("")[0].address is None
    with pytest.raises(ValueError):
        bounce.parse_reply("550 no", recipient="a\0b")


def test_many_replies():
    texts = ["452 4.2.2 over quota", b"550 5.1.1 <ann@example.org>: unknown", bytearray(b"250 ok"), ""]
    with bounce.Parser() as parser:
        reports = list(parser.parse_replies(texts))
        assert [r.json() for r in reports] == [parser.parse_reply(text).json() for text in texts]
        assert [r[0].address for r in reports] == [None, "ann@example.org", None, None]
        asked = parser.parse_replies(iter(texts))
        next(asked)
    with pytest.raises(ValueError):
        next(asked)
    with pytest.raises(TypeError):
        next(bounce.Parser().parse_replies([550]))


def test_one_and_many_recipients(report_mail):
    assert [r.number for r in bounce.parse(report_mail)] == [0]
    group = b"\nFinal-Recipient: rfc822; joe@example.net\n"
    assert group in report_mail
    several = report_mail.replace(group, b"".join(
        b"\nFinal-Recipient: rfc822; u%d@example.net\nAction: failed\nStatus: 5.1.1\n" % n for n in range(3)) + group)
    recipients = iter(bounce.parse(several))
    assert [(r.number, r.address) for r in recipients] == [
        (0, "u0@example.net"), (1, "u1@example.net"), (2, "u2@example.net"), (3, "joe@example.net")]


def test_recipients_keep_their_report(report_mail):
    recipients = [bounce.Parser().parse(report_mail)[0] for _ in range(100)]
    gc.collect()
    assert {r.address for r in recipients} == {"joe@example.net"}


def test_closed_parsers(report_mail):
    with bounce.Parser() as parser:
        report = parser.parse(report_mail)
    parser.close()
    assert report[0].address == "joe@example.net"
    for ask in (lambda: parser.parse(b""), lambda: parser.parse_reply("550"), lambda: parser.set_envelope("")):
        with pytest.raises(ValueError):
            ask()


def test_options(report_mail):
    options = bounce.Options(explain=1, max_message_bytes=1024, headers=["X-Campaign"],
                             verp="bounces+{local}={domain}@news.example")
    with bounce.Parser(options=options) as parser:
        report = parser.parse(report_mail + b"x" * 1024)
        assert [warning.id for warning in report.warnings] == ["truncated"] and report.trace and report[0].explain
        assert report.headers == {"X-Campaign": ()}
    for wrong in ({"max_message_bytes": 1}, {"max_message_bytes": -1}, {"verp": "{local}"}, {"headers": ["a b"]}):
        with pytest.raises(ValueError):
            bounce.Parser(options=bounce.Options(**wrong))
    with pytest.raises(TypeError):
        bounce.Options(no_such_option=1)


def test_json_is_that_of_the_program(corpus, top):
    """Byte for byte, including the source; also if a buffer has to grow."""
    program = os.path.join(os.environ["BOUNCE_BINARY_DIR"], "cli", "bounce-classify")
    paths = [str(path) for path in corpus[::7]]
    command = [program, "--format", "json", "--jobs", "1", *paths]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert printed.splitlines() == [report.json_bytes() for path in paths for report in bounce.read(path)]
    many = b"".join(b"Final-Recipient: rfc822; joe%d@example.net\nAction: failed\nStatus: 5.1.1\n\n" % i
                    for i in range(1000))
    head = (b"From: MAILER-DAEMON@mx.example.org\n"
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n")
    report = bounce.parse(head + many + b"--b--\n")
    assert len(report) == 1000 and len(json.loads(report.json())["recipients"]) == 1000


def test_nothing_is_lost(report_mail, sample):
    """Freed memory is used again: thousands of reports take no more memory than a few."""
    def work(times):
        for _ in range(times):
            report = bounce.parse(report_mail)
            report.json_bytes(), report[0].address, report[0].advice
            bounce.parse_reply("550 5.1.1 no", host="mx.example.net")
            with bounce.Mailbox(sample) as mailbox:
                next(mailbox)
            with pytest.raises(bounce.FileError):
                bounce.Mailbox("/nowhere")
            bounce.Options(verp="{address}@x")._made()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    work(1000)
    before = work(1000)
    assert work(6000) - before < 2048  # KiB; 1 KiB lost in each turn would be 6000


def test_threads(corpus):
    """Threads with their own parsers, with a shared one, and with one for each thread give the same results."""
    mails = [path.read_bytes() for path in corpus[::9]]
    want = [bounce.parse(mail).json_bytes() for mail in mails]
    shared, answers = bounce.Parser(), {}

    def work(number):
        parse = (shared.parse, bounce.Parser(shared.rules).parse, bounce.parse)[number % 3]
        answers[number] = [parse(mail).json_bytes() for mail in mails]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[number] == want for number in range(6))
