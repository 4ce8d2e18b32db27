"""The pool: one winner for each offer, and nobody gets a route that they cannot drive."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from threading import Event
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, WORKER, Desk, two_technicians
from tests.planning.made import REPAIR, at, held, job, shift, spot, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.actor import Source
from dispatch.domain.job import Crew, Dependency, Seat
from dispatch.domain.position import Position
from dispatch.domain.shift import Break
from dispatch.domain.site import Outlet, Site
from dispatch.domain.skill import NeededSkill, Skill, SkillNeeds
from dispatch.domain.states.job import JobState
from dispatch.domain.states.offer import OfferState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import InvalidValue, Missing, Refused
from dispatch.operations.board.release import release_day
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import edit_job
from dispatch.operations.pool import claim, win
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.pool.offer import offer_visit, withdraw_offer
from dispatch.operations.runs.request import request_run
from dispatch.operations.runs.take import take_run
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.events import check_chain
from dispatch.store.ids import new_id
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow


def technician_id(database: Database, key: str) -> UUID:
    with database.work(OWNER) as work:
        return work.by_key(TechnicianRow, key).id


def offer(database: Database, key: str, fee_minor: int = 5_000) -> UUID:
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, key).visits[0].id
    return offer_visit(database, OWNER, visit, fee_minor=fee_minor, expires_at=at(12))


def visit_of(database: Database, key: str) -> VisitRow:
    with database.work(OWNER) as work:
        return work.by_key(JobRow, key).visits[0]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database).imported(two_technicians())


def test_a_claim_puts_the_visit_into_the_route(desk: Desk, database: Database) -> None:
    desk_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    with database.work(OWNER) as work:
        assert work.by_key(JobRow, "J1").state is JobState.OFFERED
    claimed = claim_offer(database, OWNER, desk_offer, t1, TRAVEL)
    visit = visit_of(database, "J1")
    assert (visit.technician_id, visit.state) == (t1, VisitState.DISPATCHED)
    assert claimed.fit.more.travel_s == 20 * 60
    assert claimed.fit.more.duration_s == 80 * 60
    with database.work(OWNER) as work:
        row = work.get(OfferRow, desk_offer)
        assert (row.state, row.technician_id) == (OfferState.CLAIMED, t1)
        assert work.by_key(JobRow, "J1").state is JobState.SCHEDULED
        assert list(check_chain(work.session.connection())) == []


def test_the_pool_tells_what_it_means_and_not_where_it_is(desk: Desk, database: Database) -> None:
    offer(database, "J1", fee_minor=6_000)
    (told,) = look_at_pool(database, OWNER, technician_id(database, "T1"), TRAVEL)
    assert (told.fee_minor, told.area, told.job_type) == (6_000, "right", "repair")
    assert (told.earliest, told.latest) == (at(0), at(24))
    assert (told.travel_s, told.duration_s) == (1_200, 4_800)
    assert told.per_hour_minor == 4_500
    assert told.distance_m % 1_000 == 0
    named = set(told.__slots__)
    assert named.isdisjoint({"address", "site", "name", "phone", "position", "lat", "lon"})


def test_the_pool_tells_roughly_where_it_is_in_no_territory(desk: Desk, database: Database) -> None:
    offer(database, "J1")
    with database.work(OWNER) as work:
        site = work.by_key(JobRow, "J1").site
        site.territory_id, lat, lon = None, site.lat, site.lon
        work.commit()
    (told,) = look_at_pool(database, OWNER, technician_id(database, "T1"), TRAVEL)
    assert told.area == f"{round(lat, 1)}, {round(lon, 1)}"


def test_from_what_the_pool_tells_nobody_can_reckon_where_it_is(database: Database) -> None:
    """To the minute and the kilometre: three homes and three exact ways would find the site."""
    sites = (Site(id="odd", position=Position(0.0061, 0.1043)),)
    Desk(database).imported(made_day([job("J1", site="odd")], [technician("T1")], sites=sites))
    offer(database, "J1")
    (told,) = look_at_pool(database, OWNER, technician_id(database, "T1"), TRAVEL)
    assert (told.travel_s, told.distance_m, told.duration_s) == (22 * 60, 13_000, 82 * 60)
    assert told.starts_at.second == 0


def test_only_one_of_many_wins(desk: Desk, database: Database) -> None:
    pool_offer = offer(database, "J1")
    people = [technician_id(database, key) for key in ("T1", "T2")] * 8

    def attempt(person: UUID) -> str:
        try:
            claim_offer(database, OWNER, pool_offer, person, TRAVEL)
        except Refused as refused:
            return refused.code
        return "won"

    with ThreadPoolExecutor(16) as threads:
        outcome = Counter(threads.map(attempt, people))
    assert outcome == {"won": 1, "claim.lost": 15}


def test_what_does_not_fit_is_neither_shown_nor_given(database: Database) -> None:
    """Two jobs at the same hour on both sides of the town."""
    jobs = [
        job("J1", windows=(window(9, 9.1),)),
        job("J2", site="west", windows=(window(9, 9.1),)),
    ]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    first, second = offer(database, "J1"), offer(database, "J2")
    t1 = technician_id(database, "T1")
    assert {told.offer for told in look_at_pool(database, OWNER, t1, TRAVEL)} == {first, second}
    claim_offer(database, OWNER, first, t1, TRAVEL)
    assert look_at_pool(database, OWNER, t1, TRAVEL) == []
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, second, t1, TRAVEL)
    assert refused.value.code == "claim.misfit"
    assert visit_of(database, "J2").technician_id is None


def test_two_claims_of_one_technician_at_once_never_overlap(database: Database) -> None:
    jobs = [job(f"J{number}", windows=(window(9, 9.5),)) for number in range(6)]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    offers = [offer(database, f"J{number}") for number in range(6)]
    t1 = technician_id(database, "T1")

    def attempt(pool_offer: UUID) -> bool:
        try:
            claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        won = sum(threads.map(attempt, offers))
    assert won == 1


def test_who_lacks_the_skill_is_refused_and_told_why(database: Database) -> None:
    needs = SkillNeeds(all_of=(NeededSkill(skill="gas"),))
    day = made_day([job("J1", needs=needs)], [technician("T1")], skills=(Skill(id="gas"),))
    Desk(database).imported(day)
    pool_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    assert look_at_pool(database, OWNER, t1, TRAVEL) == []
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
    assert "skill" in str(refused.value.values["reason"])


def test_an_offer_ends(desk: Desk, database: Database, clock: SetClock) -> None:
    pool_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    clock.now = at(12) + timedelta(seconds=1)
    assert look_at_pool(database, OWNER, t1, TRAVEL) == []
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
    assert refused.value.code == "claim.lost"


def test_a_withdrawn_offer_is_gone(desk: Desk, database: Database) -> None:
    pool_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    withdraw_offer(database, OWNER, pool_offer, why="The customer has called it off.")
    with database.work(OWNER) as work:
        assert work.by_key(JobRow, "J1").state is JobState.OPEN
    with pytest.raises(Refused):
        claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
    with pytest.raises(Refused):
        withdraw_offer(database, OWNER, pool_offer)
    offer(database, "J1")


def test_what_cannot_be_offered(desk: Desk, database: Database, clock: SetClock) -> None:
    offer(database, "J1")
    with pytest.raises(Refused) as refused:
        offer(database, "J1")
    assert refused.value.code == "offer.not-free"
    visit = visit_of(database, "J2").id
    with pytest.raises(InvalidValue):
        offer_visit(database, OWNER, visit, fee_minor=-1, expires_at=at(12))
    with pytest.raises(InvalidValue):
        offer_visit(database, OWNER, visit, fee_minor=1, expires_at=clock.now)
    with pytest.raises(Missing):
        offer_visit(database, OWNER, UUID(int=1), fee_minor=1, expires_at=at(12))


def test_crews_are_not_offered(database: Database) -> None:
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())))
    Desk(database).imported(made_day([pair], [technician("T1"), technician("T2")]))
    with pytest.raises(Refused):
        offer(database, "J1")


def test_a_helper_needs_no_skill_of_the_job_to_claim_another_one(database: Database) -> None:
    """The helper's seat says what it needs by itself; on their own route as on the day's plan."""
    gas = SkillNeeds(all_of=(NeededSkill(skill="gas"),))
    lift = replace(REPAIR, id="lift", needs=gas)
    pair = job("J1", type="lift", crew=Crew(seats=(Seat(), Seat(needs=SkillNeeds()))))
    people = [technician("T1", skills=(held("gas"),)), technician("T2")]
    desk = Desk(database).imported(made_day([pair], people, job_types=(REPAIR, lift)))
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    import_day(database, OWNER, made_day([job("J2", site="west")], people))
    helper = technician_id(database, "T2")
    assert [row.seat for row in visits_of_job(database, "J1") if row.technician_id == helper] == [1]
    claim_offer(database, OWNER, offer(database, "J2"), helper, TRAVEL)
    assert visit_of(database, "J2").technician_id == helper


def visits_of_job(database: Database, key: str) -> list[VisitRow]:
    with database.work(OWNER) as work:
        return list(work.by_key(JobRow, key).visits)


TOGETHER = {
    "a crew": {"crew": Crew(seats=(Seat(), Seat()))},
    "after another job": {"dependencies": (Dependency(job="J3"),)},
}


@pytest.mark.parametrize("said", TOGETHER.values(), ids=list(TOGETHER))
def test_what_nobody_may_do_alone_any_more_is_taken_out_of_the_pool(
    desk: Desk, database: Database, said: dict[str, Any]
) -> None:
    """Whoever claimed it got the other seat, and the offered one was nobody's."""
    found, one = offer(database, "J1"), technician_id(database, "T1")
    row = visit_of(database, "J1")
    edit_job(database, OWNER, row.job_id, job("J1", **said), expected=None)
    with database.work(OWNER) as work:
        assert work.get(OfferRow, found).state is OfferState.WITHDRAWN
        assert work.get(JobRow, row.job_id).state is JobState.OPEN
    with pytest.raises(Refused) as late:
        claim_offer(database, OWNER, found, one, TRAVEL)
    assert late.value.code == "claim.lost"
    assert audit(database).findings == ()


