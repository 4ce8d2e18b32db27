"""A plan put on a board that has changed since: what still fits holds, what does not is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.domain.plan import Plan, Unassigned
from dispatch.planning.compile import Compiled
from dispatch.planning.decode import routes_of, scored
from dispatch.planning.encode import encode
from dispatch.planning.rests import rested
from dispatch.planning.standing import (
    NO_BREAKS,
    Board,
    Breaks,
    Seat,
    Spot,
    Standing,
    places_in,
    routes_at,
    same_place,
)
from dispatch.solver.arrays import Ints
from dispatch.solver.solution import ABSENT
from dispatch.solver.timing import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What of a plan was not done, and why.

    ``changed``: somebody has given the visit another place since; ``gone``: it is not to be done
    any more; ``away``: whoever was to do it does not work then; ``broken``: with what has changed
    around it, ``rule`` would not hold; ``breaks``: it breaks ``rule`` where it stands, and so stays
    there; ``frozen``: it was to be moved from or to a route that stays as it is because of such a
    visit; ``dropped``: somebody had it, and nobody has it now.
    """

    job: str
    why: str
    planned: str | None
    """The technician that the plan wanted; none if it left the job out."""
    stands: str | None
    """Who has it now."""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased:
    """A plan of the board as it is."""

    plan: Plan
    conflicts: tuple[Conflict, ...]
    broken: tuple[Violation, ...] = ()
    """Rules that the board breaks by itself, whatever the plan says; then the plan is not to be
    used."""
    rows: tuple[Ints, ...] = ()
    """The routes that break them, as the solver has them."""


def rebase(
    compiled: Compiled, plan: Plan, before: Board, now: Board, breaks: Breaks = NO_BREAKS
) -> Rebased:
    """Put a plan on a board that has changed since the plan was begun.

    Parameters
    ----------
    compiled
        The day as it is now.
    plan
        Made from an earlier state of it.
    before
        The board when the plan was begun.
    now
        The board now: every visit that the day has, and no other.
    breaks
        When they are taken on the board now, as far as that is known.

    Returns
    -------
    Rebased
        A job moves as a whole: if one seat of it cannot, none does. Visits that are new since stay
        where they are, but for those of people who do not work any more: they are free again.
    """
    wanted = places_in(plan)
    away = dict(_away(compiled, wanted, now))
    conflicts = away | dict(_changed_since(wanted, before, now))
    now = {seat: _freed(compiled, standing) for seat, standing in now.items()}
    while True:
        merged = _merged(wanted, now, before, set(conflicts))
        rows, timed = rested(compiled, encode(compiled, _plan_of(plan, merged, now, breaks)))
        if timed.solution is not None:
            solution = timed.solution
            routes = tuple(routes_of(compiled, solution))
            served = {visit.job for route in routes for visit in route.visits}
            left_out = tuple(
                Unassigned(job=job.id) for job in compiled.day.jobs if job.id not in served
            )
            fitted = scored(compiled, replace(plan, routes=routes, unassigned=left_out))
            return Rebased(plan=fitted, conflicts=tuple(conflicts.values()))
        fresh: dict[str, Conflict] = {}
        for how in (same_place, _same_time):  # at last the whole route stays as it stands
            guilty = _guilty(compiled, timed.violations, wanted, now, merged, same=how)
            fresh = fresh or {job: found for job, found in guilty if job not in conflicts}
        if not fresh:
            return Rebased(
                plan=plan,
                conflicts=tuple(conflicts.values()),
                broken=timed.violations,
                rows=tuple(rows),
            )
        conflicts |= fresh


def _changed_since(
    wanted: Mapping[Seat, Spot], before: Board, now: Board
) -> Iterator[tuple[str, Conflict]]:
    """Jobs of which somebody else has changed a visit, where the plan wants something else."""
    for seat in sorted({*wanted, *before}):
        planned, old, new = wanted.get(seat), before.get(seat), now.get(seat)
        if new is None:
            if planned is not None:
                yield seat.job, _conflict(seat.job, "gone", planned, None)
        elif (old is None or old.version != new.version) and not same_place(planned, new.spot):
            yield seat.job, _conflict(seat.job, "changed", planned, new.spot)


