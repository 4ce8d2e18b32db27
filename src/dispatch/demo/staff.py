"""The technicians of a sample day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from dispatch.demo import names, shifts
from dispatch.demo.calendar import DATE
from dispatch.demo.company import PARTNER, territory_of
from dispatch.demo.draw import apportion, chance, one, weighted
from dispatch.demo.sizes import Size
from dispatch.demo.trades import (
    APPRENTICE,
    KRONA,
    MAIN_SKILLS,
    SHARES,
    SIDE_SKILLS,
    VAN_PARTS,
    Trade,
)
from dispatch.domain.position import Position
from dispatch.domain.skill import HeldSkill
from dispatch.domain.technician import Technician

MAIN_LEVELS = {2: 0.2, 3: 0.4, 4: 0.27, 5: 0.13}
SIDE_LEVELS = {1: 0.3, 2: 0.45, 3: 0.25}
COOLANT_TRADES = (Trade.HEATING, Trade.COOLING)
CONTRACTOR_TRADES = (Trade.ELECTRICAL, Trade.FIBRE, Trade.HEATING)
CONTRACTOR_SHARE = 0.13


def technicians(
    rng: np.random.Generator, size: Size, ground: Sequence[Position]
) -> tuple[Technician, ...]:
    """Everybody, in the order of their numbers; the first of a trade is steady."""
    trades = apportion(SHARES, size.technicians)
    contractors = _contractors(trades, round(CONTRACTOR_SHARE * size.technicians))
    away = _away(trades, contractors, size.away)
    staff = []
    for index, name in enumerate(names.people(rng, size.technicians)):
        trade = trades[index]
        rank = index - trades.index(trade)
        technician = _technician(rng, f"T{index + 1:03}", name, trade, rank=rank, ground=ground)
        if index in contractors:
            technician = _as_contractor(technician)
        else:
            technician = _with_shift(rng, technician, index, gone=index in away, steady=rank == 0)
        staff.append(technician)
    return _with_high_voltage(tuple(staff), trades)


def _technician(
    rng: np.random.Generator,
    identifier: str,
    name: str,
    trade: Trade,
    *,
    rank: int,
    ground: Sequence[Position],
) -> Technician:
    home = one(rng, ground)
    apprentice = rank > 0 and chance(rng, 0.08)
    return Technician(
        id=identifier,
        name=name,
        home=home,
        outlet=shifts.own_outlet(home).id,
        skills=_skills(rng, trade, rank, apprentice=apprentice),
        territories=_territories(rng, home),
        duration_factor=_duration_factor(rng, apprentice=apprentice),
        job_type_factors=_habits(rng, trade),
        capacity=VAN_PARTS[trade],
    )


def _skills(
    rng: np.random.Generator, trade: Trade, rank: int, *, apprentice: bool
) -> tuple[HeldSkill, ...]:
    first = rank == 0
    levels = {1: 0.6, 2: 0.4} if apprentice else MAIN_LEVELS
    held = [
        HeldSkill(skill=skill, level=max(weighted(rng, levels), 4 if first else 1))
        for skill in MAIN_SKILLS[trade]
    ]
    sides = SIDE_SKILLS[trade]
    side = max(weighted(rng, SIDE_LEVELS), 2 if first else 1)
    held.append(HeldSkill(skill=sides[rank % len(sides)], level=side))
    if trade in COOLANT_TRADES and held[0].level >= 3:
        held.append(_coolant_certificate(rng, lasting=first))
    if apprentice:
        held.append(HeldSkill(skill=APPRENTICE))
    return tuple(held)


def _coolant_certificate(rng: np.random.Generator, *, lasting: bool) -> HeldSkill:
    """One in six is about to expire, one in twelve has just expired, the rest last for years."""
    lot = 1.0 if lasting else rng.random()
    if lot < 1 / 12:
        days = -int(rng.integers(1, 20))
    elif lot < 3 / 12:
        days = int(rng.integers(1, 15))
    else:
        days = int(rng.integers(200, 1_400))
    return HeldSkill(skill="f-gas", expires=DATE + timedelta(days=days))


def _territories(rng: np.random.Generator, home: Position) -> tuple[str, ...]:
    """The home's, often with another one; one technician in four works everywhere."""
    own = territory_of(home)
    others = [name for name in ("north", "east", "south", "west") if name != own]
    lot = rng.random()
    if lot < 0.25:
        return ()
    return (own,) if lot < 0.45 else (own, one(rng, others))


def _duration_factor(rng: np.random.Generator, *, apprentice: bool) -> float:
    usual = 1.2 if apprentice else 1.0
    return round(20 * float(np.clip(rng.normal(usual, 0.07), 0.85, 1.3))) / 20


def _habits(rng: np.random.Generator, trade: Trade) -> Mapping[str, float]:
    """Now and then somebody has a knack for one job type."""
    knacks = {
        Trade.HEATING: "boiler-fault",
        Trade.ELECTRICAL: "fuse-board",
        Trade.APPLIANCES: "washing-machine-repair",
    }
    return {knacks[trade]: 0.85} if trade in knacks and chance(rng, 0.15) else {}


def _contractors(trades: Sequence[Trade], count: int) -> frozenset[int]:
    """The last ones of the trades that contractors offer, in turn."""
    lasts = [
        [index for index, trade in enumerate(trades) if trade is offered][1:]
        for offered in CONTRACTOR_TRADES
    ]
    chosen: list[int] = []
    while len(chosen) < count and any(lasts):
        chosen += [own.pop() for own in lasts if own]
    return frozenset(chosen[:count])


def _away(trades: Sequence[Trade], contractors: frozenset[int], count: int) -> frozenset[int]:
    """Employees of the biggest trades who are away all day, the second of each trade."""
    seconds = [trades.index(trade) + 1 for trade in CONTRACTOR_TRADES]
    return frozenset([index for index in seconds if index not in contractors][:count])


def _as_contractor(technician: Technician) -> Technician:
    """No wage, paid for each visit, and the day starts and ends where the work is."""
    return replace(
        technician,
        home=None,
        outlet=PARTNER.id,
        contractor=True,
        wage_minor_per_h=0,
        visit_minor=390 * KRONA,
        territories=(),
        shifts=(shifts.contractor(technician.id),),
    )


def _with_shift(
    rng: np.random.Generator, technician: Technician, index: int, *, gone: bool, steady: bool
) -> Technician:
    worked = shifts.own(rng, technician, index)
    absences = () if steady else shifts.absences(rng, worked, gone=gone)
    return replace(technician, shifts=worked, absences=absences)


def _with_high_voltage(
    staff: tuple[Technician, ...], trades: Sequence[Trade]
) -> tuple[Technician, ...]:
    """One electrician had the certificate, until last week."""
    holder = staff[trades.index(Trade.ELECTRICAL)]
    lapsed = HeldSkill(skill="high-voltage", level=2, expires=DATE - timedelta(days=5))
    skilled = replace(holder, skills=(*holder.skills, lapsed))
    return tuple(skilled if technician is holder else technician for technician in staff)
