"""A visit for each seat of a job."""

from __future__ import annotations

from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import BEGUN, ENDED, PLANNED, VISIT, VisitAction, VisitState
from dispatch.store.board import day_of, span_of, touch_days, zone_of
from dispatch.store.days import is_of_day
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import goes_alone, withdraw_standing
from dispatch.store.placing import free
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.work import Work

OFFERING = (JobState.OFFERED, JobState.IN_PROGRESS)
"""Where somebody may be asked to take a visit of it."""


def give_seats(work: Work, row: JobRow, seats: int) -> None:
    """Let a job have so many visits to come; those that it has no longer are cancelled."""
    have = {visit.seat: visit for visit in row.visits if visit.state not in ENDED}
    for seat in range(seats):
        if seat not in have:
            _add(work, row, _part(row, seat), seat, "visit.added")
    for seat in have.keys() - set(range(seats)):
        have[seat].state = VISIT.after(VisitAction.CANCEL, have[seat].state)
        work.note("visit.cancelled", have[seat])
    if have:
        offer_no_part(work, row)
        follow_visits(work, [row])


def follow_up(work: Work, row: JobRow, visit: VisitRow) -> None:
    """Let there be another visit for what one has left, unless there is one already."""
    if any(other.part > visit.part and other.seat == visit.seat for other in row.visits):
        return
    _add(work, row, visit.part + 1, visit.seat, "visit.followed")
    offer_no_part(work, row)


def go_again(work: Work, row: JobRow) -> None:
    """Let everybody who has done it go once more, together."""
    gone = [visit for visit in row.visits if visit.state is not VisitState.CANCELLED]
    part = 1 + max(visit.part for visit in gone)
    for seat in sorted({visit.seat for visit in gone if visit.state is VisitState.COMPLETED}):
        _add(work, row, part, seat, "visit.followed")


def offer_no_part(work: Work, row: JobRow, why: str = "crew") -> None:
    """Ask nobody for what they may not do by themselves any more."""
    if row.state in OFFERING and not goes_alone(work.session, row):
        for visit in row.visits:
            if visit.state is VisitState.UNSCHEDULED:
                withdraw_standing(work, visit, why)


def _add(work: Work, row: JobRow, part: int, seat: int, kind: str) -> None:
    visit = VisitRow(
        id=new_id(),
        part=part,
        seat=seat,
        state=VisitState.UNSCHEDULED,
        outlet_id=row.outlet_id,
    )
    row.visits.append(visit)
    work.note(kind, visit)


def _part(row: JobRow, seat: int) -> int:
    """Whoever comes new goes with those who go next, and a seat that was there goes once more."""
    going = min((visit.part for visit in row.visits if visit.state not in ENDED), default=0)
    gone = (visit.part for visit in row.visits if visit.seat == seat and visit.state in BEGUN)
    return max(going, 1 + max(gone, default=-1))


def free_seats(work: Work, row: JobRow, why: str) -> None:
    """Take all that has not begun off its route, and out of the pool."""
    for visit in row.visits:
        if visit.state in BEGUN:  # whoever has done it, or is at it, has not lost their claim
            continue
        if visit.state in PLANNED:
            free(visit)
            work.note("visit.freed", visit, why=why)
        withdraw_standing(work, visit, why)


def free_misplaced(work: Work, row: JobRow) -> None:
    """Take off its route what has not begun and is planned for a day that is not the job's."""
    days = set()
    for visit in row.visits:
        if visit.state not in PLANNED:
            continue
        day = day_of(work.session, visit)
        span = span_of(day, zone_of(work.session))
        if not is_of_day(work.session, row, span):
            days.add(day)
            free(visit)
            work.note("visit.freed", visit, why="moved")
            withdraw_standing(work, visit, "moved")
    if days:
        follow_visits(work, [row])
        touch_days(work.session, days)
