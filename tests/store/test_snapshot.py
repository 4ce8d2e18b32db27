"""What is read of a record for a stretch of time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event
from tests.databases import OWNER
from tests.operations.boards import DATE, Desk, two_technicians

from dispatch.demo.moved import moved
from dispatch.store.board import span_of, zone_of
from dispatch.store.database import Database
from dispatch.store.snapshot import snapshot

LATER = DATE + timedelta(days=1)


def test_each_day_has_its_own_shifts_also_in_one_session(database: Database) -> None:
    Desk(database).imported(two_technicians()).imported(moved(two_technicians(), LATER))
    with database.work(OWNER) as work:
        zone = zone_of(work.session)
        for day in (DATE, LATER, DATE):
            found = snapshot(work.session, "day", span_of(day, zone))
            begins = [shift.start for who in found.technicians for shift in who.shifts]
            assert [at.astimezone(zone).date() for at in begins] == [day, day]


def test_sites_and_shifts_of_other_days_are_not_read(database: Database) -> None:
    Desk(database).imported(two_technicians())
    asked: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda *given: asked.append(" ".join(given[2].split())),
    )
    with database.work(OWNER) as work:
        snapshot(work.session, "day", span_of(DATE, zone_of(work.session)))
    sites = [query for query in asked if "FROM site" in query]
    assert len(sites) == 2, "what they are called, and where they are"
    assert all("WHERE" in query for query in sites)
    (shifts,) = [query for query in asked if "shift.planned_breaks" in query]
    assert "shift.start_at >=" in shifts
    assert "shift.start_at <" in shifts
