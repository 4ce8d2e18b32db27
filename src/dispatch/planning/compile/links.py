"""Crews and dependencies as ties between the times of visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dispatch.domain.day import Day
from dispatch.domain.job import CrewTiming, Dependency
from dispatch.planning.visit import Visit
from dispatch.solver.arrays import NEVER
from dispatch.solver.problem import Links


class Link(NamedTuple):
    """The visit ``after`` starts so much after ``before`` starts, or ends."""

    before: int
    after: int
    from_end: bool
    min_delay_s: int
    max_delay_s: int


def links_of(day: Day, visits: Sequence[Visit]) -> Links:
    """All ties of a day; visits of a job are neighbours in ``visits``."""
    numbers: dict[str, list[int]] = {}
    for at, visit in enumerate(visits):
        numbers.setdefault(visit.job.id, []).append(at)
    links = [
        link
        for job in day.jobs
        for link in (
            *_crew(day, visits, numbers[job.id]),
            *(
                link
                for dependency in job.dependencies
                for link in _dependency(
                    visits, numbers[dependency.job], numbers[job.id], dependency
                )
            ),
        )
    ]
    return Links(
        before=np.array([link.before for link in links], dtype=np.int64),
        after=np.array([link.after for link in links], dtype=np.int64),
        from_end=np.array([link.from_end for link in links], dtype=np.bool_),
        min_delay_s=np.array([link.min_delay_s for link in links], dtype=np.int64),
        max_delay_s=np.array([link.max_delay_s for link in links], dtype=np.int64),
    )


def are_exact(day: Day) -> bool:
    """Whether the ties allow every plan that the rules allow: see :func:`_dependency`."""
    return not any(
        dependency.max_delay_s is not None and day.crew(day.jobs_by_id[dependency.job]) is not None
        for job in day.jobs
        for dependency in job.dependencies
    )


def _crew(day: Day, visits: Sequence[Visit], seats: Sequence[int]) -> Iterator[Link]:
    crew = day.crew(visits[seats[0]].job)
    if crew is None:
        return
    if crew.timing is CrewTiming.TOGETHER:
        for seat in seats[1:]:
            yield Link(seats[0], seat, False, 0, 0)
        return
    for first, second in pairwise(seats):
        yield Link(first, second, False, crew.min_delay_s, crew.max_delay_s)


def _dependency(
    visits: Sequence[Visit], before: Sequence[int], after: Sequence[int], dependency: Dependency
) -> Iterator[Link]:
    """Each seat of the one job after each of the other; no longest delay but for one pair.

    The longest delay counts from the last end of the job before to the first start of this one.
    Which seat ends last depends on who sits there, so it is counted from the one that usually
    does: that can only be stricter.
    """
    longest = NEVER if dependency.max_delay_s is None else dependency.max_delay_s
    last = _usually_last(visits, before)
    for first in before:
        for second in after:
            bounded = first == last and second == after[0]
            yield Link(first, second, True, dependency.min_delay_s, longest if bounded else NEVER)


def _usually_last(visits: Sequence[Visit], seats: Sequence[int]) -> int:
    crew = visits[seats[0]].job.crew or visits[seats[0]].type.crew
    if crew is not None and crew.timing is CrewTiming.SEQUENCE:
        return seats[-1]
    return max(seats, key=lambda seat: visits[seat].base_s)
