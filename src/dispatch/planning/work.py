"""How long a visit takes a technician."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from dispatch.domain.technician import Technician
from dispatch.planning.duty import Duty
from dispatch.planning.needs import Needs
from dispatch.planning.tabulate import tabulate
from dispatch.planning.visit import Visit


def work_s(visit: Visit, technician: Technician) -> int:
    """Seconds without set-up: the usual duration times all the factors, rounded half to even."""
    return round(
        visit.base_s
        * technician.duration_factor
        * technician.job_type_factors.get(visit.type.id, 1.0)
        * level_factor(visit, technician)
    )


def work_table(visits: Sequence[Visit], duties: Sequence[Duty]) -> npt.NDArray[np.int64]:
    """:func:`work_s` of every pair, (visits, duties)."""
    base = np.array([visit.base_s for visit in visits], dtype=np.float64)[:, None]
    person = np.array([duty.technician.duration_factor for duty in duties], dtype=np.float64)
    types = tabulate(
        visits,
        duties,
        lambda visit, duty: duty.technician.job_type_factors.get(visit.type.id, 1.0),
        np.float64,
        key_of_row=lambda visit: visit.type.id,
        key_of_column=lambda duty: duty.owner,
    )
    levels = tabulate(
        visits,
        duties,
        lambda visit, duty: level_factor(visit, duty.technician),
        np.float64,
        key_of_row=lambda visit: (visit.type.id, visit.needs if visit.type.level_factors else None),
        key_of_column=lambda duty: duty.owner,
    )
    # The same factors in the same order as above, so that both round alike.
    return np.rint(base * person[None, :] * types * levels).astype(np.int64)


def level_factor(visit: Visit, technician: Technician) -> float:
    """The job type's factor for the technician's level in the first skill needed."""
    factors = visit.type.level_factors
    level = first_level(visit.needs, technician) if factors else None
    return factors.get(level, 1.0) if level is not None else 1.0


def first_level(needs: Needs, technician: Technician) -> int | None:
    """Their level in the first skill of all, or else in the first of some that is high enough."""
    for need in needs.all_of[:1] or chain(*needs.one_of_each[:1]):
        held = technician.held(need.skill)
        if held is not None and held.level >= need.min_level:
            return held.level
    return None
