# SPDX-License-Identifier: MIT
"""Mailboxes: files, Maildirs, folders and bytes in memory, message by message."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ._closing import Closing
from ._errors import Error, made
from ._library import NO_NUMBER, NULL, encoded, ffi, lib
from ._parser import Bytes, Parser, default_parser
from ._report import Report, Source
from ._words import Format, Status

OnError = Callable[[Error], None]
# One byte more than a parser accepts by default, so that it can see that a message is longer.
MOST_BYTES = (1 << 20) + 1


class Message(NamedTuple):
    """One message. bytes are its first bytes, at most max_message_bytes of the mailbox."""

    bytes: bytes
    source: Source


class Mailbox(Closing):
    """An mbox, a Maildir, a folder, a single mail, or bytes that hold one of these. Iterating yields messages,
    and reports() yields their reports. Memory does not depend on the size of the mailbox.

    A file in a folder that cannot be read raises FileError, and the next call continues after it; with on_error,
    that function is called with the error instead. At most max_message_bytes of each message are kept: for a parser
    that accepts more than 1 MiB, set it to one more than the parser's option of that name.

    >>> with bounce.Mailbox("inbox.mbox") as mailbox:
    ...     for report in mailbox.reports():
    ...         print(report.kind)
    """

    _what = "mailbox"

    def __init__(self, path: str | os.PathLike[str], format: Format = Format.AUTO, *,
                 max_message_bytes: int = MOST_BYTES, on_error: OnError | None = None) -> None:
        self._open(lambda out, error: lib.bounce_mailbox_open(
            encoded(path), int(format), max_message_bytes, out, error), on_error)

    @classmethod
    def of_bytes(cls, data: Bytes, format: Format = Format.AUTO, *, max_message_bytes: int = MOST_BYTES) -> Mailbox:
        """A mailbox in memory."""
        mailbox = cls.__new__(cls)
        kept = ffi.from_buffer(data)
        mailbox._open(lambda out, error: lib.bounce_mailbox_open_memory(
            kept, len(kept), int(format), max_message_bytes, out, error), None)
        mailbox._memory = kept
        return mailbox

    @classmethod
    def of_descriptor(cls, descriptor: int, path: str | None = None, format: Format = Format.AUTO, *,
                      max_message_bytes: int = MOST_BYTES) -> Mailbox:
        """Reads from a file descriptor, such as a pipe's; you still own it."""
        mailbox = cls.__new__(cls)
        mailbox._open(lambda out, error: lib.bounce_mailbox_open_fd(
            descriptor, NULL if path is None else encoded(path), int(format), max_message_bytes, out, error), None)
        return mailbox

    def _open(self, open_: Any, on_error: OnError | None) -> None:
        self._lock = threading.RLock()  # a callback may use the mailbox
        self._view = ffi.new("bounce_view *")
        self._error = ffi.new("bounce_error *")
        self._path: tuple[bytes, str] = (b"", "")
        self._memory: Any = None
        self._on_error = on_error
        out = ffi.new("bounce_mailbox **")
        self._c: Any = None
        if open_(out, self._error) != Status.OK:
            raise made(self._error)
        self._c = ffi.gc(out[0], lib.bounce_mailbox_close)

    def set_shard(self, shard: int, shards: int) -> None:
        """Reads only one of several parts, counted from 0. Call it before the first message."""
        with self._lock:
            if lib.bounce_mailbox_set_shard(self._opened(), shard, shards, self._error) != Status.OK:
                raise made(self._error)

    def __iter__(self) -> Iterator[Message]:
        return self

    def __next__(self) -> Message:
        with self._lock:
            self._advance()
            view = self._view
            return Message(bytes(ffi.buffer(view.bytes, view.length)) if view.length else b"", self._source())

    def reports(self, parser: Parser | None = None) -> Iterator[Report]:
        """The report of each message; its source says which one."""
        return _Reports(self, parser or default_parser())

    def _next_report(self, parser: Parser) -> Report:
        """The report of the next message, or StopIteration."""
        with self._lock:
            self._advance()
            return parser._parse_view(self._view, self._source())

    def _advance(self) -> None:
        while True:
            status = lib.bounce_mailbox_next(self._opened(), self._view, self._error)
            if status == 0:
                return
            if status == 1:
                raise StopIteration
            error = made(self._error)
            if self._on_error is None or status != Status.ERROR_IO:
                raise error
            self._on_error(error)

    def _source(self) -> Source:
        view = self._view
        if not view.path:
            path = None
        else:
            seen = ffi.string(view.path)
            if seen != self._path[0]:
                self._path = (seen, os.fsdecode(seen))
            path = self._path[1]
        index = view.index
        return Source(path, None if index == NO_NUMBER else index, view.offset, view.true_length)

    def close(self) -> None:
        """Closes the mailbox. Messages and reports stay valid."""
        super().close()
        self._memory = None


class _Reports:
    """Iterates over a mailbox; not a generator, so that an error in one file does not end it."""

    def __init__(self, mailbox: Mailbox, parser: Parser) -> None:
        self._next, self._parser = mailbox._next_report, parser

    def __iter__(self) -> _Reports:
        return self

    def __next__(self) -> Report:
        return self._next(self._parser)


def read(path: str | os.PathLike[str], parser: Parser | None = None, *,
         on_error: OnError | None = None) -> Iterator[Report]:
    """The reports of an mbox, a Maildir, a folder or a single mail, one after another."""
    parser = parser or default_parser()
    most = parser.max_message_bytes + 1 if parser.max_message_bytes else MOST_BYTES
    with Mailbox(path, max_message_bytes=most, on_error=on_error) as mailbox:
        yield from mailbox.reports(parser)
