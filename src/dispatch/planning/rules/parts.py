"""The van carries the parts that a job uses up. A part it is not made for it does not carry."""

from __future__ import annotations

from typing import TypeAlias

from dispatch.errors import Value
from dispatch.planning.duty import Duty
from dispatch.planning.rules.rule import Miss, Rule
from dispatch.planning.visit import Visit

Counts: TypeAlias = tuple[tuple[str, int], ...]


def _asks(visit: Visit) -> Counts:
    return visit.parts


def _offers(duty: Duty) -> Counts:
    return tuple(sorted(duty.technician.capacity.items()))


def _compare(wanted: Counts, carried: Counts) -> Miss | None:
    room = dict(carried)
    short = {part: count - room.get(part, 0) for part, count in wanted if count > room.get(part, 0)}
    if not short:
        return None
    part = max(short, key=lambda name: short[name])
    values: dict[str, Value] = {
        "part": part,
        "wanted": dict(wanted)[part],
        "room": room.get(part, 0),
    }
    return Miss("parts", values, sum(short.values()))


PARTS = Rule(_asks, _offers, _compare)
