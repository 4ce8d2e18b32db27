"""A file of another day: what is stored for the days around it still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk, two_technicians
from tests.operations.pools import person, visit_of
from tests.planning.made import spot

from dispatch.demo.moved import moved
from dispatch.domain.day import Day
from dispatch.domain.shift import HOME, Anchor, AnchorKind
from dispatch.domain.states.visit import VisitState
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
