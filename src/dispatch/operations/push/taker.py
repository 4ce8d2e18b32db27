"""Who a technician may hand their work to."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.errors import Missing, Refused
from dispatch.store.database import Database
from dispatch.store.reach import kin
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow


def check_taker(database: Database, actor: Actor, visit: UUID, owner: UUID, to: UUID) -> None:
    """See that somebody may be given a visit by a colleague, who is told of nobody else's day.

    Raises
    ------
    Missing
        The visit is not ``owner``'s; whoever is named works here no longer, or for outlets that lie
        neither above nor below that of the visit, as with offers.
    Refused
        ``push.closed``: they want no work besides their own.
    """
    with database.work(actor) as work:
        row = work.get(VisitRow, visit)
        if row.technician_id != owner:
            raise Missing("store.missing", kind="visit", id=str(visit))
        taker = work.get(TechnicianRow, to)
        if not taker.active or row.outlet_id not in kin(work.session, taker.outlet_id):
            raise Missing("store.missing", kind="technician", id=str(to))
        if not taker.open_for_work:
            raise Refused("push.closed", technician=taker.key)
