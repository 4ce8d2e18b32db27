"""Instances of published sets, read once and grouped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dispatch.bench.outcome import Reproduction
from dispatch.bench.score import reproduction
from dispatch.errors import Finding, InvalidInput, Place
from dispatch.formats.benchmarks.instance import CheckedCost
from dispatch.formats.benchmarks.sources import Instance, find_instances, read_instance
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Case:
    """An instance, what the solver sees of it, and the figure to compare with."""

    instance: Instance
    problem: Problem
    published: Reproduction

    @property
    def group(self) -> str:
        """Instances of one set and one folder are averaged together."""
        folder = self.instance.source.parent.name
        set_name = self.instance.set_name
        return set_name if folder == set_name else f"{set_name} {folder}"

    @property
    def is_tied(self) -> bool:
        """Whether visits wait for one another, which takes another search."""
        return len(self.problem.links.before) > 0

    def checked(self, solution: Solution) -> CheckedCost:
        """What the set's own checker makes of a solution."""
        return self.instance.check(self.instance.from_solution(solution))

    def gap_pct(self, checked: CheckedCost) -> float | None:
        """Percent over the best known; None where the two cannot be compared."""
        best = self.published.cost
        if not best or checked.unserved or checked.errors:
            return None
        return 100 * (checked.cost - best) / best


@lru_cache(maxsize=8)
def opened(path: Path) -> Case:
    """The instance in a file, with its published solution checked."""
    instance = read_instance(path)
    return Case(instance, instance.to_problem(), reproduction(instance))


def cases(paths: Sequence[Path]) -> Iterator[Case]:
    """Every instance at ``paths`` that can be read; what is wrong with others is said.

    Raises
    ------
    InvalidInput
        A path holds no instance, or two instances have one name, and so one solution file.
    """
    names: Counter[tuple[str, str]] = Counter()
    for path in find_instances(paths):
        try:
            case = opened(path)
        except InvalidInput as error:
            _say(error.findings)
            continue
        _say(case.published.findings)
        name = (case.instance.set_name, case.instance.name)
        names[name] += 1
        if names[name] > 1:
            place = Place(file=str(path))
            raise InvalidInput([Finding("bench.instance.repeated", place, {"name": name[1]})])
        yield case


def _say(findings: Sequence[Finding]) -> None:
    for finding in findings:
        print(finding, file=sys.stderr)
