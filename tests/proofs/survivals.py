"""What has to hold of a record whose server was killed again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from tests.databases import OWNER
from tests.proofs.actions import wrong_events, wrong_steps
from tests.proofs.clients import Person, Wish
from tests.proofs.server import Server

from dispatch.domain.states.job import DECIDED, JobState, state_from_visits
from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.run import RunState
from dispatch.operations.runs.take import MOST_ATTEMPTS
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.plans import RunRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.work import Work

WROTE = {
    "jobs": "job.created",
    "hold": "job.held",
    "resume": "job.resumed",
    "offers": "offer.published",
    "claim": "offer.claimed",
    "runs": "run.queued",
}
"""The event that each wish leaves behind, once."""
ABOUT = {"hold", "resume", "claim"}
"""Wishes whose path names what they are about; the others make it."""
VIEWS = {"jobs", "hold", "resume", "offers", "runs"}
"""Answers that show how something is now: the same thing is told of, however it is meanwhile."""


def wrong_survival(database: Database, wishes: Sequence[Wish]) -> list[str]:
    """Everything that is not as it was acknowledged; nothing if all is."""
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(ActionRow)).all()
        return [
            *(f"unanswered: {wish.who} {wish.path}" for wish in wishes if not wish.status),
            *_wrong_effects(work, wishes),
            *_wrong_releases(work, wishes),
            *_wrong_actions(rows, wishes),
            *wrong_events(work, rows),
            *wrong_steps(work, rows),
            *_wrong_jobs(work, wishes),
            *_wrong_runs(work),
            *_wrong_log(work),
            *(f"chain: {finding}" for finding in check_chain(work.session.connection())),
        ]


def _wrong_effects(work: Work, wishes: Sequence[Wish]) -> Iterator[str]:
    """Each was done as often as it was acknowledged."""
    query = select(EventRow.kind, EventRow.subject_id).where(EventRow.kind.in_(WROTE.values()))
    logged = Counter((kind, str(subject)) for kind, subject in work.session.execute(query))
    asked = Counter(
        (WROTE[wish.kind], wish.subject if wish.kind in ABOUT else str(wish.answer["id"]))
        for wish in wishes
        if wish.granted and wish.kind in WROTE
    )
    for effect, times in (asked - logged).items():
        yield f"lost: {effect} is missing {times} times"
    for effect, times in (logged - asked).items():
        yield f"twice: {effect} was done {times} times more than acknowledged"


def _wrong_releases(work: Work, wishes: Sequence[Wish]) -> Iterator[str]:
    told = sum(wish.answer["count"] for wish in wishes if wish.granted and wish.kind == "release")
    query = select(func.count()).where(EventRow.kind == "visit.released")
    if told != work.session.scalar(query):
        yield f"lost: {told} visits were said to be released, not {work.session.scalar(query)}"


def _wrong_actions(rows: Sequence[ActionRow], wishes: Sequence[Wish]) -> Iterator[str]:
    kept = Counter((row.device, row.sequence, row.outcome.value) for row in rows)
    told = Counter(
        (wish.body["device"], answer["sequence"], answer["outcome"])
        for wish in wishes
        if wish.granted and wish.kind == "actions"
        for answer in wish.answer
    )
    if kept != told:
        yield f"actions: kept and not told {kept - told}, the reverse {told - kept}"


def _wrong_jobs(work: Work, wishes: Sequence[Wish]) -> Iterator[str]:
    """Jobs are there by the ids that were told, and in the state that their visits give them."""
    query = select(OfferRow).where(OfferRow.state == OfferState.OPEN)
    offered = {offer.visit.job_id for offer in work.session.scalars(query)}
    keys: dict[str, UUID] = {}
    for job in work.session.scalars(select(JobRow)):
        keys[job.key] = job.id
        state = state_from_visits([visit.state for visit in job.visits], offered=job.id in offered)
        if job.state is not state and job.state not in DECIDED:
            yield f"jobs: {job.key} is {job.state}, by its visits {state}"
    for wish in wishes:
        made = wish.granted and wish.kind == "jobs"
        if made and str(keys.get(wish.body["job"]["id"])) != wish.answer["id"]:
            yield f"lost: {wish.body['job']['id']} is not the job that was told"


def _wrong_runs(work: Work) -> Iterator[str]:
    """Whatever was asked for is planned, or has cost as many workers their lives as it may."""
    for run in work.session.scalars(select(RunRow)):
        planned = run.state is RunState.SOLVED and run.plan is not None
        given_up = run.state is RunState.FAILED and run.attempts > MOST_ATTEMPTS
        if not planned and not given_up:
            yield f"run: {run.id} is {run.state} after {run.attempts} attempts: {run.message}"


def runs_in(database: Database, *states: RunState) -> list[int]:
    """How often the runs of these states were begun."""
    query = select(RunRow.attempts).where(RunRow.state.in_(states))
    with database.work(OWNER) as work:
        return list(work.session.scalars(query))


def _wrong_log(work: Work) -> Iterator[str]:
    """What the log says of a job has no gap: each state follows the one before."""
    states = {job.id: job.state.value for job in work.session.scalars(select(JobRow))}
    query = select(EventRow).where(EventRow.subject_kind == "job").order_by(EventRow.number)
    last: dict[UUID, str] = {}
    for event in work.session.scalars(query):
        before, after = ((said or {}).get("state") for said in (event.before, event.after))
        if event.kind != "job.added" and before != last.get(event.subject_id, before):
            yield f"log: {event.kind} found {before} after {last[event.subject_id]}"
        last[event.subject_id] = after or last.get(event.subject_id, JobState.OPEN.value)
    for job, state in last.items():
        if states[job] != state:
            yield f"log: {job} is {states[job]}, and was last said to be {state}"


def wrong_repeats(database: Database, server: Server, wishes: Sequence[Wish]) -> list[str]:
    """Send everything once more: the answers are the same, and nothing happens."""
    people = {who: Person(server, who, server.logins[who]) for who in {w.who for w in wishes}}
    before, wrong = _events(database), []
    for wish in wishes:
        if wish.granted:
            status, answer = people[wish.who].send(wish)
            if status != wish.status or _essence(wish, answer) != _essence(wish, wish.answer):
                wrong.append(f"answer: {wish.path} now {status} {answer}, before {wish.answer}")
    if _events(database) != before:
        wrong.append(f"second: {_events(database) - before} were written by repeated wishes")
    return wrong


def _essence(wish: Wish, answer: Any) -> Any:
    return answer.get("id") if wish.kind in VIEWS else answer


def _events(database: Database) -> Counter[str]:
    """How often each kind of thing has happened, but for people signing in."""
    query = select(EventRow.kind, func.count()).group_by(EventRow.kind)
    with database.work(OWNER) as work:
        rows = work.session.execute(query.where(EventRow.subject_kind != "account"))
        return Counter({row[0]: row[1] for row in rows})
