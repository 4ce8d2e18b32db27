"""When customers want the technician, and how much it matters."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from dispatch.demo.calendar import at, window
from dispatch.demo.draw import one, weighted
from dispatch.domain.window import Window, WindowKind

PRIORITIES = {1: 0.04, 2: 0.12, 3: 0.54, 4: 0.2, 5: 0.1}
SLOTS = ((8, 10), (10, 12), (12, 14), (13, 15), (14, 16))
MORNING, AFTERNOON = (8, 12), (12.5, 16)

_KINDS = {
    "any time": 0.34,
    "half day": 0.3,
    "slot": 0.18,
    "preferred": 0.08,
    "half day, preferred": 0.06,
    "several": 0.04,
}


def windows(rng: np.random.Generator) -> tuple[Window, ...]:
    """None, half a day, a two-hour slot, only a wish, a wish within half a day, or a choice."""
    match weighted(rng, _KINDS):
        case "half day":
            return (window(*one(rng, (MORNING, AFTERNOON))),)
        case "slot":
            return (window(*one(rng, SLOTS)),)
        case "preferred":
            return (window(*one(rng, SLOTS), WindowKind.PREFERRED),)
        case "half day, preferred":
            return (window(*MORNING), window(9, 10.5, WindowKind.PREFERRED))
        case "several":
            return (window(8, 10), window(14, 16))
        case _:
            return ()


def priority(rng: np.random.Generator) -> int:
    """1 (most urgent) to 5, mostly 3."""
    return weighted(rng, PRIORITIES)


def sla_due(rng: np.random.Generator, urgency: int, booked: tuple[Window, ...]) -> datetime | None:
    """The urgent are due by noon or early afternoon; of the others one in six by evening.

    What is booked for a window has its promise already.
    """
    if booked:
        return None
    if urgency <= 2:
        return at(one(rng, (11.0, 12.0, 13.0, 14.0)))
    return at(one(rng, (15.0, 16.0, 17.0))) if rng.random() < 1 / 6 else None
