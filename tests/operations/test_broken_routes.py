"""A route that breaks a rule as it stands is left alone and named; everybody else goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.pools import claim, code, offer, owner_of, person, visit_of
from tests.planning.made import at, held, job, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.customer_link import WishKind
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Dependency, Job, PinLevel, Seat
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Refused
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import Choice, candidates
from dispatch.operations.board.release import release_day
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.links.make import make_link
from dispatch.operations.links.wish import decide_wish, make_wish
from dispatch.operations.network.skills import set_skill
from dispatch.operations.push.answer import accept_push
from dispatch.operations.push.send import send_push
from dispatch.planning.check import accept_day
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.plans import PlanRow, ScheduleRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

GAS = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=3),))
FIRST = job("J1", needs=GAS, windows=(window(8, 9),))
SECOND = job("J2", windows=(window(9.3, 10),))


def town() -> Day:
    """Three at work; the first is the only one with gas."""
    jobs = [FIRST, SECOND, job("J3", site="west"), job("J4", site="west")]
    people = [technician("T1", skills=(held(),)), technician("T2"), technician("T3")]
    return made_day(jobs, people)


@pytest.fixture
def desk(database: Database) -> Desk:
    """On the board T1 does J1 and then J2, T2 does J3; nobody has J4."""
    desk = Desk(database).imported(town())
    for name, who in (("J1", "T1"), ("J2", "T1"), ("J3", "T2")):
        assign_visit(database, OWNER, visit_of(database, name).id, person(database, who), TRAVEL)
    return desk


def rewrite(database: Database, changed: Job) -> None:
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, changed.id)
    edit_job(database, OWNER, row.id, changed, expected=row.version)


def edited(database: Database, clock: SetClock) -> None:
    rewrite(database, replace(FIRST, windows=(window(13, 14),)))


def wished(database: Database, clock: SetClock) -> None:
    first = visit_of(database, "J1").job_id
    link = make_link(database, OWNER, first, days=1)
    wish = make_wish(database, OWNER, first, link.id, kind=WishKind.WINDOW, window=window(13, 14))
    decide_wish(database, OWNER, wish, grant=True)


def expired(database: Database, clock: SetClock) -> None:
    last = date(2026, 3, 2)
    set_skill(database, OWNER, person(database, "T1"), "gas", 3, expires=last)


def late(database: Database, clock: SetClock) -> None:
    """They are told, and have not set off when the first window is over."""
    release_day(database, OWNER, DATE)
    clock.now = at(9.1)


TRIGGERS = {
    edited: ("J2", "window"),
    wished: ("J2", "window"),
    expired: ("J1", "skill.expired"),
    late: ("J1", "window"),
}
trigger = pytest.mark.parametrize("broken", TRIGGERS)
Trigger = Callable[[Database, SetClock], None]


def stand(database: Database) -> dict[str, tuple[object, ...]]:
    with database.work(OWNER) as work:
        rows = work.session.scalars(select(VisitRow)).all()
        return {
            row.job.key: (row.technician_id, row.place, row.arrive_at, row.start_at, row.end_at)
            for row in rows
        }


def asked(database: Database, name: str) -> Choice:
    return candidates(database, OWNER, visit_of(database, name).id, TRAVEL, day=DATE)


def keys(database: Database, choice: Choice) -> set[str]:
    return {
        name
        for name in ("T1", "T2", "T3")
        for able in choice.able
        if able.technician == person(database, name)
    }


def people_of(work: Work) -> list[TechnicianRow]:
    return list(work.session.scalars(select(TechnicianRow)))


@trigger
def test_others_are_candidates_all_the_same(
    desk: Desk, database: Database, clock: SetClock, broken: Trigger
) -> None:
    assert asked(database, "J4").broken == ()
    broken(database, clock)
    found = asked(database, "J4")
    assert keys(database, found) == {"T2", "T3"}
    (named,) = found.broken
    assert (named.technician, (named.job, named.rule)) == ("T1", TRIGGERS[broken])
    (why,) = [reason for reason in found.reasons if reason.technician == "T1"]
    assert (why.code, dict(why.values)) == (
        "route.broken",
        {"job": named.job, "rule": named.rule},
    )


@trigger
def test_others_are_asked_and_accept(
    desk: Desk, database: Database, clock: SetClock, broken: Trigger
) -> None:
    broken(database, clock)
    push = send_push(database, OWNER, visit_of(database, "J4").id, TRAVEL)
    with database.work(OWNER) as work:
        chosen = work.get(PushRow, push).technician_id
    assert chosen in {person(database, "T2"), person(database, "T3")}
    accept_push(database, OWNER, push, chosen, TRAVEL)
    assert owner_of(database, "J4") in {"T2", "T3"}


@trigger
def test_others_claim_and_whoever_has_the_route_does_not(
    desk: Desk, database: Database, clock: SetClock, broken: Trigger
) -> None:
    broken(database, clock)
    wanted = offer(database, "J4")
    with pytest.raises(Refused) as refused:
        assign_visit(
            database, OWNER, visit_of(database, "J4").id, person(database, "T1"), TRAVEL, day=DATE
        )
    assert (code(refused), refused.value.values["reason"]) == ("claim.misfit", "route.broken")
    assert claim(database, wanted, "T1") == "claim.misfit"
    assert claim(database, wanted, "T2") == "won"


@trigger
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_plan_is_published_around_it(
    desk: Desk, database: Database, clock: SetClock, broken: Trigger, when: str
) -> None:
    """Whatever the plan says of the route; one made before the change, or one that mends it."""
    plan = desk.plan() if when == "before" else None
    broken(database, clock)
    before = stand(database)
    published = desk.publish(plan or desk.plan())
    after = stand(database)
    assert after["J4"][0] is not None
    told = {entry.job: entry for entry in published.conflicts}
    if when == "before":
        named, rule = TRIGGERS[broken]
        assert (told[named].why, told[named].stands, told[named].rule) == ("breaks", "T1", rule)
        assert {name: after[name] for name in ("J1", "J2")} == {
            name: before[name] for name in ("J1", "J2")
        }
        with database.work(OWNER) as work:
            (routes,) = work.session.scalars(select(ScheduleRow.routes)).all()
        assert {visit["job"] for route in routes for visit in route["visits"]} == {
            "J1",
            "J2",
            "J3",
            "J4",
        }
    lost = {name for name in after if before[name][0] is not None and after[name][0] is None}
    assert lost <= set(told)
    assert all(told[name].why == "dropped" and told[name].stands == "T1" for name in lost)


def test_what_a_new_plan_drops_is_named(desk: Desk, database: Database, clock: SetClock) -> None:
    late(database, clock)
    plan = desk.plan()
    with database.work(OWNER) as work:
        row = work.get(PlanRow, plan)
        row.said = {**row.said, "unassigned": [{"job": "J1", "reasons": [{"code": "job.time"}]}]}
        work.commit()
    published = desk.publish(plan)
    (lost,) = published.conflicts
    assert (lost.job, lost.why, lost.planned, lost.stands) == ("J1", "dropped", None, "T1")
    assert lost.rule == "job.time"
    with database.work(OWNER) as work:
        assert work.session.scalars(select(ScheduleRow)).one().conflicts[0]["why"] == "dropped"


@trigger
def test_the_broken_visit_itself_can_be_given_away(
    desk: Desk, database: Database, clock: SetClock, broken: Trigger
) -> None:
    broken(database, clock)
    unassign_visit(database, OWNER, visit_of(database, TRIGGERS[broken][0]).id)
    assert asked(database, "J4").broken == ()
    assert person(database, "T1") in {able.technician for able in asked(database, "J4").able}


def test_it_is_no_hindrance_to_itself(desk: Desk, database: Database, clock: SetClock) -> None:
    """Its own route holds without it: so it may stay where it is, at another time."""
    edited(database, clock)
    found = asked(database, "J1")
    assert found.broken == ()
    assert keys(database, found) == {"T1"}


def test_a_pin_that_the_job_rules_out_stops_nobody(
    desk: Desk, database: Database, clock: SetClock
) -> None:
    """The day's check refuses such a day as a whole, were it not set aside."""
    pin_visit(database, OWNER, visit_of(database, "J1").id, PinLevel.TIME)
    plan = desk.plan()
    edited(database, clock)
    before = stand(database)
    for draft in (plan, None):
        published = desk.publish(draft or desk.plan())
        told = {entry.job: entry for entry in published.conflicts}
        assert (told["J1"].why, told["J1"].rule) == ("breaks", "pin.outside-window")
        after = stand(database)
        assert (after["J1"], after["J2"]) == (before["J1"], before["J2"])
        assert accept_day(desk.last.day) is not None
    assert owner_of(database, "J4") is not None


