"""The home health care set behind the interface that all sets share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dispatch.formats.benchmarks.hhcrsp import checker, published, solution, solving
from dispatch.formats.benchmarks.hhcrsp.model import CareDay, CarePlan
from dispatch.formats.benchmarks.instance import BestKnown, CheckedCost
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class HhcrspInstance:
    """One instance of the set."""

    source: Path
    day: CareDay
    set_name: str = "hhcrsp"

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.source.stem

    @property
    def solution_suffix(self) -> str:
        """Of the set's solution files."""
        return ".json"

    def best_known(self) -> BestKnown | None:
        """Check the cheapest solution file beside the instance against the published table."""
        candidates = [
            (checked, path)
            for path in published.solution_files(self.source)
            for checked in [self.check(self.read_solution(path))]
        ]
        if not candidates:
            return None
        checked, path = min(candidates, key=lambda each: _rank(each[0]))
        stated = published.stated_cost(self.source)
        agrees = stated is None or published.as_printed(checked.cost) == stated
        holds = checked.verified and not checked.unserved
        return BestKnown(path, checked, stated, holds and agrees)

    def read_solution(self, path: Path) -> CarePlan:
        """Read ``routes[].locations[]``."""
        return solution.read_solution(path)

    def check(self, plan: CarePlan) -> CheckedCost:
        """Recompute times, rules and cost."""
        return checker.check(self.day, plan)

    def write(self, plan: CarePlan, path: Path) -> None:
        """Write ``routes[].locations[]``."""
        solution.write_solution(plan, path)

    def to_problem(self) -> Problem:
        """State it for the solver."""
        return solving.to_problem(self.day)

    def from_solution(self, answer: Solution) -> CarePlan:
        """The solver's answer in the set's own form."""
        return solving.from_solution(self.day, answer)


def _rank(checked: CheckedCost) -> tuple[bool, int, float]:
    return not checked.verified, len(checked.unserved), checked.cost
