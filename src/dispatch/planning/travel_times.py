"""What planning needs to know about travel. Implementations live in :mod:`dispatch.travel`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.domain.position import Place, Position

Progress: TypeAlias = Callable[[float], None]
"""Called with the part done, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Travel between all places of a problem, row = from, column = to; to read only.

    Any whole numbers; 32 bits keep the matrices of a big day small.
    """

    seconds: npt.NDArray[np.signedinteger[Any]]
    """(places, places), diagonal 0."""
    metres: npt.NDArray[np.signedinteger[Any]]
    """(places, places), diagonal 0."""
    snapped_m: npt.NDArray[np.signedinteger[Any]]
    """(places,): how far each place lies from the network it was put on; 0 without a network."""

    def __post_init__(self) -> None:
        for array in (self.seconds, self.metres, self.snapped_m):
            array.setflags(write=False)


class TravelTimes(Protocol):
    """Travel times, distances and route lines for one region."""

    @property
    def name(self) -> str:
        """What it is and by which data, for reports: ``road graph (gothenburg)``."""
        ...

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs.

        Raises
        ------
        InvalidInput
            A place cannot be reached; one finding for each, naming it.
        Unavailable
            A server or a file did not answer.
        """
        ...

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """The way through ``places`` in order, as it is drawn on a map."""
        ...
