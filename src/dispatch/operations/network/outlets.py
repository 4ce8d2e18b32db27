"""Outlets: open one, change it, move it under another, close it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.domain.states.job import JobState
from dispatch.errors import Missing, Refused
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, see_open, see_outlet
from dispatch.store.reach import ROOT, hold_tree, renew_reach
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work, expect

MOST_NAME = 200
TO_DO = (
    *(JobState.DRAFT, JobState.OPEN, JobState.OFFERED, JobState.SCHEDULED),
    *(JobState.IN_PROGRESS, JobState.ON_HOLD),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFacts:
    """What is known of an outlet."""

    name: str = ""
    position: Position | None = None
    """None for one that no shift starts from; a place that is known stays known."""
    parent: UUID | None = None
    """The outlet above it; headquarters has none."""

    def __post_init__(self) -> None:
        checks.within("outlet.name", len(self.name), 0, MOST_NAME)


def create_outlet(database: Database, actor: Actor, key: str, facts: OutletFacts) -> UUID:
    """Open an outlet under another one.

    Raises
    ------
    Missing
        There is no such outlet above it, or it is not the actor's.
    Refused
        ``key.taken``; ``outlet.closed``: the one above it; ``outlet.root``: it names none above it.
    """
    checks.identifier("outlet.id", key)
    with database.work(actor) as work:
        hold_tree(work.session)
        row = OutletRow(id=new_id(), key=key, name=facts.name, parent_id=_above(work, facts).id)
        _stand(row, facts.position)
        made = add_keyed(work, row)
        renew_reach(work.session)
        return work.commit(made)


def change_outlet(
    database: Database, actor: Actor, outlet_id: UUID, facts: OutletFacts, *, expected: int
) -> None:
    """Give an outlet another name or place, or let it lie under another one.

    Who sees an outlet sees all below it, so a move needs somebody who sees the outlets above it,
    the old one and the new one.

    Raises
    ------
    Missing, Stale
        There is no such outlet, it or one above is not the actor's; it is not at the version that
        is expected.
    Refused
        ``outlet.circle``; ``outlet.closed``; ``outlet.root``: headquarters lies under nothing, and
        nothing else lies beside it.
    """
    with database.work(actor) as work:
        hold_tree(work.session)
        row = see_outlet(work, work.get(OutletRow, outlet_id, lock=True))
        expect(row, expected)
        moved = facts.parent != row.parent_id
        if moved:
            _see_parent(work, row)
            row.parent_id = _above(work, facts).id
        row.name = facts.name
        _stand(row, facts.position)
        work.note("outlet.moved" if moved else "outlet.changed", row)
        renew_reach(work.session)
        work.commit()


def close_outlet(database: Database, actor: Actor, outlet_id: UUID, *, why: str) -> None:
    """Let nothing new come to an outlet; what was done for it stays.

    Raises
    ------
    Missing
        There is no such outlet, or it is not the actor's.
    Refused
        ``outlet.root``; ``outlet.in-use``: outlets lie under it, technicians belong to it, or it
        has jobs that have not ended.
    """
    with database.work(actor) as work:
        hold_tree(work.session)
        row = see_outlet(work, work.get(OutletRow, outlet_id, lock=True))
        if row.key == ROOT:
            raise Refused("outlet.root")
        for kind, count in _in_use(work, row.id).items():
            if count:
                raise Refused("outlet.in-use", id=row.key, kind=kind, count=count)
        row.active = False
        work.note("outlet.closed", row, why=why)
        work.commit()


def reopen_outlet(database: Database, actor: Actor, outlet_id: UUID) -> None:
    """Let an outlet be open again.

    Raises
    ------
    Missing
        There is no such outlet, or it is not the actor's.
    Refused
        ``outlet.closed``: the one above it.
    """
    with database.work(actor) as work:
        hold_tree(work.session)
        row = see_outlet(work, work.get(OutletRow, outlet_id, lock=True))
        above = None if row.parent_id is None else work.get(OutletRow, row.parent_id)
        if above is not None and not above.active:
            raise Refused("outlet.closed", id=above.key)
        row.active = True
        work.note("outlet.reopened", row)
        work.commit()


def _above(work: Work, facts: OutletFacts) -> OutletRow:
    if facts.parent is None:
        raise Refused("outlet.root")
    return see_open(work, work.get(OutletRow, facts.parent))


def _see_parent(work: Work, row: OutletRow) -> None:
    """Nobody takes an outlet from under one that they do not see."""
    if row.parent_id is None:
        raise Refused("outlet.root")
    if not work.sees(row.parent_id):
        raise Missing("store.missing", kind="outlet", id=str(row.parent_id))


def _stand(row: OutletRow, position: Position | None) -> None:
    if position is not None:
        row.lat, row.lon = position.lat, position.lon


def _in_use(work: Work, outlet: UUID) -> dict[str, int]:
    below = select(func.count()).where(OutletRow.parent_id == outlet, OutletRow.active)
    people = select(func.count()).where(TechnicianRow.outlet_id == outlet, TechnicianRow.active)
    jobs = select(func.count()).where(JobRow.outlet_id == outlet, JobRow.state.in_(TO_DO))
    return {
        kind: work.session.scalar(query, execution_options=UNSCOPED) or 0
        for kind, query in (("outlet", below), ("technician", people), ("job", jobs))
    }
