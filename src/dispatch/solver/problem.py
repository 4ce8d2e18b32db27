"""What is to be solved, as arrays that check themselves.

Times are int seconds from the start of the horizon, distances int metres, prices int *cost
units*: ``COST_SCALE`` of them are one minor unit of money, so that a price per hour or per
kilometre is a whole number of cost units per second or per metre and every sum is exact.

The terms are those of vehicle routing. A *vehicle* is one shift of one technician (its *owner*);
a *visit* is one technician's part of a job; a *group* is all visits of one job: they are served
all or none, each by another owner. *Links* tie the times of two visits. *Breaks* are activities
of a vehicle. An index counts from 0 in the order given.

How a route is timed
--------------------
A route is a sequence of visits and of all breaks of its vehicle. Everything starts as early as it
can (the least fixed point, where links tie routes together):

- travel to a visit starts when the activity before has ended; at an open start there is none;
  where a profile has speeds, it takes until the way has been driven, rounded up to the second;
- a visit starts at the first moment of its hard windows that is not before it is reached, nor
  before what its links demand; it occupies its set-up time, unless the visit before was at the
  same place, and its duration on this vehicle;
- a break before the first visit is taken at the start place before leaving, and not owed by a
  route that begins after ``latest_s``; between two visits it starts as early as possible and may
  interrupt the way; it begins from ``earliest_s`` to ``latest_s``; one after the last visit is not
  owed if the route is over by ``earliest_s``;
- the vehicle leaves as late as its first visit's start allows, but not before ``earliest_s``;
- where ``max_duration_s`` limits a vehicle, its visits move as late as the waiting after them
  allows, which makes the route as short as it can be; a visit that a break follows, one with a
  link or a preferred window, a published one, one that would be late, and all before it stay,
  as do all where the speed varies.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from dispatch.errors import InvalidInput
from dispatch.solver.arrays import NEVER, AnyInts, Bools, Ints
from dispatch.solver.problem_checks import contradictions
from dispatch.solver.problem_fields import NOWHERE, OPEN, read_fields

USUAL_PERCENT = 100
"""The speed at which a way takes its ``travel_s``."""
COST_SCALE = 18_000
"""Cost units in a minor unit: 3,600 s/h times 5, since a metre is 3.6/3,600 km/h."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ragged:
    """A list of intervals for each visit: those of visit i are ``offset[i]`` to ``offset[i+1]``."""

    offset: Ints
    """(visits + 1,)"""
    start_s: Ints
    """(intervals,) ascending within a visit"""
    end_s: Ints
    """(intervals,) included; before the next interval's start"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vehicles:
    """Shifts."""

    owner: Ints
    """(vehicles,) whose shift it is"""
    profile: Ints
    """(vehicles,) which travel matrix"""
    start_place: Ints
    """(vehicles,) or OPEN"""
    end_place: Ints
    """(vehicles,) or OPEN"""
    earliest_s: Ints
    """(vehicles,)"""
    end_s: Ints
    """(vehicles,) overtime counts from here"""
    latest_s: Ints
    """(vehicles,) the route must be over"""
    max_duration_s: Ints
    """(vehicles,) from leaving to being back, or NEVER"""
    max_travel_s: Ints
    """(vehicles,) or NEVER"""
    max_visits: Ints
    """(vehicles,) or NEVER"""
    capacity: Ints
    """(vehicles, dimensions)"""
    use_price: Ints
    """(vehicles,) if it has any visit"""
    travel_price: Ints
    """(vehicles,) per second of travel"""
    distance_price: Ints
    """(vehicles,) per metre"""
    time_price: Ints
    """(vehicles,) per second from leaving to being back"""
    overtime_price: Ints
    """(vehicles,) per second past end_s"""
    fair_share_s: Ints
    """(vehicles,) time on visits that is its due, or NEVER"""
    unfairness_price: Ints
    """(vehicles,) per second on visits (set-up and duration) past fair_share_s"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Single technicians' parts of jobs."""

    place: Ints
    """(visits,)"""
    group: Ints
    """(visits,) ascending; visits of one group are neighbours"""
    setup_s: Ints
    """(visits,)"""
    duration_s: AnyInts
    """(visits, vehicles)"""
    allowed: Bools
    """(visits, vehicles)"""
    assign_price: Ints
    """(visits, vehicles) preferences, over-qualification, territory, fee"""
    load: Ints
    """(visits, dimensions)"""
    windows: Ragged
    """hard; at least one for each visit"""
    preferred: Ragged
    """none means no preference"""
    preferred_price: Ints
    """(visits,) per second from the start to the nearest preferred window"""
    due_s: Ints
    """(visits,) when it should have ended, or NEVER"""
    lateness_price: Ints
    """(visits,) per second past due_s"""
    rank: Ints
    """(visits,) visits of one route that have one keep ascending order; -1 has none"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Links:
    """``after`` starts ``min_delay_s`` to ``max_delay_s`` after ``before`` starts, or ends.

    ``after`` can only be served if ``before`` is.
    """

    before: Ints
    """(links,) a visit"""
    after: Ints
    """(links,) another visit"""
    from_end: Bools
    """(links,) counted from the end of before, not from its start"""
    min_delay_s: Ints
    """(links,)"""
    max_delay_s: Ints
    """(links,) or NEVER"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breaks:
    """Breaks of vehicles, by vehicle and then by earliest start."""

    vehicle: Ints
    """(breaks,) ascending"""
    earliest_s: Ints
    """(breaks,)"""
    latest_s: Ints
    """(breaks,) of its start"""
    duration_s: Ints
    """(breaks,)"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speeds:
    """How fast profiles are by the time of day, by profile and then by time.

    What has been driven of a way is the area under the speed, as in Ichoua, Gendreau and Potvin,
    European Journal of Operational Research 144(2), 2003: whoever leaves later never arrives
    earlier. On a route of such a profile, breaks between the same two visits are neighbours in the
    problem and in its order.
    """

    profile: Ints
    """(speeds,) ascending"""
    from_s: Ints
    """(speeds,) ascending within a profile"""
    percent: Ints
    """(speeds,) of the usual speed, from then on; 100 before the first"""


def same_all_day() -> Speeds:
    """Travel takes as long at any hour."""
    return Speeds(**{entry.name: np.zeros(0, dtype=np.int64) for entry in fields(Speeds)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """What a published schedule says of visits. All of it may change, at a price.

    Who does a visit instead of whom is a matter of ``Visits.assign_price``.
    """

    visit: Ints
    """(published,) ascending, none twice"""
    promised_start_s: Ints
    """(published,) the customer was told that the visit starts from here"""
    promised_end_s: Ints
    """(published,) to here, included"""
    moved_price: Ints
    """(published,) if it starts outside"""
    moved_second_price: Ints
    """(published,) per second from its start to what was promised, on top"""
    vehicle: Ints
    """(published,) on whose route it was, or NOWHERE"""
    rank: Ints
    """(published,) its place there"""
    order_price: Ints
    """(published,) if it is on that route behind one of the same route whose rank is higher"""


def nothing_published() -> Published:
    """No schedule has been published yet."""
    return Published(**{entry.name: np.zeros(0, dtype=np.int64) for entry in fields(Published)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """All of it. Anything that numpy reads as numbers is taken, copied and checked.

    Only an array of the right kind that nobody can write to is kept as it is: big matrices need
    not be there twice. What there is most of has 32 bits.

    Raises
    ------
    InvalidInput
        Every field that is not what it says, by JSON pointer.
    """

    travel_s: AnyInts
    """(profiles, places, places)"""
    distance_m: AnyInts
    """(profiles, places, places)"""
    vehicles: Vehicles
    visits: Visits
    unserved_price: Ints
    """(groups,) leaving the group out"""
    links: Links
    breaks: Breaks
    published: Published = field(default_factory=nothing_published)
    speeds: Speeds = field(default_factory=same_all_day)
    worst_lateness_price: int = 0
    """Per second of the largest lateness of any visit."""

    def __post_init__(self) -> None:
        findings = read_fields(self) or contradictions(self)
        if findings:
            raise InvalidInput(findings)

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.travel_s.shape[1])

    @property
    def vehicle_count(self) -> int:
        """How many vehicles there are."""
        return len(self.vehicles.owner)

    @property
    def visit_count(self) -> int:
        """How many visits there are."""
        return len(self.visits.place)

    @property
    def group_count(self) -> int:
        """How many groups there are."""
        return len(self.unserved_price)

    @property
    def break_count(self) -> int:
        """How many breaks there are."""
        return len(self.breaks.vehicle)


__all__ = [
    "COST_SCALE",
    "NEVER",
    "NOWHERE",
    "OPEN",
    "USUAL_PERCENT",
    "Breaks",
    "Links",
    "Problem",
    "Published",
    "Ragged",
    "Speeds",
    "Vehicles",
    "Visits",
    "nothing_published",
    "same_all_day",
]
