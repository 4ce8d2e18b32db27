"""What people set about the pool: its rules, who leads, who wants work and how much."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.pool import MOST_CLAIMS, PoolRules
from dispatch.store.database import Database
from dispatch.store.pool_rules import rules_row
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said
from dispatch.store.work import expect


def set_rules(
    database: Database, actor: Actor, rules: PoolRules, *, expected: int | None = None
) -> None:
    """Change the rules of the pool; raises Stale if they are not at the version expected."""
    with database.work(actor) as work:
        row = rules_row(work)
        expect(row, expected)
        row.said = said(rules)
        work.note("pool_rules.changed", row)
        work.commit()


def set_part(
    database: Database,
    actor: Actor,
    technician_id: UUID,
    *,
    leader: bool,
    claims_a_day: int | None,
    claims_open: int | None,
    expected: int | None = None,
) -> None:
    """Say whether somebody leads, and how much they may claim; None: as the rules of the pool say.

    Raises
    ------
    InvalidValue
        A limit is below zero or beyond reason.
    Missing, Stale
        There is no such technician; they are not at the version expected.
    """
    for name, most in (("claims_a_day", claims_a_day), ("claims_open", claims_open)):
        if most is not None:
            checks.within(f"technician.{name}", most, 0, MOST_CLAIMS)
    with database.work(actor) as work:
        row = work.get(TechnicianRow, technician_id, lock=True)
        expect(row, expected)
        row.leader, row.claims_a_day, row.claims_open = leader, claims_a_day, claims_open
        work.note("technician.changed", row)
        work.commit()


def open_for_work(database: Database, actor: Actor, technician_id: UUID, *, wanted: bool) -> None:
    """Let the pool offer somebody work, and pushes ask them, or leave them alone; raises Missing.

    What they have stays theirs.
    """
    with database.work(actor) as work:
        row = work.get(TechnicianRow, technician_id, lock=True)
        row.open_for_work = wanted
        work.note("technician.opened" if wanted else "technician.closed", row)
        work.commit()
