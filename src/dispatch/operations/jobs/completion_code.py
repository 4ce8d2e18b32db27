"""Give the customer of a job a code that closes the visit."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import OVER
from dispatch.errors import Refused
from dispatch.operations.accounts.secrets import secret_hash
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.evidence import CompletionCodeRow
from dispatch.store.work import Work

DIGITS = 6
"""Short enough for a telephone; whoever guesses has five tries."""


def give_completion_code(database: Database, actor: Actor, job_id: UUID) -> str:
    """A new code, told now and never again; one of before is good no longer.

    Of it only an Argon2id hash is kept.

    Raises
    ------
    Missing, Refused
        There is no such job; ``job.over``: it is done, or cancelled, and no visit of it is to come.
    """
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    with database.work(actor) as work:
        job = held_job(work, job_id)
        if job.state in OVER:
            raise Refused("job.over", job=job.key)
        row = _row(work, job.id)
        row.outlet_id, row.code = job.outlet_id, secret_hash(code)
        row.given_at, row.failures = work.now, 0
        work.note("completion_code.given", row)
        work.commit()
    return code


def _row(work: Work, job: UUID) -> CompletionCodeRow:
    query = select(CompletionCodeRow).where(CompletionCodeRow.job_id == job).with_for_update()
    found = work.session.scalars(query).one_or_none()
    if found is None:
        found = CompletionCodeRow(id=new_id(), job_id=job)
        work.session.add(found)
    return found
