"""Travel times out of a matrix file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from dispatch.domain.position import Place, Position
from dispatch.errors import Finding
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.travel.access import whole
from dispatch.travel.bounds import check_count, known_profile, refuse
from dispatch.travel.matrix_file.read import read_table
from dispatch.travel.matrix_file.table import Table


@dataclass(slots=True, eq=False)
class MatrixFileTravel:
    """Travel between the places of a file, known by their ids. The hour plays no part.

    Parameters
    ----------
    path
        See :func:`dispatch.travel.matrix_file.read.read_table`; read at once.
    profile
        Who the file's times are for.
    """

    path: Path
    profile: str = "car"
    _table: Table = field(init=False)

    def __post_init__(self) -> None:
        self._table = read_table(self.path)

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return f"travel matrix ({self.path.name})"

    def fingerprint(self) -> str:
        """Changes whenever an answer could."""
        digest = sha256(repr(("matrix 1", self._table.ids, self.profile)).encode())
        digest.update(self._table.seconds.tobytes())
        digest.update(self._table.metres.tobytes())
        return digest.hexdigest()

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,  # noqa: ARG002  the file has one time a pair
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`.

        Raises
        ------
        InvalidInput
            ``travel.place.missing``: each place that the file does not have.
        """
        check_count(places)
        known_profile(profile, {self.profile: None})
        row = {id_: number for number, id_ in enumerate(self._table.ids)}
        refuse(
            Finding("travel.place.missing", values={"id": place.id})
            for place in places
            if place.id not in row
        )
        chosen = np.array([row[place.id] for place in places], dtype=np.int64)
        pairs = np.ix_(chosen, chosen)
        if progress:
            progress(1.0)
        return TravelMatrix(
            seconds=whole(self._table.seconds[pairs]),
            metres=whole(self._table.metres[pairs]),
            snapped_m=np.zeros(len(places), dtype=np.int32),
        )

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """Straight from place to place, for the file knows no streets."""
        known_profile(profile, {self.profile: None})
        return tuple(place.position for place in places)
