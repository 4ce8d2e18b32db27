"""A day that has begun."""

from __future__ import annotations

from tests.planning.made import at, day, shift, technician

from dispatch.domain.shift import AnchorKind, Break, Shift
from dispatch.planning.from_now import Whereabouts, from_now


def left(now: float, seen: Whereabouts | None = None, *shifts: Shift) -> tuple[Shift, ...]:
    person = technician("T1", shifts=shifts or (shift(8, 16),))
    begun = from_now(day([], [person]), at(now), {"T1": seen} if seen else {})
    return begun.technicians[0].shifts


def test_before_it_begins_a_shift_is_as_it_was() -> None:
    assert left(7) == (shift(8, 16),)


def test_a_shift_that_has_begun_starts_now_and_here() -> None:
    (rest,) = left(10, Whereabouts(site="east", under_way=None))
    assert (rest.start, rest.end) == (at(10), at(16))
    assert (rest.start_at.kind, rest.start_at.id) == (AnchorKind.SITE, "east")


def test_nothing_is_put_before_a_visit_under_way() -> None:
    (rest,) = left(10.5, Whereabouts(site="east", under_way=at(10)))
    assert rest.start == at(10)
    (early,) = left(9.5, Whereabouts(site="east", under_way=at(10)))
    assert early.start == at(9.5)


def test_who_has_not_been_seen_starts_as_their_shift_says() -> None:
    (rest,) = left(10)
    assert (rest.start, rest.start_at.kind) == (at(10), AnchorKind.HOME)


def test_a_shift_that_is_over_is_gone_and_a_later_one_is_not() -> None:
    rest = left(13, None, shift(8, 12, name="early"), shift(14, 18, name="late"))
    assert [entry.id for entry in rest] == ["late"]


def test_a_break_that_is_over_is_not_owed() -> None:
    lunch = Break(earliest=at(11), latest=at(12), duration_s=1_800)
    coffee = Break(earliest=at(14), latest=at(15), duration_s=900)
    (rest,) = left(13, None, shift(8, 16, breaks=(lunch, coffee)))
    assert rest.breaks == (coffee,)
