"""Which outlets lie under which."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.errors import Refused
from dispatch.store.rows.outlets import OutletReach, OutletRow


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
