"""A day of home care, and a plan for it, as the set's files hold them. All times in minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Synchronization: TypeAlias = Literal["simultaneous", "sequential"]

OFFICE = 0
"""Row of the central office in the travel matrix; patient ``i`` has row ``i + 1``."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service that a patient needs: one visit by one carer."""

    id: str
    duration_min: float


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient with one service, or two that are tied in time."""

    id: str
    earliest_min: int
    latest_min: int
    """A start later than this is tardy, not forbidden."""
    services: tuple[Service, ...]
    synchronization: Synchronization | None = None
    delay_min: tuple[float, float] = (0.0, 0.0)
    """Least and most time from the start of the first service to the start of the second."""


@dataclass(frozen=True, slots=True)
class Carer:
    """A carer and the services this carer can give."""

    id: str
    abilities: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class CareDay:
    """Everything that one instance file says."""

    patients: tuple[Patient, ...]
    carers: tuple[Carer, ...]
    travel_min: npt.NDArray[np.float64]
    """(1 + patients, 1 + patients), office first; not always symmetric."""

    @property
    def tolerance_min(self) -> float:
        """What a time may be off by: nothing, unless the numbers have fractions.

        With fractions, the published solutions carry the rounding of binary sums, up to 2e-13.
        """
        durations = [service.duration_min for each in self.patients for service in each.services]
        delays = [bound for each in self.patients for bound in each.delay_min]
        whole = all(number % 1 == 0 for number in durations + delays)
        return 0.0 if whole and np.all(self.travel_min % 1 == 0) else 1e-6


@dataclass(frozen=True, slots=True)
class CareVisit:
    """One service given to one patient."""

    patient: str
    service: str
    start_min: float
    """Start of the service; the files call it the arrival."""
    end_min: float


@dataclass(frozen=True, slots=True)
class CareRoute:
    """The visits of one carer, in order; from the office and back to it."""

    carer: str
    visits: tuple[CareVisit, ...]


@dataclass(frozen=True, slots=True)
class CarePlan:
    """A solution: one route for each carer who leaves the office."""

    routes: tuple[CareRoute, ...]
