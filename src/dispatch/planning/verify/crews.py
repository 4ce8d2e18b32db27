"""A crew: different technicians, at once or one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dispatch.domain.clock import elapsed_s
from dispatch.domain.job import CrewTiming
from dispatch.planning.verify.facts import Facts
from dispatch.planning.verify.fault import Fault


def different_technicians(facts: Facts) -> Iterator[Fault]:
    """Nobody takes two seats of one job."""
    for visits in facts.served().values():
        seats: dict[str, int] = {}
        for known, stop in visits:
            seat = seats.setdefault(known.technician.id, stop.planned.seat)
            if seat != stop.planned.seat:
                yield known.fault("crew.same-technician", stop)


def in_step(facts: Facts) -> Iterator[Fault]:
    """Together: all start at once. In sequence: each so long after the start of the one before."""
    for visits in facts.served().values():
        crew = facts.day.crew(visits[0][1].job)
        if crew is None:
            continue
        together = crew.timing is CrewTiming.TOGETHER
        low, high = (0, 0) if together else (crew.min_delay_s, crew.max_delay_s)
        for (_, before), (known, stop) in pairwise(visits):
            if stop.planned.seat != before.planned.seat + 1:
                continue
            found = elapsed_s(before.planned.start, stop.planned.start)
            if together and found:
                yield known.fault("crew.together", stop, by_s=abs(found))
            elif not low <= found <= high:
                delays = {"least_s": low, "most_s": high, "found_s": found}
                yield known.fault("crew.delay", stop, **delays)
