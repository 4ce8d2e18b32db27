"""Small problems, said in a few words: only what differs from the plainest case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.problem import (
    NOWHERE,
    Breaks,
    Links,
    Problem,
    Published,
    Ragged,
    Speeds,
    Vehicles,
    Visits,
)

DAY_S = 10_000
"""The horizon of a small problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """A vehicle at place 0 for the whole horizon that pays 1 for each second of travel."""

    owner: int | None = None
    profile: int = 0
    start: int = 0
    end: int = 0
    earliest: int = 0
    end_s: int = DAY_S
    latest: int = DAY_S
    max_duration: int = NEVER
    max_travel: int = NEVER
    max_visits: int = NEVER
    capacity: int | Sequence[int] = NEVER
    use_price: int = 0
    travel_price: int = 1
    distance_price: int = 0
    time_price: int = 0
    overtime_price: int = 0
    fair_share: int = NEVER
    unfairness_price: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A visit at a place that anybody may do at any time, in a group of its own."""

    place: int
    group: int | None = None
    duration: int | Sequence[int] = 10
    setup: int = 0
    only: Sequence[int] | None = None
    assign: int | Sequence[int] = 0
    load: int | Sequence[int] = 0
    windows: Sequence[tuple[int, int]] = ((0, DAY_S),)
    preferred: Sequence[tuple[int, int]] = ()
    preferred_price: int = 0
    due: int = NEVER
    lateness_price: int = 0
    rank: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A link; in step with each other, if nothing else is said."""

    before: int
    after: int
    from_end: bool = False
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A break."""

    van: int = 0
    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a published schedule says of a call; nothing costs anything, if nothing else is said."""

    call: int
    promise: tuple[int, int] = (0, NEVER)
    moved_price: int = 0
    moved_second_price: int = 0
    van: int = NOWHERE
    rank: int = 0
    order_price: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """From when on a profile is so fast, in percent."""

    profile: int = 0
    since: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A small problem; ``positions`` are the places' metres along a street, driven at 1 m/s."""

    positions: Sequence[int]
    vans: Sequence[Van] = (Van(),)
    calls: Sequence[Call] = ()
    ties: Sequence[Tie] = ()
    pauses: Sequence[Pause] = ()
    told: Sequence[Told] = ()
    unserved: int | Sequence[int] = 1_000_000
    worst_lateness_price: int = 0
    speeds: Sequence[int] = field(default=(1,))
    """Metres a second, for each profile."""
    paces: Sequence[Pace] = ()

    def problem(self) -> Problem:
        """The arrays of it."""
        line = np.asarray(self.positions)
        metres = np.abs(line[:, None] - line[None, :])
        groups = self._groups()
        return Problem(
            travel_s=np.stack([metres // speed for speed in self.speeds]),
            distance_m=np.stack([metres for _ in self.speeds]),
            vehicles=self._vehicles(),
            visits=self._visits(groups),
            unserved_price=_spread(self.unserved, max(groups, default=-1) + 1),
            links=Links(
                before=_ints(tie.before for tie in self.ties),
                after=_ints(tie.after for tie in self.ties),
                from_end=np.asarray([tie.from_end for tie in self.ties], dtype=np.bool_),
                min_delay_s=_ints(tie.low for tie in self.ties),
                max_delay_s=_ints(tie.high for tie in self.ties),
            ),
            breaks=Breaks(
                vehicle=_ints(pause.van for pause in self.pauses),
                earliest_s=_ints(pause.earliest for pause in self.pauses),
                latest_s=_ints(pause.latest for pause in self.pauses),
                duration_s=_ints(pause.duration for pause in self.pauses),
            ),
            published=Published(
                visit=_ints(told.call for told in self.told),
                promised_start_s=_ints(told.promise[0] for told in self.told),
                promised_end_s=_ints(told.promise[1] for told in self.told),
                moved_price=_ints(told.moved_price for told in self.told),
                moved_second_price=_ints(told.moved_second_price for told in self.told),
                vehicle=_ints(told.van for told in self.told),
                rank=_ints(told.rank for told in self.told),
                order_price=_ints(told.order_price for told in self.told),
            ),
            speeds=Speeds(
                profile=_ints(pace.profile for pace in self.paces),
                from_s=_ints(pace.since for pace in self.paces),
                percent=_ints(pace.percent for pace in self.paces),
            ),
            worst_lateness_price=self.worst_lateness_price,
        )

    def _groups(self) -> list[int]:
        groups: list[int] = []
        for call in self.calls:
            fresh = groups[-1] + 1 if groups else 0
            groups.append(fresh if call.group is None else call.group)
        return groups

    def _parts(self) -> int:
        """How many kinds of part are carried."""
        amounts = [*(van.capacity for van in self.vans), *(call.load for call in self.calls), 0]
        return len(_each(amounts[0]))

    def _vehicles(self) -> Vehicles:
        vans = self.vans
        return Vehicles(
            owner=_ints(i if van.owner is None else van.owner for i, van in enumerate(vans)),
            profile=_ints(van.profile for van in vans),
            start_place=_ints(van.start for van in vans),
            end_place=_ints(van.end for van in vans),
            earliest_s=_ints(van.earliest for van in vans),
            end_s=_ints(van.end_s for van in vans),
            latest_s=_ints(van.latest for van in vans),
            max_duration_s=_ints(van.max_duration for van in vans),
            max_travel_s=_ints(van.max_travel for van in vans),
            max_visits=_ints(van.max_visits for van in vans),
            capacity=_rows([_each(van.capacity) for van in vans], self._parts()),
            use_price=_ints(van.use_price for van in vans),
            travel_price=_ints(van.travel_price for van in vans),
            distance_price=_ints(van.distance_price for van in vans),
            time_price=_ints(van.time_price for van in vans),
            overtime_price=_ints(van.overtime_price for van in vans),
            fair_share_s=_ints(van.fair_share for van in vans),
            unfairness_price=_ints(van.unfairness_price for van in vans),
        )

    def _visits(self, groups: Sequence[int]) -> Visits:
        calls, vans = self.calls, len(self.vans)
        return Visits(
            place=_ints(call.place for call in calls),
            group=_ints(groups),
            setup_s=_ints(call.setup for call in calls),
            duration_s=_rows([_spread(call.duration, vans) for call in calls], vans),
            allowed=_rows([_chosen(call.only, vans) for call in calls], vans).astype(np.bool_),
            assign_price=_rows([_spread(call.assign, vans) for call in calls], vans),
            load=_rows([_each(call.load) for call in calls], self._parts()),
            windows=_ragged([call.windows for call in calls]),
            preferred=_ragged([call.preferred for call in calls]),
            preferred_price=_ints(call.preferred_price for call in calls),
            due_s=_ints(call.due for call in calls),
            lateness_price=_ints(call.lateness_price for call in calls),
            rank=_ints(call.rank for call in calls),
        )


def _ints(values: object) -> Ints:
    return np.asarray(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _spread(value: int | Sequence[int], size: int) -> Ints:
    return np.broadcast_to(np.asarray(value, dtype=np.int64), (size,))


def _each(value: int | Sequence[int]) -> Ints:
    return np.atleast_1d(np.asarray(value, dtype=np.int64))


def _chosen(only: Sequence[int] | None, size: int) -> Ints:
    return _ints(only is None or index in only for index in range(size))


def _rows(rows: Sequence[Ints], width: int) -> Ints:
    return np.stack(rows) if rows else np.empty((0, width), dtype=np.int64)


def _ragged(intervals: Sequence[Sequence[tuple[int, int]]]) -> Ragged:
    flat = [interval for row in intervals for interval in row]
    return Ragged(
        offset=np.cumsum([0, *(len(row) for row in intervals)]),
        start_s=_ints(start for start, _ in flat),
        end_s=_ints(end for _, end in flat),
    )
