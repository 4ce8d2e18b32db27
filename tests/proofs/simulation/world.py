"""A small service network that people work in, day after day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Select, select
from tests.databases import OWNER, SetClock
from tests.planning.made import REPAIR, ZONE, held, spot
from tests.planning.made import day as made_day
from tests.proofs.simulation.faults import ShakyDatabase

from dispatch.domain.action import Action
from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.clock import localise
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Job, JobType, Seat
from dispatch.domain.shift import Shift
from dispatch.domain.site import Outlet, Site
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window
from dispatch.operations.import_day import import_day
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow

T = TypeVar("T")

FIRST = date(2026, 3, 3)
PEOPLE, SITES = 6, 8
TYPES = ("repair", "service", "lift")
OUTLETS = ("north", "south")
STRANGE = 0.1
"""How often somebody asks for what is not theirs to see."""
WORKER = Actor(kind=ActorKind.WORKER, id="worker", source=Source.WORKER)
CUSTOMER = Actor(kind=ActorKind.CUSTOMER, id="customer", source=Source.API)
MANAGER = Actor(kind=ActorKind.ACCOUNT, id="manager", source=Source.API)


@dataclass(slots=True)
class Wish:
    """What somebody wants done."""

    actor: Actor
    do: Callable[[Actor], object]
    answer: type | None = None
    """What is answered, of a wish that may come twice; None for one that has no receipt."""
    whole: bool = True
    """Whether it is one transaction, so that a refusal leaves nothing behind."""


@dataclass
class Phone:
    """Of a technician; it may have no signal."""

    device: str
    ahead: timedelta
    said: list[Action] = field(default_factory=list)
    sent: int = 0
    """How many of them have been sent."""


@dataclass
class World:
    """The record, and what people carry about with them."""

    database: ShakyDatabase
    clock: SetClock
    draw: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    """Of the operation that is on: each has a seed of its own."""
    day: date = FIRST
    outlets: dict[str, UUID] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)
    phones: dict[UUID, Phone] = field(default_factory=dict)
    number: int = 0
    """Of the operation."""
    view: Actor = OWNER
    """The dispatcher whose turn it is."""

    def begin(self) -> None:
        """The network as it is at first."""
        import_day(self.database, OWNER, self.sample())
        for key in OUTLETS:
            self.bring_in(OWNER, self.sample(key, [f"A-{key}-{n}" for n in range(3)]), key)
        with self.database.work(OWNER) as work:
            outlets = work.session.scalars(select(OutletRow)).all()
            self.outlets = {row.key: row.id for row in outlets}
            people = select(TechnicianRow.id).order_by(TechnicianRow.key)
            self.people = list(work.session.scalars(people))
        ahead = [0, 0, -3, 40 * 1_440, 0, -20_000 * 1_440]
        for place, person in enumerate(self.people):
            late = timedelta(minutes=ahead[place % len(ahead)])
            self.phones[person] = Phone(f"phone-{place}", late)

    def bring_in(self, by: Actor, day: Day, key: str) -> object:
        """Import a file of an outlet."""
        return import_day(self.database, by, day, outlet=key)

    def sample(self, key: str | None = None, jobs: Sequence[str] = ()) -> Day:
        """The day that it is, with everybody's shifts; sites and some jobs of an outlet."""
        return made_day(
            [self.job(name, key) for name in jobs if key],
            [self._technician(place) for place in range(PEOPLE)],
            start=self.at(0),
            end=self.at(24),
            sites=tuple(
                Site(id=f"S{n}", position=spot(3 * (n % 4), 4 * (n // 4)))
                for n in range(SITES)
                if key == OUTLETS[n % 2]
            ),
            outlets=tuple(Outlet(id=key, position=spot(n, n)) for n, key in enumerate(OUTLETS)),
            job_types=(
                REPAIR,
                JobType(id="service", duration_s=1_800),
                JobType(id="lift", duration_s=2_400, crew=Crew(seats=(Seat(), Seat()))),
            ),
        )

    def _technician(self, place: int) -> Technician:
        hours = (7, 15) if place % 2 else (8, 17)
        return Technician(
            id=f"T{place}",
            home=spot(place, -place),
            outlet=OUTLETS[place % 2],
            skills=(held("gas", 1 + place % 5),) if place < 4 else (),
            shifts=(Shift(id=f"day-{self.day}", start=self.at(hours[0]), end=self.at(hours[1])),),
        )

    def job(self, name: str, key: str) -> Job:
        """Of any type, at any site of an outlet, today or tomorrow."""
        begins = int(self.draw.integers(6, 16))
        later = 24 * int(self.draw.random() < 0.1)
        window = Window(start=self.at(begins + later), end=self.at(begins + later + 8))
        return Job(
            id=name,
            type=self.one_of(TYPES, (0.5, 0.35, 0.15)),
            site=f"S{2 * self.draw.integers(SITES // 2) + OUTLETS.index(key)}",
            windows=(window,) if self.draw.random() < 0.9 else (),
            priority=int(self.draw.integers(1, 6)),
        )

    def at(self, hour: float) -> datetime:
        """A wall-clock hour of the day that it is."""
        midnight = datetime.combine(self.day, datetime.min.time())  # localise gives it a zone
        return localise(midnight + timedelta(hours=hour), ZoneInfo(ZONE))

    def desk(self) -> Actor:
        """The dispatcher whose turn it is."""
        return self.view

    def take_turns(self) -> None:
        """Another dispatcher, of one of the outlets or of all."""
        key = self.one_of(("north", "south", "all"))
        own = None if key == "all" else frozenset((self.outlets[key],))
        self.view = Actor(kind=ActorKind.ACCOUNT, id=f"desk-{key}", source=Source.API, outlets=own)

    def program(self) -> Actor:
        """An integrator's key, of one outlet."""
        own = frozenset((self.outlets["north"],))
        return Actor(kind=ActorKind.INTEGRATION, id="erp", source=Source.API, outlets=own)

    def phone(self, person: UUID) -> Actor:
        """A technician, by their phone."""
        return Actor(kind=ActorKind.ACCOUNT, id=str(person), source=Source.PHONE)

    def person(self) -> UUID:
        return self.people[int(self.draw.integers(len(self.people)))]

    def one_of(self, things: Sequence[T], odds: Sequence[float] | None = None) -> T:
        return things[int(self.draw.choice(len(things), p=odds))]

    def any(self, query: Select[tuple[T]], by: Actor | None = None) -> T | None:
        """One of the rows that somebody sees, the first likelier; now and then of all there are."""
        odd = self.draw.random() < STRANGE
        with self.database.work(OWNER if odd else by or self.view) as work:
            found = work.session.scalars(query.limit(40)).all()
        return found[int(len(found) * self.draw.random() ** 2)] if found else None

    def row(self, table: Any, id_: UUID) -> Any:
        with self.database.work(OWNER) as work:
            return work.get(table, id_)

    def money(self) -> int:
        return 100 * int(self.draw.integers(1, 200))


def counted_ids() -> Callable[[], UUID]:
    """Ids in the order in which they are given, the same in every run."""
    numbers = count(1)
    return lambda: UUID(int=next(numbers) << 80 | 7 << 76 | 2 << 62)
