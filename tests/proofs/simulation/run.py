"""One operation after another, each drawn from the seed and its own number."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from threading import Event, Thread
from traceback import extract_tb

import numpy as np
import pytest
from tests.databases import OWNER, SetClock
from tests.proofs.simulation.board import BOARD
from tests.proofs.simulation.faults import Failure, Plan, ShakyDatabase, Where, fail
from tests.proofs.simulation.intake import INTAKE
from tests.proofs.simulation.invariants import (
    Watcher,
    mark,
    written_since,
    wrong_ever,
    wrong_now,
)
from tests.proofs.simulation.money import MONEY
from tests.proofs.simulation.network import NETWORK
from tests.proofs.simulation.planning import PLANNING
from tests.proofs.simulation.road import ROAD
from tests.proofs.simulation.wanted import Deed
from tests.proofs.simulation.world import Wish, World, counted_ids

from dispatch.domain.actor import Receipt
from dispatch.errors import DispatchError
from dispatch.operations.import_day import import_day
from dispatch.store import ids
from dispatch.store.database import Database
from dispatch.store.once import once

DEEDS = INTAKE | BOARD | PLANNING | NETWORK | MONEY | ROAD
LATEST = 18
"""The hour at which a day ends."""
TURNS = 10
"""Drawn again where nothing is to be wanted, or a phone has no signal."""
REMEMBERED = 12
"""Operations that a failing run tells of."""


class Fate(StrEnum):
    """What happens to an operation."""

    NONE = "none"
    AGAIN = "again"
    """Whoever asks has not heard the answer, and asks once more."""
    FAILS = "fails"
    """The database fails at any point of it."""
    MEETS = "meets"
    """Another is done while it is at any point of it."""


FATES = (Fate.NONE, Fate.AGAIN, Fate.FAILS, Fate.MEETS)
ODDS = (0.72, 0.1, 0.1, 0.08)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an operation."""

    outcome: str
    """``ok``, a code, or what it was that nobody expects."""
    answer: object = None
    expected: bool = True
    unsure: bool = False
    """Whether the connection was lost, so that it may have been done."""

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"


