"""Colours of routes: few, told apart by colour-blind eyes too, never alike side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.report.lines import Line

COLOURS = (
    "#332288",
    "#E69F00",
    "#117733",
    "#CC6677",
    "#56B4E9",
    "#882255",
    "#44AA99",
    "#5C3A21",
    "#AA4499",
    "#999933",
)
"""From the schemes of Paul Tol (*Colour schemes*, SRON/EPS/TN/09-002) and of Okabe and Ito
(*Color universal design*, 2008), and one brown."""


def spread(centres: Sequence[Line]) -> tuple[int, ...]:
    """A colour for each centre, so that equal colours lie far apart.

    Each centre in turn takes the colour whose nearest bearer is furthest away; of equally good
    ones the first. It never takes that of the centre before it: the two stand side by side in a
    list.

    Parameters
    ----------
    centres
        (2,) each: metres east and south, the middle of what is to be coloured.
    """
    bearers: list[list[Line]] = [[] for _ in COLOURS]
    chosen: list[int] = []
    for centre in centres:
        distances = [
            min((float(np.hypot(*(centre - other))) for other in others), default=np.inf)
            for others in bearers
        ]
        open_to_it = [one for one in range(len(COLOURS)) if [one] != chosen[-1:]]
        colour = max(open_to_it, key=distances.__getitem__)
        bearers[colour].append(centre)
        chosen.append(colour)
    return tuple(chosen)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``colour`` (WCAG 2.2 contrast ratio)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#ffffff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
