# SPDX-License-Identifier: MIT
"""The common base of parsers, mailboxes, logs and events, which can be closed."""

from __future__ import annotations

from types import TracebackType
from typing import Any, TypeVar

from ._library import ffi

_Self = TypeVar("_Self", bound="Closing")


class Closing:
    """An object that is open until it is closed, or until its with block ends."""

    _what: str  # for messages
    _lock: Any
    _c: Any

    def _opened(self) -> Any:
        if self._c is None:
            raise ValueError(f"the {self._what} is closed")
        return self._c

    def close(self) -> None:
        """Frees the library's memory for it. Reports remain valid."""
        with self._lock:
            if self._c is not None:
                ffi.release(self._c)
            self._c = None

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
