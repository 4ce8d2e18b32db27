"""What has to hold of the record whatever has been done to it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import selectinload
from tests.databases import OWNER
from tests.proofs.simulation.closing import wrong_settlements
from tests.proofs.simulation.order import wrong_order
from tests.proofs.simulation.promises import (
    Kept,
    wrong_claims,
    wrong_completions,
    wrong_evidence,
    wrong_places,
    wrong_scores,
    wrong_wishes,
)
from tests.proofs.simulation.skills import SkillLog

from dispatch.domain.payment import Account, Posting
from dispatch.domain.states.charge import ChargeState
from dispatch.domain.states.job import DECIDED, OVER, JobState, state_from_visits
from dispatch.domain.states.offer import NOT_TAKEN, OfferState, PushState
from dispatch.domain.states.visit import COMMITTED, ENDED, VisitState
from dispatch.formats.json_values import ENVELOPE
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.files import Files
from dispatch.store.ledger import check_ledger
from dispatch.store.replay import differences
from dispatch.store.rows.events import EventHeadRow, EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.money import ChargeRow, LedgerRow, PaymentRow
from dispatch.store.rows.plans import PlanRow, ScheduleRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.tables import METADATA
from dispatch.store.work import Work

LATEST = 30
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_COUNTED = {"event", "integration"}
"""Of the one, the end of the log says whether it was written. In the other it is noted when a key
was used last, also by whoever is told nothing."""


@dataclass
class Watcher:
    """What was seen before, of what must not change."""

    schedules: dict[UUID, str] = field(default_factory=dict)
    plans: set[UUID] = field(default_factory=set)
    """Those that have been looked at."""
    kept: Kept = field(default_factory=Kept)
    skills: SkillLog = field(default_factory=SkillLog)


def wrong_now(database: Database, watcher: Watcher, files: Files) -> list[str]:
    """Everything that does not hold, by what can be seen at once."""
    with database.work(OWNER) as work:
        return [
            *_wrong_owners(work),
            *_wrong_routes(work),
            *_wrong_jobs(work),
            *_wrong_plans(work, watcher),
            *_wrong_schedules(work, watcher),
            *_wrong_bills(work),
            *wrong_settlements(work),
            *wrong_evidence(work, watcher.kept, files),
            *wrong_completions(work),
            *wrong_claims(work),
            *wrong_wishes(work),
            *wrong_scores(work),
            *wrong_places(work),
            *wrong_order(work),
            *watcher.skills.read_on(work),
            *(f"ledger: {finding}" for finding in check_ledger(work.session.connection())),
        ]


def wrong_ever(database: Database) -> list[str]:
    """The same, by reading the whole log."""
    with database.connect() as connection:
        chain = [f"chain: {finding}" for finding in check_chain(connection)]
    return [*chain, *(f"replay: {found}" for found in differences(database))]


def _wrong_owners(work: Work) -> Iterator[str]:
    """Whoever was given a visit has it, and nobody else; nobody is asked for what somebody has."""
    visits = {visit.id: visit for visit in work.session.scalars(select(VisitRow))}
    for visit in visits.values():
        free = visit.state is VisitState.UNSCHEDULED
        if visit.state is not VisitState.CANCELLED and free != (visit.technician_id is None):
            yield f"owner: visit {visit.id} is {visit.state}, of {visit.technician_id}"
    seats = Counter(
        (visit.job_id, visit.seat) for visit in visits.values() if visit.state not in ENDED
    )
    for seat, times in seats.items():
        if times > 1:
            yield f"owner: seat {seat} is to be done {times} times"
    yield from _wrong_ways(work, visits)


def _wrong_ways(work: Work, visits: Mapping[UUID, VisitRow]) -> Iterator[str]:
    """By which somebody got a visit, or may get it."""
    standing = (OfferState.OPEN, OfferState.CLAIMED)
    ways: Counter[UUID] = Counter()
    for offer in work.session.scalars(select(OfferRow).where(OfferRow.state.in_(standing))):
        ways[offer.visit_id] += 1
        owner = visits[offer.visit_id].technician_id
        if offer.technician_id != owner:
            yield f"owner: offer {offer.id} says {offer.technician_id}, its visit {owner}"
    for push in work.session.scalars(select(PushRow).where(PushRow.state == PushState.SENT)):
        ways[push.visit_id] += 1
        if visits[push.visit_id].state is not VisitState.UNSCHEDULED:
            yield f"owner: push {push.id} asks for what is {visits[push.visit_id].state}"
    for visit_id, times in ways.items():
        if times > 1:
            yield f"owner: visit {visit_id} may be taken in {times} ways"


def _wrong_routes(work: Work) -> Iterator[str]:
    """Nobody is at two places at one time."""
    query = (
        select(VisitRow)
        .where(VisitRow.state.in_(COMMITTED))
        .order_by(VisitRow.technician_id, VisitRow.start_at, VisitRow.end_at)
    )
    for one, other in pairwise(work.session.scalars(query)):
        if one.technician_id == other.technician_id and one.end_at > other.start_at:
            yield f"overlap: {one.id} ends at {one.end_at}, {other.id} begins at {other.start_at}"


def _wrong_jobs(work: Work) -> Iterator[str]:
    """The states of jobs follow from those of their visits, but for what people have decided."""
    pooled = select(OfferRow.visit_id).where(OfferRow.state == OfferState.OPEN)
    pushed = select(PushRow.visit_id).where(PushRow.state == PushState.SENT)
    asked = {*work.session.scalars(pooled), *work.session.scalars(pushed)}
    # The next one is to be asked, which could not be done in that moment.
    left = select(PushRow.visit_id).where(PushRow.state.in_(NOT_TAKEN), ~PushRow.followed)
    waiting_for_next = set(work.session.scalars(left))
    for job in work.session.scalars(select(JobRow).options(selectinload(JobRow.visits))):
        states = [visit.state for visit in job.visits]
        offered = any(visit.id in asked for visit in job.visits)
        goes_on = any(visit.id in waiting_for_next for visit in job.visits)
        state = state_from_visits(states, offered=offered or goes_on)
        if job.state not in DECIDED and job.state is not state:
            yield f"jobs: {job.key} is {job.state}, by its visits {state}"
        if job.state in OVER and any(state not in ENDED for state in states):
            yield f"jobs: {job.key} is {job.state}, its visits {states}"
        waiting = {VisitState.SCHEDULED, VisitState.DISPATCHED} & set(states)
        if job.state is JobState.ON_HOLD and (waiting or offered):
            yield f"jobs: {job.key} is on hold, its visits {states}"


def _wrong_plans(work: Work, watcher: Watcher) -> Iterator[str]:
    """What a plan assigns and what it leaves out is all that there was to plan."""
    for plan in work.session.scalars(select(PlanRow).where(PlanRow.id.not_in(watcher.plans))):
        watcher.plans.add(plan.id)
        day = plan.run.day or {}
        kinds = {entry["id"]: entry.get("crew") for entry in day["job_types"]}
        crews = {  # of a job that some of its crew have ended, those that are left
            job["id"]: job.get("crew") or kinds[job["type"]] for job in day.get("jobs", ())
        }
        wanted = Counter({job: len(crew["seats"]) if crew else 1 for job, crew in crews.items()})
        said = {name: part for name, part in plan.said.items() if name not in ENVELOPE}
        found = Counter(
            visit["job"] for route in said["routes"] for visit in route.get("visits", ())
        )
        left = {entry["job"] for entry in said["unassigned"]}
        found.update({job: wanted[job] for job in left})
        if found != wanted:
            yield f"all: plan {plan.id} has {found - wanted} too much, {wanted - found} too little"


def _wrong_schedules(work: Work, watcher: Watcher) -> Iterator[str]:
    """None has changed or is gone, and each board counts its own."""
    seen: dict[UUID, str] = {}
    numbers: dict[UUID, list[int]] = defaultdict(list)
    for row in work.session.scalars(select(ScheduleRow).order_by(ScheduleRow.number)):
        said = [row.routes, row.conflicts, row.number, str(row.board_id), str(row.plan_id)]
        told = json.dumps([*said, str(row.published_at), row.published_by], sort_keys=True)
        seen[row.id] = hashlib.sha256(told.encode()).hexdigest()
        numbers[row.board_id].append(row.number)
    for id_, before in watcher.schedules.items():
        if seen.get(id_) != before:
            yield f"schedules: {id_} is not as it was"
    for board, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"schedules: those of board {board} are {found}"
    watcher.schedules = seen


def _wrong_bills(work: Work) -> Iterator[str]:
    """The ledger says of each job what its charges and payments say; all of it sums to zero."""
    total = work.session.scalar(select(func.sum(LedgerRow.amount_minor))) or 0
    if total:
        yield f"ledger: all of it sums to {total}"
    lines: Counter[tuple[UUID, Posting]] = Counter()
    for line in work.session.scalars(
        select(LedgerRow).where(
            LedgerRow.account == Account.RECEIVABLE, LedgerRow.posting != Posting.WAIVER
        )
    ):
        lines[line.job_id, line.posting] += int(line.amount_minor)
    bills: Counter[tuple[UUID, Posting]] = Counter()
    approved = select(ChargeRow).where(ChargeRow.state == ChargeState.APPROVED)
    for charge in work.session.scalars(approved):
        bills[charge.job_id, Posting.CHARGE] += charge.amount_minor
    for payment in work.session.scalars(select(PaymentRow)):
        back = payment.reverses_id is not None
        posting = Posting.REFUND if back else Posting.PAYMENT
        bills[payment.job_id, posting] += payment.amount_minor * (1 if back else -1)
    if lines != bills:
        wrong = {key for key in lines | bills if lines[key] != bills[key]}
        yield f"ledger: {wrong} are not what was charged and paid"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the record was: the end of the log, and the next transaction."""

    number: int
    hash: bytes
    transaction: int


