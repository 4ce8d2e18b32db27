"""The rules of the pool: one row for the whole network."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.domain.pool import PoolRules
from dispatch.store.events import Event
from dispatch.store.organisation import ONLY
from dispatch.store.rows.base import NOBODY
from dispatch.store.rows.pool import PoolRulesRow
from dispatch.store.said import heard
from dispatch.store.work import Work


def rules_of(session: Session) -> PoolRules:
    """As they are; as usual where nobody has said anything."""
    row = session.get(PoolRulesRow, ONLY)
    return PoolRules() if row is None else heard(PoolRules, row.said)


def rules_version(session: Session) -> int:
    """How often they have been changed, and one."""
    row = session.get(PoolRulesRow, ONLY)
    return 1 if row is None else row.version


def rules_row(work: Work) -> PoolRulesRow:
    """Their row, for whoever is to change it; made when it is first asked for."""
    new = insert(PoolRulesRow).values(id=ONLY, said={}, version=1)  # as they are without it
    if work.session.execute(new.on_conflict_do_nothing().returning(PoolRulesRow.id)).first():
        after = {"id": ONLY, "said": {}}
        work.record(Event(kind="pool_rules.added", subject=NOBODY, after=after))
    return work.session.scalars(select(PoolRulesRow).with_for_update()).one()
