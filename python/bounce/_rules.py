# SPDX-License-Identifier: MIT
"""Sets of rules: those built in, with files or texts of your own added."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ._errors import Error, RuleMistake, RulesError, made
from ._fields import RuleFields
from ._library import NULL, encoded, ffi, lib, present
from ._words import Status


class Rule(RuleFields):
    """One verdict rule of a set."""

    __slots__ = ("_c", "_rules")

    def __init__(self, c: Any, rules: Rules) -> None:
        self._c = c
        self._rules = rules  # which owns it

    def __repr__(self) -> str:
        return f"<bounce.Rule {self.id}>"


class Rules:
    """A set of rules. It never changes, and may be shared by all threads.

    >>> rules = bounce.Rules("mine.rules", "/etc/bounce-classify")  # files and folders
    >>> rules = bounce.Rules()                                      # those built in
    """

    def __init__(self, *paths: str | os.PathLike[str]) -> None:
        # The strings of `given` must stay until the call has ended.
        given = [ffi.new("char[]", encoded(path)) for path in paths]
        self._c = self._load(lambda *rest: lib.bounce_rules_load(given or NULL, len(given), *rest))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Rules:
        """Rules out of texts; errors call each by the name that it has in the mapping."""
        for name, text in texts.items():
            if "\0" in name or "\0" in text:
                raise ValueError("rules cannot hold a NUL")
        names = [ffi.new("char[]", name.encode()) for name in texts]
        bodies = [ffi.new("char[]", text.encode()) for text in texts.values()]
        rules = cls.__new__(cls)
        rules._c = cls._load(
            lambda *rest: lib.bounce_rules_load_memory(bodies or NULL, names or NULL, len(bodies), *rest))
        return rules

    @staticmethod
    def _load(load: Any) -> Any:
        mistakes: list[RuleMistake] = []

        @ffi.callback("void(void *, const char *, const bounce_error *)")  # type: ignore[misc]
        def note(_: Any, path: Any, error: Any) -> None:
            mistakes.append(RuleMistake(os.fsdecode(ffi.string(path)), error.line, error.column,
                                        ffi.string(error.message).decode("utf-8", "replace")))

        rules, error = ffi.new("bounce_rules **"), ffi.new("bounce_error *")
        if load(note, NULL, rules, error) == Status.OK:
            return ffi.gc(rules[0], lib.bounce_rules_unref)
        raised: Error = made(error)
        if isinstance(raised, RulesError):
            raised.mistakes = tuple(mistakes)
        raise raised

    @property
    def digest(self) -> str:
        """The version of the built-in rules and the SHA-256 of all of the set."""
        return present(lib.bounce_rules_digest(self._c))

    def __len__(self) -> int:
        return int(lib.bounce_rules_count(self._c))

    def __getitem__(self, index: int) -> Rule:
        count = len(self)
        if not -count <= index < count:
            raise IndexError("there is no such rule")
        return Rule(lib.bounce_rules_at(self._c, index % count), self)

    def __iter__(self) -> Iterator[Rule]:
        """The rules, in the order in which they are tried."""
        return (self[i] for i in range(len(self)))

    def rank(self, rule: Rule) -> int:
        """Where a rule is in the order: 1 is the first one; 0 if the set does not have it."""
        return int(lib.bounce_rule_rank(self._c, rule._c))
