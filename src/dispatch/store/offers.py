"""Offers follow their visits."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.actor import Source
from dispatch.domain.states.offer import OFFER, OfferAction, OfferMode, OfferState
from dispatch.domain.states.visit import ENDED, VisitState
from dispatch.store.claims import lose_claims
from dispatch.store.pushes import close_push, standing_push
from dispatch.store.reach import kin
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import TerritoryRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.snapshot import TO_PLAN
from dispatch.store.waiting import waits_for_any
from dispatch.store.work import Work


class _Placed(NamedTuple):
    site: UUID
    territory: str | None
    lat: float
    lon: float


STANDING = (OfferState.OPEN, OfferState.CLAIMED)


def standing_offer(work: Work, visit: UUID) -> OfferRow | None:
    """The offer of a visit that is open, or by which somebody has it."""
    query = select(OfferRow).where(OfferRow.visit_id == visit, OfferRow.state.in_(STANDING))
    return work.session.scalars(query.with_for_update(of=OfferRow)).one_or_none()


def is_free(visit: VisitRow, job: JobRow) -> bool:
    """Whether nobody has it, and somebody may."""
    return visit.state is VisitState.UNSCHEDULED and job.state in TO_PLAN


def goes_alone(session: Session, job: JobRow) -> bool:
    """Whether one technician may take what is to come of it by themselves.

    Not one of a crew's, whom only a plan brings together, nor one that waits for a job which is not
    over.
    """
    to_come = [visit for visit in job.visits if visit.state not in ENDED]
    return len(to_come) <= 1 and not waits_for_any(session, job)


def is_for_anybody(work: Work, visit: VisitRow, job: JobRow) -> bool:
    """Whether one technician may take it by themselves: it is free, and nobody is asked yet."""
    held = standing_offer(work, visit.id) or standing_push(work, visit.id)
    return is_free(visit, job) and goes_alone(work.session, job) and held is None


def is_offered_to(work: Work, offer: OfferRow, technician: TechnicianRow) -> bool:
    """Whether somebody may take an offer by themselves.

    Not those of outlets beside their own, nor what leaders give away. Whoever does it for them
    decides by what they see.
    """
    outlets = offering_outlets(work, technician)
    return outlets is None or (offer.mode is not OfferMode.LEADERS and offer.outlet_id in outlets)


def offering_outlets(work: Work, technician: TechnicianRow) -> set[UUID] | None:
    """Whose offers somebody may take by themselves; None: those that whoever does it sees."""
    if work.actor.source is not Source.PHONE:
        return None
    return kin(work.session, technician.outlet_id)


def areas_of(session: Session, sites: Collection[UUID]) -> dict[UUID, str]:
    """The territories of sites that have one, whichever outlet takes care of them."""
    return {site: key for site, key, *_ in _placed(session, sites) if key is not None}


def roughly(session: Session, sites: Collection[UUID]) -> dict[UUID, str]:
    """Where sites are, for those who may not know: by territory, or to a tenth of a degree."""
    placed = _placed(session, sites)
    return {site: key or f"{lat:.1f}, {lon:.1f}" for site, key, lat, lon in placed}


def _placed(session: Session, sites: Collection[UUID]) -> list[_Placed]:
    query = (
        select(SiteRow.id, TerritoryRow.key, SiteRow.lat, SiteRow.lon)
        .outerjoin(TerritoryRow, TerritoryRow.id == SiteRow.territory_id)
        .where(SiteRow.id.in_(sites))
    )
    found = session.execute(query, execution_options=UNSCOPED)
    return [_Placed(*row) for row in found]


def close_offers(work: Work, visit: VisitRow) -> None:
    """Take out of the pool what has been given to somebody, and end a claim that does not hold."""
    given = visit.technician_id is not None
    if given:
        close_push(work, visit.id, "planned")
    offer = standing_offer(work, visit.id)
    if offer is None:
        return
    if offer.state is OfferState.OPEN and given:
        _end(work, offer)
        work.note("offer.withdrawn", offer, why="planned")
    elif offer.state is OfferState.CLAIMED and offer.technician_id != visit.technician_id:
        _end(work, offer)
        work.note("offer.released", offer, why="planned")


def withdraw_standing(work: Work, visit: VisitRow, why: str) -> None:
    """Let nobody have a visit by way of the pool any more, nor ask anybody to take it."""
    close_push(work, visit.id, why)
    offer = standing_offer(work, visit.id)
    if offer is None:
        return
    _end(work, offer)
    work.note("offer.withdrawn", offer, why=why)


def _end(work: Work, offer: OfferRow) -> None:
    """Open or claimed, it holds no longer."""
    lose_claims(work, offer.id, "claim.lost")
    is_open = offer.state is OfferState.OPEN
    action = OfferAction.WITHDRAW if is_open else OfferAction.RELEASE
    offer.state = OFFER.after(action, offer.state)
    offer.technician_id = offer.claimed_at = offer.closes_at = None
