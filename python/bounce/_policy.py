# SPDX-License-Identifier: MIT
"""Who may be written to again, and when: states, events, and the policy that computes the next state from both.

Times are seconds since 1970, 0 where there is none. Nothing here reads the clock or keeps anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from ._errors import Error, RuleMistake, check, made
from ._fields import (
    AddressStateFields, DecisionFields, DomainStateFields, GuardAnswerFields, GuardCountsFields, PolicyEventFields)
from ._library import NULL, encoded, ffi, lib, present, words
from ._report import Recipient
from ._words import May, Reach, Status

ROOM = 2048  # BOUNCE_ADDRESS_KEY_BYTES, BOUNCE_STATE_TEXT_BYTES


def _text(write: Any, given: Any, what: str) -> str:
    """The text that a function writes to a buffer."""
    buffer = ffi.new("char[]", ROOM)
    check(write(given, buffer, ROOM, NULL), what)
    return str(ffi.string(buffer).decode())


class PolicyError(Error, ValueError):
    """A policy file with mistakes: ``mistakes`` lists all of them."""

    mistakes: tuple[RuleMistake, ...] = ()


_Self = TypeVar("_Self", bound="_Struct")


class _Struct:
    """A struct of the library, whose members are set by their names."""

    __slots__ = ()
    _c: Any

    def __init__(self, **members: int) -> None:
        for name, value in members.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        return f"<bounce.{type(self).__name__}>"

    def __copy__(self: _Self) -> _Self:
        """Copies the struct, so that a state can be compared with its earlier value."""
        other = type(self).__new__(type(self))
        other._c = ffi.new(ffi.typeof(self._c))
        other._c[0] = self._c[0]
        return other

    def __deepcopy__(self: _Self, memo: Any) -> _Self:
        return self.__copy__()


class AddressState(AddressStateFields, _Struct):
    """What is remembered about one address, for one list, tenant or service. A new one is empty.

    A row of a table has state, basis, cause, because, since, until and next as columns, and text for the rest.
    """

    __slots__ = ("_c",)

    def __init__(self, *, text: str = "", **members: int) -> None:
        self._c = ffi.new("bounce_address_state *")
        check(lib.bounce_address_state_read(self._c, words(text, "a text")), "the text of a state")
        super().__init__(**members)

    @property
    def text(self) -> str:
        """The data that only the policy uses, as one line."""
        return _text(lib.bounce_address_state_write, self._c, "the state")


class DomainState(DomainStateFields, _Struct):
    """The same for a domain."""

    __slots__ = ("_c",)

    def __init__(self, *, text: str = "", **members: int) -> None:
        self._c = ffi.new("bounce_domain_state *")
        check(lib.bounce_domain_state_read(self._c, words(text, "a text")), "the text of a state")
        super().__init__(**members)

    @property
    def text(self) -> str:
        """The data that only the policy uses, as one line."""
        return _text(lib.bounce_domain_state_write, self._c, "the state")


class PolicyEvent(PolicyEventFields, _Struct):
    """What happened. A new one is empty: fill in what is known."""

    __slots__ = ("_c",)

    def __init__(self, **members: int) -> None:
        self._c = ffi.new("bounce_policy_event *")
        super().__init__(**members)

    @classmethod
    def of(cls, recipient: Recipient, now: int) -> PolicyEvent:
        """What a report says about a recipient; now is used if it states no time."""
        event = cls()
        check(lib.bounce_policy_event_from(recipient.report._c, recipient.number, now, event._c), "the recipient")
        return event


class Decision(DecisionFields, _Struct):
    """The effect of an event, with an explanation for people (why)."""

    __slots__ = ("_c",)

    def __init__(self) -> None:
        self._c = ffi.new("bounce_policy_decision *")


class GuardCounts(GuardCountsFields, _Struct):
    """Your counts, for Policy.guard(); 0 means unknown."""

    __slots__ = ("_c",)

    def __init__(self, **members: int) -> None:
        self._c = ffi.new("bounce_guard *")
        super().__init__(**members)


class GuardAnswer(GuardAnswerFields, _Struct):
    """Whether the guard trips, and why."""

    __slots__ = ("_c",)

    def __init__(self) -> None:
        self._c = ffi.new("bounce_guard_answer *")


class MayWrite(NamedTuple):
    """Whether to write now, and from when; 0 is never."""

    may: May
    from_: int


State = TypeVar("State", AddressState, DomainState)


class Policy:
    """Computes the next state from a state and an event. It never changes, and threads may share it.

    >>> policy, state = bounce.Policy(), bounce.AddressState()
    >>> decision = policy.apply(state, bounce.PolicyEvent.of(recipient, int(time.time())))
    >>> print(state.state, decision.why)
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        if path is None:
            c = lib.bounce_policy_new_default()
            check(Status.OK if c else Status.ERROR_MEMORY, "the policy")
            self._c = ffi.gc(c, lib.bounce_policy_free)
        else:
            file = encoded(path)
            self._c = self._load(lambda *rest: lib.bounce_policy_load(file, *rest))

    @classmethod
    def from_text(cls, text: str, name: str = "policy") -> Policy:
        """A policy from a text, with the built-in policy for what it does not state."""
        policy, body = cls.__new__(cls), text.encode()
        policy._c = cls._load(lambda *rest: lib.bounce_policy_read(body, len(body), words(name, "a name"), *rest))
        return policy

    @staticmethod
    def _load(load: Any) -> Any:
        mistakes: list[RuleMistake] = []

        @ffi.callback("void(void *, const char *, const bounce_error *)")  # type: ignore[misc]
        def note(_: Any, path: Any, error: Any) -> None:
            mistakes.append(RuleMistake(os.fsdecode(ffi.string(path)) if path else "", error.line, error.column,
                                        ffi.string(error.message).decode("utf-8", "replace")))

        policy, error = ffi.new("bounce_policy **"), ffi.new("bounce_error *")
        status = load(note, NULL, policy, error)
        if status == Status.OK:
            return ffi.gc(policy[0], lib.bounce_policy_free)
        if status != Status.ERROR_SYNTAX:
            raise made(error)
        first = made(error)
        wrong = PolicyError(first.message, first.status, first.line, first.column)
        wrong.mistakes = tuple(mistakes)
        raise wrong

    @staticmethod
    def default_text() -> str:
        """The built-in policy as a file, with a reason for each default."""
        return present(lib.bounce_policy_default_text())

    def setting(self, name: str, number: int = 0) -> int | None:
        """A value by its name in the file: spans in seconds, "never" as -1; None if there is no such value."""
        value = ffi.new("int64_t *")
        found = lib.bounce_policy_setting(self._c, words(name, "a name"), number, value)
        return int(value[0]) if found else None

    def reach(self, event: PolicyEvent) -> Reach:
        """For whom an event counts."""
        return Reach(lib.bounce_policy_reach(self._c, event._c))

    def apply(self, state: State, event: PolicyEvent) -> Decision:
        """Applies an event to a state."""
        decision = Decision()
        apply = lib.bounce_policy_apply if isinstance(state, AddressState) else lib.bounce_policy_apply_domain
        check(apply(self._c, state._c, event._c, decision._c), "the event")
        return decision

    def tick(self, state: State, now: int) -> Decision:
        """Applies the passing of time to a state. Call it when state.next is reached."""
        decision = Decision()
        tick = lib.bounce_policy_tick if isinstance(state, AddressState) else lib.bounce_policy_tick_domain
        check(tick(self._c, state._c, now, decision._c), "the state")
        return decision

    def replay(self, state: State, events: Iterable[PolicyEvent], now: int = 0) -> Decision:
        """Rebuilds a state from all events, in any order; now 0: the time of the last event."""
        given = list(events)
        array = ffi.new("bounce_policy_event[]", [event._c[0] for event in given])
        decision = Decision()
        replay = lib.bounce_policy_replay if isinstance(state, AddressState) else lib.bounce_policy_replay_domain
        check(replay(self._c, array, len(given), now, state._c, decision._c), "the events")
        return decision

    def guard(self, counts: GuardCounts) -> GuardAnswer:
        """Whether there are so many of these bounces that the provider may be at fault."""
        answer = GuardAnswer()
        check(lib.bounce_policy_guard(self._c, counts._c, answer._c), "the counts")
        return answer


def may_write(state: AddressState | DomainState, now: int) -> MayWrite:
    """Whether to write now. With several states, the highest answer counts."""
    from_ = ffi.new("int64_t *")
    may = lib.bounce_policy_may(int(state.state), state.until, now, from_)
    return MayWrite(May.of(may), int(from_[0]))


def address_key(address: str) -> str:
    """The key under which to store an address; ArgumentError if it is invalid."""
    return _text(lib.bounce_address_key, words(address, "an address"), f"the address {address!r}")


def domain_key(domain: str) -> str:
    """The same for a domain."""
    return _text(lib.bounce_domain_key, words(domain, "a domain"), f"the domain {domain!r}")


def message_key(message_id: str | None) -> int:
    """A number for a Message-ID; 0 for None."""
    return int(lib.bounce_message_key(words(message_id, "a Message-ID")))
