# SPDX-License-Identifier: MIT
"""What a sender knows about its own mail, to tell forged reports from real ones."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from ._errors import check, made
from ._library import encoded, ffi, lib, words
from ._words import KeyKind, Status


class Sent:
    """What you know about your mail. doc/forged-reports.md explains the effect.

    It cannot be changed once a Parser uses it: ArgumentError.
    """

    def __init__(self) -> None:
        self._c = ffi.gc(lib.bounce_sent_new(), lib.bounce_sent_unref)

    def add_domain(self, domain: str) -> None:
        """A domain of yours, with its subdomains."""
        check(lib.bounce_sent_add_domain(self._c, words(domain, "a domain")), "the domain")

    def add_relay(self, domain: str) -> None:
        """The domain of a service that sends your mail with its own Message-ID."""
        check(lib.bounce_sent_add_relay(self._c, words(domain, "a domain")), "the relay")

    def add_id(self, message_id: str) -> None:
        """A Message-ID that you sent, with or without brackets."""
        check(lib.bounce_sent_add_id(self._c, words(message_id, "a Message-ID")), "the Message-ID")

    def read_ids(self, path: str | os.PathLike[str]) -> None:
        """Message-IDs from a file, one per line, or from an SQLite database."""
        error = ffi.new("bounce_error *")
        if lib.bounce_sent_read_ids(self._c, encoded(path), error) != Status.OK:
            raise made(error)

    def add_key(self, kind: KeyKind, secret: bytes, number: int = 0) -> None:
        """A key; number is the one in the mark, 0 to 9."""
        if not 0 <= number <= 9:
            raise ValueError("numbers of keys are 0 to 9")
        check(lib.bounce_sent_add_key(self._c, int(kind), number, ffi.from_buffer(secret), len(secret)), "the key")

    def read_keys(self, path: str | os.PathLike[str]) -> None:
        """Keys from a file of lines "hmac NUMBER SECRET", "batv NUMBER SECRET" and "srs SECRET"."""
        error = ffi.new("bounce_error *")
        if lib.bounce_sent_read_keys(self._c, encoded(path), error) != Status.OK:
            raise made(error)

    def set_time(self, now: datetime) -> None:
        """Sets the time to use as the current time, for archives and tests."""
        check(lib.bounce_sent_set_time(self._c, int(now.timestamp())), "the time")

    def message_id(self, unique: str, domain: str) -> str:
        """A Message-ID that can be verified for 90 days."""
        return self._made(lib.bounce_sent_message_id, words(unique, "an id"), words(domain, "a domain"),
                          f"a Message-ID of {unique!r} and {domain!r}")

    def return_path(self, sender: str, recipient: str | None = None) -> str:
        """An envelope sender that can be verified, and names the recipient."""
        return self._made(lib.bounce_sent_return_path, words(sender, "an address"), words(recipient, "an address"),
                          f"a return path of {sender!r} and {recipient!r}")

    def _made(self, make: Any, first: bytes, second: Any, what: str) -> str:
        room = 256 + len(first) + (len(second) if isinstance(second, bytes) else 0)
        buffer = ffi.new("char[]", room)
        check(make(self._c, first, second, buffer, room), what)
        return str(ffi.string(buffer).decode())
