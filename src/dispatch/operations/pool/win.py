"""Giving an offer to somebody, so that exactly one has it and can drive to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update

from dispatch.domain.states.offer import CLAIM, OFFER, ClaimAction, OfferAction, OfferState
from dispatch.errors import Refused
from dispatch.operations.pool.days import first_fit
from dispatch.operations.pool.route import Fit
from dispatch.operations.pool.standing import bar, is_abroad, standing_of
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import PlannedDay, touch_days
from dispatch.store.claims import lose_claims, new_claim
from dispatch.store.events import Event
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import areas_of, goes_alone, is_free
from dispatch.store.placing import hold_route, place_routes, tell_taker
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.told import plain
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that has won."""

    offer: UUID
    visit: UUID
    fit: Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A claim that may win."""

    claim: UUID
    offer: UUID
    technician: UUID
    cost_minor: int
    """What the visit adds to their route."""
    debt_minor: int
    """How much less than the others they have got."""


def hold_offered(work: Work, offer: OfferRow, technician: UUID) -> None:
    """Let nobody else change what is offered, nor the route of who is to have it.

    So what fits now fits when it is given.

    Whoever calls holds the technician's row.

    Raises
    ------
    Refused
        ``claim.lost``: somebody was quicker, or nobody may do it by themselves any more.
    """
    hold_route(work, technician, offer.visit_id)
    visit = work.get(VisitRow, offer.visit_id, lock=True)
    job = work.get(JobRow, visit.job_id, lock=True)
    if not (is_free(visit, job) and goes_alone(work.session, job)):
        raise Refused("claim.lost", state=visit.state.value)


def fitting(
    work: Work, offer: OfferRow, technician: TechnicianRow, travel: TravelTimes
) -> tuple[Fit, PlannedDay]:
    """How an offer goes into somebody's route, who may have it, and on which day first.

    Raises
    ------
    Refused
        ``claim.lost``: it is open no longer; ``claim.closed``, ``claim.score``, ``claim.daily``,
        ``claim.unfinished``: they may not have it; ``claim.misfit``: it does not fit, and why.
    """
    if offer.state is not OfferState.OPEN or _is_over(offer, work.now):
        raise Refused("claim.lost", state=offer.state.value)
    rules = rules_of(work.session)
    barred = bar(standing_of(work, technician, rules), technician, offer)
    if barred is not None:
        raise barred.refused()
    job = work.get(JobRow, offer.visit.job_id)
    area = areas_of(work.session, [job.site_id]).get(job.site_id)
    if is_abroad(rules, technician, area):
        raise Refused("claim.misfit", reason="territory")
    return first_fit(work, technician, job, travel)


def win(
    work: Work,
    offer: OfferRow,
    technician: TechnicianRow,
    fit: Fit,
    day: PlannedDay,
    *,
    bid: Bid | None = None,
) -> Claimed:
    """Give it to them; whoever calls holds the technician's row and what is offered.

    Parameters
    ----------
    bid
        By which they win it; without one they claim it now.

    Raises
    ------
    Refused
        ``claim.lost``: somebody was quicker; ``state.claim``: the bid is taken back.
    """
    visit, job = offer.visit, offer.visit.job
    _take(work, offer, technician)
    _decide(work, offer, technician, bid)
    lose_claims(work, offer.id, "claim.beaten")
    place_routes(work, technician, fit.routes, day.span)
    tell_taker(work, visit)
    follow_visits(work, [job])
    touch_days(work.session, [day.date])
    return Claimed(offer.id, offer.visit_id, fit)


def _is_over(offer: OfferRow, now: datetime) -> bool:
    """Those who have bid in time may win later, however late that is decided."""
    return offer.expires_at <= now and offer.closes_at is None


def _decide(work: Work, offer: OfferRow, technician: TechnicianRow, bid: Bid | None) -> None:
    """Write down who has won, and by what."""
    if bid is None:
        claim = new_claim(work, offer, technician.id)
    else:
        claim = work.get(ClaimRow, bid.claim, lock=True)
        claim.cost_minor, claim.debt_minor = bid.cost_minor, bid.debt_minor
    claim.state, claim.decided_at = CLAIM.after(ClaimAction.WIN, claim.state), work.now
    work.note("claim.won", claim)


def _take(work: Work, offer: OfferRow, technician: TechnicianRow) -> None:
    """One conditional update: of all who try, it changes the row for the first one only."""
    won = work.session.execute(
        update(OfferRow)
        .where(
            OfferRow.id == offer.id,
            OfferRow.state == OfferState.OPEN,
            or_(OfferRow.expires_at > work.now, OfferRow.closes_at.is_not(None)),
        )
        .values(
            state=OFFER.after(OfferAction.CLAIM, OfferState.OPEN),
            technician_id=technician.id,
            claimed_at=work.now,
            version=OfferRow.version + 1,
        )
        .returning(OfferRow.id)
    ).first()
    if won is None:
        raise Refused("claim.lost", state="claimed")
    work.record(
        Event(
            kind="offer.claimed",
            subject=offer.id,
            outlet=offer.outlet_id,
            before={"state": "open"},
            after={
                "state": "claimed",
                "technician_id": str(technician.id),
                "claimed_at": plain(work.now),
            },
        )
    )
