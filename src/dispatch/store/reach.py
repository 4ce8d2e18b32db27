"""Which outlets lie under which."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.errors import Refused
from dispatch.store.ids import new_id
from dispatch.store.locks import Lock, hold
from dispatch.store.rows.outlets import OutletReach, OutletRow

ROOT = ""
"""The key of headquarters, above all outlets; a file cannot give it to an outlet of its own."""


def hold_tree(session: Session) -> None:
    """Let nobody else change the tree of outlets until the work ends; to be called first."""
    hold(session, Lock.TREE)


def root_of(session: Session) -> OutletRow:
    """Headquarters; made when it is first asked for."""
    row = session.scalars(select(OutletRow).where(OutletRow.key == ROOT)).first()
    if row is None:
        row = OutletRow(id=new_id(), key=ROOT, name="")
        session.add(row)
        session.flush()
    return row


def kin(session: Session, outlet: UUID) -> set[UUID]:
    """The outlet itself, those above it and those below."""
    above = select(OutletReach.above_id).where(OutletReach.below_id == outlet)
    below = select(OutletReach.below_id).where(OutletReach.above_id == outlet)
    return {outlet, *session.scalars(above), *session.scalars(below)}


def outlets_below(session: Session, outlet: UUID) -> set[UUID]:
    """The outlet itself and those below."""
    below = select(OutletReach.below_id).where(OutletReach.above_id == outlet)
    return {outlet, *session.scalars(below)}


def renew_reach(session: Session) -> None:
    """Write down again which outlets lie under which; after every change of the tree.

    Raises
    ------
    Refused
        ``outlet.circle``: an outlet would lie under itself.
    """
    session.flush()
    rows = session.execute(select(OutletRow.id, OutletRow.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    session.execute(delete(OutletReach))
    session.add_all(
        OutletReach(above_id=above, below_id=below)
        for below in parents
        for above in _upwards(below, parents)
    )
    session.flush()


def _upwards(outlet: UUID, parents: dict[UUID, UUID | None]) -> list[UUID]:
    found = [outlet]
    while (parent := parents[found[-1]]) is not None:
        if parent in found:
            raise Refused("outlet.circle", id=str(outlet))
        found.append(parent)
    return found
