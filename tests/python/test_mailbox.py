# SPDX-License-Identifier: MIT
"""Mailboxes: files, folders, memory, pipes; errors in them."""
import os

import bounce
import pytest


def addresses(reports):
    return [recipient.address for report in reports for recipient in report]


def test_a_mailbox(sample):
    reports = list(bounce.read(sample))
    assert "anna@pine.example" in addresses(reports)
    assert reports[0].source == (str(sample), 0, reports[0].source.offset, reports[0].source.length)
    assert [report.source.number for report in reports] == list(range(len(reports)))
    with bounce.Mailbox(sample) as mailbox:
        messages = list(mailbox)
        assert [len(message.bytes) for message in messages] == [report.source.length for report in reports]
        assert list(mailbox) == []
    assert addresses(map(bounce.parse, (message.bytes for message in messages))) == addresses(reports)


def test_memory_and_pipes(sample):
    want = addresses(bounce.read(sample))
    data = bytearray(sample.read_bytes())
    with bounce.Mailbox.of_bytes(data) as mailbox:
        with pytest.raises(BufferError):
            data.clear()  # refused, as the mailbox reads from it
        assert addresses(mailbox.reports()) == want
    reading, writing = os.pipe()
    os.write(writing, bytes(data[:4000]))
    os.close(writing)
    with bounce.Mailbox.of_descriptor(reading, "pipe") as mailbox:
        assert next(mailbox).source.path == "pipe"
    os.close(reading)  # it is still the caller's
    assert list(bounce.Mailbox.of_bytes(b"")) == []


def test_shards(sample):
    want, found = addresses(bounce.read(sample)), []
    for shard in range(3):
        with bounce.Mailbox(sample) as mailbox:
            mailbox.set_shard(shard, 3)
            found += addresses(mailbox.reports())
    assert found == want
    with bounce.Mailbox(sample) as mailbox, pytest.raises(bounce.ArgumentError):
        mailbox.set_shard(3, 3)


def test_formats(tmp_path, report_mail):
    for name in ("new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
        (tmp_path / "Maildir" / name / "1").write_bytes(report_mail)
    assert len(list(bounce.read(tmp_path / "Maildir"))) == 2
    with bounce.Mailbox(tmp_path / "Maildir" / "new" / "1", bounce.Format.MAIL) as mailbox:
        assert addresses(mailbox.reports(bounce.Parser())) == ["joe@example.net"]


def test_files_that_cannot_be_read(tmp_path, report_mail):
    (tmp_path / "1.eml").write_bytes(report_mail)
    (tmp_path / "2.eml").symlink_to("nowhere")
    (tmp_path / "3.eml").write_bytes(report_mail)
    with bounce.Mailbox(tmp_path) as mailbox:
        reports, seen = mailbox.reports(), []
        while True:
            try:
                seen.append(next(reports)[0].address)
            except bounce.FileError as error:
                assert "2.eml" in error.message
                seen.append(None)
            except StopIteration:
                break
    errors = []
    found = addresses(bounce.read(tmp_path, on_error=errors.append))
    if None in seen:  # if such a link is a message at all
        assert seen == ["joe@example.net", None, "joe@example.net"] and len(errors) == 1
    assert found == ["joe@example.net"] * 2


def test_what_is_no_mailbox(tmp_path):
    with pytest.raises(bounce.FileError, match="nowhere: No such file"):
        bounce.Mailbox(tmp_path / "nowhere")
    with pytest.raises(bounce.FileError):
        next(bounce.read(tmp_path / "nowhere"))
    with pytest.raises(bounce.ArgumentError):
        bounce.Mailbox(tmp_path, max_message_bytes=1)


def test_closed(sample):
    with bounce.Mailbox(sample) as mailbox:
        report = next(mailbox.reports())
    mailbox.close()
    assert report[0].address == "anna@pine.example"
    with pytest.raises(ValueError):
        next(mailbox)
    with pytest.raises(ValueError):
        mailbox.set_shard(0, 1)


def test_large_messages(tmp_path, report_mail):
    (tmp_path / "mail.eml").write_bytes(report_mail + b"x" * (1 << 20))
    assert [w.id for report in bounce.read(tmp_path / "mail.eml") for w in report.warnings] == ["truncated"]
    parser = bounce.Parser(options=bounce.Options(max_message_bytes=2 << 20))
    assert [w.id for report in bounce.read(tmp_path / "mail.eml", parser) for w in report.warnings] == []
