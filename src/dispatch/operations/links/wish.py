"""What a customer wishes to be otherwise, and what a dispatcher says to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.clock import elapsed_s
from dispatch.domain.customer_link import MOST_WISHES, MOST_WORDS, NOTICE, WishKind
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import ENDED
from dispatch.domain.states.wish import WISH, WishAction, WishState
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.jobs.decide import (
    cancel,
    expect_unbound,
    held_job,
    is_bound,
    touch_visits,
)
from dispatch.operations.jobs.seats import free_misplaced
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.links import WishRow
from dispatch.store.snapshot import TO_PLAN
from dispatch.store.work import Work, expect

TO_DO = (*TO_PLAN, JobState.ON_HOLD)
"""Something of it is still to be done."""
LEAST_WINDOW_S = 900
"""A shorter window nobody can be in time for."""


def make_wish(
    database: Database,
    actor: Actor,
    job_id: UUID,
    link_id: UUID,
    *,
    kind: WishKind,
    window: Window | None = None,
    words: str = "",
) -> UUID:
    """Write down that a customer wishes to cancel, or for another window; nothing else changes.

    Raises
    ------
    InvalidValue
        ``wish.window``: a window for no other wish, and one that is to come and long enough.
    Missing
        There is no such job.
    Refused
        ``wish.too-late``: somebody is at it, or comes in less than two hours; ``wish.asked``: the
        same was asked and is not answered; ``wish.too-many``.
    """
    checks.within("wish.words", len(words), 0, MOST_WORDS)
    with database.work(actor) as work:
        if (window is None) != (kind is not WishKind.WINDOW):
            raise InvalidValue("wish.window")
        if window is not None and not _may_be_wished(window, work.now):
            raise InvalidValue("wish.window")
        job = held_job(work, job_id)
        _expect_in_time(work, job)
        _expect_not_asked(work, job, kind)
        row = WishRow(
            id=new_id(),
            outlet_id=job.outlet_id,
            job_id=job.id,
            link_id=link_id,
            kind=kind,
            state=WISH.first,
            window_from=window.start if window else None,
            window_to=window.end if window else None,
            words=words.strip(),
            asked_at=work.now,
        )
        work.session.add(row)
        work.note("wish.asked", row)
        try:
            return work.commit(row.id)
        except IntegrityError as error:
            raise Refused("wish.asked") from error


def _may_be_wished(window: Window, now: datetime) -> bool:
    return window.start > now and elapsed_s(window.start, window.end) >= LEAST_WINDOW_S


def decide_wish(
    database: Database,
    actor: Actor,
    wish_id: UUID,
    *,
    grant: bool,
    answer: str = "",
    expected: int | None = None,
) -> None:
    """Grant a wish, which does at once what was wished for, or decline it.

    A job that gets another window on its day keeps its place on a route until the next plan, or
    whoever moves it, puts it where it fits; on another day it is free again. The window is
    promised.

    Raises
    ------
    Missing, Stale
        There is no such wish; it is not at the version that is expected.
    Refused
        ``state.wish``: it was answered before, or closed with the work; ``job.begun``,
        ``state.job``, ``wish.past``: too late for it.
    """
    checks.within("wish.answer", len(answer), 0, MOST_WORDS)
    with database.work(actor) as work:
        job = held_job(work, work.get(WishRow, wish_id).job_id)
        row = work.get(WishRow, wish_id, lock=True)
        expect(row, expected)
        row.state = WISH.after(WishAction.GRANT if grant else WishAction.DECLINE, row.state)
        row.decided_at, row.decided_by, row.answer = work.now, actor.id, answer.strip()
        work.note(f"wish.{row.state.value}", row)
        if row.state is WishState.GRANTED:
            _do(work, job, row)
        work.commit()


def _do(work: Work, job: JobRow, wish: WishRow) -> None:
    if wish.window_from is None or wish.window_to is None:
        cancel(work, job, why="wish")
        return
    if wish.window_to <= work.now:
        raise Refused("wish.past")
    expect_unbound(job)
    frame = Frame(work.session, Span(job.earliest, job.latest))
    window = Window(start=wish.window_from, end=wish.window_to)
    Jobs().write(job, replace(Jobs().read(job, frame), windows=(window,)), frame)
    work.note("job.edited", job, why="wish")
    for visit in _to_come(job):
        visit.promised_from, visit.promised_to = window.start, window.end
        work.note("visit.promised", visit, why="wish")
    touch_visits(work, job)
    free_misplaced(work, job)


def _expect_in_time(work: Work, job: JobRow) -> None:
    late = job.state not in TO_DO or is_bound(job)
    begins = [visit.promised_from or visit.start_at for visit in _to_come(job)]
    first = min((moment for moment in begins if moment is not None), default=None)
    if late or (first is not None and first < work.now + NOTICE):
        raise Refused("wish.too-late", hours=NOTICE.seconds // 3_600)


def _expect_not_asked(work: Work, job: JobRow, kind: WishKind) -> None:
    query = select(WishRow.kind, WishRow.state, func.count()).where(WishRow.job_id == job.id)
    counts: Sequence[tuple[WishKind, WishState, int]] = [
        (found, state, count)
        for found, state, count in work.session.execute(query.group_by(WishRow.kind, WishRow.state))
    ]
    if any(found is kind and state is WishState.ASKED for found, state, _ in counts):
        raise Refused("wish.asked")
    if sum(count for _, _, count in counts) >= MOST_WISHES:
        raise Refused("wish.too-many", most=MOST_WISHES)


def _to_come(job: JobRow) -> Sequence[VisitRow]:
    return [visit for visit in job.visits if visit.state not in ENDED]