def test_an_offer_of_one_seat_of_two_is_won_by_nobody(desk: Desk, database: Database) -> None:
    """However it came to be."""
    found, row = offer(database, "J1"), visit_of(database, "J1")
    with database.work(OWNER) as work:
        seat = {"part": row.part, "seat": 1, "state": VisitState.UNSCHEDULED}
        work.session.add(VisitRow(id=new_id(), job_id=row.job_id, outlet_id=row.outlet_id, **seat))
        work.commit()
    with pytest.raises(Refused) as lost:
        claim_offer(database, OWNER, found, technician_id(database, "T1"), TRAVEL)
    assert lost.value.code == "claim.lost"


@pytest.mark.slow
def test_many_offers_and_many_racers(database: Database) -> None:
    """Every offer has exactly one winner, and every route can be driven."""
    jobs = [job(f"J{number:03}", site="east" if number % 2 else "west") for number in range(40)]
    people = [technician(f"T{number}") for number in range(8)]
    Desk(database).imported(made_day(jobs, people))
    offers = [offer(database, entry.id) for entry in jobs]
    racers = [technician_id(database, person.id) for person in people]
    generator = np.random.default_rng(1)
    order = [
        (offers[at_offer], racers[at_racer])
        for at_offer, at_racer in generator.permutation(
            [(one, other) for one in range(len(offers)) for other in range(len(racers))]
        )
    ]
    outcome: Counter[str] = Counter()

    def attempt(pair: tuple[UUID, UUID]) -> str:
        try:
            claim_offer(database, OWNER, *pair, TRAVEL)
        except Refused as refused:
            return refused.code
        return "won"

    with ThreadPoolExecutor(16) as threads:
        outcome = Counter(threads.map(attempt, order))
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(OfferRow)).all()
        won = [row for row in rows if row.state is OfferState.CLAIMED]
        assert len(won) == outcome["won"] > 30
        assert set(outcome) <= {"won", "claim.lost", "claim.misfit"}
        visits = work.session.scalars(
            select(VisitRow)
            .where(VisitRow.technician_id.is_not(None))
            .order_by(VisitRow.technician_id, VisitRow.start_at)
        ).all()
    assert len(visits) == outcome["won"]
    for one, other in pairwise(visits):
        if one.technician_id == other.technician_id:
            assert one.end_at is not None
            assert other.start_at is not None
            assert one.end_at <= other.start_at


