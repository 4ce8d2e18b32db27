"""A small service network that people work in, day after day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Select, select
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL
from tests.planning.made import REPAIR, ZONE, held, spot
from tests.planning.made import day as made_day
from tests.proofs.simulation.faults import ShakyDatabase

from dispatch.domain.action import Action
from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.clock import localise
from dispatch.domain.completion import Confirmation, Demands, Scan
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Job, JobType, Seat
from dispatch.domain.pool import PoolRules
from dispatch.domain.shift import Shift
from dispatch.domain.site import Outlet, Site
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.states.offer import OfferMode
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window
from dispatch.gateways.payments import RecordingGateway
from dispatch.operations.execute.evidence import Sent
from dispatch.operations.import_day import import_day
from dispatch.operations.pool.look import look_at_pool
from dispatch.operations.pool.settings import set_part, set_rules
from dispatch.store.files import Files
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.said import said

T = TypeVar("T")

FIRST = date(2026, 3, 3)
PEOPLE, SITES = 6, 8
TYPES = ("repair", "service", "lift")
OUTLETS = ("north", "south")
STRANGE = 0.1
"""How often somebody asks for what is not theirs to see."""
AHEAD = (0, 0, -3, 40 * 1_440, 0, -20_000 * 1_440)
"""How many minutes the clocks of phones are ahead."""
GAS = (0.7, 0.1, 0.1, 0.1)
"""How often a job needs nobody who knows gas, or somebody of the levels 1, 2 and 3."""
DEMANDED = {
    "service": Demands(confirmation=Confirmation.EITHER),
    "lift": Demands(photos=1, scan=Scan.ASKED),
}
"""What has to be shown at first when work is done; the rest asks for nothing."""
WORKER = Actor(kind=ActorKind.WORKER, id="worker", source=Source.WORKER)
CUSTOMER = Actor(kind=ActorKind.CUSTOMER, id="customer", source=Source.API)
MANAGER = Actor(kind=ActorKind.ACCOUNT, id="manager", source=Source.API)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A wish as a request."""

    method: str = "POST"
    path: str
    body: object = None
    content: bytes | None = None
    """Instead of a body: a picture."""
    expected: int | None = None
    """The version that is edited."""


@dataclass(slots=True)
class Wish:
    """What somebody wants done."""

    actor: Actor
    do: Callable[[Actor], object]
    answer: Any = None
    """What is answered, of a wish that may come twice; None for one that has no receipt."""
    whole: bool = True
    """Whether it is one transaction, so that a refusal leaves nothing behind."""
    ask: Ask | None = None
    """The same as a request, if there is a route for it."""
    then: Callable[[Any], None] | None = None
    """Whoever asked makes a note of the answer, which is that of the route if it was asked there.

    They may see that it is not for them, and raise :class:`NotTheirs`.
    """
    asked: bool = False
    """Whether it is asked for over the API."""

    @property
    def repeatable(self) -> bool:
        """Whether it has a receipt, by which it is known when it comes again."""
        by_key = not self.asked or self.ask is None or self.ask.method == "POST"
        return self.answer is not None and by_key


class NotTheirs(AssertionError):
    """Somebody was told what they must not see, or could do what they must not do."""


