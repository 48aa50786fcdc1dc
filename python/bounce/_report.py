# SPDX-License-Identifier: MIT
"""Reports and their recipients. _fields.py has most of their properties."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from ._errors import check
from ._fields import RecipientFields, ReportFields
from ._library import NO_NUMBER, NULL, ffi, kept, lib, present, text
from ._words import Status


_count, _recipient, _free, _gc = (  # found once
    lib.bounce_report_recipients, lib.bounce_report_recipient, lib.bounce_report_free, ffi.gc)


class Source(NamedTuple):
    """Where a message came from."""

    path: str | None
    number: int | None  # in its mailbox, from 0; None if reading began in the middle
    offset: int | None  # of its first byte
    length: int  # in bytes, including what was not read

    def _made(self) -> tuple[Any, Any]:
        """A bounce_source, and its path, which must stay alive as long."""
        path, number, offset, length = self
        c_path = NULL if path is None else kept(os.fsencode(path))
        c = ffi.new("bounce_source *", (c_path, NO_NUMBER if number is None else number,
                                        NO_NUMBER if offset is None else offset, length))
        return c, c_path


class Warning(NamedTuple):
    """What went wrong while a report was read: id is a stable word, text is for people."""

    id: str
    text: str


class Recipient(RecipientFields):
    """What a report says about one recipient. It keeps its report alive."""

    __slots__ = ("_c", "report", "number")

    def __init__(self, c: Any, report: Report, number: int) -> None:
        self._c = c
        self.report = report
        self.number = number  # in the report, from 0

    @property
    def retry_after_s(self) -> tuple[int, ...]:
        """The proposed retries, each in seconds after the previous one."""
        count = lib.bounce_recipient_retry_count(self._c)
        return tuple(int(lib.bounce_recipient_retry_after_s(self._c, i)) for i in range(count))

    def __repr__(self) -> str:
        return f"<bounce.Recipient {self.address}: {self.type}, {self.reason}>"


class _Buffer(threading.local):
    """Where the library writes JSON: one growing buffer for each thread."""

    def __init__(self) -> None:
        self.room = 1 << 16
        self.c = ffi.new("char[]", self.room)
        self.length = ffi.new("size_t *")


_buffer = _Buffer()
_asking = threading.Lock()  # for calls that change a report, which threads may share


class Report(ReportFields):
    """What one mail, reply, event or log line says. Iterating yields its recipients.

    It is freed once nothing refers to it or to one of its recipients.

    >>> for recipient in bounce.parse(mail):
    ...     print(recipient.address, recipient.reason)
    """

    __slots__ = ("_c", "source")

    def __init__(self, c: Any, source: Source | None = None) -> None:
        self._c = _gc(c, _free)
        self.source = source

    def __len__(self) -> int:
        return int(_count(self._c))

    def __bool__(self) -> bool:
        """Always true, even without recipients."""
        return True

    def __getitem__(self, index: int) -> Recipient:
        count = len(self)
        if not -count <= index < count:
            raise IndexError("there is no such recipient")
        return Recipient(lib.bounce_report_recipient(self._c, index % count), self, index % count)

    def __iter__(self) -> Iterator[Recipient]:
        count = _count(self._c)
        if count == 1:  # as most have, and each reply
            return iter((Recipient(_recipient(self._c, 0), self, 0),))
        return (Recipient(_recipient(self._c, i), self, i) for i in range(count))

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """All recipients; none for ordinary mail."""
        return tuple(self)

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What went wrong: a limit that was hit, a broken structure, an unknown charset."""
        return tuple(Warning(present(lib.bounce_report_warning_id(self._c, i)),
                             present(lib.bounce_report_warning_text(self._c, i)))
                     for i in range(lib.bounce_report_warnings(self._c)))

    @property
    def wordings(self) -> tuple[str | None, ...]:
        """What was said about each recipient, without private or variable parts: to show to others, to compare, or for
        draft_rule()."""
        with _asking:
            return tuple(text(lib.bounce_report_wording(self._c, i)) for i in range(len(self)))

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """The fields of the returned message requested with Options.headers."""
        c = self._c
        return {present(lib.bounce_report_header_name(c, i)): tuple(
            present(lib.bounce_report_header(c, i, k)) for k in range(lib.bounce_report_header_count(c, i)))
            for i in range(lib.bounce_report_headers(c))}

    def json_bytes(self) -> bytes:
        """One line of JSON, as bounce-classify prints it (doc/output.md), without a line end."""
        source, _path = self.source._made() if self.source else (NULL, NULL)
        buffer = _buffer
        status = lib.bounce_report_json_into(self._c, source, buffer.c, buffer.room, buffer.length)
        if status == Status.ERROR_LIMIT:
            buffer.room = buffer.length[0] + 4096
            buffer.c = ffi.new("char[]", buffer.room)
            status = lib.bounce_report_json_into(self._c, source, buffer.c, buffer.room, buffer.length)
        check(status, "the report")
        return bytes(ffi.buffer(buffer.c, buffer.length[0]))

    def json(self) -> str:
        """The same as a string."""
        return self.json_bytes().decode()

    def as_dict(self) -> dict[str, Any]:
        """The same as Python objects."""
        answer: dict[str, Any] = json.loads(self.json_bytes())
        return answer

    def __repr__(self) -> str:
        return f"<bounce.Report {self.kind}, {len(self)} recipients>"
