"""Take offers for the people of an outlet, as their leader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.errors import Missing, Refused
from dispatch.operations.pool.sift import sifted
from dispatch.operations.pool.win import Claimed, fitting, hold_offered, win
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.offers import roughly
from dispatch.store.reach import kin, outlets_below
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.waiting import hold_order
from dispatch.store.work import Work

MOST_PEOPLE = 100
"""Whose routes are looked at for an offer."""
MOST_LED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """What a leader is told of an offer: no name, no telephone, no exact address."""

    offer: UUID
    job_type: str
    area: str | None
    """The territory of the site; of one in none the position to a tenth of a degree."""
    fee_minor: int
    currency: str
    earliest: datetime
    latest: datetime
    """Between these the visit is to start."""
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a leader may give an offer to."""

    technician: UUID
    key: str
    name: str
    reason: str | None
    """Why they may not have it, as a code; None: they may."""
    more_travel_s: int | None
    more_distance_m: int | None


def look_as_leader(database: Database, actor: Actor, leader_id: UUID) -> list[Led]:
    """Open offers that one of a leader's people could have, whatever their routes, by their end.

    None for who leads nobody.
    """
    with database.work(actor) as work:
        leader = work.get(TechnicianRow, leader_id)
        if not _leads(leader):
            return []
        people = _people(work, leader)
        which = (
            OfferRow.mode == OfferMode.LEADERS,
            OfferRow.state == OfferState.OPEN,
            OfferRow.expires_at > work.now,
            OfferRow.outlet_id.in_(kin(work.session, leader.outlet_id)),
        )
        batch = next(sifted(work, people, *which), [])
        areas = roughly(work.session, {offer.visit.job.site_id for offer in batch})
        return [_led(offer, areas.get(offer.visit.job.site_id)) for offer in batch]


def people_for(
    database: Database, actor: Actor, leader_id: UUID, offer_id: UUID, travel: TravelTimes
) -> list[Person]:
    """The people of a leader's outlet and those below: who may have an offer, and why others not.

    Raises
    ------
    Missing
        There is no such offer, or none for this leader.
    """
    with database.work(actor) as work:
        leader = work.get(TechnicianRow, leader_id)
        offer = _offer(work, leader, offer_id)
        found = list(_asked(work, leader, offer, travel))
    return sorted(found, key=lambda person: (person.reason is not None, person.more_travel_s or 0))


def claim_for(
    database: Database,
    actor: Actor,
    leader_id: UUID,
    offer_id: UUID,
    travel: TravelTimes,
    *,
    technician: UUID,
) -> Claimed:
    """Take an offer for one of a leader's people, who has it from then on.

    Raises
    ------
    Missing
        There is no such offer for this leader, or the technician is none of their people.
    Refused
        As :func:`dispatch.operations.pool.win.fitting` has it.
    """
    with database.work(actor) as work:
        leader = work.get(TechnicianRow, leader_id)
        offer = _offer(work, leader, offer_id)
        hold_order(work, offer.visit_id)
        person = work.get(TechnicianRow, technician, lock=True)
        if person.outlet_id not in outlets_below(work.session, leader.outlet_id):
            raise Missing("store.missing", kind="technician", id=str(technician))
        hold_offered(work, offer, technician)
        fit, day = fitting(work, offer, person, travel)
        return work.commit(win(work, offer, person, fit, day))


def _leads(leader: TechnicianRow) -> bool:
    return leader.leader and leader.active


def _offer(work: Work, leader: TechnicianRow, offer_id: UUID) -> OfferRow:
    """One that this leader may take."""
    offer = work.get(OfferRow, offer_id)
    for_them = offer.outlet_id in kin(work.session, leader.outlet_id)
    if not _leads(leader) or offer.mode is not OfferMode.LEADERS or not for_them:
        raise Missing("store.missing", kind="offer", id=str(offer_id))
    return offer


def _asked(
    work: Work, leader: TechnicianRow, offer: OfferRow, travel: TravelTimes
) -> Iterator[Person]:
    for person in _people(work, leader)[:MOST_PEOPLE]:
        try:
            fit, _ = fitting(work, offer, person, travel)
        except Refused as refused:
            yield _person(person, refused.code)
        else:
            yield _person(person, None, fit.about.travel_s, fit.about.distance_m)


def _people(work: Work, leader: TechnicianRow) -> Sequence[TechnicianRow]:
    """Whom they may give something to."""
    query = (
        select(TechnicianRow)
        .where(
            TechnicianRow.active,
            TechnicianRow.outlet_id.in_(outlets_below(work.session, leader.outlet_id)),
        )
        .order_by(TechnicianRow.id)
        .options(selectinload(TechnicianRow.skills))
        .limit(MOST_LED)
    )
    return work.session.scalars(query).all()


def _person(
    row: TechnicianRow, reason: str | None, travel_s: int | None = None, away_m: int | None = None
) -> Person:
    return Person(
        technician=row.id,
        key=row.key,
        name=row.name,
        reason=reason,
        more_travel_s=travel_s,
        more_distance_m=away_m,
    )


def _led(offer: OfferRow, area: str | None) -> Led:
    job = offer.visit.job
    return Led(
        offer=offer.id,
        job_type=job.type.key,
        area=area,
        fee_minor=offer.fee_minor,
        currency=offer.currency,
        earliest=job.earliest,
        latest=job.latest,
        expires_at=offer.expires_at,
    )
