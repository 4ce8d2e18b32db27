"""A file of another day: what is stored for the days around it still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk, two_technicians
from tests.operations.pools import person, visit_of
from tests.planning.made import shift, spot

from dispatch.demo.moved import moved
from dispatch.domain.day import Day
from dispatch.domain.shift import HOME, Anchor, AnchorKind, Shift
from dispatch.domain.states.visit import VisitState
from dispatch.domain.technician import Technician
from dispatch.errors import InvalidInput
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.candidates import candidates
from dispatch.operations.import_day import import_day
from dispatch.store.audit import audit
from dispatch.store.board import span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.snapshot import snapshot

OPEN = Anchor(kind=AnchorKind.OPEN)
LATER = DATE + timedelta(days=1)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Two who start from home."""
    return Desk(database).imported(two_technicians())


def later(**first: Any) -> Day:
    """The day after, without jobs; of the first technician the file says something else."""
    day = moved(two_technicians(), LATER)
    one, *rest = day.technicians
    return replace(day, jobs=(), technicians=(replace(one, **first), *rest))


def without_home() -> Day:
    """The first works from wherever the first job is, so the file says no home."""
    (shift,) = later().technicians[0].shifts
    return later(home=None, shifts=(replace(shift, start_at=OPEN, end_at=OPEN),))


def of_the_day(database: Database) -> Day:
    with database.work(OWNER) as work:
        span = span_of(DATE, zone_of(work.session))
        return snapshot(work.session, "day", span)


def lose_home(database: Database) -> None:
    """By hand: no operation does it."""
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, "T1")
        row.home_lat = row.home_lon = None
        work.commit()


def test_a_file_that_names_no_home_leaves_it(database: Database, desk: Desk) -> None:
    imported = import_day(database, OWNER, without_home())
    assert imported.kinds["technician"].changed == 2, "both get shifts"
    one = of_the_day(database).technicians[0]
    assert (one.id, one.home, one.shifts[0].start_at) == ("T1", spot(), HOME)
    visit = visit_of(database, "J1").id
    assert candidates(database, OWNER, visit, TRAVEL, day=DATE).possible == 2
    assign_visit(database, OWNER, visit, person(database, "T1"), TRAVEL)
    desk.publish(desk.plan())
    assert audit(database).findings == ()


def test_and_once_more_it_changes_nothing(database: Database, desk: Desk) -> None:
    import_day(database, OWNER, without_home())
    again = import_day(database, OWNER, without_home())
    assert again.kinds["technician"].same == 2


def test_a_file_that_names_another_home_moves_it(database: Database, desk: Desk) -> None:
    import_day(database, OWNER, later(home=spot(3)))
    assert of_the_day(database).technicians[0].home == spot(3)


def test_whose_home_is_lost_is_in_nobodys_way(database: Database, desk: Desk) -> None:
    lose_home(database)
    one = of_the_day(database).technicians[0]
    assert (one.shifts[0].start_at, one.shifts[0].end_at) == (OPEN, OPEN)
    for job, who in (("J1", "T1"), ("J2", "T2")):
        visit = visit_of(database, job).id
        assert candidates(database, OWNER, visit, TRAVEL, day=DATE).possible == 2
        assign_visit(database, OWNER, visit, person(database, who), TRAVEL)
    desk.publish(desk.plan())
    assert visit_of(database, "J1").state is VisitState.SCHEDULED
    (found,) = audit(database).findings
    assert found.code == "audit.no-home"
    assert {"technician": "T1", "shift": "day"}.items() <= found.values.items()


def test_of_shifts_that_are_over_or_start_elsewhere_no_home_is_asked(
    database: Database, clock: SetClock, desk: Desk
) -> None:
    import_day(database, OWNER, without_home())
    lose_home(database)
    clock.now = later().start
    assert audit(database).findings == ()


def hours(first: float, last: float, *, days: int = 0, name: str = "day") -> Shift:
    """In hours from the midnight with which a day begins, so many days after the first."""
    return shift(first + 24 * days, last + 24 * days, name=name)


NIGHT, DAWN = hours(20, 30, name="night"), hours(4, 12, days=1, name="dawn")


def of_one(on: date, *shifts: Shift) -> Day:
    """A file of a day on which only the second has shifts to be spoken of."""
    made = moved(two_technicians(), on)
    one, two = made.technicians
    end = max([made.end, *(shift.end for shift in shifts)])
    people = (replace(one, shifts=()), replace(two, shifts=shifts))
    return replace(made, end=end, jobs=(), technicians=people)


@pytest.mark.parametrize(
    ("stored", "given", "told"),
    [
        (of_one(DATE, NIGHT), of_one(LATER, DAWN), ("night", "dawn")),
        (of_one(LATER, DAWN), of_one(DATE, NIGHT), ("dawn", "night")),
    ],
    ids=["of the day before", "of the day after"],
)
def test_a_shift_that_overlaps_one_of_another_day_refuses_the_file(
    database: Database, stored: Day, given: Day, told: tuple[str, str]
) -> None:
    Desk(database).imported(stored)
    with pytest.raises(InvalidInput) as refused:
        import_day(database, OWNER, given)
    (found,) = refused.value.findings
    assert (found.code, found.place.pointer) == ("shift.overlap", "/technicians/1/shifts/0")
    first, second = (str(found.values[name]).split()[0] for name in ("first", "second"))
    assert (found.values["technician"], first, second) == ("T2", *told)
    assert found.values["minutes"] == 120
    assert shifts_of(database, "T2") == [told[0]], "nothing is brought in"


def test_a_desk_is_told_by_the_places_of_its_file(database: Database) -> None:
    """Whom a file names by the id alone is not spoken of, and counts."""
    Desk(database).imported(of_one(DATE, NIGHT))
    given = of_one(LATER, DAWN)
    given = replace(given, technicians=(Technician(id="T1"), given.technicians[1]))
    with pytest.raises(InvalidInput) as refused:
        import_day(database, OWNER, given, may_set=False)
    assert [found.place.pointer for found in refused.value.findings] == ["/technicians/1/shifts/0"]


def test_shifts_that_meet_end_to_end_do_not_overlap(database: Database) -> None:
    Desk(database).imported(of_one(DATE, NIGHT))
    import_day(database, OWNER, of_one(LATER, hours(6, 12, days=1, name="early")))
    import_day(database, OWNER, of_one(DATE, NIGHT))
    assert shifts_of(database, "T2") == ["night", "early"]


def test_one_shift_takes_the_place_of_another_of_its_day(database: Database) -> None:
    Desk(database).imported(of_one(DATE, NIGHT))
    import_day(database, OWNER, of_one(DATE, hours(18, 26, name="evening")))
    assert shifts_of(database, "T2") == ["evening"]


def shifts_of(database: Database, technician: str) -> list[str]:
    with database.work(OWNER) as work:
        return [row.key for row in work.by_key(TechnicianRow, technician).shifts]
