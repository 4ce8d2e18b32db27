"""Give a customer the code that closes the visit, for which they ask by their link."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.errors import Refused
from dispatch.operations.jobs.completion_code import give_completion_code
from dispatch.operations.links.look import takes_code
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow


def ask_code(database: Database, actor: Actor, job_id: UUID) -> str:
    """A new code, as :func:`give_completion_code` gives it.

    Raises
    ------
    Missing, Refused
        There is no such job; ``link.no-code``: no code closes its visits, or none is left;
        ``job.over``.
    """
    with database.work(actor) as work:
        job = work.get(JobRow, job_id)
        if not takes_code(job):
            raise Refused("link.no-code", job=job.key)
    return give_completion_code(database, actor, job_id)
