"""Importing a day: all of it or nothing, again and again, and what comes out is what went in."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import func, select
from tests.databases import OWNER

from dispatch.demo.day import demo_day
from dispatch.demo.sizes import SIZES
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Seat
from dispatch.domain.site import Outlet
from dispatch.domain.states.visit import VisitState
from dispatch.errors import InvalidInput, Missing, Refused
from dispatch.operations.import_day import Imported, import_day
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.base import Row
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import AbsenceRow, ShiftRow, SkillRow, TechnicianRow
from dispatch.store.snapshot import snapshot


@cache
def small() -> Day:
    return demo_day(SIZES["small"], seed=1)


def read(database: Database, day: Day) -> Day:
    with database.work(OWNER) as work:
        return snapshot(work.session, day.id, Span(day.start, day.end))


def count(database: Database, table: type[Row]) -> int:
    with database.work(OWNER) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def changed(imported: Imported) -> dict[str, int]:
    return {kind: merged.changed for kind, merged in imported.kinds.items() if merged.changed}


def test_what_comes_out_is_what_went_in(database: Database) -> None:
    imported = import_day(database, OWNER, small())
    assert imported.kinds["job"].added == len(small().jobs)
    assert read(database, small()) == small()


def test_importing_twice_changes_nothing(database: Database) -> None:
    import_day(database, OWNER, small())
    events = count(database, EventRow)
    again = import_day(database, OWNER, small())
    assert all(merged.added == merged.changed == 0 for merged in again.kinds.values())
    assert again.kinds["technician"].same == len(small().technicians)
    assert count(database, EventRow) == events


def test_every_thing_has_its_event_and_the_log_is_whole(database: Database) -> None:
    import_day(database, OWNER, small())
    with database.work(OWNER) as work:
        kinds = Counter(work.session.scalars(select(EventRow.kind)))
        assert list(check_chain(work.session.connection())) == []
    assert kinds["job.added"] == len(small().jobs)
    assert kinds["technician.added"] == len(small().technicians)


def test_a_preview_says_the_same_and_changes_nothing(database: Database) -> None:
    preview = import_day(database, OWNER, small(), preview=True)
    assert count(database, JobRow) == count(database, EventRow) == 0
    assert import_day(database, OWNER, small()) == preview


def test_what_differs_is_changed_and_the_event_says_how(database: Database) -> None:
    import_day(database, OWNER, small())
    first, *rest = small().jobs
    urgent = replace(small(), jobs=(replace(first, priority=1, name="Now"), *rest))
    assert changed(import_day(database, OWNER, urgent)) == {"job": 1}
    assert read(database, urgent) == urgent
    with database.work(OWNER) as work:
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "job.changed")).one()
    assert event.after == {"name": "Now", "priority": 1}
    assert set(event.before or {}) <= {"name", "priority"}


def test_a_lost_skill_is_lost_and_written_down(database: Database) -> None:
    import_day(database, OWNER, small())
    first, *rest = small().technicians
    fewer = replace(first, skills=first.skills[1:])
    assert changed(import_day(database, OWNER, replace(small(), technicians=(fewer, *rest)))) == {
        "technician": 1
    }
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, first.id)
        assert [held.skill.key for held in row.skills] == [held.skill for held in fewer.skills]
        lost = work.by_key(SkillRow, first.skills[0].skill)
        event = work.session.scalars(
            select(EventRow).where(EventRow.kind == "technician_skill.removed")
        ).one()
    assert (event.subject_id, event.after) == (row.id, None)
    assert event.before is not None
    assert event.before["skill_id"] == str(lost.id)


def test_what_a_day_does_not_name_stays(database: Database) -> None:
    import_day(database, OWNER, small())
    import_day(database, OWNER, replace(small(), jobs=small().jobs[:5]))
    assert count(database, JobRow) == len(small().jobs)


def test_another_day_keeps_the_shifts_of_this_one(database: Database) -> None:
    import_day(database, OWNER, small())
    shifts = count(database, ShiftRow)
    tomorrow = _later(small(), days=1)
    import_day(database, OWNER, tomorrow)
    assert count(database, ShiftRow) == 2 * shifts
    assert read(database, small()).technicians == small().technicians
    assert read(database, tomorrow).technicians == tomorrow.technicians


def test_a_day_with_faults_is_refused_whole(database: Database) -> None:
    first, *rest = small().jobs
    broken = replace(small(), jobs=(replace(first, site="nowhere"), *rest))
    with pytest.raises(InvalidInput) as refused:
        import_day(database, OWNER, broken)
    assert [finding.code for finding in refused.value.findings] == ["day.unknown.site"]
    assert count(database, TechnicianRow) == 0


def test_a_job_that_has_begun_is_not_changed_by_a_file(database: Database) -> None:
    import_day(database, OWNER, small())
    first, second, *rest = small().jobs
    with database.work(OWNER) as work:
        job = work.by_key(JobRow, first.id)
        technician = work.by_key(TechnicianRow, small().technicians[0].id)
        visit = job.visits[0]
        visit.technician, visit.state = technician, VisitState.ON_SITE
        visit.start_at = visit.end_at = small().start
        work.commit()
    again = replace(small(), jobs=(replace(first, priority=5), replace(second, name="New"), *rest))
    with pytest.raises(InvalidInput) as refused:
        import_day(database, OWNER, again)
    assert [finding.code for finding in refused.value.findings] == ["import.job.begun"]
    with database.work(OWNER) as work:
        assert work.by_key(JobRow, second.id).name == second.name


def test_a_crew_has_a_visit_for_each_seat(database: Database) -> None:
    first, *rest = small().jobs
    pair = replace(first, crew=Crew(seats=(Seat(), Seat())), pins=(), published=())
    import_day(database, OWNER, replace(small(), jobs=(pair, *rest)))
    with database.work(OWNER) as work:
        visits = work.by_key(JobRow, first.id).visits
        assert [(visit.part, visit.seat) for visit in visits] == [(0, 0), (0, 1)]
        assert {visit.state for visit in visits} == {VisitState.UNSCHEDULED}
    assert count(database, VisitRow) == len(small().jobs) + 1
    import_day(database, OWNER, small())
    with database.work(OWNER) as work:
        visits = work.by_key(JobRow, first.id).visits
        states = [visit.state for visit in visits]
        assert states == [VisitState.UNSCHEDULED, VisitState.CANCELLED]
    import_day(database, OWNER, replace(small(), jobs=(pair, *rest)))
    assert count(database, VisitRow) == len(small().jobs) + 2


def test_outlets_may_stand_in_any_order_but_not_in_a_circle(database: Database) -> None:
    place = small().outlets[0].position
    branches = (
        Outlet(id="leaf", position=place, parent="twig"),
        Outlet(id="twig", position=place, parent="trunk"),
        Outlet(id="trunk", position=place),
    )
    day = replace(small(), outlets=(*small().outlets, *branches))
    import_day(database, OWNER, day)
    circle = (*branches[:2], replace(branches[2], parent="leaf"))
    with pytest.raises((Refused, InvalidInput)):
        import_day(database, OWNER, replace(day, outlets=(*small().outlets, *circle)))


def test_jobs_belong_to_the_outlet_that_is_named(database: Database) -> None:
    outlet = small().outlets[-1].id
    import_day(database, OWNER, small(), outlet=outlet)
    with database.work(OWNER) as work:
        owners = set(work.session.scalars(select(JobRow.outlet_id)))
        assert len(owners) == 1
    with pytest.raises(Missing):
        import_day(database, OWNER, small(), outlet="nowhere")


def _later(day: Day, *, days: int) -> Day:
    """The same people on another day, without jobs."""
    by = timedelta(days=days)
    technicians = tuple(
        replace(
            technician,
            absences=(),
            shifts=tuple(
                replace(
                    shift,
                    start=shift.start + by,
                    end=shift.end + by,
                    breaks=tuple(
                        replace(taken, earliest=taken.earliest + by, latest=taken.latest + by)
                        for taken in shift.breaks
                    ),
                )
                for shift in technician.shifts
            ),
        )
        for technician in day.technicians
    )
    return replace(
        day, start=day.start + by, end=day.end + by, technicians=technicians, jobs=(), sites=()
    )


def test_a_job_without_a_window_moves_to_the_day_that_names_it_last(database: Database) -> None:
    free = [job for job in small().jobs if not job.windows]
    first = replace(free[0], dependencies=(), pins=(), published=(), sla_due=None)
    today = replace(small(), jobs=(first,))
    tomorrow = replace(_later(today, days=1), jobs=(first,), sites=small().sites)
    import_day(database, OWNER, today)
    assert changed(import_day(database, OWNER, tomorrow))["job"] == 1
    assert [job.id for job in read(database, tomorrow).jobs] == [first.id]
    assert read(database, today).jobs == ()
    assert changed(import_day(database, OWNER, tomorrow)) == {}
    with database.work(OWNER) as work:
        event = work.session.scalars(select(EventRow).where(EventRow.kind == "job.changed")).one()
    assert event.before is not None
    assert event.after is not None
    assert event.before["earliest"] < event.after["earliest"]


def _planned(database: Database, job: str, state: VisitState) -> None:
    """Somebody has it on the first day."""
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, job).visits[0]
        row = work.by_key(TechnicianRow, small().technicians[0].id)
        visit.state, visit.technician_id, visit.shift_id = state, row.id, row.shifts[0].id
        visit.start_at = visit.end_at = row.shifts[0].start_at
        work.commit()


def test_a_planned_job_that_moves_is_free_again_and_a_begun_one_stays(database: Database) -> None:
    one, two = [
        replace(job, dependencies=(), pins=(), published=(), sla_due=None)
        for job in small().jobs
        if not job.windows
    ][:2]
    today = replace(small(), jobs=(one, two))
    import_day(database, OWNER, today)
    _planned(database, one.id, VisitState.DISPATCHED)
    _planned(database, two.id, VisitState.ON_SITE)
    import_day(database, OWNER, replace(_later(today, days=1), jobs=(one, two), sites=today.sites))
    with database.work(OWNER) as work:
        moved, stays = (work.by_key(JobRow, job.id) for job in (one, two))
        assert moved.visits[0].state is VisitState.UNSCHEDULED
        assert moved.earliest >= small().end
        assert stays.visits[0].state is VisitState.ON_SITE
        assert stays.earliest < small().end


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (-2, 3, [(-2, 0), (1, 3)]),
        (-2, 0.5, [(-2, 0)]),
        (0.5, 3, [(1, 3)]),
        (0.25, 0.5, []),
        (-2, 0, [(-2, 0)]),
        (1, 3, [(1, 3)]),
    ],
)
def test_a_file_of_one_day_leaves_the_rest_of_an_absence(
    database: Database, start: float, end: float, left: list[tuple[float, float]]
) -> None:
    """In days from the one that the file is about."""
    import_day(database, OWNER, small())
    person = small().technicians[0]

    def moment(days: float) -> datetime:
        return small().start + timedelta(days=days)

    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, person.id)
        row.absences = [AbsenceRow(start_at=moment(start), end_at=moment(end), reason="leave")]
        work.commit()
    present = replace(small(), technicians=(replace(person, absences=()), *small().technicians[1:]))
    import_day(database, OWNER, present)
    with database.work(OWNER) as work:
        row = work.by_key(TechnicianRow, person.id)
        found = [(away.start_at, away.end_at, away.reason) for away in row.absences]
    assert found == [(moment(one), moment(two), "leave") for one, two in left]
    assert all(
        merged.changed == 0 for merged in import_day(database, OWNER, present).kinds.values()
    )


def test_of_two_who_import_at_once_both_have_their_way(database: Database) -> None:
    jobs = tuple(replace(job, dependencies=()) for job in small().jobs)
    days = [replace(small(), jobs=jobs[:30]), replace(small(), jobs=jobs[30:])]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda day: import_day(database, OWNER, day), days))
    assert count(database, JobRow) == len(jobs)
    with database.work(OWNER) as work:
        assert list(check_chain(work.session.connection())) == []


def test_a_shift_with_visits_is_not_taken_away_by_a_file(database: Database) -> None:
    import_day(database, OWNER, small())
    person = small().technicians[0]
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, small().jobs[0].id).visits[0]
        row = work.by_key(TechnicianRow, person.id)
        shift = row.shifts[0]
        visit.state, visit.technician_id, visit.shift_id = VisitState.SCHEDULED, row.id, shift.id
        visit.start_at = visit.end_at = shift.start_at
        work.commit()
    without = replace(person, shifts=())
    with pytest.raises(Refused) as refused:
        import_day(
            database, OWNER, replace(small(), technicians=(without, *small().technicians[1:]))
        )
    assert refused.value.code == "import.in-use"
    start = shift.start_at.isoformat()
    assert refused.value.values == {"technician": person.id, "shift": shift.key, "start": start}
    said = str(refused.value)
    assert person.id in said
    assert "constraint" not in said
