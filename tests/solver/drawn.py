"""Small problems and routes drawn at random, with every rule in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from tests.solver.small import Call, Pace, Pause, Small, Tie, Told, Van

PLACES = 5
HORIZON = 600


@st.composite
def vans(draw: st.DrawFn) -> Van:
    earliest = draw(st.integers(0, 60))
    end = draw(st.integers(200, 500))
    place = st.integers(-1, PLACES - 1)
    return Van(
        owner=draw(st.integers(0, 2)),
        start=draw(place),
        end=draw(place),
        earliest=earliest,
        end_s=end,
        latest=end + draw(st.sampled_from([0, 60, 200])),
        max_duration=draw(st.sampled_from([2**40, 2**40, 150, 300])),
        max_travel=draw(st.sampled_from([2**40, 2**40, 120])),
        max_visits=draw(st.sampled_from([2**40, 2, 4])),
        use_price=draw(st.integers(0, 50)),
        travel_price=draw(st.integers(0, 3)),
        distance_price=draw(st.integers(0, 3)),
        time_price=draw(st.integers(0, 3)),
        overtime_price=draw(st.integers(0, 5)),
        fair_share=draw(st.sampled_from([2**40, 30, 80])),
        unfairness_price=draw(st.sampled_from([0, 5])),
    )


@st.composite
def intervals(draw: st.DrawFn, least: int) -> list[tuple[int, int]]:
    marks = draw(
        st.lists(st.integers(0, HORIZON), min_size=2 * least, max_size=4, unique=True).map(sorted)
    )
    return list(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def calls(draw: st.DrawFn) -> Call:
    windows = draw(st.one_of(st.just([(0, HORIZON)]), intervals(1)))
    return Call(
        place=draw(st.integers(0, PLACES - 1)),
        duration=draw(st.integers(1, 40)),
        setup=draw(st.sampled_from([0, 0, 7])),
        assign=draw(st.sampled_from([0, 0, 11])),
        windows=windows,
        preferred=draw(st.one_of(st.just([]), intervals(0))),
        preferred_price=draw(st.integers(0, 3)),
        due=draw(st.sampled_from([2**40, 100, 250])),
        lateness_price=draw(st.integers(0, 4)),
        rank=draw(st.sampled_from([-1, -1, -1, 0, 1])),
    )


@st.composite
def particular(draw: st.DrawFn, call: Call, vans: int) -> Call:
    """The same, but it may matter who does it."""
    longer = st.lists(st.integers(1, 40), min_size=vans, max_size=vans)
    dearer = st.lists(st.sampled_from([0, 11, 30]), min_size=vans, max_size=vans)
    able = st.lists(st.integers(0, vans - 1), max_size=vans, unique=True)
    return replace(
        call,
        duration=draw(st.just(call.duration) | longer),
        assign=draw(st.just(call.assign) | dearer),
        only=draw(st.none() | able),
    )


def amounts(parts: int, of_each: Sequence[int]) -> st.SearchStrategy[tuple[int, ...]]:
    """How many of each kind of part."""
    return st.tuples(*[st.sampled_from(of_each)] * parts)


@st.composite
def published(draw: st.DrawFn, vans: int, calls: int) -> list[Told]:
    known = draw(st.sets(st.integers(0, calls - 1), max_size=4)) if draw(st.booleans()) else set()
    told = []
    for call in sorted(known):
        start = draw(st.integers(0, HORIZON))
        told.append(
            Told(
                call=call,
                promise=(start, start + draw(st.sampled_from([0, 40, 2**40 - HORIZON]))),
                moved_price=draw(st.sampled_from([0, 300])),
                moved_second_price=draw(st.integers(0, 3)),
                van=draw(st.integers(-1, vans - 1)),
                rank=draw(st.integers(0, 3)),
                order_price=draw(st.sampled_from([0, 200])),
            )
        )
    return told


@st.composite
def paces(draw: st.DrawFn) -> list[Pace]:
    marks = draw(st.sets(st.integers(0, HORIZON), max_size=4)) if draw(st.booleans()) else set()
    percent = st.sampled_from([30, 50, 75, 100, 130, 200])
    return [Pace(since=mark, percent=draw(percent)) for mark in sorted(marks)]


@st.composite
def problems(draw: st.DrawFn, most_calls: int = 6, ties: bool = True) -> Small:
    """Up to three vans and ``most_calls`` calls; the first two or three may be a crew.

    Of some problems vans differ in what they may do, how long they take and ask for it, and in how
    fast they drive: then metres are not seconds.
    """
    fleet = draw(st.lists(vans(), min_size=1, max_size=3))
    work = draw(st.lists(calls(), min_size=1, max_size=most_calls))
    speeds = draw(st.sampled_from([(1,), (1,), (1, 2)]))
    fleet = [replace(van, profile=draw(st.integers(0, len(speeds) - 1))) for van in fleet]
    parts = draw(st.sampled_from([1, 1, 2, 0]))
    fleet = [replace(van, capacity=draw(amounts(parts, [3, 100]))) for van in fleet]
    work = [replace(call, load=draw(amounts(parts, [0, 0, 2]))) for call in work]
    if draw(st.booleans()):
        work = [draw(particular(call, len(fleet))) for call in work]
    tied: list[Tie] = []
    groups = list(range(len(work)))
    if ties and len(work) >= 2 and draw(st.booleans()):
        low = draw(st.sampled_from([0, 0, 10]))
        high = low + draw(st.sampled_from([0, 20, 2**39]))
        tied.append(Tie(before=0, after=1, from_end=draw(st.booleans()), low=low, high=high))
        if draw(st.booleans()):
            groups = [0, *range(len(work) - 1)]
    if len(tied) == 1 and len(work) >= 3 and draw(st.booleans()):
        tied.append(Tie(before=1, after=2, low=0, high=draw(st.sampled_from([20, 2**39]))))
        if groups[1] == 0 and draw(st.booleans()):
            groups = [0, 0, *range(len(work) - 2)]
    elif ties and len(work) >= 4 and draw(st.booleans()):
        tied.append(Tie(before=2, after=3, low=0, high=draw(st.sampled_from([0, 30]))))
    return Small(
        positions=draw(st.lists(st.integers(0, 80), min_size=PLACES, max_size=PLACES)),
        vans=fleet,
        calls=[
            Call(**{**{f: getattr(call, f) for f in Call.__slots__}, "group": group})
            for call, group in zip(work, groups, strict=True)
        ],
        ties=tied,
        pauses=[
            Pause(van=van, earliest=at, latest=at + draw(st.integers(0, 120)), duration=20)
            for van in range(len(fleet))
            for at in sorted(
                draw(st.lists(st.integers(30, 300), max_size=2 if van == 0 else 1, unique=True))
            )
        ],
        speeds=speeds,
        paces=draw(paces()),
        told=draw(published(len(fleet), len(work))),
        unserved=draw(st.integers(0, 5_000)),
        worst_lateness_price=draw(st.integers(0, 2)),
    )


@st.composite
def routes(draw: st.DrawFn, small: Small) -> list[list[int]]:
    """Each call with one of the vans that may do it, or left out; breaks in order among them."""
    rows: list[list[int]] = [[] for _ in small.vans]
    for call in draw(st.permutations(range(len(small.calls)))):
        van, only = draw(st.integers(-1, len(small.vans) - 1)), small.calls[call].only
        if van >= 0 and (only is None or van in only):
            rows[van].append(call)
    for at, pause in enumerate(small.pauses):
        row = rows[pause.van]
        breaks = [k for k, a in enumerate(row) if a >= len(small.calls)]
        low = breaks[-1] + 1 if breaks else 0
        row.insert(draw(st.integers(low, len(row))), len(small.calls) + at)
    return rows
