"""What the things have in common that somebody may want done."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Select, select
from tests.proofs.simulation.world import Wish, World

from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import ENDED, UNDER_WAY, VisitState
from dispatch.store.rows.jobs import JobRow, VisitRow

Deed = Callable[[World], Wish | None]
"""What somebody wants now; None if there is nothing to want."""
NOTHING = type(None)
WAITING = (JobState.OPEN, JobState.OFFERED, JobState.SCHEDULED, JobState.IN_PROGRESS)


def jobs_of(*states: JobState) -> Select[tuple[JobRow]]:
    """In these states, or in any; the youngest first."""
    query = select(JobRow).order_by(JobRow.id.desc())
    return query.where(JobRow.state.in_(states)) if states else query


def visits_of(*states: VisitState) -> Select[tuple[VisitRow]]:
    """In these states, the youngest first."""
    live = [state for state in states if state not in ENDED]
    return select(VisitRow).where(VisitRow.state.in_(live)).order_by(VisitRow.id.desc())


def theirs(states: tuple[VisitState, ...]) -> Select[tuple[VisitRow]]:
    """Visits in these states, what somebody is at first."""
    query = select(VisitRow).where(VisitRow.state.in_(states))
    return query.order_by(VisitRow.state.in_(UNDER_WAY).desc(), VisitRow.id.desc())
