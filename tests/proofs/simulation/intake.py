"""What integrators and dispatchers do to jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.proofs.simulation.wanted import NOTHING, WAITING, Deed, jobs_of, visits_of
from tests.proofs.simulation.world import OUTLETS, Ask, Wish, World

from dispatch.domain.actor import Actor
from dispatch.domain.shift import Anchor, AnchorKind, Shift
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.operations.board.assign import assign_visit, unassign_visit
from dispatch.operations.board.release import release_visit
from dispatch.operations.bulk import Outcome, do_each
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.operations.jobs.split import Part, split_job
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.said import said

MOST_OPEN = 24
"""Jobs that wait at one time."""


def create(world: World) -> Wish | None:
    with world.database.work(OWNER) as work:
        now = select(JobRow.id).where(JobRow.state.in_(WAITING), JobRow.latest > world.clock())
        if len(work.session.scalars(now).all()) >= MOST_OPEN:
            return None
    actor = world.one_of((world.program(), world.desk()))
    outlet = None if actor.outlets else world.one_of(OUTLETS)
    own = [key for key in OUTLETS if actor.outlets and world.outlets[key] in actor.outlets]
    job = world.job(f"J-{world.number}", outlet or own[0])
    return Wish(
        actor,
        lambda by: create_job(world.database, by, job, outlet=outlet),
        UUID,
        ask=Ask(path="/jobs", body={"job": said(job), "outlet": outlet}),
    )


def edit(world: World) -> Wish | None:
    row = world.any(jobs_of(*WAITING))
    if row is None:
        return None
    job = world.job(row.key, "north" if row.outlet_id == world.outlets["north"] else "south")
    expected = row.version - int(world.draw.random() < 0.3)
    actor = world.one_of((world.program(), world.desk()))
    return Wish(
        actor,
        lambda by: edit_job(world.database, by, row.id, job, expected=expected),
        NOTHING,
        ask=Ask(method="PUT", path=f"/jobs/{row.id}", body={"job": said(job)}, expected=expected),
    )


def decide(world: World) -> Wish | None:
    row = world.any(jobs_of(*WAITING, JobState.ON_HOLD))
    if row is None:
        return None
    level = int(world.draw.integers(1, 6))
    database, job = world.database, row.id
    held = row.state is JobState.ON_HOLD
    ways: list[tuple[Callable[[Actor], None], str, dict[str, object]]] = [
        (lambda by: hold_job(database, by, job, why="asked"), "hold", {"why": "asked"}),
        (lambda by: resume_job(database, by, job), "resume", {}),
        (lambda by: cancel_job(database, by, job, why="no need"), "cancel", {"why": "no need"}),
        (lambda by: prioritise_job(database, by, job, level), "priority", {"priority": level}),
    ]
    do, verb, body = world.one_of(ways, (0.1, 0.6, 0.2, 0.1) if held else (0.35, 0.05, 0.2, 0.4))
    return Wish(
        world.desk(),
        do,
        NOTHING,
        ask=Ask(path=f"/jobs/{job}/{verb}", body=body, expected=row.version),
    )


def again(world: World) -> Wish | None:
    """A job of which a visit was not done, or done in part, gets another window or is given up."""
    left = JobRow.visits.any(VisitRow.state.in_((VisitState.NOT_DONE, VisitState.SUSPENDED)))
    row = world.any(jobs_of(*WAITING, JobState.ON_HOLD).where(left))
    if row is None:
        return None
    database, path = world.database, f"/jobs/{row.id}"
    job = world.job(row.key, "north" if row.outlet_id == world.outlets["north"] else "south")
    verb = world.one_of(("edit", "cancel", "resume"), (0.5, 0.3, 0.2))
    if verb == "edit":
        body: dict[str, object] = {"job": said(job)}
        return Wish(
            world.desk(),
            lambda by: edit_job(database, by, row.id, job, expected=row.version),
            NOTHING,
            ask=Ask(method="PUT", path=path, body=body, expected=row.version),
        )
    if verb == "cancel":
        return Wish(
            world.desk(),
            lambda by: cancel_job(database, by, row.id, why="in vain"),
            NOTHING,
            ask=Ask(path=f"{path}/cancel", body={"why": "in vain"}, expected=row.version),
        )
    return Wish(
        world.desk(),
        lambda by: resume_job(database, by, row.id),
        NOTHING,
        ask=Ask(path=f"{path}/resume", body={}, expected=row.version),
    )


def split(world: World) -> Wish | None:
    """A job is done in two goes or three; not one that is a go of another."""
    row = world.any(jobs_of(JobState.OPEN, JobState.OFFERED, JobState.SCHEDULED))
    goes = int(world.draw.integers(2, 4))
    lasts = int(world.one_of((900, 1_800, 2_400), (0.1, 0.3, 0.6)))
    if row is None or row.said.get("dependencies"):
        return None
    parts = [Part(duration_s=lasts) for _ in range(goes)]
    expected = row.version - int(world.draw.random() < 0.1)
    return Wish(
        world.desk(),
        lambda by: split_job(
            world.database, by, row.id, parts, min_delay_s=600, why="long", expected=expected
        ),
        list[UUID],
        ask=Ask(
            path=f"/jobs/{row.id}/split",
            body={"parts": [said(part) for part in parts], "min_delay_s": 600, "why": "long"},
            expected=expected,
        ),
    )


def many_jobs(world: World) -> Wish | None:
    """One thing is done to some jobs at once, or to some visits."""
    database, level = world.database, int(world.draw.integers(1, 6))
    ids = _some(world, jobs_of(*WAITING, JobState.ON_HOLD))
    verb = world.one_of(("hold", "resume", "prioritise"), (0.2, 0.3, 0.5))
    if not ids:
        return None

    def each(by: Actor, job: UUID) -> object:
        if verb == "hold":
            return hold_job(database, by, job, why="rain")
        if verb == "resume":
            return resume_job(database, by, job)
        return prioritise_job(database, by, job, level)

    more = {"hold": {"why": "rain"}, "resume": {}, "prioritise": {"priority": level}}[verb]
    body = {"action": verb, "jobs": [str(one) for one in ids], **more}
    return Wish(
        world.desk(),
        lambda by: do_each(database, by, ids, each),
        list[Outcome],
        whole=False,
        ask=Ask(path="/jobs/bulk", body=body),
    )


def many_visits(world: World) -> Wish | None:
    database = world.database
    ids = _some(world, visits_of(VisitState.UNSCHEDULED, VisitState.SCHEDULED))
    verb = world.one_of(("release", "offer", "assign", "unassign"), (0.2, 0.3, 0.35, 0.15))
    ends, fee, person = world.clock() + timedelta(hours=2), world.money(), world.person()
    if not ids:
        return None

    def each(by: Actor, visit: UUID) -> object:
        if verb == "release":
            return release_visit(database, by, visit)
        if verb == "offer":
            return offer_visit(database, by, visit, fee_minor=fee, expires_at=ends)
        if verb == "assign":
            return assign_visit(database, by, visit, person, TRAVEL)
        return unassign_visit(database, by, visit)

    more = {
        "offer": {"fee_minor": fee, "expires_at": ends.isoformat()},
        "assign": {"technician": str(person)},
    }.get(verb, {})
    body = {"action": verb, "visits": [str(one) for one in ids], **more}
    return Wish(
        world.desk(),
        lambda by: do_each(database, by, ids, each),
        list[Outcome],
        whole=False,
        ask=Ask(path="/visits/bulk", body=body),
    )


def _some(world: World, query: Select[Any]) -> list[UUID]:
    """Some of what a desk sees, each once."""
    found = [world.any(query) for _ in range(int(world.draw.integers(2, 5)))]
    return list(dict.fromkeys(row.id for row in found if row is not None))


def bring_in(world: World) -> Wish | None:
    """The integrator's file of the day once more, with some jobs that differ.

    One of them may be cancelled in the record, or split.
    """
    key = world.one_of(OUTLETS)
    names = [f"A-{key}-0", f"I-{world.number}"]
    changed = or_(JobRow.state == JobState.CANCELLED, JobRow.said.has_key("dependencies"))
    row = world.any(jobs_of().where(changed, JobRow.outlet_id == world.outlets[key]), OWNER)
    if row is not None and row.key not in names:
        names.append(row.key)
    day = world.sample(key, names)
    actor = world.one_of((OWNER, world.program()), (0.7, 0.3))
    return Wish(actor, lambda by: import_day(world.database, by, day, outlet=key))


def bring_in_ahead(world: World) -> Wish | None:
    """A file of somebody on a day to come: it leaves out what is known, or has other hours."""
    ahead = int(world.draw.integers(1, 3))
    day = world.sample(ahead=ahead)
    person = day.technicians[int(world.draw.integers(len(day.technicians)))]
    hours = world.one_of((None, (7, 15), (20, 31), (5, 13)), (0.2, 0.2, 0.3, 0.3))
    shifts: tuple[Shift, ...] = ()
    if hours is not None:
        start, end = (world.at(24 * ahead + hour) for hour in hours)
        anywhere, name = Anchor(kind=AnchorKind.OPEN), person.shifts[0].id
        shifts = (Shift(id=name, start=start, end=end, start_at=anywhere, end_at=anywhere),)
    person = replace(person, home=world.one_of((None, person.home)), shifts=shifts)
    day = replace(day, end=world.at(24 * ahead + 31), technicians=(person,))
    return Wish(OWNER, lambda by: import_day(world.database, by, day))


INTAKE: dict[Deed, float] = {
    create: 9,
    edit: 2,
    decide: 5,
    again: 2,
    bring_in: 0.4,
    bring_in_ahead: 0.4,
    split: 1.2,
    many_jobs: 0.7,
    many_visits: 1.2,
}
"""How often each is wanted."""
