# SPDX-License-Identifier: MIT
"""Exceptions. All are subclasses of Error."""

from __future__ import annotations

from typing import Any, NamedTuple

from ._library import ffi
from ._words import Status


class Error(Exception):
    """An error of the library. line and column count from 1; 0 if they do not apply."""

    def __init__(self, message: str, status: Status, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[Any, ...]:
        """Allows it to be passed between processes (multiprocessing)."""
        return type(self), (self.message, self.status, self.line, self.column), self.__dict__


class ArgumentError(Error, ValueError):
    """An argument that is not allowed, or out of range."""


class FileError(Error, OSError):
    """A file that cannot be opened or read; the message names it."""


class DocumentError(Error, ValueError):
    """A broken document; reading can continue after it."""


class OutOfMemory(Error, MemoryError):
    """Memory ran out."""


class RuleMistake(NamedTuple):
    """One mistake in a rule file."""

    path: str
    line: int
    column: int
    message: str


class RulesError(Error, ValueError):
    """Rule files with mistakes: ``mistakes`` lists all of them."""

    mistakes: tuple[RuleMistake, ...] = ()


CLASSES: dict[Status, type[Error]] = {
    Status.ERROR_ARGUMENT: ArgumentError,
    Status.ERROR_LIMIT: ArgumentError,
    Status.ERROR_IO: FileError,
    Status.ERROR_RULES: RulesError,
    Status.ERROR_MEMORY: OutOfMemory,
    Status.ERROR_SYNTAX: DocumentError,
}


def made(error: Any) -> Error:
    """The exception for a bounce_error."""
    status = Status.of(error.status)
    message = ffi.string(error.message).decode("utf-8", "replace")
    return CLASSES.get(status, Error)(message, status, error.line, error.column)


def check(status: int, what: str) -> None:
    """Raises an exception for the status of a function without a bounce_error."""
    if status != Status.OK:
        known = Status.of(status)
        raise CLASSES.get(known, Error)(f"{what} is not accepted", known)
