"""How bold the search is."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from dispatch.errors import InvalidValue
from dispatch.solver.kernels.strings.ground import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LnsParameters:
    """Parameters of ruin and recreate; the first two as in SISR (see `kernels/strings/ruin.py`)."""

    mean_removed: float = 10
    """Visits taken off in an iteration, on average."""
    longest_string: float = 10
    """Visits taken off one route at most."""
    first_temperature: float = 1
    """As a part of what a way between two stops of the first plan costs on average."""
    last_temperature: float = 0.02
    """The same, at the end."""

    in_time: float = 0.8
    """How often a ruin spreads to what is near in place and time, instead of in place alone."""
    split: float = 0.5
    """How often a string that is taken off keeps a part of its middle."""
    longer_split: float = 0.01
    """How often that part grows by one more."""
    blink: float = 0.01
    """How often a place is overlooked, so that not always the same plan comes back."""
    search_all: float = 0.1
    """How often an absent visit is tried everywhere, and not only where routes have changed."""
    gift: float = 0.1
    """How often the first visit of a new route is charged only a part of what it costs."""
    subsidy: float = 0.6
    """What a route is given at first if all visits are absent and none is sure to be worth a route:
    as a part of what a route for one alone costs. Half of them absent give a quarter of it."""
    raised: float = 0.1
    """How much more a visit that may stay absent is worth at first, as a part of its price."""
    for_absent: float = 0.2
    """How often room is made for an absent visit, if there is any."""
    absent_in_time: float = 0.5
    """How often the absent visits that may fill a gap are those near in place and time, instead of
    in place alone."""
    partners: int = 10
    """Neighbours of a visit that are tried as its new next one, and previous one, on the way to
    exchanging the tails of two routes; 0 exchanges none."""
    cycles: int = 8
    """How often a long run cools down, at most; all of it finds routes for one pool."""
    may_lack: bool = True
    """Whether plans may lack visits for a while, at a price that adapts."""
    recombine: bool = True
    """Whether routes of many plans are put together now and then."""

    def habits(self) -> Floats:
        """(IN_TIME .. PARTNERS,) for the kernels."""
        return np.array(
            [
                self.in_time,
                self.split,
                self.longer_split,
                self.blink,
                self.search_all,
                self.gift,
                self.for_absent,
                self.absent_in_time,
                self.partners,
            ]
        )

    def __post_init__(self) -> None:
        _check_positive(
            self,
            "mean_removed",
            "longest_string",
            "first_temperature",
            "last_temperature",
            "cycles",
        )
        _check_cooling(self.first_temperature, self.last_temperature)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesParameters:
    """Parameters of annealing over moves: how often each kind is tried, and temperatures."""

    relocate: float = 0.38
    """One visit to another place."""
    string: float = 0.12
    """Two or three visits in a row to another place."""
    swap: float = 0.19
    """Two visits change places."""
    tails: float = 0.19
    """Two routes change what follows (2-opt*)."""
    crew: float = 0.08
    """All visits that are tied together, to another moment."""
    put_in: float = 0.02
    """A job left out is served."""
    take_out: float = 0.005
    """A job is left out."""
    shift_break: float = 0.02
    """A break to another place of its route."""
    neighbours: float = 30
    """How many of the nearest visits a visit is put beside."""
    first_temperature: float = 0.08
    """As a part of the median change that a random move makes to the cost of the first plan."""
    last_temperature: float = 0.0007
    """The same, at the end."""
    cycles: int = 64
    """How often a long run cools down, at most."""
    ruins: float = 0.5
    """The part of the time in which what is not tied is ruined and recreated; 0 for never."""
    turns: int = 80
    """How often in a cycle it is the turn of ruins."""
    room: bool = True
    """Whether room is made for a job that is left out, where it is the turn of ruins to begin."""

    def __post_init__(self) -> None:
        may_be_0 = ("ruins", "room")
        _check_positive(self, *(each.name for each in fields(self) if each.name not in may_be_0))
        if not 0 <= self.ruins < 1:
            raise InvalidValue("lns.share", field="ruins", value=self.ruins)
        _check_cooling(self.first_temperature, self.last_temperature)


def _check_positive(parameters: LnsParameters | MovesParameters, *names: str) -> None:
    for name in names:
        value = getattr(parameters, name)
        if not value > 0:
            raise InvalidValue("lns.positive", field=name, value=value)


def _check_cooling(first: float, last: float) -> None:
    if last > first:
        raise InvalidValue("lns.warming", first=first, last=last)
