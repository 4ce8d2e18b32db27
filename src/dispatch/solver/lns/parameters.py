"""How bold the search is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.errors import InvalidValue
from dispatch.solver.kernels.strings.ground import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LnsParameters:
    """Parameters of ruin and recreate; the first two as in SISR (see `kernels/ruin.py`)."""

    mean_removed: float = 10
    """Visits taken off in an iteration, on average."""
    longest_string: float = 10
    """Visits taken off one route at most."""
    first_temperature: float = 1
    """As a part of what a served visit of the first plan costs on average."""
    last_temperature: float = 0.02
    """The same, at the end."""

    in_time: float = 0.8
    """How often a ruin spreads to what is near in place and time, instead of in place alone."""
    exchangeable: float = 0.7
    """How often it keeps to routes whose vehicles could exchange their visits."""
    split: float = 0.5
    """How often a string that is taken off keeps a part of its middle."""
    longer_split: float = 0.01
    """How often that part grows by one more."""
    blink: float = 0.01
    """How often a place is overlooked, so that not always the same plan comes back."""
    search_all: float = 0.1
    """How often an absent visit without a place near its neighbours is tried everywhere."""
    new_route: float = 0.2
    """How often an unused vehicle is weighed even where a used route has a place."""
    gift: float = 0.1
    """How often the first visit of a new route is charged only a part of what it costs."""
    for_absent: float = 0.2
    """How often room is made for an absent visit, if there is any."""
    partners: int = 10
    """Neighbours of a visit that are tried as its new next one, and previous one, on the way to
    exchanging the tails of two routes; 0 exchanges none."""
    may_lack: bool = True
    """Whether plans may lack visits for a while, at a price that adapts."""
    recombine: bool = True
    """Whether routes of many plans are put together now and then."""

    def habits(self) -> Floats:
        """(IN_TIME .. PARTNERS,) for the kernels."""
        return np.array(
            [
                self.in_time,
                self.exchangeable,
                self.split,
                self.longer_split,
                self.blink,
                self.search_all,
                self.new_route,
                self.gift,
                self.for_absent,
                self.partners,
            ]
        )

    def __post_init__(self) -> None:
        for name in ("mean_removed", "longest_string", "first_temperature", "last_temperature"):
            if not getattr(self, name) > 0:
                raise InvalidValue("lns.positive", field=name, value=getattr(self, name))
        if self.last_temperature > self.first_temperature:
            raise InvalidValue(
                "lns.warming", first=self.first_temperature, last=self.last_temperature
            )
