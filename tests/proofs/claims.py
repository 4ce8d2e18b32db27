"""Many claim at one moment, and what has to hold afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import UUID

import numpy as np
from sqlalchemy import select
from tests.databases import OWNER
from tests.operations.boards import TRAVEL, Desk
from tests.planning.made import at, job, shift, spot, technician, window
from tests.planning.made import day as made_day
from tests.proofs.history import wrong_history
from tests.proofs.routes import wrong_routes

from dispatch.domain.job import Job
from dispatch.domain.site import Site
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused, Unavailable
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

WON = "won"
LOST = {"claim.lost", "claim.misfit", "claim.beaten"}
ASKED_AGAIN = 20
"""Times that somebody asks again who is told that the record is busy."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who wanted an offer was told."""

    offer: UUID
    technician: UUID
    outcome: str


def opened(
    database: Database,
    offers: int,
    technicians: int,
    seed: int = 1,
    mode: OfferMode = OfferMode.FIRST_COME,
) -> list[UUID]:
    """A day of so many jobs, all in the pool: half of them at a moment that others want as well."""
    generator = np.random.default_rng(seed)
    sites = tuple(
        Site(id=f"S{number}", position=spot(*generator.integers(-3, 4, 2).tolist()))
        for number in range(20)
    )
    jobs = [_job(number, technicians, len(sites), generator) for number in range(offers)]
    people = [technician(f"T{number:02}", shifts=(shift(6, 22),)) for number in range(technicians)]
    Desk(database).imported(made_day(jobs, people, sites=sites))
    with database.work(OWNER) as work:
        visits = work.session.scalars(select(VisitRow.id).order_by(VisitRow.id)).all()
    return [
        offer_visit(database, OWNER, visit, fee_minor=5_000, expires_at=at(12), mode=mode)
        for visit in visits
    ]


def _job(number: int, technicians: int, sites: int, generator: np.random.Generator) -> Job:
    """Fewer jobs have one moment than there are technicians, so everybody finds somebody."""
    moment = 6.5 + 0.45 * (number // max(2, technicians))
    return job(
        f"J{number:03}",
        site=f"S{generator.integers(sites)}",
        duration_s=600,
        windows=(window(moment, moment),) if number % 2 else (),
    )


def race(database: Database, offers: Sequence[UUID], racers: int, seed: int = 1) -> list[Told]:
    """Let everybody want everything, all at once.

    A technician has two phones: with one they go the way that all go, so that all want the same
    offer at one moment, with the other a way of their own, so that they want two offers at once.
    """
    generator = np.random.default_rng(seed)
    with database.work(OWNER) as work:
        people = work.session.scalars(select(TechnicianRow.id).order_by(TechnicianRow.key)).all()
    common = generator.permutation(len(offers))
    own = [generator.permutation(len(offers)) if racer % 2 else common for racer in range(racers)]
    start = Barrier(racers)

    def run(racer: int) -> list[Told]:
        person = people[racer // 2]
        start.wait()
        return [
            Told(offers[at], person, _outcome(database, offers[at], person)) for at in own[racer]
        ]

    with ThreadPoolExecutor(racers) as threads:
        return [told for found in threads.map(run, range(racers)) for told in found]


def _outcome(database: Database, offer: UUID, person: UUID) -> str:
    for _ in range(ASKED_AGAIN):
        try:
            claim_offer(database, OWNER, offer, person, TRAVEL)
        except Unavailable as busy:
            outcome = busy.code
        except Refused as refused:
            return refused.code
        except Exception as error:  # noqa: BLE001 - whatever it is, the checker tells of it
            return f"{type(error).__name__}: {error}"
        else:
            return WON
    return outcome


def wrong_claims(database: Database, offers: Sequence[UUID], told: Sequence[Told]) -> list[str]:
    """Everything that does not hold after a race; nothing if all does."""
    winners: dict[UUID, list[UUID]] = defaultdict(list)
    for one in told:
        if one.outcome == WON:
            winners[one.offer].append(one.technician)
    with database.work(OWNER) as work:
        return [
            *_wrong_outcomes(offers, told, winners),
            *_wrong_rows(work, winners),
            *_wrong_events(work, offers, winners),
            *wrong_routes(work),
            *wrong_history(work),
            *(f"chain: {finding}" for finding in check_chain(work.session.connection())),
        ]


def _wrong_outcomes(
    offers: Sequence[UUID], told: Sequence[Told], winners: dict[UUID, list[UUID]]
) -> Iterator[str]:
    for offer in offers:
        if len(winners[offer]) != 1:
            yield f"winners: {offer} has {len(winners[offer])}"
    for outcome, count in Counter(one.outcome for one in told).items():
        if outcome != WON and outcome not in LOST:
            yield f"refusals: {count} were told {outcome}"


def _wrong_rows(work: Work, winners: dict[UUID, list[UUID]]) -> Iterator[str]:
    for row in work.session.scalars(select(OfferRow)):
        visit = work.get(VisitRow, row.visit_id)
        states = (row.state, visit.state, visit.job.state)
        if states != (OfferState.CLAIMED, VisitState.DISPATCHED, JobState.SCHEDULED):
            yield f"states: of {row.id} they are {[state.value for state in states]}"
        if {row.technician_id, visit.technician_id} != set(winners[row.id]):
            yield f"owner: {row.id} says {row.technician_id}, its visit {visit.technician_id}"


def _wrong_events(
    work: Work, offers: Sequence[UUID], winners: dict[UUID, list[UUID]]
) -> Iterator[str]:
    query = select(EventRow).where(EventRow.kind == "offer.claimed")
    logged: dict[UUID, list[UUID]] = defaultdict(list)
    for event in work.session.scalars(query):
        logged[event.subject_id].append(UUID((event.after or {})["technician_id"]))
    for offer in offers:
        if len(logged[offer]) != 1 or logged[offer] != winners[offer]:
            yield f"events: {offer} was claimed by {logged[offer]}, won by {winners[offer]}"
