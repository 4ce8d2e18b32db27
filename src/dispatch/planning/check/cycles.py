"""Nothing waits for itself: neither jobs nor the tree of outlets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from dispatch.domain.day import Day
from dispatch.errors import Finding
from dispatch.planning.check.pointer import at


def cycles(day: Day) -> Iterator[Finding]:
    """One finding for each circle of dependencies, and for each of outlets."""
    places = {job.id: index for index, job in enumerate(day.jobs)}
    waits = {job.id: {before.job for before in job.dependencies} for job in day.jobs}
    for circle in circles(waits):
        where = at("jobs", places[circle[0]], "dependencies")
        yield Finding("job.dependency-cycle", where, {"circle": " → ".join(circle)})
    numbers = {outlet.id: index for index, outlet in enumerate(day.outlets)}
    parents = {outlet.id: {outlet.parent} if outlet.parent else set() for outlet in day.outlets}
    for circle in circles(parents):
        where = at("outlets", numbers[circle[0]], "parent")
        yield Finding("outlet.cycle", where, {"circle": " → ".join(circle)})


def circles(waits: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Circles as lists whose last entry is the first; each is cut once it is told."""
    left = {name: set(before) for name, before in waits.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            yield circle
            left[circle[1]].discard(circle[0])
        else:
            return
