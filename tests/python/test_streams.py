# SPDX-License-Identifier: MIT
"""Lines of logs, and events of sending services."""
import bounce
import pytest

EVENT = b'{"event":"bounce","email":"joe@example.net","sg_event_id":"1","reason":"550 5.1.1 user unknown"}\n'


def test_a_log(top):
    path = top / "tests" / "logs" / "postfix.log"
    with bounce.Log() as log, open(path, "rb") as lines:
        reports = list(log.read(lines, written=1767225600)) + log.end()
        assert log.software == "postfix" and log.warnings
    found = [(report.queue_id, report[0].address, str(report[0].reason)) for report in reports]
    assert ("4XKq2r1yZ3z1s", "bob@dest.example", "no-such-user") in found
    assert all(report.kind is bounce.Kind.LOG and report.source.length for report in reports)
    with bounce.Log(final=True, delivered=True, timezone="+0200", relays=["192.0.2.0/24"]) as log:
        with open(path, encoding="utf-8", errors="surrogateescape") as lines:
            some = list(log.read(lines)) + log.end()
    assert 0 < len(some) and {r.queue_id for r in reports} <= {r.queue_id for r in some}


def test_what_a_log_refuses():
    for wrong in ({"timezone": "nonsense"}, {"relays": ["a b"]}):
        with pytest.raises(bounce.ArgumentError):
            bounce.Log(**wrong)
    with bounce.Log() as log:
        assert log.line(b"") == [] and log.line("no log") == [] and log.software is None
    for ask in (lambda: log.line(b""), log.end, lambda: log.software):
        with pytest.raises(ValueError):
            ask()


def test_events():
    with bounce.Events() as events:
        opened = b'{"event":"open","email":"a@b.example","sg_event_id":"2"}'
        reports = list(events.read([EVENT[:30], EVENT[30:] + EVENT, opened]))
        assert [report[0].address for report in reports] == ["joe@example.net"] * 2
        assert reports[0].service_name == "sendgrid" and reports[0].kind is bounce.Kind.EVENT and events.skipped == 1
    with pytest.raises(ValueError):
        events.add(b"")


def test_broken_events():
    with bounce.Events(bounce.Parser()) as events:
        events.add(b'{"event": nonsense}\n' + EVENT)
        events.finish()
        with pytest.raises(bounce.DocumentError) as caught:
            next(events)
        assert caught.value.line == 1 and next(events)[0].address == "joe@example.net"
        assert list(events) == []
