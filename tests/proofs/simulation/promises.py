"""What has to hold of the newer parts: evidence, claims, wishes, scores, who is where."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

from dispatch.domain.credit import FIRST, moved
from dispatch.domain.customer_link import WishKind
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState, PushState
from dispatch.domain.states.visit import ENDED, PLANNED, VisitState
from dispatch.domain.states.wish import WishState
from dispatch.errors import DispatchError
from dispatch.operations.network.outlets import TO_DO
from dispatch.store.files import Files
from dispatch.store.rows.accounts import AccountRow, SignInRow
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.evidence import CompletionRow, EvidenceRow, PartRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.links import LinkRow, LinkTokenRow, RatingRow, WishRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import AbsenceRow, ShiftRow, TechnicianRow
from dispatch.store.work import Work

T = TypeVar("T")
CLOSING = (OfferState.OPEN, OfferState.CLAIMED, OfferState.EXPIRED)
"""Bids for these have been waited for, or are; what is taken back waits for none."""


@dataclass
class Kept:
    """What was seen before, of what is kept for ever."""

    evidence: dict[UUID, str] = field(default_factory=dict)
    actions: dict[UUID, str] = field(default_factory=dict)


def wrong_evidence(work: Work, kept: Kept, files: Files) -> Iterator[str]:
    """Whatever was sent or said is there as it was; each file can be read."""
    rows = {row.id: row for row in work.session.scalars(select(EvidenceRow))}
    shown = {id_: f"{row.technician_id} {row.sha256} {row.visit_id}" for id_, row in rows.items()}
    yield from (f"evidence: {gone}" for gone in _lost(kept.evidence, shown))
    for id_ in shown.keys() - kept.evidence.keys():
        for digest in (rows[id_].sha256, rows[id_].served_sha256):
            try:
                files.read(digest)
            except DispatchError as error:
                yield f"evidence: the file of {id_}: {error}"
    said = {
        row.id: hashlib.sha256(json.dumps(row.said, sort_keys=True).encode()).hexdigest()
        for row in work.session.scalars(select(ActionRow))
    }
    yield from (f"evidence: action {gone}" for gone in _lost(kept.actions, said))
    kept.evidence, kept.actions = shown, said


def _lost(before: dict[UUID, str], now: dict[UUID, str]) -> Iterator[str]:
    for id_, was in before.items():
        if now.get(id_) != was:
            yield f"{id_} was {was}, is {now.get(id_)}"


def _by_id(work: Work, query: Select[tuple[UUID, T]]) -> dict[UUID, T]:
    return {row[0]: row[1] for row in work.session.execute(query)}


def wrong_completions(work: Work) -> Iterator[str]:
    """Each visit that was completed has one completion, which waits for the files it lacks."""
    rows = list(work.session.scalars(select(CompletionRow)))
    states = _by_id(work, select(VisitRow.id, VisitRow.state))
    done = {visit for visit, state in states.items() if state is VisitState.COMPLETED}
    if {row.visit_id for row in rows} != done:
        yield f"completion: {done ^ {row.visit_id for row in rows}} are completed, or not"
    ended = _by_id(work, select(VisitRow.id, VisitRow.ended_at))
    for visit, state in states.items():
        if (ended[visit] is None) == (state in ENDED - {VisitState.CANCELLED}):
            yield f"completion: {visit} is {state} since {ended[visit]}"
    query = select(EvidenceRow.technician_id, EvidenceRow.sha256)
    sent = set(map(tuple, work.session.execute(query)))
    for row in rows:
        here = [(row.technician_id, name) in sent for name in row.files]
        if row.awaited != here.count(False):
            yield f"completion: that of {row.visit_id} awaits {row.awaited} of {here}"
    for part in work.session.scalars(select(PartRow)):
        action = work.get(ActionRow, part.action_id)
        if action.visit_id != part.visit_id or action.technician_id != part.technician_id:
            yield f"completion: part {part.id} was used elsewhere"


def wrong_claims(work: Work) -> Iterator[str]:
    """An offer is won at most once, by whoever has it; bids wait for open offers alone."""
    offers = {row.id: row for row in work.session.scalars(select(OfferRow))}
    won: dict[UUID, list[UUID]] = defaultdict(list)
    for claim in work.session.scalars(select(ClaimRow)):
        offer = offers[claim.offer_id]
        if claim.state is ClaimState.WON:
            won[claim.offer_id].append(claim.technician_id)
        waits = offer.state is OfferState.OPEN and offer.mode is OfferMode.BATCHED
        if claim.state is ClaimState.OPEN and not (waits and offer.closes_at):
            yield f"claims: {claim.id} waits for an offer that is {offer.state}"
    for id_, offer in offers.items():
        if len(won[id_]) > 1:
            yield f"claims: offer {id_} was won by {won[id_]}"
        if offer.state is OfferState.CLAIMED and won[id_] != [offer.technician_id]:
            yield f"claims: offer {id_} is {offer.technician_id}'s, won by {won[id_]}"
        if offer.closes_at is not None and offer.state not in CLOSING:
            yield f"claims: offer {id_} is {offer.state}, and closes"


def wrong_wishes(work: Work) -> Iterator[str]:
    """What came by a link is about the job of that link; what was granted was done."""
    own = _by_id(work, select(LinkRow.id, LinkRow.job_id))
    states = _by_id(work, select(JobRow.id, JobRow.state))
    was_done = select(VisitRow.job_id).where(VisitRow.state == VisitState.COMPLETED)
    done = set(work.session.scalars(was_done))  # of these the rest was given up
    wishes = list(work.session.scalars(select(WishRow)))
    for row in (*wishes, *work.session.scalars(select(RatingRow))):
        if own[row.link_id] != row.job_id:
            yield f"wishes: {row.id} about {row.job_id} came by the link of {own[row.link_id]}"
    for wish in wishes:
        given_up = states[wish.job_id] is JobState.CANCELLED or wish.job_id in done
        if wish.kind is WishKind.CANCEL and wish.state is WishState.GRANTED and not given_up:
            yield f"wishes: {wish.id} was granted, its job is {states[wish.job_id]}"
    revoked = select(LinkTokenRow.id).join(LinkTokenRow.link).where(LinkRow.revoked_at.is_not(None))
    for token in work.session.scalars(revoked):
        yield f"wishes: token {token} is of a link that was taken back"


def wrong_scores(work: Work) -> Iterator[str]:
    """Each score is that of before and what has moved it."""
    scores: Counter[UUID] = Counter()
    numbers: Counter[UUID] = Counter()
    query = select(CreditRow).order_by(CreditRow.technician_id, CreditRow.number)
    for row in work.session.scalars(query):
        person = row.technician_id
        before = scores[person] if numbers[person] else FIRST
        numbers[person] += 1
        scores[person] = row.score
        if row.number != numbers[person] or row.score != moved(before, row.points):
            yield f"scores: {row.id} moves {before} by {row.points} to {row.score}"


def wrong_places(work: Work) -> Iterator[str]:
    """Who has something to do works here and is there then; closed outlets have nothing to do."""
    people = {row.id: row for row in work.session.scalars(select(TechnicianRow))}
    shifts = {row.id: row for row in work.session.scalars(select(ShiftRow))}
    away = list(work.session.scalars(select(AbsenceRow)))
    for visit in work.session.scalars(select(VisitRow).where(VisitRow.state.in_(PLANNED))):
        person, shift = people.get(visit.technician_id), shifts.get(visit.shift_id)
        if person is None or not person.active:
            yield f"places: {visit.id} is to be done by who has left, {visit.technician_id}"
        if person is not None and visit.pin and visit.pin["technician"] != person.key:
            yield f"places: {visit.id} is pinned to {visit.pin['technician']}, and {person.key}'s"
        if shift is None or shift.technician_id != visit.technician_id:
            yield f"places: {visit.id} is in shift {visit.shift_id} of somebody else"
        for row in away:
            met = row.start_at < visit.end_at and row.end_at > visit.start_at
            if row.technician_id == visit.technician_id and met:
                yield f"places: {visit.id} is to be done while {row.technician_id} is away"
    yield from _two_shifts(shifts.values())
    gone = {id_ for id_, row in people.items() if not row.active}
    asked = select(PushRow).where(PushRow.state == PushState.SENT)
    for push in work.session.scalars(asked):
        if push.technician_id in gone:
            yield f"places: push {push.id} asks who has left"
    inside = select(AccountRow.login).join(SignInRow, SignInRow.account_id == AccountRow.id)
    for login in work.session.scalars(
        inside.where(SignInRow.ended_at.is_(None), AccountRow.active.is_(False))
    ):
        yield f"places: {login} is signed in, and may not come in"
    yield from _wrong_outlets(work)


def _two_shifts(shifts: Iterable[ShiftRow]) -> Iterator[str]:
    by_start = sorted(shifts, key=lambda row: (str(row.technician_id), row.start_at))
    for one, other in pairwise(by_start):
        if one.technician_id == other.technician_id and one.end_at > other.start_at:
            yield f"places: shifts {one.key} and {other.key} of {one.technician_id} overlap"


def _wrong_outlets(work: Work) -> Iterator[str]:
    closed = set(work.session.scalars(select(OutletRow.id).where(OutletRow.active.is_(False))))
    below = select(OutletRow.key).where(OutletRow.active, OutletRow.parent_id.in_(closed))
    people = select(TechnicianRow.key).where(
        TechnicianRow.active, TechnicianRow.outlet_id.in_(closed)
    )
    jobs = select(JobRow.key).where(JobRow.state.in_(TO_DO), JobRow.outlet_id.in_(closed))
    for what, query in (("outlet", below), ("technician", people), ("job", jobs)):
        for key in work.session.scalars(query):
            yield f"places: {what} {key} is of an outlet that is closed"


def counted(work: Work) -> dict[str, int]:
    """How much there is of what these promises are about."""
    tables = (EvidenceRow, CompletionRow, PartRow, ClaimRow, WishRow, RatingRow, CreditRow)
    return {
        str(table.__tablename__): work.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }
