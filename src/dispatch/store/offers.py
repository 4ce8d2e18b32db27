"""Offers follow their visits."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Source
from dispatch.domain.states.offer import OFFER, OfferAction, OfferState
from dispatch.domain.states.visit import ENDED, VisitState
from dispatch.store.pushes import close_push, standing_push
from dispatch.store.reach import kin
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.snapshot import TO_PLAN
from dispatch.store.work import Work

STANDING = (OfferState.OPEN, OfferState.CLAIMED)


def standing_offer(work: Work, visit: UUID) -> OfferRow | None:
    """The offer of a visit that is open, or by which somebody has it."""
    query = select(OfferRow).where(OfferRow.visit_id == visit, OfferRow.state.in_(STANDING))
    return work.session.scalars(query.with_for_update(of=OfferRow)).one_or_none()


def is_free(visit: VisitRow, job: JobRow) -> bool:
    """Whether nobody has it, and somebody may."""
    return visit.state is VisitState.UNSCHEDULED and job.state in TO_PLAN


def is_for_anybody(work: Work, visit: VisitRow, job: JobRow) -> bool:
    """Whether one technician may take it by themselves: it is free, and nobody is asked yet.

    Not one of a crew's, whom only a plan brings together, nor one that waits for another job.
    """
    alone = len([other for other in job.visits if other.state not in ENDED]) <= 1
    waits = bool(job.said.get("dependencies"))
    held = standing_offer(work, visit.id) or standing_push(work, visit.id)
    return is_free(visit, job) and alone and not waits and held is None


def is_offered_to(work: Work, offer: OfferRow, technician: TechnicianRow) -> bool:
    """Whether somebody may take an offer by themselves: not those of outlets beside their own.

    Whoever does it for them decides by what they see.
    """
    if work.actor.source is not Source.PHONE:
        return True
    return offer.outlet_id in kin(work.session, technician.outlet_id)


def close_offers(work: Work, visit: VisitRow) -> None:
    """Take out of the pool what has been given to somebody, and end a claim that does not hold."""
    given = visit.technician_id is not None
    if given:
        close_push(work, visit.id, "planned")
    offer = standing_offer(work, visit.id)
    if offer is None:
        return
    if offer.state is OfferState.OPEN and given:
        _end(offer)
        work.note("offer.withdrawn", offer, why="planned")
    elif offer.state is OfferState.CLAIMED and offer.technician_id != visit.technician_id:
        _end(offer)
        work.note("offer.released", offer, why="planned")


def withdraw_standing(work: Work, visit: VisitRow, why: str) -> None:
    """Let nobody have a visit by way of the pool any more, nor ask anybody to take it."""
    close_push(work, visit.id, why)
    offer = standing_offer(work, visit.id)
    if offer is None:
        return
    _end(offer)
    work.note("offer.withdrawn", offer, why=why)


def _end(offer: OfferRow) -> None:
    """Open or claimed, it holds no longer."""
    is_open = offer.state is OfferState.OPEN
    action = OfferAction.WITHDRAW if is_open else OfferAction.RELEASE
    offer.state = OFFER.after(action, offer.state)
    offer.technician_id = offer.claimed_at = None
