"""Let go of what a customer still owes for a job."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.payment import Account, Posting
from dispatch.errors import Refused
from dispatch.operations.money.held import billed_job
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.ledger import bill, post


def waive(database: Database, actor: Actor, job_id: UUID, *, why: str) -> int:
    """Let go of all that is open; of a settled job that is what was given back since.

    Returns
    -------
    int
        How much that was, in minor units.

    Raises
    ------
    Missing
        There is no such job.
    Refused
        ``waive.nothing``: nothing is open.
    """
    with database.work(actor) as work:
        job = billed_job(work, job_id)
        found = bill(work.session, job)
        if found.open_minor <= 0:
            raise Refused("waive.nothing", job=job.key)
        post(
            work,
            job,
            Posting.WAIVER,
            found.open_minor,
            to=Account.WAIVED,
            out_of=Account.RECEIVABLE,
        )
        after = {"waived_minor": found.open_minor, "currency": found.currency}
        work.record(
            Event(kind="job.waived", subject=job.id, outlet=job.outlet_id, after=after, note=why)
        )
        return work.commit(found.open_minor)
