"""Put a credit score right."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.credit import MOST, CreditKind
from dispatch.store.credit import move_score
from dispatch.store.database import Database
from dispatch.store.rows.technicians import TechnicianRow

MOST_REASON = 500


def correct_score(
    database: Database, actor: Actor, technician_id: UUID, *, points: int, reason: str
) -> int:
    """Give or take points, with a reason that the technician sees; answers the score after it.

    Raises
    ------
    InvalidValue
        There is no reason, or more points than a score has.
    Missing
        There is no such technician.
    """
    checks.within("credit.points", points, -MOST, MOST)
    checks.words("credit.reason", reason, MOST_REASON)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        row = move_score(work, technician, CreditKind.CORRECTED, points, reason=reason)
        return work.commit(row.score)
