"""Who may take which visit and at what price, for all pairs of a day at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.domain.policy import Policy
from dispatch.planning.duty import Duty
from dispatch.planning.rules import PRICES, rules_of
from dispatch.planning.rules.room import late_s
from dispatch.planning.rules.rule import Price, Rule
from dispatch.planning.tabulate import tabulate
from dispatch.planning.visit import Visit

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEVER_S = -(2**41)
"""The end of a window that is not there."""


def eligible(visits: Sequence[Visit], duties: Sequence[Duty], policy: Policy) -> Bools:
    """Who may take which visit by every rule but those of time, (visits, duties)."""
    allowed = np.ones((len(visits), len(duties)), dtype=np.bool_)
    for rule in rules_of(policy):
        allowed &= _holds(rule, visits, duties)
    return allowed


def _holds(rule: Rule[Any, Any], visits: Sequence[Visit], duties: Sequence[Duty]) -> Bools:
    return tabulate(
        [rule.asks(visit) for visit in visits],
        [rule.offers(duty) for duty in duties],
        lambda asked, offered: rule.compare(asked, offered) is None,
        np.bool_,
    )


def prices_minor(visits: Sequence[Visit], duties: Sequence[Duty], policy: Policy) -> Ints:
    """What giving a visit to a duty costs on top of time and way, (visits, duties) minor units."""
    total = np.zeros((len(visits), len(duties)), dtype=np.int64)
    for price in PRICES:
        total += _priced(price, visits, duties, policy)
    return total


def _priced(
    price: Price[Any, Any], visits: Sequence[Visit], duties: Sequence[Duty], policy: Policy
) -> Ints:
    return tabulate(
        [price.asks(visit) for visit in visits],
        [price.offers(duty) for duty in duties],
        lambda asked, offered: price.compare(asked, offered, policy),
        np.int64,
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """Travel between visits and the two ends of duties, 0 at an open end."""

    out_s: Ints
    """(visits, duties)"""
    back_s: Ints
    """(visits, duties)"""


def reachable(
    visits: Sequence[Visit], duties: Sequence[Duty], work_s: Ints, ways: Ways | None = None
) -> Bools:
    """Whom the rules of time allow a visit, (visits, duties).

    Parameters
    ----------
    work_s
        (visits, duties) without set-up.
    ways
        None counts no travel: who could not do it even if they were there already.
    """
    if not visits or not duties:
        return np.zeros((len(visits), len(duties)), dtype=np.bool_)
    setup = np.array([visit.site.setup_s for visit in visits], dtype=np.int64)[:, None]
    out, back = (ways.out_s, ways.back_s) if ways else (0, 0)
    late = late_s(
        _padded([visit.windows for visit in visits], axis=1),
        _padded([duty.stretches for duty in duties], axis=0),
        out_s=out,
        work_s=setup + work_s,
        back_s=back,
    )
    most = np.array(
        [-1 if duty.shift.max_travel_s is None else duty.shift.max_travel_s for duty in duties]
    )
    return np.asarray(late <= 0) & ((most < 0) | (np.asarray(out + back) <= most))


def _padded(spans: Sequence[Sequence[tuple[int, int]]], axis: int) -> list[tuple[Ints, Ints]]:
    """The n-th span of every entry as a column (axis 1) or a row (axis 0), as many as there are."""
    longest = max(len(own) for own in spans)
    columns = []
    for at in range(max(1, longest)):
        nth = [own[at] if at < len(own) else (0, NEVER_S) for own in spans]
        pairs = np.expand_dims(np.array(nth, dtype=np.int64), axis=axis)
        columns.append((pairs[..., 0], pairs[..., 1]))
    return columns