@dataclass
class Phone:
    """Of a technician; it may have no signal."""

    device: str
    ahead: timedelta
    said: list[Action] = field(default_factory=list)
    sent: int = 0
    """How many of them have been sent."""
    pictures: list[Sent] = field(default_factory=list)
    """Photos and signatures; those at the front have been sent."""
    shown: int = 0
    """How many of them have been sent."""

    @property
    def shows(self) -> bool:
        """Whether a picture waits to be sent."""
        return len(self.pictures) > self.shown


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
    files: Files = field(default_factory=lambda: Files(Path("nowhere")))
    provider: RecordingGateway = field(default_factory=RecordingGateway)
    """Of payments."""
    links: dict[UUID, str] = field(default_factory=dict)
    """What customers were sent, by the id of the link."""
    kept: list[str] = field(default_factory=list)
    feeds: list[tuple[str, str]] = field(default_factory=list)
    """Names and secrets of calendar programs."""
    """Refresh tokens of the owner's second device, the youngest first."""
    first: int = 0
    """How many people there were at first."""
    heard: Counter[str] = field(default_factory=Counter)
    """What became of the actions that phones have sent."""
    codes: dict[UUID, str] = field(default_factory=dict)
    """Completion codes that customers hold, by the job."""

    def begin(self) -> None:
        """The network as it is at first."""
        import_day(self.database, OWNER, self.sample())
        for key in OUTLETS:
            self.bring_in(OWNER, self.sample(key, [f"A-{key}-{n}" for n in range(3)]), key)
        with self.database.work(OWNER) as work:
            outlets = work.session.scalars(select(OutletRow)).all()
            self.outlets = {row.key: row.id for row in outlets}
            people = list(
                work.session.scalars(select(TechnicianRow.id).order_by(TechnicianRow.key))
            )
        for person in people:
            self.meet(person)
        self.first = len(self.people)
        for leader in people[: len(OUTLETS)]:
            set_part(self.database, OWNER, leader, leader=True, claims_a_day=None, claims_open=None)
        set_rules(self.database, OWNER, PoolRules(bids_s=180, push_lead_s=1_800))
        with self.database.work(OWNER) as work:
            for key, demands in DEMANDED.items():
                work.by_key(JobTypeRow, key).demands = said(demands)
            work.commit()

    def meet(self, person: UUID) -> None:
        """Somebody works here from now on, and has a phone."""
        if person not in self.phones:
            late = timedelta(minutes=AHEAD[len(self.people) % len(AHEAD)])
            self.phones[person] = Phone(f"phone-{len(self.people)}", late)
            self.people.append(person)

    def bring_in(self, by: Actor, day: Day, key: str) -> object:
        """Import a file of an outlet."""
        return import_day(self.database, by, day, outlet=key)

    def sample(self, key: str | None = None, jobs: Sequence[str] = (), *, ahead: int = 0) -> Day:
        """The day that it is, or one ``ahead``: shifts; sites and some jobs of an outlet."""
        return made_day(
            [self.job(name, key) for name in jobs if key],
            [self._technician(place, ahead) for place in range(PEOPLE)],
            start=self.at(24 * ahead),
            end=self.at(24 * (ahead + 1)),
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

    def _technician(self, place: int, ahead: int) -> Technician:
        start, end = (self.at(24 * ahead + hour) for hour in ((7, 15) if place % 2 else (8, 17)))
        name = f"day-{self.day + timedelta(days=ahead)}"
        return Technician(
            id=f"T{place}",
            home=spot(place, -place),
            outlet=OUTLETS[place % 2],
            skills=(held("gas", 1 + place % 5),) if place < 4 else (),
            shifts=(Shift(id=name, start=start, end=end),),
        )

    def job(self, name: str, key: str) -> Job:
        """Of any type, at any site of an outlet, today or tomorrow."""
        begins = int(self.draw.integers(6, 16))
        later = 24 * int(self.draw.random() < 0.1)
        window = Window(start=self.at(begins + later), end=self.at(begins + later + 8))
        level = self.one_of((0, 1, 2, 3), GAS)
        return Job(
            id=name,
            needs=SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=level),) if level else ()),
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

    def keep(self, tokens: Any) -> None:
        """New tokens of the owner's second device."""
        self.kept = [tokens.refresh, *self.kept][:2]

    def offered(self, mode: OfferMode) -> tuple[UUID, UUID] | None:
        """An offer, and somebody whose telephone shows that they may have it."""
        person = self.person()
        shown = look_at_pool(self.database, self.phone(person), person, TRAVEL)
        fit = [one.offer for one in shown if one.mode is mode and one.reason is None]
        return (self.one_of(fit), person) if fit else None

    def hear(self, answers: Any) -> None:
        """What a phone was told of its actions."""
        for answer in answers:
            told = answer if isinstance(answer, dict) else asdict(answer)
            self.heard[str(told["outcome"])] += 1

    def near(self, outlet: UUID) -> UUID:
        """Mostly somebody of an outlet."""
        if self.draw.random() < 0.85:
            query = select(TechnicianRow.id).where(TechnicianRow.outlet_id == outlet)
            with self.database.work(OWNER) as work:
                found = list(work.session.scalars(query.order_by(TechnicianRow.key)))
            if found:
                return self.one_of(found)
        return self.person()

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