def test_nobody_edits_a_job_while_it_is_seen_that_it_fits(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries waits until the claim is done, and edits what is planned by then."""
    pool_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    real, told = win.fitting, Event()
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1")
        id_, version = row.id, row.version

    def edit() -> None:
        told.set()
        later = job("J1", windows=(window(14, 15),))
        edit_job(database, OWNER, id_, later, expected=None)

    def slowly(*given: Any) -> Any:
        editing.append(threads.submit(edit))
        told.wait()
        time.sleep(0.2)
        found = real(*given)
        assert not editing[0].done()
        return found

    editing: list[Future[None]] = []
    monkeypatch.setattr(claim, "fitting", slowly)
    with ThreadPoolExecutor(1) as threads:
        claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
    editing[0].result()
    with database.work(OWNER) as work:
        assert work.get(JobRow, id_).version > version
        kinds = work.session.scalars(select(EventRow.kind).order_by(EventRow.number)).all()
    assert kinds.index("claim.won") < kinds.index("job.edited")


def test_a_job_on_hold_is_not_given_away(desk: Desk, database: Database) -> None:
    pool_offer, t1 = offer(database, "J1"), technician_id(database, "T1")
    with database.work(OWNER) as work:
        work.by_key(JobRow, "J1").state = JobState.ON_HOLD
        work.commit()
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, pool_offer, t1, TRAVEL)
    assert refused.value.code == "claim.lost"


def test_what_somebody_does_for_another_outlet_is_reckoned_with(database: Database) -> None:
    """The dispatcher of an outlet does not see the visit, but it takes up the time all the same."""
    jobs = [job(name, windows=(window(9, 9.1),)) for name in ("J1", "J2")]
    outlets = (Outlet(id="north", position=spot()), Outlet(id="branch", position=spot()))
    people = [technician("T1", outlet="branch")]
    import_day(database, OWNER, made_day(jobs[:1], people, outlets=outlets), outlet="north")
    import_day(database, OWNER, made_day(jobs[1:], people, outlets=outlets), outlet="branch")
    t1 = technician_id(database, "T1")
    claim_offer(database, OWNER, offer(database, "J1"), t1, TRAVEL)
    other = offer(database, "J2")
    with database.work(OWNER) as work:
        branch = work.by_key(OutletRow, "branch").id
    dispatcher = replace(OWNER, outlets=frozenset((branch,)))
    request_run(database, dispatcher, DATE)
    taken = take_run(database, WORKER)
    assert taken is not None
    (away,) = taken.day.technicians[0].absences
    assert (away.start, away.end) == (at(9), at(10))
    assert look_at_pool(database, dispatcher, t1, TRAVEL) == []
    with pytest.raises(Refused) as refused:
        claim_offer(database, dispatcher, other, t1, TRAVEL)
    assert refused.value.code == "claim.misfit"


def test_nobody_takes_by_themselves_what_an_outlet_beside_theirs_offers(
    database: Database,
) -> None:
    outlets = (Outlet(id="north", position=spot()), Outlet(id="branch", position=spot()))
    people = [technician("T1", outlet="branch")]
    for name, of in (("J1", "north"), ("J2", "branch"), ("J3", None)):
        import_day(database, OWNER, made_day([job(name)], people, outlets=outlets), outlet=of)
    t1 = technician_id(database, "T1")
    offers = {name: offer(database, name) for name in ("J1", "J2", "J3")}
    phone = replace(OWNER, source=Source.PHONE)
    seen = {told.offer for told in look_at_pool(database, phone, t1, TRAVEL)}
    assert seen == {offers["J2"], offers["J3"]}
    with pytest.raises(Missing):
        claim_offer(database, phone, offers["J1"], t1, TRAVEL)
    assert len(look_at_pool(database, OWNER, t1, TRAVEL)) == 3


def test_a_break_is_taken_where_the_route_leaves_room(database: Database) -> None:
    """The break may be taken from ten on; the visit at ten makes it wait until eleven."""
    lunch = Break(earliest=at(10), latest=at(13), duration_s=1_800)
    person = technician("T1", shifts=(shift(8, 16, breaks=(lunch,)),))
    jobs = [job("J1", windows=(window(10, 10),)), job("J2")]
    Desk(database).imported(made_day(jobs, [person]))
    t1 = technician_id(database, "T1")
    claim_offer(database, OWNER, offer(database, "J1"), t1, TRAVEL)
    offer(database, "J2")
    (told,) = look_at_pool(database, OWNER, t1, TRAVEL)
    assert told.duration_s > 0


def test_a_claim_keeps_what_a_customer_was_promised(database: Database) -> None:
    jobs = [job("J1"), job("J2", windows=(window(8, 8.5),))]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    t1 = technician_id(database, "T1")
    claim_offer(database, OWNER, offer(database, "J1"), t1, TRAVEL)
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, "J1").visits[0]
        visit.promised_from, visit.promised_to = at(8), at(9)
        work.commit()
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, offer(database, "J2"), t1, TRAVEL)
    assert refused.value.code == "claim.misfit"


def test_a_promise_that_is_wider_than_the_window_widens_nothing(database: Database) -> None:
    """J2 would fit before J1 if J1 might start whenever its customer was promised."""
    jobs = [job("J1", windows=(window(8.25, 8.5),)), job("J2", windows=(window(8, 8.5),))]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    t1 = technician_id(database, "T1")
    claim_offer(database, OWNER, offer(database, "J1"), t1, TRAVEL)
    with database.work(OWNER) as work:
        visit = work.by_key(JobRow, "J1").visits[0]
        visit.promised_from, visit.promised_to = at(8), at(10)
        work.commit()
    with pytest.raises(Refused) as refused:
        claim_offer(database, OWNER, offer(database, "J2"), t1, TRAVEL)
    assert refused.value.code == "claim.misfit"


def test_what_waits_for_another_job_is_not_offered(database: Database) -> None:
    jobs = [job("J1"), job("J2", dependencies=(Dependency(job="J1"),))]
    Desk(database).imported(made_day(jobs, [technician("T1")]))
    offer(database, "J1")
    with pytest.raises(Refused):
        offer(database, "J2")


def test_a_claim_reckons_with_who_has_become_quicker(desk: Desk, database: Database) -> None:
    """What they are at ends sooner, and what they claim begins no sooner than that."""
    t1 = technician_id(database, "T1")
    claim_offer(database, OWNER, offer(database, "J1"), t1, TRAVEL)
    with database.work(OWNER) as work:
        work.by_key(JobRow, "J1").visits[0].state = VisitState.EN_ROUTE
        row = work.by_key(TechnicianRow, "T1")
        row.said = {**row.said, "duration_factor": 0.8}
        work.commit()
    claim_offer(database, OWNER, offer(database, "J3"), t1, TRAVEL)
    one, other = visit_of(database, "J1"), visit_of(database, "J3")
    assert one.end_at == one.start_at + timedelta(minutes=48)
    assert one.end_at <= other.start_at
