"""What desks and technicians write down for each other: over the API, where they have names."""

from __future__ import annotations

from uuid import UUID

from tests.databases import OWNER
from tests.proofs.simulation.wanted import Deed, jobs_of, theirs
from tests.proofs.simulation.world import Ask, Wish, World

from dispatch.domain.states.visit import UNDER_WAY, VisitState
from dispatch.operations.jobs.notes import note_job, note_own_visit


def note(world: World) -> Wish | None:
    row = world.any(jobs_of())
    if row is None:
        return None
    text = f"the dog is loose, {world.number}"
    return Wish(
        world.desk(),
        lambda by: note_job(world.database, by, row.id, noted=text),
        UUID,
        ask=Ask(path=f"/jobs/{row.id}/notes", body={"text": text}),
        asked=True,
    )


def jot(world: World) -> Wish | None:
    """Whoever has a visit, or now and then somebody else."""
    visit = world.any(theirs((VisitState.DISPATCHED, *UNDER_WAY)), OWNER)
    if visit is None or visit.technician_id is None:
        return None
    who = world.one_of((visit.technician_id, world.person()), (0.9, 0.1))
    text = f"the key is at the neighbour's, {world.number}"
    return Wish(
        world.phone(who),
        lambda by: note_own_visit(world.database, by, visit.id, who, noted=text),
        UUID,
        ask=Ask(path=f"/me/visits/{visit.id}/notes", body={"text": text}),
        asked=True,
    )


NOTES: dict[Deed, float] = {note: 0.7, jot: 1}
"""How often each is wanted."""
