"""What has to hold after phones have said all that they have to say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.proofs.phones import Batch, Phone

from dispatch.domain.action import MOVES, Action, ActionKind, Outcome
from dispatch.domain.states.job import state_from_visits
from dispatch.domain.states.visit import VISIT, VisitState
from dispatch.errors import Unavailable
from dispatch.operations.execute.batch import Answer, take_batch
from dispatch.operations.execute.flags import told_flags
from dispatch.operations.execute.gap import EARLIER_MISSING
from dispatch.operations.execute.malformed import Malformed, told_wrong
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.said import heard
from dispatch.store.work import Work

SENDERS = 8
ASKED_AGAIN = 20
"""Times that a phone sends again what the record was too busy for."""
RIGHT_S = 60
"""How well the time of an action is known, whatever the clock of its phone says."""


@dataclass(frozen=True, slots=True)
class Said:
    """One of the answers to a batch; what went wrong instead, if there is none."""

    batch: Batch
    answers: tuple[Answer, ...]
    failure: str = ""


def say_all(database: Database, line: Sequence[Batch]) -> list[Said]:
    """Let the batches of a line arrive, some at a time."""
    with ThreadPoolExecutor(SENDERS) as threads:
        return list(threads.map(lambda batch: _say(database, batch), line))


def _say(database: Database, batch: Batch) -> Said:
    phone, failure = batch.phone, ""
    for _ in range(ASKED_AGAIN):
        try:
            sent_at = database.clock() + phone.ahead
            answers = take_batch(
                database, OWNER, phone.technician, phone.device, batch.actions, sent_at=sent_at
            )
        except Unavailable as busy:
            failure = busy.code
        except Exception as error:  # noqa: BLE001 - whatever it is, the checker tells of it
            return Said(batch, (), f"{type(error).__name__}: {error}")
        else:
            return Said(batch, tuple(answers))
    return Said(batch, (), failure)


def wrong_actions(
    database: Database, phones: Sequence[Phone], heard_back: Sequence[Said]
) -> list[str]:
    """Everything that does not hold; nothing if all does."""
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(ActionRow)).all()
        return [
            *_wrong_record(phones, rows),
            *_wrong_answers(rows, heard_back),
            *wrong_events(work, rows),
            *wrong_steps(work, rows),
            *_wrong_jobs(work),
            *(f"chain: {finding}" for finding in check_chain(work.session.connection())),
        ]


def _wrong_record(phones: Sequence[Phone], rows: Sequence[ActionRow]) -> Iterator[str]:
    """Each is there once, as it was said, and has ended."""
    kept: dict[tuple[str, int], list[ActionRow]] = defaultdict(list)
    for row in rows:
        kept[row.device, row.sequence].append(row)
    for phone in phones:
        for action in phone.actions:
            found = kept.pop((phone.device, action.sequence), [])
            if len(found) != 1:
                yield f"record: {phone.device} {action.sequence} is there {len(found)} times"
            for row in found:
                yield from _wrong_row(phone, action, row)
    for device, sequence in kept:
        yield f"record: nobody said {device} {sequence}"


def _wrong_row(phone: Phone, action: Action | Malformed, row: ActionRow) -> Iterator[str]:
    name = f"{phone.device} {action.sequence}"
    if isinstance(action, Malformed):
        if row.said != action.document or row.technician_id != phone.technician:
            yield f"record: {name} says something else than was said"
        if (row.outcome, row.reason) != (Outcome.REJECTED, "action.malformed"):
            yield f"outcome: {name} is {row.outcome} for {row.reason!r}, and nobody can read it"
        return
    if heard(Action, row.said) != action or row.technician_id != phone.technician:
        yield f"record: {name} says something else than was said"
    if row.reason == EARLIER_MISSING:
        yield f"outcome: {name} waits for what has come"
    if (row.reason == "") != (row.outcome is Outcome.APPLIED):
        yield f"outcome: {name} is {row.outcome} for {row.reason!r}"
    if row.outcome is Outcome.APPLIED and row.visit_id != action.visit:
        yield f"outcome: {name} was applied to {row.visit_id}"
    truth = action.happened_at - phone.ahead
    if abs(row.happened_at - truth) > timedelta(seconds=RIGHT_S):
        yield f"clock: {name} happened at {truth}, not at {row.happened_at}"


def _wrong_answers(rows: Sequence[ActionRow], heard_back: Sequence[Said]) -> Iterator[str]:
    """Each batch has all its answers, and they are what the record says, every time.

    What was told to wait for an earlier action has been moved since by that, not to be rejected.
    """
    kept = {(row.device, row.sequence): _answer(row) for row in rows}
    for said in heard_back:
        device = said.batch.phone.device
        asked = sorted(action.sequence for action in said.batch.actions)
        if said.failure or [answer.sequence for answer in said.answers] != asked:
            yield f"answers: {device} heard of {asked} only {said.failure or said.answers}"
        for answer in said.answers:
            now = kept.get((device, answer.sequence))
            waited = now is not None and answer == replace(
                now, outcome=Outcome.CONFLICT, reason=EARLIER_MISSING, flags=answer.flags
            )
            if answer != now and (not waited or now.outcome is Outcome.REJECTED):
                yield f"answers: {device} was told {answer}"


def _answer(row: ActionRow) -> Answer:
    return Answer(
        sequence=row.sequence,
        outcome=row.outcome,
        reason=row.reason,
        flags=told_flags(row),
        wrong=told_wrong(row.said) if row.reason == "action.malformed" else (),
    )


def wrong_events(work: Work, rows: Sequence[ActionRow]) -> Iterator[str]:
    """The log tells of each once, by how it ended; of what has waited also that it did."""
    query = (
        select(EventRow.subject_id, EventRow.kind)
        .where(EventRow.subject_kind == "action")
        .order_by(EventRow.number)
    )
    logged: dict[UUID, list[str]] = defaultdict(list)
    for subject, kind in work.session.execute(query):
        logged[subject].append(kind)
    for row in rows:
        told, last = logged.pop(row.id, []), f"action.{row.outcome.value}"
        if told not in ([last], ["action.conflict", last]):
            yield f"events: {row.device} {row.sequence} is told of otherwise: {told} and {last}"
    for subject, kinds in logged.items():
        yield f"events: {subject} is no action: {kinds}"


def wrong_steps(work: Work, rows: Sequence[ActionRow]) -> Iterator[str]:
    """Visits went from state to state as their table has it, once for each action applied."""
    steps: dict[UUID, list[EventRow]] = defaultdict(list)
    spoken = [f"visit.{kind.value}" for kind in ActionKind]
    query = select(EventRow).where(EventRow.kind.in_(spoken)).order_by(EventRow.number)
    for event in work.session.scalars(query):
        steps[event.subject_id].append(event)
    applied = Counter((row.visit_id, row.kind) for row in rows if row.outcome is Outcome.APPLIED)
    walked = Counter(
        (visit, ActionKind(event.kind.partition(".")[2]))
        for visit, events in steps.items()
        for event in events
    )
    if applied != walked:
        yield f"steps: applied and not walked {applied - walked}, the reverse {walked - applied}"
    for visit, events in steps.items():
        state = VisitState.DISPATCHED
        for event in events:
            before, after = ((part or {}).get("state") for part in (event.before, event.after))
            move = MOVES[ActionKind(event.kind.partition(".")[2])]
            if before != state or VISIT.moves[move].get(state) != after:
                yield f"steps: {visit} went from {before} to {after}, and was {state}"
            state = VisitState(after) if after is not None else state
        if work.get(VisitRow, visit).state is not state:
            yield f"steps: {visit} is {work.get(VisitRow, visit).state}, by the log {state}"


def _wrong_jobs(work: Work) -> Iterator[str]:
    for job in work.session.scalars(select(JobRow)):
        state = state_from_visits([visit.state for visit in job.visits])
        if job.state is not state:
            yield f"jobs: {job.key} is {job.state}, by its visits {state}"
        if len({(visit.part, visit.seat) for visit in job.visits}) != len(job.visits):
            yield f"jobs: {job.key} has a part twice"