@pytest.mark.parametrize("begun", [VisitState.EN_ROUTE, VisitState.ON_SITE])
def test_what_has_begun_never_moves(
    desk: Desk, database: Database, clock: SetClock, begun: VisitState
) -> None:
    """A draft that gives it to somebody else is published without that."""
    plan = desk.plan()
    late(database, clock)
    with database.work(OWNER) as work:
        work.by_key(JobRow, "J1").visits[0].state = begun
        work.commit()
    before = stand(database)
    for draft in (plan, None):
        desk.publish(draft or desk.plan())
        assert stand(database)["J1"] == before["J1"]


def test_who_is_tied_to_a_broken_route_stays_too(database: Database, clock: SetClock) -> None:
    """By a crew to T2, and by a job that waits to T3; T4 goes on."""
    pair = job("J1", crew=Crew(seats=(Seat(), Seat())), windows=(window(8, 15),))
    waits = job("J3", dependencies=(Dependency(job="J1"),))
    jobs = [pair, waits, job("J4"), job("J5")]
    people = [technician(f"T{number}") for number in range(1, 5)]
    desk = Desk(database).imported(made_day(jobs, people))
    spread = {("J1", 0): ("T1", 9), ("J1", 1): ("T2", 9), ("J3", 0): ("T3", 11)}
    with database.work(OWNER) as work:
        for (name, seat), (who, hour) in spread.items():
            visits = sorted(work.by_key(JobRow, name).visits, key=lambda row: row.seat)
            owner = next(row for row in people_of(work) if row.key == who)
            visits[seat].technician_id, visits[seat].shift_id = owner.id, owner.shifts[0].id
            visits[seat].state, visits[seat].place = VisitState.SCHEDULED, 0
            visits[seat].arrive_at = visits[seat].start_at = at(hour)
            visits[seat].end_at = at(hour + 1)
        work.commit()
    assert asked(database, "J4").broken == ()
    rewrite(database, replace(pair, windows=(window(20, 21),)))
    found = asked(database, "J4")
    with database.work(OWNER) as work:
        able = {
            row.key for row in people_of(work) if row.id in {one.technician for one in found.able}
        }
    assert able == {"T4"}
    assert {reason.technician: reason.code for reason in found.reasons} == {
        "T1": "route.broken",
        "T2": "route.broken",
        "T3": "route.held",
    }
    assert {entry.job for entry in found.broken} == {"J1"}
    held_up = asked(database, "J3")
    assert (held_up.able, [reason.code for reason in held_up.reasons]) == ((), ["visit.held"])
    before = stand(database)
    plan = desk.plan()
    published = desk.publish(plan)
    assert published.conflicts != ()
    assert owner_of(database, "J4") is not None
    assert before.keys() == stand(database).keys()


def test_what_is_new_goes_to_others(desk: Desk, database: Database, clock: SetClock) -> None:
    """A job taken in while a route is broken finds somebody."""
    edited(database, clock)
    create_job(database, OWNER, job("J9", windows=(window(8, 12),)))
    assert keys(database, asked(database, "J9")) == {"T2", "T3"}
