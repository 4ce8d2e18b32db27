"""One thing done to many jobs or visits at once."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

from fastapi import APIRouter, Request

from dispatch.api.access import expect_may
from dispatch.api.bulk import (
    AssignVisits,
    BulkAnswer,
    CancelJobs,
    HoldJobs,
    JobsBulk,
    OfferVisits,
    PrioritiseJobs,
    ReleaseVisits,
    ReopenJobs,
    ResumeJobs,
    SettleJobs,
    UnassignVisits,
    VerifyJobs,
    VisitsBulk,
    bulk,
)
from dispatch.api.caller import Caller, TheCaller
from dispatch.domain.actor import Actor
from dispatch.operations.board.assign import assign_visit, unassign_visit
from dispatch.operations.board.release import release_visit
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.settle import settle_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.operations.pool.offer import offer_visit

router = APIRouter(tags=["bulk"])


@router.post("/jobs/bulk", name="jobs.bulk")
def jobs(caller: TheCaller, given: JobsBulk, request: Request) -> BulkAnswer:
    """Hold, resume, cancel, prioritise, verify, settle or reopen many jobs.

    Each by itself: done, or with a code that says why not.
    """
    if isinstance(given, SettleJobs):
        expect_may(caller.identity, "jobs.settle")
    return bulk(caller, request, given.jobs, lambda actor, job: _job(caller, actor, given, job))


@router.post("/visits/bulk", name="visits.bulk")
def visits(caller: TheCaller, given: VisitsBulk, request: Request) -> BulkAnswer:
    """Release, offer, assign or unassign many visits: each by itself, done or with a code."""
    return bulk(
        caller, request, given.visits, lambda actor, visit: _visit(caller, actor, given, visit)
    )


def _job(caller: Caller, actor: Actor, given: JobsBulk, job: UUID) -> None:
    database = caller.house.database
    match given:
        case HoldJobs():
            hold_job(database, actor, job, why=given.why)
        case ResumeJobs():
            resume_job(database, actor, job)
        case CancelJobs():
            cancel_job(database, actor, job, why=given.why)
        case PrioritiseJobs():
            seen = given.versions.get(job)
            prioritise_job(database, actor, job, given.priority, expected=seen)
        case VerifyJobs():
            verify_job(database, actor, job, note=given.note, expected=given.versions.get(job))
        case SettleJobs():
            settle_job(database, actor, job, expected=given.versions.get(job))
        case ReopenJobs():
            reopen_job(database, actor, job, why=given.why, expected=given.versions.get(job))
        case _:
            assert_never(given)


def _visit(caller: Caller, actor: Actor, given: VisitsBulk, visit: UUID) -> None:
    database, travel = caller.house.database, caller.house.travel
    match given:
        case ReleaseVisits():
            release_visit(database, actor, visit)
        case OfferVisits():
            offer_visit(
                database, actor, visit, fee_minor=given.fee_minor, expires_at=given.expires_at
            )
        case AssignVisits():
            who, day, seen = given.technician, given.day, given.versions.get(visit)
            assign_visit(database, actor, visit, who, travel, day=day, expected=seen)
        case UnassignVisits():
            seen = given.versions.get(visit)
            unassign_visit(database, actor, visit, why=given.why, expected=seen)
        case _:
            assert_never(given)
