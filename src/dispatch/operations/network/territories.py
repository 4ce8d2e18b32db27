"""Territories: areas that somebody is responsible for."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, rename_shared, see_all
from dispatch.store.rows.outlets import TerritoryRow

MOST_NAME = 200


def create_territory(database: Database, actor: Actor, key: str, *, name: str = "") -> UUID:
    """Draw up an area; raises Refused ``key.taken``, ``network.shared``."""
    checks.identifier("territory.id", key)
    checks.within("territory.name", len(name), 0, MOST_NAME)
    with database.work(actor) as work:
        see_all(work)
        return work.commit(add_keyed(work, TerritoryRow(id=new_id(), key=key, name=name)))


def rename_territory(
    database: Database, actor: Actor, territory_id: UUID, name: str, *, expected: int
) -> None:
    """Call an area otherwise; its key stays. Raises Missing, Stale, and ``network.shared``."""
    checks.within("territory.name", len(name), 0, MOST_NAME)
    with database.work(actor) as work:
        rename_shared(work, TerritoryRow, territory_id, name, expected=expected)
        work.commit()
