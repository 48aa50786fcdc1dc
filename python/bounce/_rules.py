# SPDX-License-Identifier: MIT
"""Sets of rules: the built-in ones, with your own files or texts added."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ._errors import Error, RuleMistake, RulesError, check, made
from ._fields import RuleFields
from ._library import NULL, encoded, ffi, lib, present, words
from ._words import Reason, Status

COUNT = "BOUNCE_RULES_COUNT_"


class Rule(RuleFields):
    """One verdict rule of a set."""

    __slots__ = ("_c", "_rules")

    def __init__(self, c: Any, rules: Rules) -> None:
        self._c = c
        self._rules = rules  # keeps it alive

    def __repr__(self) -> str:
        return f"<bounce.Rule {self.id}>"


class _Sources:
    """Files and texts as an array of bounce_rules_source, and the memory that it needs."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]], texts: Mapping[str, str] | None = None) -> None:
        given = [(ffi.new("char[]", encoded(path)), NULL, 0, False) for path in paths]
        for name, text in (texts or {}).items():
            body = text.encode()
            given.append((ffi.new("char[]", encoded(name)), ffi.new("char[]", body), len(body), False))
        self._kept = given
        self.c = ffi.new("bounce_rules_source[]", given)
        self.count = len(given)


def _noting(found: list[RuleMistake]) -> Any:
    """A function that the library calls for each mistake."""
    @ffi.callback("void(void *, const char *, const bounce_error *)")  # type: ignore[misc]
    def note(_: Any, path: Any, error: Any) -> None:
        found.append(RuleMistake(os.fsdecode(ffi.string(path)), error.line, error.column,
                                 ffi.string(error.message).decode("utf-8", "replace")))
    return note


def _raised(error: Any, mistakes: list[RuleMistake]) -> Error:
    raised = made(error)
    if isinstance(raised, RulesError):
        raised.mistakes = tuple(mistakes)
    return raised


def _load(sources: _Sources) -> Any:
    mistakes: list[RuleMistake] = []
    note = _noting(mistakes)
    rules, error = ffi.new("bounce_rules **"), ffi.new("bounce_error *")
    if lib.bounce_rules_load_sources(sources.c, sources.count, note, NULL, rules, error) != Status.OK:
        raise _raised(error, mistakes)
    return ffi.gc(rules[0], lib.bounce_rules_unref)


class Rules:
    """A set of rules. It never changes, and may be shared by all threads.

    >>> rules = bounce.Rules("mine.rules", "/etc/bounce-classify")  # files and folders
    >>> rules = bounce.Rules()                                      # the built-in ones
    """

    def __init__(self, *paths: str | os.PathLike[str]) -> None:
        self._c = _load(_Sources(paths))

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> Rules:
        """Rules from texts; errors name each by its key in the mapping."""
        rules = cls.__new__(cls)
        rules._c = _load(_Sources((), texts))
        return rules

    @property
    def digest(self) -> str:
        """The version of the built-in rules and the SHA-256 of the whole set."""
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
        """The position of a rule in that order: 1 is the first; 0 if the set does not contain it."""
        return int(lib.bounce_rule_rank(self._c, rule._c))


class RulesCheck(NamedTuple):
    """What check_rules() found. The keys of counts are the names of bounce_rules_count_field in lower case: "rules",
    "overrides", "examples", "failed" and so on."""

    warnings: tuple[RuleMistake, ...]
    counts: dict[str, int]


def check_rules(*paths: str | os.PathLike[str], texts: Mapping[str, str] | None = None) -> RulesCheck:
    """Runs the examples and near misses of your rules against the whole set, and looks for parts that have
    no effect. RulesError if they have mistakes."""
    sources = _Sources(paths, texts)
    mistakes: list[RuleMistake] = []
    warnings: list[RuleMistake] = []
    note, warn = _noting(mistakes), _noting(warnings)
    names = [name for name in dir(lib) if name.startswith(COUNT)]
    counts, error = ffi.new("size_t[]", len(names)), ffi.new("bounce_error *")

    status = lib.bounce_rules_check(sources.c, sources.count, note, warn, NULL, counts, len(names), error)
    if status != Status.OK:
        raise _raised(error, mistakes)
    return RulesCheck(tuple(warnings), {name[len(COUNT):].lower(): counts[getattr(lib, name)] for name in names})


def draft_rule(wording: str, reason: Reason = Reason.UNKNOWN, *paths: str | os.PathLike[str]) -> str | None:
    """A rule file with one rule for texts such as wording (Report.wordings), to be read and improved; None if no
    phrase could find it. paths: your existing rules."""
    sources = _Sources(paths)
    room = 8192
    buffer, length = ffi.new("char[]", room), ffi.new("size_t *")
    status = Status.of(lib.bounce_rules_draft(sources.c, sources.count, int(reason), words(wording, "a wording"),
                                              buffer, room, length))
    if status == Status.END:
        return None
    check(status, "the wording")
    return str(ffi.string(buffer).decode())
