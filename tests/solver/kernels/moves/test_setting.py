"""What a search over moves knows beforehand."""

from __future__ import annotations

from tests.solver.small import Call, Pace, Small, Tie, Told, Van

from dispatch.solver.kernels.moves.columns import (
    CAREFREE,
    CLOSES,
    COMPONENT,
    FIRST_ABLE,
    FIRST_MEMBER,
    KIND,
    MATE,
    OPENS,
    PLAIN,
    STEADY,
)
from dispatch.solver.kernels.moves.setting import setting_of


def test_visits_tied_by_longest_delays_are_one_component() -> None:
    setting = setting_of(
        Small(
            positions=[0],
            vans=[Van()] * 3,
            calls=[Call(place=0) for _ in range(6)],
            ties=[
                Tie(before=0, after=3),
                Tie(before=3, after=4, low=5, high=9),
                Tie(before=1, after=2, low=5, high=2**40),
            ],
        ).problem()
    )
    component = setting.visits[:6, COMPONENT].tolist()
    assert component == [0, -1, -1, 0, 0, -1]
    assert setting.members.tolist() == [0, 3, 4]
    assert setting.components[:, FIRST_MEMBER].tolist() == [0, 3]
    assert setting.ties.tolist() == [0, 1]
    assert setting.visits[:6, MATE].tolist() == [3, 1, 2, 0, 4, 5]


def test_knows_who_may_serve_and_who_is_alike() -> None:
    setting = setting_of(
        Small(
            positions=[0],
            vans=[Van(), Van(), Van(time_price=1), Van(max_visits=1)],
            calls=[Call(place=0, only=[0, 2]), Call(place=0, only=[]), Call(place=0)],
        ).problem()
    )
    assert setting.able.tolist() == [0, 2, 0, 1, 2, 3]
    assert setting.visits[:, FIRST_ABLE].tolist() == [0, 2, 2, 6]
    assert setting.fleet[:, CAREFREE].tolist() == [1, 1, 0, 0]
    kinds = setting.fleet[:, KIND].tolist()
    assert kinds[0] == kinds[1] == kinds[3] != kinds[2]


def test_knows_what_a_short_way_times() -> None:
    setting = setting_of(
        Small(
            positions=[0],
            vans=[Van(), Van(profile=1)],
            calls=[
                Call(place=0, windows=[(5, 70)]),
                Call(place=0, windows=[(5, 20), (50, 70)]),
                Call(place=0, preferred=[(5, 20)]),
                Call(place=0),
            ],
            speeds=(1, 1),
            paces=[Pace(profile=1, since=100, percent=50)],
            told=[Told(call=3)],
        ).problem()
    )
    assert setting.visits[:4, PLAIN].tolist() == [1, 0, 0, 0]
    assert setting.visits[:2, OPENS].tolist() == [5, 5]
    assert setting.visits[:2, CLOSES].tolist() == [70, 70]
    assert setting.fleet[:, STEADY].tolist() == [1, 0]
