"""Which places cannot be reached from the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from dispatch.domain.position import Place
from dispatch.errors import Finding
from dispatch.travel.ellipsoid import Floats


def unreachable(places: Sequence[Place], seconds: Floats) -> Iterator[Finding]:
    """A finding for each place that is cut off from the most of the others.

    Parameters
    ----------
    places
        The places.
    seconds
        (places, places); NaN or infinite where there is no way.
    """
    reached = np.isfinite(seconds)
    if reached.all():
        return
    together = same_part(reached)
    for place in np.flatnonzero(~together).tolist():
        yield Finding("travel.place.unreachable", values={"id": places[place].id})
    # Without the places cut off a single pair may still have no way, in one direction.
    missing = ~reached & together[:, None] & together[None, :]
    for origin, destination in np.argwhere(missing).tolist():
        values = {"origin": places[origin].id, "destination": places[destination].id}
        yield Finding("travel.pair.unreachable", values=values)


def same_part(reached: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which places belong to the largest group whose members reach one another, (places,)."""
    _, part = connected_components(csr_array(reached.astype(np.int8)), connection="strong")
    return np.equal(part, np.bincount(part).argmax())
