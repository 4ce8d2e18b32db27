"""Tell technicians what they have to do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.states.visit import VISIT, VisitAction, VisitState
from dispatch.store.board import day_of, span_of, touch_days, zone_of
from dispatch.store.database import Database
from dispatch.store.days import of_day
from dispatch.store.rows.jobs import VisitRow


def release_day(
    database: Database, actor: Actor, day: date, *, technicians: Collection[UUID] = ()
) -> int:
    """Dispatch all visits of a day that are scheduled; answers how many.

    Parameters
    ----------
    technicians
        Only theirs; everybody's if nothing is said.

    Raises
    ------
    Refused
        ``organisation.missing``
    """
    with database.work(actor) as work:
        span = span_of(day, zone_of(work.session))
        query = select(VisitRow).where(
            VisitRow.state == VisitState.SCHEDULED,
            of_day(span.start, span.end),
        )
        if technicians:
            query = query.where(VisitRow.technician_id.in_(technicians))
        visits = list(
            work.session.scalars(query.order_by(VisitRow.id).with_for_update(of=VisitRow))
        )
        for visit in visits:
            visit.state = VISIT.after(VisitAction.RELEASE, visit.state)
            work.note("visit.released", visit)
        if visits:
            touch_days(work.session, [day])
        return work.commit(len(visits))


def release_visit(database: Database, actor: Actor, visit_id: UUID) -> None:
    """Tell a technician of one visit.

    Raises
    ------
    Missing, Refused
        There is no such visit; ``state.visit``: it is on no route, or they know already.
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id, lock=True)
        visit.state = VISIT.after(VisitAction.RELEASE, visit.state)
        work.note("visit.released", visit)
        touch_days(work.session, [day_of(work.session, visit)])
        work.commit()
