# SPDX-License-Identifier: MIT
"""The common base of the enums in _words.py."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from ._library import ffi, lib

Self = TypeVar("Self", bound="Number")
_functions: dict[type, Callable[[int], Any]] = {}  # return the word of a value


class Number(enum.IntEnum):
    """A number of the library. One that this module does not know, from a later library, is also a member."""

    @classmethod
    def of(cls: type[Self], value: int) -> Self:
        """The member of a number."""
        try:
            return cls._value2member_map_[value]  # type: ignore[return-value]
        except KeyError:
            return cls(value)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Pickles it by value, since a member that this module does not know has no name."""
        return type(self), (self._value_,)

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"VALUE_{value}"
        member._value_ = value
        return member


class Members(dict[int, Self]):
    """The member of each number, faster than Number.of()."""

    def __init__(self, cls: type[Self]) -> None:
        super().__init__(cls._value2member_map_)
        self._cls = cls

    def __missing__(self, value: int) -> Self:
        return self._cls(value)


class Flag(enum.IntFlag):
    """Flags of the library."""


class Word(Number):
    """A number that has a word, as in the JSON output: ``str(Reason.NO_SUCH_USER)`` is "no-such-user", and
    ``Reason("no-such-user")`` the other way round."""

    @classmethod
    def find_words(cls, function: str) -> None:
        """Sets the function of the library that returns the words, and asks it once for each member."""
        _functions[cls] = getattr(lib, function)
        for member in cls:
            member._find_word()

    def _find_word(self) -> None:
        self._word: str = ffi.string(_functions[type(self)](self._value_)).decode()

    @property
    def word(self) -> str:
        """The word in the JSON output; "unknown" for a number that the library does not know."""
        return self._word

    @classmethod
    def _missing_(cls, value: object) -> Any:
        if isinstance(value, str):
            return next((member for member in cls if member.word == value), None)
        member = super()._missing_(value)
        if member is not None:
            member._find_word()
        return member

    def __str__(self) -> str:
        return self._word

    def __format__(self, spec: str) -> str:
        return format(self._word, spec) if spec else self._word
