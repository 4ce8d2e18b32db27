"""The contracted road graph: junctions, and the streets between them, in flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.travel.ellipsoid import Floats

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class RoadNetwork:
    """The largest part of a road graph in which every point reaches every other.

    A street runs from one junction to the next, through vertices that only bend it.
    """

    junctions: int
    start: Ints
    """(streets,) the junction where the street starts."""
    stop: Ints
    """(streets,) the junction where it stops."""
    forwards: Bools
    """(streets,) whether it may be used from start to stop."""
    backwards: Bools
    """(streets,) whether it may be used from stop to start."""
    kind: npt.NDArray[np.str_]
    """(streets,) OpenStreetMap's class of highway."""
    first: Ints
    """(streets + 1,) the vertices of street ``s`` are ``first[s]`` to ``first[s + 1]``."""
    vertex: Floats
    """(vertices, 2) latitude, longitude in degrees."""
    along_m: Floats
    """(vertices,) metres from the street's start."""
    forwards_s: Floats
    """(vertices,) seconds from the street's start to here; 0 where that is not allowed."""
    backwards_s: Floats
    """(vertices,) seconds from here to the street's start; 0 where that is not allowed."""
    stray: Floats
    """(points, 2) latitude, longitude on streets that are cut off from this part."""