def latest_of(database: Database, wrong: Sequence[str]) -> list[str]:
    """The latest events of whatever is named by its id."""
    named = {UUID(found) for line in wrong for found in _ID.findall(line)}
    query = select(EventRow).where(EventRow.subject_id.in_(named))
    with database.work(OWNER) as work:
        rows = list(work.session.scalars(query.order_by(EventRow.number.desc()).limit(LATEST)))
    return [
        f"{row.number} {row.at:%d %H:%M:%S} {row.kind} {row.subject_id} by {row.actor}:"
        f" {row.note} {_times(row)}"
        for row in reversed(rows)
    ]


def _times(row: EventRow) -> str:
    told = row.after or {}
    return " to ".join(str(told[name]) for name in ("start_at", "end_at") if told.get(name))


def mark(database: Database) -> Mark:
    with database.connect() as connection:
        number, hash_, transaction = connection.execute(text(_HEAD)).one()
        return Mark(number, hash_, transaction)


def written_since(database: Database, before: Mark) -> list[str]:
    """The tables that somebody has written to and committed."""
    with database.connect() as connection:
        head = connection.execute(select(EventHeadRow.number, EventHeadRow.hash)).one()
        found = connection.execute(text(_WRITTEN), {"mark": before.transaction})
        tables = [str(name) for name in found.scalars()]
        return tables if tuple(head) == (before.number, before.hash) else ["event", *tables]


_HEAD = "SELECT number, hash, pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM event_head"
_WRITTEN = " UNION ALL ".join(
    f"(SELECT '{name}' FROM {name} WHERE xmin::text::bigint >= :mark LIMIT 1)"  # noqa: S608
    for name in sorted(METADATA.tables)
    if name not in NOT_COUNTED
)