def _away(
    compiled: Compiled, wanted: Mapping[Seat, Spot], now: Board
) -> Iterator[tuple[str, Conflict]]:
    """Jobs of people who do not work then, if the plan gives them to nobody else."""
    for seat, standing in now.items():
        planned = wanted.get(seat)
        if not _works(compiled, planned or standing.spot):
            yield seat.job, _conflict(seat.job, "away", planned, standing.spot)


def _works(compiled: Compiled, spot: Spot | None) -> bool:
    return spot is None or any(
        (duty.technician.id, duty.shift.id) == (spot.technician, spot.shift)
        for duty in compiled.duties
    )


def _freed(compiled: Compiled, standing: Standing) -> Standing:
    """Nowhere, if whoever has the visit does not work."""
    return standing if _works(compiled, standing.spot) else replace(standing, spot=None)


def _same_time(one: Spot | None, other: Spot | None) -> bool:
    return one == other


def _conflict(
    job: str, why: str, planned: Spot | None, stands: Spot | None, rule: str = ""
) -> Conflict:
    return Conflict(
        job=job,
        why=why,
        planned=planned.technician if planned else None,
        stands=stands.technician if stands else None,
        rule=rule,
    )


def _merged(
    wanted: Mapping[Seat, Spot], now: Board, before: Board, kept: set[str]
) -> dict[Seat, Spot]:
    """Where each visit is to be: where the plan says, and the rest where they are."""
    found: dict[Seat, Spot] = {}
    for seat, standing in now.items():
        planned = seat in before and seat.job not in kept
        spot = wanted.get(seat) if planned else standing.spot
        if spot is not None:
            found[seat] = spot
    return found


def _plan_of(plan: Plan, spots: Mapping[Seat, Spot], now: Board, breaks: Breaks) -> Plan:
    """As much of a plan as it takes to encode it: who, in which order, breaks where they were.

    On a route that is as it stands on the board they are taken as there, else as planned.
    """
    moved = {(spot.technician, spot.shift) for spot in _moved(spots, now)}
    as_planned = {(route.technician, route.shift): route.breaks for route in plan.routes}
    taken = as_planned | {name: row for name, row in breaks.items() if name not in moved}
    return replace(plan, routes=routes_at(spots, taken))


def _moved(spots: Mapping[Seat, Spot], now: Board) -> Iterator[Spot]:
    """Where something is to be that is elsewhere on the board, or is no longer to be."""
    for seat, standing in now.items():
        spot = spots.get(seat)
        if spot != standing.spot:
            yield from (either for either in (spot, standing.spot) if either is not None)


def _guilty(
    compiled: Compiled,
    violations: Sequence[Violation],
    wanted: Mapping[Seat, Spot],
    now: Board,
    merged: Mapping[Seat, Spot],
    *,
    same: Callable[[Spot | None, Spot | None], bool],
) -> Iterator[tuple[str, Conflict]]:
    """Jobs that the plan moves on a route that breaks a rule, or that break one themselves."""
    for violation in violations:
        rule = violation.rule.value
        if violation.vehicle != ABSENT:
            duty = compiled.duties[violation.vehicle]
            here = (duty.technician.id, duty.shift.id)
            jobs = {
                seat.job
                for seat, spot in merged.items()
                if (spot.technician, spot.shift) == here and not same(spot, now[seat].spot)
            }
        elif violation.visit != ABSENT:
            jobs = {compiled.visits[violation.visit].job.id}
        else:  # routes that hold alone, and together do not
            jobs = {seat.job for seat, spot in merged.items() if not same(spot, now[seat].spot)}
        for job in sorted(jobs):
            seat = Seat(job, 0)
            stands = now[seat].spot if seat in now else None
            yield job, _conflict(job, "broken", wanted.get(seat), stands, rule)
