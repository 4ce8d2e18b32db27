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
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from traceback import extract_tb

import numpy as np
import pytest
from tests.databases import IN_MEMORY, OWNER, SetClock
from tests.proofs.simulation.accounts import ACCOUNTS
from tests.proofs.simulation.board import BOARD
from tests.proofs.simulation.closing import CLOSING
from tests.proofs.simulation.evidence import EVIDENCE
from tests.proofs.simulation.faults import Failure, Plan, ShakyDatabase, Where, fail
from tests.proofs.simulation.front import Front, hashed
from tests.proofs.simulation.intake import INTAKE
from tests.proofs.simulation.invariants import (
    Watcher,
    latest_of,
    mark,
    written_since,
    wrong_ever,
    wrong_now,
)
from tests.proofs.simulation.links import LINKS
from tests.proofs.simulation.money import MONEY
from tests.proofs.simulation.network import NETWORK
from tests.proofs.simulation.notes import NOTES
from tests.proofs.simulation.people import PEOPLE
from tests.proofs.simulation.places import PLACES
from tests.proofs.simulation.planning import PLANNING
from tests.proofs.simulation.pool import POOL
from tests.proofs.simulation.road import ROAD
from tests.proofs.simulation.wanted import Deed
from tests.proofs.simulation.world import Ask, NotTheirs, Wish, World, counted_ids

from dispatch.domain.actor import Receipt
from dispatch.errors import DispatchError, Refused
from dispatch.operations.accounts import change, create
from dispatch.operations.import_day import import_day
from dispatch.store import ids
from dispatch.store.database import Database
from dispatch.store.files import Files
from dispatch.store.once import once

DEEDS = (
    INTAKE | BOARD | PLANNING | NETWORK | MONEY | ROAD | POOL | LINKS | EVIDENCE | PEOPLE | PLACES
) | (ACCOUNTS | NOTES | CLOSING)
OVER_HTTP = 0.25
"""How often a wish for which there is a route is asked for over the API."""
LATEST = 18
"""The hour at which a day ends."""
ASK_LATER = ("store.busy", "store.unreachable", "picture.busy")
"""What a server says that cannot do it now."""
MUCH = 30
"""How much more often something is wanted that is looked at closely."""
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
    wrong: str = ""
    """Of what nobody expects, what sort of thing it is."""
    unsure: bool = False
    """Whether the connection was lost, so that it may have been done."""

    @property
    def ok(self) -> bool:
        return self.outcome == "ok"

    @property
    def expected(self) -> bool:
        return not self.wrong


