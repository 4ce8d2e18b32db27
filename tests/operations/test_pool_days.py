"""What fits is found behind what does not, and on whichever day it fits first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, Desk
from tests.operations.pools import (
    PHONE,
    bid,
    claim,
    limits,
    offer,
    offer_many,
    owner_of,
    person,
    visit_of,
)
from tests.planning.made import at, held, job, shift, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.job import Job
from dispatch.domain.shift import Shift
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.offer import OfferMode
from dispatch.domain.window import Window
from dispatch.errors import Refused
from dispatch.operations.board.candidates import candidates
from dispatch.operations.import_day import import_day
from dispatch.operations.jobs.create import create_job
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.lead import look_as_leader
from dispatch.operations.pool.look import Offered, look_at_pool
from dispatch.operations.push.answer import accept_push, decline_push
from dispatch.operations.push.look import look_at_pushes
from dispatch.operations.push.send import send_push
from dispatch.store.board import day_to_do, days_to_do
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow

ONE = timedelta(days=1)
GAS = SkillNeeds(all_of=(NeededSkill(skill="gas"),))
POWER = SkillNeeds(all_of=(NeededSkill(skill="power"),))


def on(day: int, start: float = 8, end: float = 16) -> Shift:
    """A shift so many days after the third of March."""
    own = shift(start, end)
    return replace(own, start=own.start + day * ONE, end=own.end + day * ONE)


def after(day: int, start: float, end: float) -> Window:
    """A hard window of that day."""
    return Window(start=at(start) + day * ONE, end=at(end) + day * ONE)


def pool(database: Database, key: str = "T1") -> list[Offered]:
    return look_at_pool(database, PHONE, person(database, key), TRAVEL)


@pytest.fixture
def works(database: Database, clock: SetClock) -> Database:
    """T1 works on the third, the fifth and the twentieth; T2 only on the third. It is seven."""
    clock.now = at(7)
    people = [
        technician("T1", shifts=(on(0, 8, 9),)),
        technician("T2", shifts=(on(0, 8, 9),)),
    ]
    import_day(database, OWNER, made_day([], people))
    for day in (2, 17):
        started = at(0) + day * ONE
        later = made_day(
            [], [technician("T1", shifts=(on(day),))], start=started, end=started + ONE
        )
        import_day(database, OWNER, later)
    return database


def asked(database: Database, wanted: Job) -> Job:
    create_job(database, OWNER, wanted)
    return wanted


def test_what_fits_is_found_behind_hundreds_that_do_not(database: Database) -> None:
    many = [f"P{number:03}" for number in range(450)]
    jobs = [*(job(key, needs=POWER) for key in many), job("J1", needs=GAS)]
    import_day(database, OWNER, made_day(jobs, [technician("T1", skills=(held("gas"),))]))
    offer_many(database, many, at(11))
    wanted = offer(database, "J1")
    assert [told.offer for told in pool(database)] == [wanted]
    assert claim(database, wanted, "T1") == "won"


def test_what_fits_is_found_behind_a_batch_that_only_the_route_keeps_away(
    database: Database,
) -> None:
    """Two hundred before dawn, when nobody works."""
    many = [f"P{number:03}" for number in range(201)]
    jobs = [*(job(key, windows=(window(1, 2),)) for key in many), job("J1")]
    import_day(database, OWNER, made_day(jobs, [technician("T1")]))
    offer_many(database, many, at(11))
    wanted = offer(database, "J1")
    assert [told.offer for told in pool(database)] == [wanted]


def test_a_leader_finds_what_is_for_their_people_behind_what_is_not(database: Database) -> None:
    many = [f"P{number:03}" for number in range(220)]
    jobs = [*(job(key, needs=POWER) for key in many), job("J1", needs=GAS)]
    import_day(database, OWNER, made_day(jobs, [technician("T1", skills=(held("gas"),))]))
    limits(database, "T1", leader=True)
    offer_many(database, many, at(11), OfferMode.LEADERS)
    wanted = offer(database, "J1", OfferMode.LEADERS)
    led = look_as_leader(database, PHONE, person(database, "T1"))
    assert [told.offer for told in led] == [wanted]


def test_a_certificate_that_is_over_on_the_first_day_is_sifted_and_one_that_lasts_is_not(
    database: Database,
) -> None:
    people = [
        technician("T1", skills=(held("gas", expires=date(2026, 3, 2)),)),
        technician("T2", skills=(held("gas", expires=date(2026, 3, 3)),)),
    ]
    import_day(database, OWNER, made_day([job("J1", needs=GAS)], people))
    wanted = offer(database, "J1")
    assert pool(database, "T1") == []
    assert [told.offer for told in pool(database, "T2")] == [wanted]
    assert claim(database, wanted, "T1") == "claim.misfit"


def test_a_job_of_any_day_is_told_and_claimed_on_the_first_that_fits(works: Database) -> None:
    """An hour of work and the way do not fit the hour of the third."""
    asked(works, job("J1"))
    wanted = offer(works, "J1")
    (told,) = pool(works)
    assert (told.offer, told.day) == (wanted, date(2026, 3, 5))
    assert pool(works, "T2") == []
    assert claim(works, wanted, "T2") == "claim.misfit"
    assert claim(works, wanted, "T1") == "won"
    start = visit_of(works, "J1").start_at
    assert start is not None
    assert start.replace(second=0) == told.starts_at
    assert start.date() == told.day


@pytest.mark.parametrize(
    ("limits_it", "day"),
    [
        ({"windows": (after(0, 8, 20), after(2, 8, 20))}, date(2026, 3, 5)),
        ({"windows": (after(0, 8, 20), after(2, 1, 2))}, None),
        ({"windows": (after(0, 8, 20), after(17, 8, 20))}, None),  # out of sight
        ({"sla_due": at(10) + ONE}, None),
        ({"sla_due": at(12) + 2 * ONE}, date(2026, 3, 5)),
        ({"sla_due": at(6)}, date(2026, 3, 5)),  # late already
    ],
)
def test_windows_sla_and_sight_bound_the_days(
    works: Database, limits_it: dict[str, object], day: date | None
) -> None:
    asked(works, job("J1", **limits_it))
    wanted = offer(works, "J1")
    assert [told.day for told in pool(works)] == ([] if day is None else [day])
    assert claim(works, wanted, "T1") == ("claim.misfit" if day is None else "won")


def test_two_claims_share_no_time_on_a_later_day(works: Database) -> None:
    for key in ("J1", "J2"):
        asked(works, job(key, windows=(after(2, 9, 9.1),)))
    first, second = offer(works, "J1"), offer(works, "J2")
    assert claim(works, first, "T1") == "won"
    assert pool(works) == []
    assert claim(works, second, "T1") == "claim.misfit"


def test_a_bid_is_won_on_a_later_day(works: Database, clock: SetClock) -> None:
    asked(works, job("J1"))
    wanted = offer(works, "J1", OfferMode.BATCHED)
    assert bid(works, wanted, "T1") == "won"
    clock.now += timedelta(minutes=1)
    assert award_offers(works, TRAVEL) == 1
    assert owner_of(works, "J1") == "T1"


def test_a_push_is_accepted_on_the_first_day_that_fits(works: Database) -> None:
    asked(works, job("J1"))
    visit, one = visit_of(works, "J1").id, person(works, "T1")
    push = send_push(works, OWNER, visit, TRAVEL, technician=one)
    accept_push(works, PHONE, push, one, TRAVEL)
    start = visit_of(works, "J1").start_at
    assert start is not None
    assert start.date() == date(2026, 3, 5)


def test_a_push_is_told_for_the_day_on_which_it_is_accepted(works: Database) -> None:
    """Nobody has room on the third; whoever is asked is who has it on the fifth."""
    asked(works, job("J1"))
    visit, one = visit_of(works, "J1").id, person(works, "T1")
    push = send_push(works, OWNER, visit, TRAVEL)
    (told,) = look_at_pushes(works, PHONE, one, TRAVEL)
    assert (told.push.id, told.day) == (push, date(2026, 3, 5))
    assert told.extra is not None
    accept_push(works, PHONE, push, one, TRAVEL)
    start = visit_of(works, "J1").start_at
    assert start is not None
    assert start.replace(second=0) == told.extra.starts_at


def test_candidates_are_those_of_the_first_day_that_has_one(works: Database) -> None:
    asked(works, job("J1"))
    visit = visit_of(works, "J1").id
    found = candidates(works, OWNER, visit, TRAVEL)
    assert found.day == date(2026, 3, 5)
    assert [able.technician for able in found.able] == [person(works, "T1")]
    third = candidates(works, OWNER, visit, TRAVEL, day=date(2026, 3, 3))
    assert (third.day, third.able) == (date(2026, 3, 3), ())
    nobody = candidates(works, OWNER, visit, TRAVEL, but=[person(works, "T1")])
    assert (nobody.day, nobody.able) == (date(2026, 3, 3), ())
    assert {reason.technician for reason in nobody.reasons} >= {"T1", "T2"}


def test_who_declines_is_followed_by_whoever_has_room_on_a_later_day(works: Database) -> None:
    started = at(0) + 3 * ONE
    later = made_day([], [technician("T2", shifts=(on(3),))], start=started, end=started + ONE)
    import_day(works, OWNER, later)
    asked(works, job("J1"))
    push = send_push(works, OWNER, visit_of(works, "J1").id, TRAVEL)
    decline_push(works, PHONE, push, person(works, "T1"), TRAVEL, reason="far")
    (told,) = look_at_pushes(works, PHONE, person(works, "T2"), TRAVEL)
    assert told.day == date(2026, 3, 6)


def test_candidates_look_at_a_week_and_not_beyond_the_sla(works: Database) -> None:
    asked(works, job("J1", windows=(after(0, 8, 20), after(17, 8, 20))))
    asked(works, job("J2", sla_due=at(10) + ONE))
    for key in ("J1", "J2"):
        found = candidates(works, OWNER, visit_of(works, key).id, TRAVEL)
        assert (found.day, found.able) == (date(2026, 3, 3), ())


def test_what_was_to_be_done_by_midnight_is_not_of_the_day_that_begins_then(
    database: Database, clock: SetClock
) -> None:
    """No plan of that day knows it, and would give its time to something else."""
    people = [technician("T1", shifts=(on(1),))]
    Desk(database).imported(made_day([job("J1")], people, end=at(48)))
    wanted = offer(database, "J1", until=at(40))
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1")
        row.earliest, row.latest = at(0), at(24)
        work.commit()
    clock.now = at(31)
    with pytest.raises(Refused, match=r"shift\.none"):
        claim_offer(database, PHONE, wanted, person(database, "T1"), TRAVEL)


@pytest.mark.parametrize("now", [-30, 8, 24, 31])
def test_what_is_to_be_done_by_midnight_is_of_the_day_that_ends_then(
    database: Database, now: int
) -> None:
    both = (on(0), replace(on(1), id="next"))
    Desk(database).imported(made_day([job("J1")], [technician("T1", shifts=both)], end=at(48)))
    with database.work(OWNER) as work:
        row = work.by_key(JobRow, "J1")
        row.earliest, row.latest = at(0), at(24)
        assert day_to_do(work.session, row, at(now)).date == at(0).date()
        assert [day.date for day in days_to_do(work.session, row, at(now), 3)] == [at(0).date()]
