"""Say what one thinks of the work."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.customer_link import MOST_STARS, MOST_WORDS
from dispatch.domain.states.job import JobState
from dispatch.errors import Refused
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.links import RatingRow

DONE = (JobState.COMPLETED, JobState.VERIFIED, JobState.SETTLED)


def rate_job(
    database: Database, actor: Actor, job_id: UUID, link_id: UUID, *, stars: int, words: str = ""
) -> UUID:
    """Rate a job that is done, once.

    Raises
    ------
    InvalidValue
        Too many stars, or too many words.
    Missing
        There is no such job.
    Refused
        ``rating.too-early``, ``rating.given``.
    """
    checks.within("rating.stars", stars, 1, MOST_STARS)
    checks.within("rating.words", len(words), 0, MOST_WORDS)
    with database.work(actor) as work:
        job = work.get(JobRow, job_id, lock=True)
        if job.state not in DONE:
            raise Refused("rating.too-early")
        if work.session.scalars(select(RatingRow).where(RatingRow.job_id == job.id)).first():
            raise Refused("rating.given")
        row = RatingRow(
            id=new_id(),
            outlet_id=job.outlet_id,
            job_id=job.id,
            link_id=link_id,
            stars=stars,
            words=words.strip(),
            at=work.now,
        )
        work.session.add(row)
        work.note("rating.given", row)
        return work.commit(row.id)
