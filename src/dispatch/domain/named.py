"""What a file says of what holds for the whole network; what it does not name stays as it is.

A name says where it stands in a day: ``zone``, ``speeds``, ``policy/wage_minor_per_h``, and for a
price by priority ``policy/unserved_minor/1``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from dispatch.domain.policy import PRIORITIES, Policy

Named = frozenset[str]

PRICES = tuple(entry.name for entry in fields(Policy))
CURRENCY = "policy/currency"
BY_PRIORITY = tuple(name for name in PRICES if isinstance(getattr(Policy(), name), Mapping))


def _everything() -> Iterator[str]:
    yield from ("zone", "speeds")
    for name in PRICES:
        if name in BY_PRIORITY:
            yield from (f"policy/{name}/{priority}" for priority in PRIORITIES)
        else:
            yield f"policy/{name}"


EVERYTHING: Named = frozenset(_everything())


def with_named(policy: Policy, given: Policy, named: Named) -> Policy:
    """A policy with those prices of another that are named; the others stay as they are."""
    prices: dict[str, Any] = {}
    for name in PRICES:
        if name in BY_PRIORITY:
            wanted = {
                priority: minor
                for priority, minor in getattr(given, name).items()
                if f"policy/{name}/{priority}" in named
            }
            prices[name] = {**getattr(policy, name), **wanted}
        elif f"policy/{name}" in named:
            prices[name] = getattr(given, name)
    return replace(policy, **prices)


def differing(policy: Policy, other: Policy) -> Iterator[tuple[str, Any, Any]]:
    """The prices in which two policies differ, by name."""
    for name in PRICES:
        one, two = getattr(policy, name), getattr(other, name)
        if name not in BY_PRIORITY:
            if one != two:
                yield f"policy/{name}", one, two
            continue
        for priority in PRIORITIES:
            if one[priority] != two[priority]:
                yield f"policy/{name}/{priority}", one[priority], two[priority]
