"""The credit score: how reliable a technician has been, by a small table.

A score lies between 0 and 100. Everybody begins with 70, and each of the five levels is 20 points
wide. What moves it is in the record already; nobody is judged by anything that they cannot see.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

LEAST, FIRST, MOST = 0, 70, 100
LEVELS = 5


class CreditKind(StrEnum):
    """What moves a score."""

    ON_TIME = "on_time"
    """Completed, after a check-in no later than was promised."""
    CAME_LATE = "came_late"
    """Completed, after a check-in later than that."""
    HANDED_BACK = "handed_back"
    """What they had claimed or accepted, they handed on themselves."""
    HANDED_BACK_LATE = "handed_back_late"
    """The same shortly before it was to start."""
    NO_SHOW = "no_show"
    """Nothing was heard of a visit until long after it should have been over."""
    SHOWED = "showed"
    """It was heard of after all: a phone without a signal says late what was done in time."""
    CORRECTED = "corrected"
    """A manager has put it right, with a reason."""


POINTS: Mapping[CreditKind, int] = {
    CreditKind.ON_TIME: 1,
    CreditKind.CAME_LATE: -2,
    CreditKind.HANDED_BACK: -3,
    CreditKind.HANDED_BACK_LATE: -10,
    CreditKind.NO_SHOW: -20,
}
"""What is not here gives back what was taken, or what a manager says."""

GRACE_S = 900
"""A check-in so much after the time is on time still."""
LATE_S = 4 * 3_600
"""Handed back with less time than this until it starts, it is late."""
NO_SHOW_S = 2 * 3_600
"""So long after its planned end, a visit of which nothing was heard is a no-show."""


def moved(score: int, points: int) -> int:
    """A score after some points, within its bounds."""
    return max(LEAST, min(MOST, score + points))


def level_of(score: int) -> int:
    """1 (least) to 5."""
    return min(LEVELS, 1 + score * LEVELS // MOST)
