"""For each rule a tiny problem whose cheapest plan depends on it."""

from __future__ import annotations

from tests.solver.small import Call, Pace, Pause, Small, Tie, Told, Van

from dispatch.solver.problem import OPEN

STREET = (0, 100, 200, 300)

RULES: dict[str, Small] = {
    "shortest way": Small(
        positions=(0, 100, -50, 300, -80),
        calls=[Call(place=place) for place in (1, 2, 3, 4)],
    ),
    "skills": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(Call(place=1, only=(1,)), Call(place=2), Call(place=3, only=(0,))),
    ),
    "nobody may": Small(positions=STREET, calls=(Call(place=1, only=()), Call(place=2))),
    "durations by technician": Small(
        positions=STREET,
        vans=(Van(end_s=400, latest=400, time_price=1), Van(end_s=400, latest=400, time_price=1)),
        calls=(Call(place=1, duration=(100, 20)), Call(place=1, duration=(20, 100))),
    ),
    "windows": Small(
        positions=STREET,
        calls=(
            Call(place=1, windows=((0, 50), (700, 800))),
            Call(place=2, windows=((250, 260), (400, 410))),
            Call(place=3, windows=((0, 300),)),
        ),
    ),
    "set-up once at a place": Small(
        positions=(0, 100, -100),
        vans=(Van(end_s=560, latest=560),),
        calls=(
            Call(place=1, setup=40, duration=20),
            Call(place=2, setup=40, duration=20, windows=((300, 400),)),
            Call(place=1, setup=40, duration=20),
        ),
    ),
    "set-up at each place": Small(
        positions=STREET,
        vans=(Van(end_s=500, latest=500),),
        calls=(Call(place=1, setup=50), Call(place=2, setup=50)),
    ),
    "break between visits": Small(
        positions=STREET,
        vans=(Van(time_price=1),),
        calls=(Call(place=1, windows=((90, 110),)), Call(place=3, windows=((0, 450),))),
        pauses=(Pause(earliest=200, latest=320, duration=60),),
    ),
    "break does not fit": Small(
        positions=STREET,
        calls=(Call(place=1, windows=((100, 110),)), Call(place=2, windows=((210, 230),))),
        pauses=(Pause(earliest=120, latest=190, duration=60),),
    ),
    "crew in step": Small(
        positions=STREET,
        vans=(Van(), Van(start=3, end=3)),
        calls=(Call(place=1, group=0), Call(place=1, group=0), Call(place=2, group=1)),
        ties=(Tie(before=0, after=1),),
    ),
    "crew out of step": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(
            Call(place=1, group=0, windows=((0, 140),)),
            Call(place=1, group=0, windows=((150, 300),)),
        ),
        ties=(Tie(before=0, after=1),),
    ),
    "crew of one owner": Small(
        positions=STREET,
        vans=(Van(owner=7), Van(owner=7), Van(owner=8, use_price=900)),
        calls=(Call(place=1, group=0), Call(place=1, group=0)),
        ties=(Tie(before=0, after=1),),
    ),
    "crew or nobody": Small(
        positions=STREET,
        vans=(Van(),),
        calls=(Call(place=1, group=0), Call(place=1, group=0), Call(place=2, group=1)),
    ),
    "sequence with a delay": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(Call(place=1, group=0, duration=50), Call(place=1, group=0), Call(place=3, group=1)),
        ties=(Tie(before=0, after=1, from_end=True, low=100, high=200),),
    ),
    "sequence too soon": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(
            Call(place=1, group=0, duration=50, windows=((100, 200),)),
            Call(place=1, group=0, windows=((0, 240),)),
        ),
        ties=(Tie(before=0, after=1, from_end=True, low=100, high=200),),
    ),
    "sequence too late": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(
            Call(place=1, group=0, duration=50, windows=((0, 100),)),
            Call(place=1, group=0, windows=((400, 500),)),
        ),
        ties=(Tie(before=0, after=1, low=100, high=200),),
    ),
    "dependency": Small(
        positions=STREET,
        calls=(Call(place=3), Call(place=1), Call(place=2)),
        ties=(Tie(before=1, after=0, from_end=True, low=0, high=2**40),),
    ),
    "dependency that ends too late": Small(
        positions=STREET,
        calls=(
            Call(place=2, windows=((0, 440),)),
            Call(place=1, duration=50, windows=((350, 500),)),
        ),
        ties=(Tie(before=1, after=0, from_end=True, low=0, high=2**40),),
    ),
    "dependency on what is left out": Small(
        positions=STREET,
        calls=(Call(place=1, windows=((0, 50),)), Call(place=2)),
        ties=(Tie(before=0, after=1, from_end=True, low=0, high=2**40),),
    ),
    "optional": Small(
        positions=STREET,
        calls=(Call(place=1), Call(place=2), Call(place=3)),
        unserved=(1_000, 50, 150),
    ),
    "overtime": Small(
        positions=STREET,
        vans=(Van(end_s=300, latest=900, overtime_price=5), Van(use_price=100)),
        calls=(Call(place=1, duration=150), Call(place=1, duration=150)),
    ),
    "shift end": Small(
        positions=STREET,
        vans=(Van(end_s=500, latest=500), Van(use_price=150)),
        calls=[Call(place=place, duration=100) for place in (1, 1, 2)],
        unserved=(300, 600, 2_000),
    ),
    "capacity": Small(
        positions=STREET,
        vans=(Van(capacity=3), Van(capacity=2, use_price=50)),
        calls=[Call(place=place, load=load) for place, load in ((1, 2), (2, 1), (3, 2))],
    ),
    "most visits": Small(
        positions=STREET,
        vans=(Van(max_visits=1), Van(max_visits=2, use_price=50)),
        calls=[Call(place=place) for place in (1, 2, 3)],
    ),
    "longest travel": Small(
        positions=STREET,
        vans=(Van(max_travel=450), Van(use_price=50, max_travel=200)),
        calls=[Call(place=place) for place in (1, 2, 3)],
    ),
    "longest duration": Small(
        positions=STREET,
        vans=(Van(max_duration=300), Van(use_price=50)),
        calls=(Call(place=1, windows=((500, 600),)), Call(place=1, windows=((900, 950),))),
    ),
    "promise": Small(
        positions=STREET,
        calls=(Call(place=1), Call(place=2), Call(place=3)),
        told=(Told(call=2, promise=(0, 310), moved_second_price=9),),
    ),
    "fair shares": Small(
        positions=STREET,
        vans=(
            Van(fair_share=50, unfairness_price=9),
            Van(fair_share=60, unfairness_price=9),
        ),
        calls=[Call(place=1, duration=duration) for duration in (20, 30, 50)],
    ),
    "two shifts of one owner": Small(
        positions=STREET,
        vans=(
            Van(owner=1, end_s=400, latest=400),
            Van(owner=1, earliest=1_000, end_s=1_400, latest=1_400, start=3, end=3),
        ),
        calls=(Call(place=1), Call(place=3, windows=((1_000, 1_200),)), Call(place=2)),
    ),
    "open ends": Small(
        positions=STREET,
        vans=(Van(start=OPEN, end=OPEN), Van(end=OPEN, use_price=30)),
        calls=[Call(place=place) for place in (1, 2, 3)],
    ),
    "order pins": Small(
        positions=STREET,
        calls=(Call(place=1, rank=5), Call(place=3, rank=2), Call(place=2), Call(place=1, rank=5)),
    ),
    "lateness": Small(
        positions=STREET,
        calls=(
            Call(place=1, due=2_000, lateness_price=9, duration=100),
            Call(place=3, due=310, lateness_price=9, duration=10),
        ),
    ),
    "overdue already": Small(
        positions=STREET,
        calls=(Call(place=2, due=0, lateness_price=3), Call(place=1, due=5, lateness_price=1)),
        unserved=700,
    ),
    "preferred window": Small(
        positions=STREET,
        calls=(
            Call(place=1, duration=100),
            Call(place=3, preferred=((0, 310), (900, 950)), preferred_price=3),
            Call(place=2, preferred=((0, 200),), preferred_price=2),
        ),
    ),
    "left out beside dear technicians": Small(
        positions=STREET,
        vans=(Van(time_price=1), Van(time_price=2)),
        calls=(Call(place=1, duration=(50, 20), assign=(7, 3)), Call(place=2, duration=(30, 60))),
        unserved=(400, 1),
    ),
    "assignment": Small(
        positions=STREET,
        vans=(Van(), Van()),
        calls=(Call(place=1, assign=(500, 0)), Call(place=2, assign=(0, 500))),
    ),
    "distance, use and time": Small(
        positions=STREET,
        vans=(
            Van(travel_price=0, distance_price=3, use_price=10),
            Van(travel_price=1, time_price=2, use_price=200),
        ),
        calls=(Call(place=1, duration=30), Call(place=3, duration=30, windows=((600, 700),))),
    ),
    "profiles": Small(
        positions=STREET,
        speeds=(1, 5),
        vans=(Van(end_s=700, latest=700), Van(profile=1, travel_price=4, use_price=100)),
        calls=[Call(place=3, duration=200), Call(place=2, duration=200)],
    ),
}

BEYOND_THE_LIBRARY: dict[str, Small] = {
    "published order": Small(
        positions=(0, 100, -90),
        calls=(Call(place=1, windows=((0, 900),)), Call(place=2, windows=((0, 900),))),
        told=(Told(call=0, van=0, rank=0, order_price=500), Told(call=1, van=0, rank=1)),
        vans=(Van(end=1),),
    ),
    "largest lateness": Small(
        positions=(0, 100, -100),
        calls=(
            Call(place=1, due=250, lateness_price=1),
            Call(place=2, due=250, lateness_price=1),
            Call(place=1, due=150, lateness_price=1),
        ),
        worst_lateness_price=7,
    ),
    "slow hours": Small(
        positions=(0, 100, -150),
        vans=(Van(time_price=1),),
        calls=(Call(place=1, windows=((0, 5_000),)), Call(place=2, windows=((0, 5_000),))),
        paces=(Pace(since=150, percent=20), Pace(since=1_200, percent=100)),
    ),
}
"""Rules that the model of the OR-Tools routing library lacks."""
