"""Nobody sees what is not theirs: every query is narrowed to the outlets of whoever asks.

It happens where the ORM sends a statement off, so no query can forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from dispatch.errors import Missing
from dispatch.store.rows.accounts import IntegrationRow
from dispatch.store.rows.base import Owned, Scoped
from dispatch.store.rows.customers import AssetRow, ContactRow, CustomerRow, SiteRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.outlets import OutletReach
from dispatch.store.rows.technicians import AbsenceRow, HeldSkillRow, ShiftRow, TechnicianRow

HANGING = (ShiftRow, AbsenceRow, HeldSkillRow)
"""Rows that belong to whom their technician belongs to."""

UNSCOPED = {"unscoped": True}
"""Execution options of the few statements that have to see more: what somebody is committed to."""
SCOPE = "scope"
"""Under this name a session keeps the outlets that it may see; None is all of them."""


def narrow(state: ORMExecuteState) -> None:
    """Add to a statement of the ORM that only rows of visible outlets count."""
    visible = state.session.info.get(SCOPE)
    if visible is None or state.is_column_load or state.is_relationship_load:
        return
    if state.execution_options.get("unscoped"):
        return
    theirs = select(TechnicianRow.__table__.c.id).where(
        TechnicianRow.__table__.c.outlet_id.in_(visible)
    )
    customers, sites = (_ids_of(table, visible) for table in (CustomerRow, SiteRow))
    state.statement = state.statement.options(
        with_loader_criteria(
            Scoped,
            lambda row: row.outlet_id.in_(visible),
            include_aliases=True,
            track_closure_variables=True,
        ),
        *(_narrow_owned(table, visible) for table in Owned.__subclasses__()),
        with_loader_criteria(
            ContactRow, ContactRow.customer_id.in_(customers), include_aliases=True
        ),
        with_loader_criteria(AssetRow, AssetRow.site_id.in_(sites), include_aliases=True),
        with_loader_criteria(EventRow, EventRow.outlet_id.in_(visible), include_aliases=True),
        with_loader_criteria(
            IntegrationRow, IntegrationRow.outlet_id.in_(visible), include_aliases=True
        ),
        *(
            with_loader_criteria(table, table.technician_id.in_(theirs), include_aliases=True)
            for table in HANGING
        ),
    )


def _narrow_owned(table: type[Any], visible: Sequence[UUID]) -> ExecutableOption:
    """Criteria of a table of things that outlets take care of.

    A job that is seen has its site, also one that another outlet takes care of: one that is loaded
    with a row, joined (so as an alias) or later, is not narrowed.
    """
    return with_loader_criteria(
        table,
        or_(table.outlet_id.is_(None), table.outlet_id.in_(visible)),
        include_aliases=table is not SiteRow,
        propagate_to_loaders=table is not SiteRow,
    )


def _ids_of(table: type[CustomerRow | SiteRow], visible: Sequence[UUID]) -> Select[tuple[UUID]]:
    columns = table.__table__.c
    return select(columns.id).where(
        or_(columns.outlet_id.is_(None), columns.outlet_id.in_(visible))
    )


def guard(session: Session, *_: object) -> None:
    """Refuse to write a row of an outlet that the session may not see."""
    visible = session.info.get(SCOPE)
    if visible is None:
        return
    for row in (*session.new, *session.dirty):
        if isinstance(row, Scoped | Owned) and row.outlet_id not in visible:
            raise Missing("store.missing", kind="outlet", id=str(row.outlet_id))


def set_scope(session: Session, outlets: frozenset[UUID] | None) -> None:
    """Let a session see these outlets and all below them; None is everything."""
    session.info[SCOPE] = None
    if outlets is not None:
        below = select(OutletReach.below_id).where(OutletReach.above_id.in_(outlets))
        session.info[SCOPE] = tuple(sorted(set(session.scalars(below))))
