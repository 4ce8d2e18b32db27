"""What is gone to once more is planned, published and worked as anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.databases import OWNER, SetClock
from tests.operations.boards import DATE, TRAVEL, Desk
from tests.operations.goes import WHY, A, V, asked, found, states, told, worked
from tests.operations.phones import K, outcomes, say, whole
from tests.planning.made import at, job, technician, window
from tests.planning.made import day as made_day

from dispatch.domain.action import NotDone
from dispatch.domain.completion import Confirmation, Demands
from dispatch.domain.customer_link import WishKind
from dispatch.domain.job import Crew, Dependency, Job, Seat
from dispatch.domain.states.job import JobState
from dispatch.domain.technician import Technician
from dispatch.errors import Refused
from dispatch.operations.board.assign import assign_visit
from dispatch.operations.board.release import release_day
from dispatch.operations.execute.look import completion_of
from dispatch.operations.jobs.completion_code import give_completion_code
from dispatch.operations.jobs.decide import cancel_job
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.settle import settle_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.operations.jobs.waited_for import waits_of
from dispatch.operations.links.look import look_at_job
from dispatch.operations.links.make import make_link
from dispatch.operations.links.rate import rate_job
from dispatch.operations.links.wish import decide_wish, make_wish
from dispatch.operations.pool.claim import claim_offer
from dispatch.operations.pool.offer import offer_visit
from dispatch.store.audit import audit
from dispatch.store.database import Database
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said

LATER = window(24 + 9, 24 + 12)
"""Tomorrow in the morning."""


def test_it_is_planned_published_worked_and_settled(database: Database, done: UUID) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    desk = Desk(database)
    desk.publish(desk.plan())
    assert [entry.id for entry in desk.last.day.jobs] == ["J1"]
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.SCHEDULED)]
    release_day(database, OWNER, DATE)
    assert found(database).state is JobState.IN_PROGRESS
    worked(database)
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.COMPLETED)]
    assert found(database).state is JobState.COMPLETED
    assert asked(database) == {A.VERIFY, A.REOPEN}
    desk.publish(desk.plan())
    assert desk.last.day.jobs == ()
    verify_job(database, OWNER, done)
    settle_job(database, OWNER, done)
    assert audit(database).findings == ()


def test_it_is_claimed_from_the_pool(database: Database, done: UUID) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    rest = found(database).visits[-1]
    offer = offer_visit(database, OWNER, rest.id, fee_minor=500, expires_at=at(12))
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T2").id
    claim_offer(database, OWNER, offer, person, TRAVEL)
    worked(database)
    assert found(database).state is JobState.COMPLETED
    assert [visit.technician_id == person for visit in found(database).visits] == [False, True]
    assert audit(database).findings == ()


def test_it_is_reopened_again_and_again(database: Database, done: UUID) -> None:
    for part in (1, 2):
        reopen_job(database, OWNER, done, why=WHY)
        rest = found(database).visits[-1]
        assert rest.part == part
        with database.work(OWNER) as work:
            person = work.by_key(TechnicianRow, "T2").id
        assign_visit(database, OWNER, rest.id, person, TRAVEL)
        release_day(database, OWNER, DATE)
        worked(database)
    assert [state for _, _, state in states(database)] == [V.COMPLETED] * 3


def test_a_second_go_that_is_not_done_leaves_a_third(database: Database, done: UUID) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    with database.work(OWNER) as work:
        person = work.by_key(TechnicianRow, "T2").id
    assign_visit(database, OWNER, found(database).visits[-1].id, person, TRAVEL)
    release_day(database, OWNER, DATE)
    worked(database, last=K.NOT_DONE)
    assert states(database) == [(0, 0, V.COMPLETED), (1, 0, V.NOT_DONE), (2, 0, V.UNSCHEDULED)]
    assert found(database).state is JobState.IN_PROGRESS
    cancel_job(database, OWNER, done, why="It is dry.")
    assert found(database).state is JobState.COMPLETED
    reopen_job(database, OWNER, done, why=WHY)
    assert states(database)[-1][2] in {V.UNSCHEDULED, V.CANCELLED}
    assert (2, 0, V.UNSCHEDULED) in states(database)


def test_the_code_of_before_closes_nothing_more(
    database: Database, visit: VisitRow, clock: SetClock
) -> None:
    with database.work(OWNER) as work:
        asks = Demands(confirmation=Confirmation.CODE)
        work.by_key(JobRow, "J1").type.demands = said(asks)
        work.commit()
    code = give_completion_code(database, OWNER, visit.job_id)
    *steps, end = whole(visit)
    say(database, visit, *steps, replace(end, code=code))
    reopen_job(database, OWNER, visit.job_id, why=WHY)
    assert visit.technician_id is not None
    rest = found(database).visits[-1]
    assign_visit(database, OWNER, rest.id, visit.technician_id, TRAVEL)
    release_day(database, OWNER, DATE)
    rest = found(database).visits[-1]
    *steps, end = whole(rest)
    old = say(database, rest, *steps, replace(end, code=code), device="phone-2")
    assert outcomes(old)[-1] == "action.code-none"
    fresh = give_completion_code(database, OWNER, visit.job_id)
    last = replace(end, sequence=9, code=fresh)
    assert outcomes(say(database, rest, last, device="phone-2")) == ["applied"]
    assert completion_of(database, OWNER, visit.id).code_right
    assert audit(database).findings == ()


def two(jobs: list[Job]) -> tuple[list[Job], list[Technician]]:
    return jobs, [technician("T1"), technician("T2")]


def test_a_job_that_waits_for_it_is_planned_after_it_again(
    database: Database, clock: SetClock
) -> None:
    waits = job("J2", site="west", dependencies=(Dependency(job="J1"),))
    desk = Desk(database).imported(made_day(*two([job("J1"), waits])))
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(8)
    worked(database)
    reopen_job(database, OWNER, found(database).id, why=WHY)
    published = desk.publish(desk.plan())
    assert published.conflicts == ()
    first, second = found(database).visits[-1], found(database, "J2").visits[-1]
    assert first.end_at is not None
    assert second.start_at is not None
    assert first.end_at <= second.start_at


def waiting(database: Database) -> list[Any]:
    with database.work(OWNER) as work:
        return [finding.values["jobs"] for finding in waits_of(work, work.by_key(JobRow, "J1"))]


def test_jobs_that_wait_for_it_and_have_a_place_before_it_are_named(
    database: Database, clock: SetClock
) -> None:
    waits = [job(f"J{n}", dependencies=(Dependency(job="J1"),)) for n in (2, 3, 4)]
    desk = Desk(database).imported(made_day(*two([job("J1"), *waits, job("J5")])))
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(8)
    worked(database)
    worked(database, "J2")
    assert waiting(database) == []
    done = found(database).id
    reopen_job(database, OWNER, done, why=WHY, windows=[window(16, 18)])
    assert waiting(database) == ["J3, J4"]
    cancel_job(database, OWNER, done, why="It is dry.")
    assert waiting(database) == []
    reopen_job(database, OWNER, done, why=WHY, windows=[window(7, 8)])
    assert waiting(database) == []


def test_a_job_that_has_waited_and_is_done_or_under_way_stays_so(
    database: Database, clock: SetClock
) -> None:
    waits = [job(f"J{n}", dependencies=(Dependency(job="J1"),)) for n in (2, 3)]
    desk = Desk(database).imported(made_day(*two([job("J1"), *waits])))
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(8)
    worked(database)
    worked(database, "J2")
    at_it = found(database, "J3").visits[-1]
    say(database, at_it, *whole(at_it)[:3], device="phone-3")
    reopen_job(database, OWNER, found(database).id, why=WHY)
    desk.publish(desk.plan())
    assert found(database, "J2").state is JobState.COMPLETED
    assert found(database, "J3").visits[-1].state is V.IN_PROGRESS
    assert audit(database).findings == ()


def test_a_crew_goes_together_again_also_where_one_of_them_came_later(
    database: Database, clock: SetClock
) -> None:
    crew = Crew(seats=(Seat(), Seat()))
    desk = Desk(database).imported(made_day(*two([job("J1", crew=crew)])))
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    clock.now = at(8)
    first, second = found(database).visits
    say(database, first, *whole(first), device="a")
    *steps, end = whole(second, K.NOT_DONE)
    say(database, second, *steps, replace(end, reason=NotDone.NO_ACCESS), device="b")
    desk.publish(desk.plan())
    release_day(database, OWNER, DATE)
    worked(database)
    assert found(database).state is JobState.COMPLETED
    reopen_job(database, OWNER, first.job_id, why=WHY)
    assert [one for one in states(database) if one[2] is V.UNSCHEDULED] == [
        (2, 0, V.UNSCHEDULED),
        (2, 1, V.UNSCHEDULED),
    ]
    desk.publish(desk.plan())
    starts = {visit.start_at for visit in found(database).visits if visit.part == 2}
    assert len(starts) == 1
    assert found(database).visits[-1].state is V.SCHEDULED


@pytest.mark.parametrize("reopened", [False, True])
def test_the_rest_of_a_crews_job_is_given_up(
    database: Database, clock: SetClock, reopened: bool
) -> None:
    crew = Crew(seats=(Seat(), Seat()))
    desk = Desk(database).imported(made_day(*two([job("J1", crew=crew)])))
    part = int(reopened)
    for _ in range(part + 1):
        desk.publish(desk.plan())
        release_day(database, OWNER, DATE)
        clock.now = at(8)
        first, second = (visit for visit in found(database).visits[-2:])
        say(database, first, *whole(first), device=f"a{first.part}")
        if reopened and first.part == 0:
            say(database, second, *whole(second), device="b0")
            reopen_job(database, OWNER, first.job_id, why=WHY)
    say(database, second, *whole(second)[:1], device="b")
    assert A.CANCEL not in asked(database)
    with pytest.raises(Refused, match=r"job\.begun"):
        cancel_job(database, OWNER, first.job_id, why="x")
    *steps, end = whole(second, K.NOT_DONE)
    say(database, second, *steps[1:], replace(end, reason=NotDone.NO_ACCESS), device="b")
    assert states(database)[-1] == (part + 1, 1, V.UNSCHEDULED)
    assert asked(database) == {A.HOLD, A.CANCEL}
    cancel_job(database, OWNER, first.job_id, why="One was enough.")
    assert states(database)[-1] == (part + 1, 1, V.CANCELLED)
    assert found(database).state is JobState.COMPLETED
    assert len(told(database, "job.rest_cancelled")) == 1
    verify_job(database, OWNER, first.job_id)
    settle_job(database, OWNER, first.job_id)
    assert audit(database).findings == ()


def test_its_customer_may_wish_for_another_window_and_rate_it_then(
    database: Database, done: UUID
) -> None:
    reopen_job(database, OWNER, done, why=WHY)
    link = make_link(database, OWNER, done, days=1)
    shown = look_at_job(database, OWNER, done)
    assert [visit.state for visit in shown.visits] == [V.COMPLETED, V.UNSCHEDULED]
    with pytest.raises(Refused, match=r"rating\.too-early"):
        rate_job(database, OWNER, done, link.id, stars=1)
    wish = make_wish(
        database, OWNER, done, link.id, kind=WishKind.WINDOW, window=LATER, words="Not today."
    )
    decide_wish(database, OWNER, wish, grant=True)
    assert [visit.promised_from for visit in found(database).visits] == [None, LATER.start]
    off = make_wish(database, OWNER, done, link.id, kind=WishKind.CANCEL)
    decide_wish(database, OWNER, off, grant=True)
    assert found(database).state is JobState.COMPLETED
    rate_job(database, OWNER, done, link.id, stars=4)
