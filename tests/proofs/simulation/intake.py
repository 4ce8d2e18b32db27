"""What integrators and dispatchers do to jobs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.proofs.simulation.wanted import NOTHING, WAITING, Deed, jobs_of
from tests.proofs.simulation.world import OUTLETS, Wish, World

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JobState
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.store.rows.jobs import JobRow

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
    return Wish(actor, lambda by: create_job(world.database, by, job, outlet=outlet), UUID)


def edit(world: World) -> Wish | None:
    row = world.any(jobs_of(*WAITING))
    if row is None:
        return None
    job = world.job(row.key, "north" if row.outlet_id == world.outlets["north"] else "south")
    expected = row.version - int(world.draw.random() < 0.3)
    actor = world.one_of((world.program(), world.desk()))
    return Wish(
        actor, lambda by: edit_job(world.database, by, row.id, job, expected=expected), NOTHING
    )


def decide(world: World) -> Wish | None:
    row = world.any(jobs_of(*WAITING, JobState.ON_HOLD))
    if row is None:
        return None
    level = int(world.draw.integers(1, 6))
    database, job = world.database, row.id
    held = row.state is JobState.ON_HOLD
    ways: list[Callable[[Actor], None]] = [
        lambda by: hold_job(database, by, job, why="the customer asked"),
        lambda by: resume_job(database, by, job),
        lambda by: cancel_job(database, by, job, why="not needed"),
        lambda by: prioritise_job(database, by, job, level),
    ]
    do = world.one_of(ways, (0.1, 0.6, 0.2, 0.1) if held else (0.35, 0.05, 0.2, 0.4))
    return Wish(world.desk(), do, NOTHING)


def bring_in(world: World) -> Wish | None:
    """The integrator's file of the day once more, with a job or two that differ."""
    key = world.one_of(OUTLETS)
    day = world.sample(key, [f"A-{key}-0", f"I-{world.number}"])
    return Wish(OWNER, lambda by: world.bring_in(by, day, key))


INTAKE: dict[Deed, float] = {
    create: 9,
    edit: 2,
    decide: 5,
    bring_in: 0.3,
}
"""How often each is wanted."""
