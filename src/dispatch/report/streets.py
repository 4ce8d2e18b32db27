"""The streets under the routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

import numpy as np

from dispatch.domain.position import Position
from dispatch.report.lines import Frame, Line, clipped, simplified
from dispatch.report.projection import Projection

TOLERANCE_M = 2.5
"""A street is drawn at most this far from where it is: less than a pixel at city scale."""


class Street(Protocol):
    """What a picture needs to know of a street."""

    @property
    def line(self) -> Sequence[Position]:
        """Its course."""
        ...

    @property
    def kind(self) -> str:
        """Its class, as OpenStreetMap's ``highway`` names it: ``residential``."""
        ...


class StreetWeight(StrEnum):
    """How heavily a street is drawn."""

    MAJOR = "major"
    MIDDLE = "middle"
    MINOR = "minor"


WEIGHTS = {
    "motorway": StreetWeight.MAJOR,
    "trunk": StreetWeight.MAJOR,
    "primary": StreetWeight.MAJOR,
    "secondary": StreetWeight.MIDDLE,
    "tertiary": StreetWeight.MIDDLE,
}


def street_lines(
    streets: Sequence[Street], projection: Projection, frame: Frame
) -> Mapping[StreetWeight, tuple[Line, ...]]:
    """The streets inside ``frame``, simplified, by the weight of their line."""
    drawn: dict[StreetWeight, list[Line]] = {weight: [] for weight in StreetWeight}
    everything = projection.flat([point for street in streets for point in street.line])
    ends = np.cumsum([0, *(len(street.line) for street in streets)])
    for street, (first, last) in zip(streets, pairwise(ends), strict=True):
        weight = WEIGHTS.get(street.kind.removesuffix("_link"), StreetWeight.MINOR)
        for part in clipped(everything[first:last], frame):
            drawn[weight].append(simplified(part, TOLERANCE_M))
    return {weight: tuple(lines) for weight, lines in drawn.items()}
