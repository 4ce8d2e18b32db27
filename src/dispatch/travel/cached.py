"""Travel times that are worked out once and kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from dispatch.domain.position import Place, Position
from dispatch.planning.travel_times import Progress, TravelMatrix, TravelTimes
from dispatch.travel.array_cache import ArrayCache
from dispatch.travel.ellipsoid import degrees_of

PARTS = ("seconds", "metres", "snapped_m")
MOST_LATELY = 256


class Fingerprinted(TravelTimes, Protocol):
    """Travel times that can tell whether an answer kept earlier still holds."""

    def fingerprint(self) -> str | None:
        """Changes whenever an answer could; ``None`` if that cannot be known."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class CachedTravel:
    """Keeps every matrix of another source, by all that decides its content.

    That is the positions in their order, the profile, the departure's weekday and hour, and the
    source's own fingerprint. Departures are taken back to the full hour, so that an answer does
    not depend on which of them was asked first.
    """

    source: Fingerprinted
    cache: ArrayCache
    small: int = 0
    """Matrices of fewer places are kept for a while in memory alone. A server makes one for each
    route that it looks at; a file for each would take longer to keep than to make again."""
    _lately: dict[str, TravelMatrix] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return self.source.name

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`."""
        hour = departure.replace(minute=0, second=0, microsecond=0) if departure else None
        key = self._key(places, profile, hour)
        kept = self._lately.get(key or "") or self._kept(key, len(places))
        if kept is not None:
            if progress:
                progress(1.0)
            return kept
        matrix = self.source.matrix(places, profile=profile, departure=hour, progress=progress)
        if key is not None and len(places) < self.small:
            self._keep_for_a_while(key, matrix)
        elif key is not None:
            self.cache.put(key, {part: getattr(matrix, part) for part in PARTS})
        return matrix

    def _keep_for_a_while(self, key: str, matrix: TravelMatrix) -> None:
        if len(self._lately) >= MOST_LATELY:  # the oldest goes, or what another thread has left
            self._lately.pop(next(iter(tuple(self._lately)), ""), None)
        self._lately[key] = matrix

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """The source's line."""
        return self.source.line(places, profile=profile)

    def _key(self, places: Sequence[Place], profile: str, hour: datetime | None) -> str | None:
        fingerprint = self.source.fingerprint()
        if fingerprint is None:
            return None
        when = hour.strftime("%u %H") if hour else ""
        digest = sha256(repr((fingerprint, profile, when)).encode())
        digest.update(degrees_of(places).tobytes())
        return f"matrix-{digest.hexdigest()}"

    def _kept(self, key: str | None, size: int) -> TravelMatrix | None:
        arrays = self.cache.get(key) if key is not None else None
        if arrays is None or set(arrays) != set(PARTS):
            return None
        shapes = [arrays[part].shape for part in PARTS]
        if shapes != [(size, size), (size, size), (size,)]:
            return None
        return TravelMatrix(**{part: arrays[part] for part in PARTS})
