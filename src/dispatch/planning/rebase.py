"""A plan put on a board that has changed since: what still fits holds, what does not is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.domain.plan import Plan, Unassigned
from dispatch.planning.compile import Compiled
from dispatch.planning.decode import routes_of, scored
from dispatch.planning.encode import encode
from dispatch.planning.prune import Pruned, pruned, put_back
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
from dispatch.solver.timing import Violation, time_routes


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
        Of what is moved the least is taken out that breaks a rule with what has changed. What
        somebody had goes back there if it fits, else to whoever takes it at the least cost.
    """
    wanted = places_in(plan)
    away = dict(_away(compiled, wanted, now))
    conflicts = away | dict(_changed_since(wanted, before, now))
    now = {seat: _freed(compiled, standing) for seat, standing in now.items()}
    merged = _merged(wanted, now, before, set(conflicts))
    found = _pruned(compiled, plan, merged, now, breaks)
    if found.timed.solution is None:
        return Rebased(
            plan=plan,
            conflicts=tuple(conflicts.values()),
            broken=found.timed.violations,
            rows=tuple(found.rows),
        )
    fitted = _fitted(compiled, plan, found.rows)
    conflicts |= dict(_misfits(found.off, wanted, now, places_in(fitted)))
    return Rebased(plan=fitted, conflicts=tuple(conflicts.values()))


def _pruned(
    compiled: Compiled, plan: Plan, merged: Mapping[Seat, Spot], now: Board, breaks: Breaks
) -> Pruned:
    """As much of a plan as fits, with all that somebody has; at last the board as it stands."""
    moved = _weights(compiled, merged, now)
    found = pruned(compiled, encode(compiled, _plan_of(plan, merged, now, breaks)), moved)
    if found.timed.solution is not None:
        homeless = _homeless(compiled, found.rows, now)
        found = replace(found, rows=put_back(compiled, found.rows, homeless))
        if not _evicted(compiled, found, merged, now):
            return found
        rule = next(iter(found.off.values()))
    else:
        rule = found.timed.violations[0].rule.value
    stands = {seat: standing.spot for seat, standing in now.items() if standing.spot is not None}
    whole = pruned(compiled, encode(compiled, _plan_of(plan, stands, now, breaks)), {})
    return replace(whole, off={job: found.off.get(job, rule) for job in moved})


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


def _weights(
    compiled: Compiled, merged: Mapping[Seat, Spot], now: Board
) -> dict[str, tuple[int, ...]]:
    """What the plan moves: what nobody has goes first, what keeps its technician last."""
    groups = {job.id: number for number, job in enumerate(compiled.day.jobs)}
    weights: dict[str, tuple[int, ...]] = {}
    for seat, spot in merged.items():
        stands = now[seat].spot
        if spot != stands:
            price = int(compiled.problem.unserved_price[groups[seat.job]])
            own = (stands is not None, same_place(spot, stands), price)
            weights[seat.job] = max(own, weights.get(seat.job, ()))
    return weights


def _homeless(compiled: Compiled, rows: Sequence[Ints], now: Board) -> dict[str, set[int]]:
    """Jobs that somebody has on the board and nobody would have, with their vehicles there."""
    vehicles = _vehicles(compiled)
    served = {compiled.visits[at].job.id for at in _served(compiled, rows)}
    homes: dict[str, set[int]] = {}
    for seat, standing in sorted(now.items()):
        if standing.spot is not None and seat.job not in served:
            home = vehicles[standing.spot.technician, standing.spot.shift]
            homes.setdefault(seat.job, set()).add(home)
    return homes


def _evicted(compiled: Compiled, found: Pruned, merged: Mapping[Seat, Spot], now: Board) -> bool:
    """Whether somebody would lose what the plan leaves them: then it breaks a rule where it is."""
    vehicles = _vehicles(compiled)
    at = {
        (compiled.visits[visit].job.id, compiled.visits[visit].seat): vehicle
        for vehicle, row in enumerate(found.rows)
        for visit in _served(compiled, (row,))
    }
    return any(
        seat.job in found.off
        and same_place(spot, now[seat].spot)
        and at.get(seat) != vehicles[spot.technician, spot.shift]
        for seat, spot in merged.items()
    )


def _vehicles(compiled: Compiled) -> dict[tuple[str, str], int]:
    return {
        (duty.technician.id, duty.shift.id): number for number, duty in enumerate(compiled.duties)
    }


def _served(compiled: Compiled, rows: Sequence[Ints]) -> Iterator[int]:
    return (at for row in rows for at in row.tolist() if at < len(compiled.visits))


def _fitted(compiled: Compiled, plan: Plan, rows: Sequence[Ints]) -> Plan:
    """The plan of these routes, which hold."""
    solution = time_routes(compiled.problem, rows).solution
    assert solution is not None  # noqa: S101 - each change of them was timed
    routes = tuple(routes_of(compiled, solution))
    served = {visit.job for route in routes for visit in route.visits}
    left_out = tuple(Unassigned(job=job.id) for job in compiled.day.jobs if job.id not in served)
    return scored(compiled, replace(plan, routes=routes, unassigned=left_out))


def _misfits(
    off: Mapping[str, str], wanted: Mapping[Seat, Spot], now: Board, placed: Mapping[Seat, Spot]
) -> Iterator[tuple[str, Conflict]]:
    """What was taken off and is not where the plan wants it after all."""
    for seat in sorted(now):
        if seat.job in off and not same_place(wanted.get(seat), placed.get(seat)):
            stands = now[seat].spot
            why = "dropped" if stands is not None and seat not in placed else "broken"
            yield seat.job, _conflict(seat.job, why, wanted.get(seat), stands, off[seat.job])