@dataclass
class Simulation:
    """A run of so many operations."""

    database: ShakyDatabase
    clock: SetClock
    seed: int
    outcomes: Counter[str] = field(default_factory=Counter)
    latest: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.world = World(self.database, self.clock)
        self.watcher = Watcher()
        self.chosen = list(DEEDS)
        odds = np.array([DEEDS[deed] for deed in self.chosen])
        self.odds = odds / odds.sum()

    def run(self, operations: int, *, every: int, whole: int) -> None:
        """Do them; look at what is there after ``every``, and at the log after ``whole``.

        From the operation on that ``DISPATCH_PROOF_CLOSE`` names it is looked at after each.
        """
        close = int(os.environ.get("DISPATCH_PROOF_CLOSE", operations + 1))
        self.world.begin()
        last = 0
        for number in range(1, operations + 1):
            wrong = self._operate(number)
            if wrong or number % every == 0 or number >= close or number == operations:
                wrong = wrong or wrong_now(self.database, self.watcher)
                if not wrong and (number % whole == 0 or number >= close or number == operations):
                    wrong = wrong_ever(self.database)
                self._see(wrong, last, number)
                last = number

    def _see(self, wrong: list[str], last: int, number: int) -> None:
        if wrong:
            lines = "\n  ".join([*wrong[:20], "The latest operations:", *self.latest])
            pytest.fail(
                f"Seed {self.seed}, an operation from {last + 1} to {number}. To see which:"
                f" DISPATCH_PROOF_SEED={self.seed} DISPATCH_PROOF_CLOSE={last + 1}\n  {lines}",
                pytrace=False,
            )

    def _operate(self, number: int) -> list[str]:
        """The next operation; what of it does not hold by itself."""
        world, draw = self.world, np.random.default_rng([self.seed, number])
        world.draw, world.number = draw, number
        self._let_time_pass()
        name, wish = self._wish()
        fate = FATES[int(draw.choice(len(FATES), p=ODDS))]
        if wish is None:
            self.outcomes["idle"] += 1
            return []
        if wish.answer is not None:
            receipt = Receipt(f"key-{number}", sha256(name.encode()).digest())
            wish.actor = replace(wish.actor, receipt=receipt)
        before = mark(self.database)
        told, wrong = self._meet(name, wish, fate)
        self.outcomes["ok" if told.ok else "refused" if told.expected else "unexpected"] += 1
        self.outcomes[f"{name} {told.outcome}"] += 1
        self.latest.append(f"{number} {name} by {wish.actor.id}, {fate}: {told.outcome}")
        if not told.expected:
            wrong.append(f"unexpected: {name} ends with {told.outcome}")
        if fate is Fate.AGAIN and wish.answer is not None:
            wrong += self._repeat(name, wish, told)
        if not told.ok and not told.unsure and wish.whole and fate is not Fate.MEETS:
            tables = written_since(self.database, before)
            wrong += [f"effect: {name} was told {told.outcome}, and {tables} are written"][
                : len(tables)
            ]
        return wrong

    def _wish(self) -> tuple[str, Wish | None]:
        """What somebody wants, of whom there is somebody who wants something."""
        for _ in range(TURNS):
            self.world.take_turns()
            deed: Deed = self.chosen[int(self.world.draw.choice(len(self.chosen), p=self.odds))]
            wish = deed(self.world)
            if wish is not None:
                break
        return deed.__name__, wish

    def _let_time_pass(self) -> None:
        """Some seconds, now and then some minutes, at times back: servers set their clocks."""
        world, chance = self.world, self.world.draw.random()
        self.clock.forward(seconds=-90 if chance < 0.02 else int(5 + 70 * chance))
        if self.clock.now >= world.at(LATEST):
            world.day += timedelta(days=1)
            self.clock.now = world.at(6)
            world.draw = np.random.default_rng([self.seed, world.number, 1])
            import_day(self.database, OWNER, world.sample())

    def _meet(self, name: str, wish: Wish, fate: Fate) -> tuple[Told, list[str]]:
        draw = self.world.draw
        if fate is Fate.FAILS:
            where = self.world.one_of(tuple(Where), (0.8, 0.1, 0.1))
            failure = self.world.one_of(tuple(Failure))
            with self.database.planned(Plan(where, int(draw.integers(25)), fail(failure))) as plan:
                told = self._do(wish)
            unsure = where is Where.COMMITTED and plan.happened and wish.answer is None
            return replace(told, unsure=unsure), []
        if fate is Fate.MEETS:
            return self._two_at_once(name, wish)
        return self._do(wish), []

    def _two_at_once(self, name: str, wish: Wish) -> tuple[Told, list[str]]:
        """One stands still at some statement while another is done; which, the seed decides."""
        stands, go, found = Event(), Event(), list[Told]()
        other_name, other = self._wish()

        def wait() -> None:
            stands.set()
            go.wait(30)

        after = int(self.world.draw.integers(2, 25))

        def first() -> None:
            with self.database.planned(Plan(Where.STATEMENT, after, wait)):
                found.append(self._do(wish))
            stands.set()

        thread = Thread(target=first)
        thread.start()
        stands.wait(30)
        second = Told("idle") if other is None else self._do(other)
        go.set()
        thread.join()
        self.outcomes[f"meeting {'ok' if second.ok else 'not'}"] += 1
        self.latest.append(f"{self.world.number} meanwhile {other_name}: {second.outcome}")
        wrong = [] if second.expected else [f"unexpected: {other_name} ends {second.outcome}"]
        return found[0], wrong

    def _repeat(self, name: str, wish: Wish, told: Told) -> list[str]:
        """Asked for again, it has the same answer, and nothing happens."""
        if not told.ok:
            return []
        before = mark(self.database)
        again = self._do(wish)
        wrong = [f"again: {name} said {told.answer}, then {again.outcome} {again.answer}"]
        if again.ok and again.answer == told.answer:
            wrong = []
        return [*wrong, *(f"again: {table}" for table in written_since(self.database, before))]

    def _do(self, wish: Wish) -> Told:
        try:
            if wish.answer is None:
                answer = wish.do(wish.actor)
            else:
                answer = once(self.database, wish.actor, wish.answer, lambda: wish.do(wish.actor))
        except DispatchError as refused:
            code = str(getattr(refused, "code", type(refused).__name__))
            return Told(code)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run tells of it
            where = extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {str(error)[:1000]} ({where.filename}:{where.lineno})"
            return Told(said, expected=False)
        return Told("ok", answer)


@contextmanager
def simulated(database: Database, clock: SetClock, seed: int) -> Generator[Simulation]:
    """A simulation on a database of its own, with ids that are the same in every run."""
    shaky = ShakyDatabase(database.url.render_as_string(hide_password=False), clock=clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "uuid7", counted_ids())
        yield Simulation(shaky, clock, seed)
    shaky.close()
