# SPDX-License-Identifier: MIT
"""What doc/reasons.md says of each reason."""

from __future__ import annotations

from ._library import lib, present
from ._words import Advice, Reason


def meaning(reason: Reason) -> str:
    """One line of English."""
    return present(lib.bounce_reason_meaning(int(reason)))


def usual_advice(reason: Reason) -> tuple[Advice, ...]:
    """What to do, in order; that of a recipient may differ."""
    found: list[Advice] = []
    while advice := Advice.of(lib.bounce_reason_advice(int(reason), len(found))):
        found.append(advice)
    return tuple(found)
