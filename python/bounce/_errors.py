# SPDX-License-Identifier: MIT
"""Errors, as exceptions. All are of class Error."""

from __future__ import annotations

from typing import Any, NamedTuple

from ._library import ffi
from ._words import Status


class Error(Exception):
    """Something that the library refuses. line and column count from 1; 0 if they do not apply."""

    def __init__(self, message: str, status: Status, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it can be passed from another process (multiprocessing)."""
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
    """The exception of a bounce_error."""
    status = Status.of(error.status)
    message = ffi.string(error.message).decode("utf-8", "replace")
    return CLASSES.get(status, Error)(message, status, error.line, error.column)


def check(status: int, what: str) -> None:
    """Raises if a function that fills no bounce_error has failed."""
    if status != Status.OK:
        known = Status.of(status)
        raise CLASSES.get(known, Error)(f"{what} is not accepted", known)
