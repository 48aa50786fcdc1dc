# SPDX-License-Identifier: MIT
"""Parsers, which make reports of mails and SMTP replies, and their options."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Any, Union

from ._closing import Closing
from ._errors import check, made
from ._fields import OptionNumbers
from ._library import NULL, encoded, ffi, lib, several, words
from ._report import Report, Source
from ._rules import Rules
from ._sent import Sent
from ._words import Command, Status

Bytes = Union[bytes, bytearray, memoryview, mmap]


@dataclass(kw_only=True)
class Options(OptionNumbers):
    """How mails are parsed; bounce.h explains each option. None means the default."""

    verp: str | None = None  # pattern of your return paths, "bounces+{local}={domain}@news.example"
    headers: Sequence[str] = ()  # fields of the returned message to be shown
    sent: Sent | None = None  # what you know about your mail
    authserv_id: str | None = None  # the server whose Authentication-Results are trusted

    def _made(self) -> Any:
        """A bounce_options, freed automatically."""
        c = ffi.gc(lib.bounce_options_new(), lib.bounce_options_free)
        for option, value in self._numbers():
            if value is not None:
                if not 0 <= value < 2**64:
                    raise ValueError("an option is out of its range")
                check(lib.bounce_options_set(c, option, int(value)), f"the value {value} of an option")
        check(lib.bounce_options_set_verp(c, words(self.verp, "a pattern")), "the pattern of VERP")
        for name in several(self.headers, "headers"):
            check(lib.bounce_options_add_header(c, words(name, "a name")), f"the header {name!r}")
        check(lib.bounce_options_set_sent(c, self.sent._c if self.sent else NULL), "sent")
        check(lib.bounce_options_set_authserv_id(c, words(self.authserv_id, "a host")), "the authserv-id")
        return c


_parse_reply = lib.bounce_parse_reply  # found once


def _bytes(reply: str | Bytes) -> Any:
    """What cffi passes without a copy."""
    data = reply.encode() if isinstance(reply, str) else reply
    return data if type(data) is bytes else ffi.from_buffer(data)


class Parser(Closing):
    """Reads mails and replies. Threads that share one take turns; one for each thread is faster.

    >>> with bounce.Parser(options=bounce.Options(explain=1)) as parser:
    ...     report = parser.parse(mail)
    """

    _what = "parser"

    def __init__(self, rules: Rules | None = None, options: Options | None = None) -> None:
        self.rules = rules or Rules()
        self.max_message_bytes = options.max_message_bytes if options else None  # None: 1 MiB
        self._c = ffi.gc(lib.bounce_parser_new(self.rules._c, options._made() if options else NULL),
                         lib.bounce_parser_free)
        self._lock = threading.Lock()
        self._out = ffi.new("bounce_report **")
        self._error = ffi.new("bounce_error *")

    def parse(self, mail: Bytes) -> Report:
        """The report of one message. For ordinary mail its kind is NONE, without recipients."""
        data = ffi.from_buffer(mail)
        with self._lock:
            return self._take(lib.bounce_parse(self._opened(), data, len(data), self._out, self._error))

    def parse_file(self, path: str | os.PathLike[str]) -> Report:
        """The report of a file that holds one message."""
        with self._lock:
            return self._take(lib.bounce_parse_file(self._opened(), encoded(path), self._out, self._error))

    def parse_reply(self, reply: str | Bytes, *, command: Command | None = None, host: str | None = None,
                    recipient: str | None = None) -> Report:
        """The report of one SMTP reply, with exactly one recipient; the other arguments override its text."""
        data = _bytes(reply)
        context = NULL
        if command or host or recipient:
            context = ffi.gc(lib.bounce_context_new(), lib.bounce_context_free)
            lib.bounce_context_set_command(context, int(command or Command.NONE))
            lib.bounce_context_set_host(context, words(host, "a host"))
            lib.bounce_context_set_recipient(context, words(recipient, "an address"))
        with self._lock:
            return self._take(_parse_reply(self._opened(), data, len(data), context, self._out, self._error))

    def parse_replies(self, replies: Iterable[str | Bytes]) -> Iterator[Report]:
        """The reports of many SMTP replies, one for each; faster than parse_reply() in a loop."""
        lock, out, error = self._lock, self._out, self._error
        for reply in replies:
            data = reply if type(reply) is bytes else _bytes(reply)
            with lock:
                if _parse_reply(self._c or self._opened(), data, len(data), NULL, out, error):
                    raise made(error)
                report = Report(out[0])
            yield report

    def set_envelope(self, from_: str | None, to: str | None = None) -> None:
        """Sets the envelope of mails parsed from now on; "" is the null sender, None means unknown."""
        with self._lock:
            lib.bounce_parser_set_envelope(self._opened(), words(from_, "an address"), words(to, "an address"))

    def _parse_view(self, view: Any, source: Source) -> Report:
        """The report of a message in a mailbox; for Mailbox, which holds the view."""
        with self._lock:
            return self._take(
                lib.bounce_parse(self._opened(), view.bytes, view.length, self._out, self._error), source)

    def _take(self, status: int, source: Source | None = None) -> Report:
        if status:
            raise made(self._error)
        return Report(self._out[0], source)


class _OfThread(threading.local):
    """A parser with the built-in rules, one for each thread that needs it."""

    parser: Parser | None = None


_of_thread = _OfThread()


def default_parser() -> Parser:
    """The parser of this thread."""
    if _of_thread.parser is None:
        _of_thread.parser = Parser()
    return _of_thread.parser


def parse(mail: Bytes) -> Report:
    """The report of one message, by the built-in rules."""
    return default_parser().parse(mail)


def parse_file(path: str | os.PathLike[str]) -> Report:
    """The report of a file that holds one message, by the built-in rules."""
    return default_parser().parse_file(path)


def parse_reply(reply: str | Bytes, *, command: Command | None = None, host: str | None = None,
                recipient: str | None = None) -> Report:
    """The report of one SMTP reply, by the built-in rules."""
    return default_parser().parse_reply(reply, command=command, host=host, recipient=recipient)


__all__ = ["Bytes", "Options", "Parser", "Status", "default_parser", "parse", "parse_file", "parse_reply"]
