"""Phones that say what their technicians do, and a line that loses, doubles and mixes it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from pydantic import TypeAdapter
from tests.planning.made import at, spot

from dispatch.api.spoken import Spoken
from dispatch.domain.action import Action, ActionKind, NotDone
from dispatch.operations.execute.malformed import Malformed
from dispatch.store.ids import new_id

LOST, TWICE, AGAIN = 0.2, 0.3, 0.3
"""How often a batch does not arrive, its answer does not, and an old one comes once more."""
MOST_AT_ONCE = 20
MALFORMED = 0.05
"""How often nobody can read what is said."""
SPOKEN: TypeAdapter[Any] = TypeAdapter(Spoken)
SKEWS = (
    timedelta(),
    timedelta(minutes=-3),
    timedelta(days=-20_000),
    timedelta(days=40),
    timedelta(days=3_000),
    timedelta(days=-800),
)
"""How far the clock of a phone is ahead; one begins to count in the seventies again."""
ENDS = (ActionKind.COMPLETE, ActionKind.COMPLETE, ActionKind.SUSPEND, ActionKind.NOT_DONE)


@dataclass(frozen=True, slots=True)
class Phone:
    """One device, and all that is said with it."""

    device: str
    technician: UUID
    ahead: timedelta
    actions: tuple[Action | Malformed, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What arrives at once, in whatever order."""

    phone: Phone
    actions: tuple[Action | Malformed, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """What somebody has to say."""

    technician: UUID
    visits: Sequence[UUID]
    """Theirs."""
    strangers: Sequence[UUID]
    """Visits of others."""
    actions: int
    """How many things they say."""


def phone_of(device: str, walk: Walk, generator: np.random.Generator) -> Phone:
    """A technician who goes from visit to visit, and now and then says what cannot be."""
    ahead = SKEWS[int(generator.integers(len(SKEWS)))]
    actions: list[Action | Malformed] = []
    while len(actions) < walk.actions:
        visit = walk.visits[int(generator.integers(len(walk.visits)))]
        last = ENDS[int(generator.integers(len(ENDS)))]
        for kind in (ActionKind.DEPART, ActionKind.CHECK_IN, ActionKind.START, last):
            action = _action(len(actions) + 1, kind, visit, walk, generator)
            moved = replace(action, happened_at=action.happened_at + ahead)
            broken = generator.random() < MALFORMED
            actions.append(_broken(moved, generator) if broken else moved)
    return Phone(device, walk.technician, ahead, tuple(actions)[: walk.actions])


def done(visits: Sequence[UUID], generator: np.random.Generator) -> tuple[Action, ...]:
    """A day on which each step was said in its turn."""
    said: list[Action] = []
    for visit in visits:
        last = (ActionKind.COMPLETE, ActionKind.SUSPEND)[int(generator.integers(2))]
        for kind in (ActionKind.DEPART, ActionKind.CHECK_IN, ActionKind.START, last):
            number = len(said) + 1
            happened = at(7) + timedelta(seconds=number)
            said.append(Action(sequence=number, kind=kind, visit=visit, happened_at=happened))
    return tuple(said)


def _broken(action: Action, generator: np.random.Generator) -> Action | Malformed:
    """The same as a phone with a fault would send it, as the service reads it."""
    faults = (
        {"note": "n" * 3_000},
        {"kind": "teleport"},
        {"visit": "nowhere"},
        {"happened_at": "yesterday"},
        {"accuracy_m": -1},
        {"photos": ["no hash"], "code": "1234"},
        {"checklist": {str(item): "yes" for item in range(300)}},
        {"note": "door \ud83d"},
        {"note": "\x00", "checklist": {"door": "\udc00"}},
        {"serial": "A\x00"},
        {"\ud83d": 1},
    )
    sent = SPOKEN.dump_python(action, mode="json", warnings=False)
    sent |= faults[int(generator.integers(len(faults)))]
    read: Action | Malformed = SPOKEN.validate_python(sent)
    return read


def _action(
    number: int, kind: ActionKind, visit: UUID, walk: Walk, generator: np.random.Generator
) -> Action:
    """The step that is due, or now and then another, elsewhere, or without what it needs."""
    odd = generator.random()
    if odd < 0.1:
        kind = list(ActionKind)[int(generator.integers(len(ActionKind)))]
    elif odd < 0.15:
        visit = walk.strangers[int(generator.integers(len(walk.strangers)))]
    elif odd < 0.18:
        visit = new_id()
    not_done = kind is ActionKind.NOT_DONE and odd < 0.9
    return Action(
        sequence=number,
        kind=kind,
        visit=visit,
        happened_at=at(7) + timedelta(seconds=number),
        position=spot(*generator.integers(0, 12, 2).tolist()) if odd > 0.8 else None,
        reason=NotDone.NO_ACCESS if not_done else None,
        note=f"the {number}th" if odd > 0.5 else "",
    )


def deliveries(
    phone: Phone, generator: np.random.Generator, at_once: int = MOST_AT_ONCE
) -> list[Batch]:
    """All batches of a phone as they arrive: each at least once, few in their place."""
    waiting = list(_cut(phone, generator, at_once))
    arrived: list[Batch] = []
    while waiting:
        batch = waiting.pop(0)
        fate = generator.random()
        if fate < LOST:
            waiting.insert(int(generator.integers(len(waiting) + 1)), batch)
            continue
        arrived.append(batch)
        if fate > 1 - TWICE:
            waiting.insert(int(generator.integers(len(waiting) + 1)), batch)
        if generator.random() < AGAIN:
            arrived.append(arrived[int(generator.integers(len(arrived)))])
    return arrived


def _cut(phone: Phone, generator: np.random.Generator, at_once: int) -> Iterator[Batch]:
    first = 0
    while first < len(phone.actions):
        last = first + int(generator.integers(1, at_once + 1))
        part = phone.actions[first:last]
        yield Batch(phone, tuple(part[at] for at in generator.permutation(len(part))))
        first = last


def mixed(lines: Sequence[Sequence[Batch]], generator: np.random.Generator) -> list[Batch]:
    """The batches of all phones in one line, each phone's own in their order."""
    turns = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    each = [iter(line) for line in lines]
    return [next(each[turn]) for turn in generator.permutation(turns)]
