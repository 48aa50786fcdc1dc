# SPDX-License-Identifier: MIT
"""What doc/reasons.md says about each reason."""

from __future__ import annotations

from ._library import lib, present
from ._words import Advice, Reason


def meaning(reason: Reason) -> str:
    """The meaning of a reason, in one line of English."""
    return present(lib.bounce_reason_meaning(int(reason)))


def usual_advice(reason: Reason) -> tuple[Advice, ...]:
    """What to do, in order; a recipient's advice may differ."""
    found: list[Advice] = []
    while advice := Advice.of(lib.bounce_reason_advice(int(reason), len(found))):
        found.append(advice)
    return tuple(found)