@dataclass
class Simulation:
    """A run of so many operations."""

    database: ShakyDatabase
    clock: SetClock
    seed: int
    files: Files
    outcomes: Counter[str] = field(default_factory=Counter)
    latest: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.world = World(self.database, self.clock, files=self.files)
        self.front = Front.of(self.world)
        self.watcher = Watcher()
        self.chosen = list(DEEDS)
        odds = np.array([DEEDS[deed] for deed in self.chosen])
        self.odds = odds / odds.sum()

    def want(self, *deeds: str) -> None:
        """Let some things be wanted much more often."""
        more = np.array([MUCH if deed.__name__ in deeds else 1 for deed in self.chosen])
        self.odds = self.odds * more / (self.odds * more).sum()

    def run(self, operations: int, *, every: int, whole: int) -> None:
        """Do them; look at what is there after ``every``, and at the log after ``whole``.

        From the operation on that ``DISPATCH_PROOF_CLOSE`` names it is looked at after each.
        """
        close = int(os.environ.get("DISPATCH_PROOF_CLOSE", operations + 1))
        self.world.begin()
        self.front.begin()
        last = 0
        for number in range(1, operations + 1):
            wrong = self._operate(number)
            if wrong or number % every == 0 or number >= close or number == operations:
                wrong = wrong or wrong_now(self.database, self.watcher, self.files)
                if not wrong and (number % whole == 0 or number >= close or number == operations):
                    wrong = wrong_ever(self.database)
                self._see(wrong, last, number)
                last = number

    def accepted(self) -> dict[str, tuple[float, int]]:
        """Of each deed, which part of it was done, and how often it was wanted."""
        times: Counter[str] = Counter()
        for said, count in self.outcomes.items():
            deed, _, outcome = said.partition(" ")
            times[deed] += count if outcome else 0
        names = [deed.__name__ for deed in self.chosen if times[deed.__name__]]
        return {
            name: (round(self.outcomes[f"{name} ok"] / times[name], 2), times[name])
            for name in names
        }

    def _see(self, wrong: list[str], last: int, number: int) -> None:
        if wrong:
            told = [*wrong[:20], "The latest operations:", *self.latest]
            lines = "\n  ".join([*told, "What happened to it:", *latest_of(self.database, wrong)])
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
        if wish.repeatable:
            receipt = Receipt(f"key-{number}", sha256(name.encode()).digest())
            wish.actor = replace(wish.actor, receipt=receipt)
        before = mark(self.database)
        told, wrong = self._meet(name, wish, fate)
        self.outcomes["ok" if told.ok else "refused" if told.expected else "unexpected"] += 1
        self.outcomes[f"{name} {told.outcome}"] += 1
        self.outcomes["asked"] += wish.asked
        way = " over the API" if wish.asked else ""
        self.latest.append(f"{number} {name} by {wish.actor.id}{way}, {fate}: {told.outcome}")
        if not told.expected:
            wrong.append(f"{told.wrong}: {name} ends with {told.outcome}")
        if fate is Fate.AGAIN and wish.repeatable:
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
                wish.asked = wish.asked or self._goes_to_the_door(wish)
                if wish.asked:
                    self.front.ready(wish)
                break
        return deed.__name__, wish

    def _goes_to_the_door(self, wish: Wish) -> bool:
        wanted = self.world.draw.random() < OVER_HTTP
        return wanted and wish.ask is not None and self.front.knows(wish)

    def _let_time_pass(self) -> None:
        """Some seconds, now and then some minutes, at times back: servers set their clocks."""
        world, chance = self.world, self.world.draw.random()
        self.clock.forward(seconds=-90 if chance < 0.02 else int(5 + 70 * chance))
        if self.clock.now >= world.at(LATEST):
            world.day += timedelta(days=1)
            self.clock.now = world.at(6)
            world.draw = np.random.default_rng([self.seed, world.number, 1])
            try:
                import_day(self.database, OWNER, world.sample())
            except Refused as refused:  # somebody has planned visits on a shift that it leaves out
                self.outcomes[f"day {refused.code}"] += 1

    def _meet(self, name: str, wish: Wish, fate: Fate) -> tuple[Told, list[str]]:
        draw = self.world.draw
        if fate is Fate.FAILS:
            where = self.world.one_of(tuple(Where), (0.8, 0.1, 0.1))
            failure = self.world.one_of(tuple(Failure))
            with self.database.planned(Plan(where, int(draw.integers(25)), fail(failure))) as plan:
                told = self._do(wish)
            done = where is Where.COMMITTED and plan.happened
            if not wish.asked:
                return replace(told, unsure=done and not wish.repeatable), []
            # It may have failed while what was done was read again for the answer.
            if plan.happened and not told.ok and wish.repeatable:
                told = self._do(wish)
            return replace(told, unsure=plan.happened and not wish.repeatable), []
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
        wrong = [] if second.expected else [f"{second.wrong}: {other_name} ends {second.outcome}"]
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
            if wish.asked and wish.ask is not None:
                told = self._at_the_door(wish, wish.ask)
            else:
                told = Told("ok", self._by_hand(wish))
            if told.ok and wish.then is not None:
                wish.then(told.answer)
        except DispatchError as refused:
            return Told(str(getattr(refused, "code", type(refused).__name__)))
        except NotTheirs as seen:
            return Told(str(seen), wrong="seen")
        except Exception as error:  # noqa: BLE001 - whatever it is, the run tells of it
            where = extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {str(error)[:1000]} ({where.filename}:{where.lineno})"
            return Told(said, wrong="unexpected")
        return told

    def _by_hand(self, wish: Wish) -> object:
        if not wish.repeatable:
            return wish.do(wish.actor)
        return once(self.database, wish.actor, wish.answer, lambda: wish.do(wish.actor))

    def _at_the_door(self, wish: Wish, ask: Ask) -> Told:
        answered = self.front.tell(wish, ask)
        unforeseen = answered.status >= 500 and answered.code not in ASK_LATER
        where = f" ({ask.method} {ask.path})" if unforeseen else ""
        code = f"{answered.status} {answered.code}{where}" if unforeseen else answered.code
        return Told(code, answered.body, wrong="unexpected" if unforeseen else "")


@contextmanager
def simulated(database: Database, clock: SetClock, seed: int) -> Generator[Simulation]:
    """A simulation on a database of its own, with ids that are the same in every run."""
    shaky = ShakyDatabase(database.url.render_as_string(hide_password=False), clock=clock)
    in_memory = IN_MEMORY if IN_MEMORY.is_dir() else None
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory(dir=in_memory) as folder:
        patch.setattr(ids, "uuid7", counted_ids())
        for place in (create, change):
            patch.setattr(place, "password_hash", hashed)
        yield Simulation(shaky, clock, seed, Files(Path(folder)))
    shaky.close()
