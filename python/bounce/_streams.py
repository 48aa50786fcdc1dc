# SPDX-License-Identifier: MIT
"""Streams: lines of mail server logs, and events of sending services."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from ._closing import Closing
from ._errors import check, made
from ._library import NULL, ffi, lib, present, several, text, words
from ._parser import Bytes, Options, Parser, default_parser
from ._report import Report, Source, Warning
from ._rules import Rules
from ._words import Status

def _place(source: Any) -> Source:
    return Source(None, source.index, source.offset, source.length)


class Log(Closing):
    """Reads the log of a mail server: Postfix, Exim, Sendmail and others (doc/logs.md).

    >>> with bounce.Log(final=True) as log, open("/var/log/mail.log", "rb") as lines:
    ...     for report in log.read(lines):
    ...         print(report.queue_id, report[0].address, report[0].reason)
    """

    _what = "log"

    def __init__(self, rules: Rules | None = None, options: Options | None = None, *, delivered: bool = False,
                 inbound: bool = False, all: bool = False, final: bool = False, timezone: str | None = None,
                 relays: Iterable[str] = ()) -> None:
        self._lock = threading.RLock()
        self._c = ffi.gc(lib.bounce_log_new((rules or Rules())._c, options._made() if options else NULL),
                         lib.bounce_log_free)
        self._error = ffi.new("bounce_error *")
        for option, value in ((lib.BOUNCE_LOG_DELIVERED, delivered), (lib.BOUNCE_LOG_INBOUND, inbound),
                              (lib.BOUNCE_LOG_ALL, all), (lib.BOUNCE_LOG_FINAL, final)):
            check(lib.bounce_log_set(self._c, option, value), "an option of the log")
        if timezone is not None:
            check(lib.bounce_log_set_timezone(self._c, words(timezone, "a zone")), f"the zone {timezone!r}")
        for relay in several(relays, "relays"):
            check(lib.bounce_log_add_relay(self._c, words(relay, "a relay")), f"the relay {relay!r}")

    def read(self, lines: Iterable[bytes | str], *, written: float | None = None) -> Iterator[Report]:
        """The reports of one file of the log. written: when the file was last written (st_mtime), since syslog
        lines have no year."""
        with self._lock:
            check(lib.bounce_log_file(self._opened(), int(written)) if written is not None else 0, "the time")
        for line in lines:
            yield from self.line(line)

    def line(self, line: bytes | str) -> list[Report]:
        """The reports of one more line."""
        data = ffi.from_buffer(line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line)
        with self._lock:
            if lib.bounce_log_line(self._opened(), data, len(data), self._error) != Status.OK:
                raise made(self._error)
            return self._reports()

    def end(self) -> list[Report]:
        """Ends the log. With final, returns the last results of messages that have not ended."""
        with self._lock:
            check(lib.bounce_log_end(self._opened()), "the end")
            return self._reports()

    def _reports(self) -> list[Report]:
        found: list[Report] = []
        out, source = ffi.new("bounce_report **"), ffi.new("bounce_source *")
        while True:
            status = lib.bounce_log_next(self._c, out, source)
            if status == Status.END:
                return found
            check(status, "the log")
            found.append(Report(out[0], _place(source)))

    @property
    def software(self) -> str | None:
        """The software that wrote the last known line; None if no line was known."""
        with self._lock:
            return text(lib.bounce_log_software(self._opened()))

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What went wrong in this file, each kind once."""
        with self._lock:
            c = self._opened()
            return tuple(Warning(present(lib.bounce_log_warning_id(c, i)), present(lib.bounce_log_warning_text(c, i)))
                         for i in range(lib.bounce_log_warnings(c)))


class Events(Closing):
    """Reads what sending services post to a webhook or store (doc/events.md): JSON in any pieces.

    A broken document raises DocumentError; the next call continues after it.

    >>> with bounce.Events() as events:
    ...     for report in events.read([request_body]):
    ...         print(report.service_name, report[0].address)
    """

    _what = "reader of events"

    def __init__(self, parser: Parser | None = None) -> None:
        self._parser = parser or default_parser()  # must outlive this
        self._lock = threading.RLock()
        self._out, self._source = ffi.new("bounce_report **"), ffi.new("bounce_source *")
        self._error = ffi.new("bounce_error *")
        out = ffi.new("bounce_events **")
        if lib.bounce_events_new(self._parser._opened(), out, self._error) != Status.OK:
            raise made(self._error)
        self._c = ffi.gc(out[0], lib.bounce_events_free)

    def add(self, data: Bytes) -> None:
        """Adds bytes of the input, which are copied."""
        piece = ffi.from_buffer(data)
        with self._lock:
            lib.bounce_events_add(self._opened(), piece, len(piece))

    def finish(self) -> None:
        """Ends the input."""
        with self._lock:
            lib.bounce_events_finish(self._opened())

    def __iter__(self) -> Events:
        return self

    def __next__(self) -> Report:
        """The next event about a recipient."""
        with self._lock, self._parser._lock:
            c = self._opened()
            self._parser._opened()
            status = lib.bounce_events_next(c, self._out, self._source, self._error)
            if status == Status.END:
                raise StopIteration
            if status != Status.OK:
                raise made(self._error)
            return Report(self._out[0], _place(self._source))

    def read(self, pieces: Iterable[Bytes]) -> Iterator[Report]:
        """The reports of an input in pieces; it ends with the last piece."""
        for piece in pieces:
            self.add(piece)
            yield from self
        self.finish()
        yield from self

    @property
    def skipped(self) -> int:
        """How many events were not about a delivery."""
        with self._lock:
            return int(lib.bounce_events_skipped(self._opened()))
