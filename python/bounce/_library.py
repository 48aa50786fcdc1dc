# SPDX-License-Identifier: MIT
"""The shared library, and the conversion of values for it and from it.

In: bytes, strings and numbers. Out: strings, None for NULL. The environment variable
BOUNCE_LIBRARY is the path of a library outside the system's search path.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from typing import Any

from . import _declarations

ffi: Any = _declarations.ffi

try:
    lib: Any = ffi.dlopen(os.environ.get("BOUNCE_LIBRARY") or _declarations.LIBRARY)
except OSError as error:
    raise ImportError(f"libbounce cannot be loaded (Debian: libbounce0): {error}") from error

NULL = ffi.NULL
NO_NUMBER = 2**64 - 1
NUMBER: Any = ffi.typeof("uint64_t *")  # looked up once, since a lookup by name is slow
string: Callable[[Any], bytes] = ffi.string
places: list[Any] = []  # memory for numbers that the library fills; whoever takes one puts it back


def text(value: Any) -> str | None:
    """A string from the library, in UTF-8."""
    return ffi.string(value).decode() if value else None


def present(value: Any) -> str:
    """A string that is never NULL."""
    return str(ffi.string(value).decode())


def encoded(value: str | bytes | os.PathLike[str]) -> bytes:
    """A path in the file system's encoding; a NUL would truncate it."""
    path = os.fsencode(value)
    if b"\0" in path:
        raise ValueError("a path cannot hold a NUL")
    return path


def words(value: str | None, what: str) -> Any:
    """An argument that the library copies; None is NULL."""
    if value is None:
        return NULL
    if "\0" in value:
        raise ValueError(f"{what} cannot hold a NUL")
    return value.encode()


def several(values: Iterable[str], what: str) -> Iterable[str]:
    """Refuses a single string, which would be iterated letter by letter."""
    if isinstance(values, str):
        raise TypeError(f"{what} are a list of strings, not a string")
    return values


@functools.lru_cache(maxsize=64)
def kept(value: bytes) -> Any:
    """A string in C memory that does not move."""
    return ffi.new("char[]", value)
