"""The routing kinds behind the interface that all sets share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dispatch.formats.benchmarks.instance import BestKnown, CheckedCost
from dispatch.formats.benchmarks.vrplib import checker, solution, solving
from dispatch.formats.benchmarks.vrplib.model import RoutingCase, VehicleRoutes
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class VrplibInstance:
    """One instance of a routing set."""

    source: Path
    case: RoutingCase

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.source.stem

    @property
    def set_name(self) -> str:
        """The kind: ``vrptw``, ``sdvrptw``, ``pcvrptw`` or ``mdvrptw``."""
        return self.case.kind

    @property
    def solution_suffix(self) -> str:
        """Of the set's solution files."""
        return ".sol"

    def best_known(self) -> BestKnown | None:
        """Check ``NAME.sol``, which states its cost itself."""
        path = self.source.with_suffix(".sol")
        if not path.is_file():
            return None
        routes = self.read_solution(path)
        checked = self.check(routes)
        holds = checked.verified and not checked.unserved
        return BestKnown(
            path, checked, routes.stated_cost, holds and checked.cost == routes.stated_cost
        )

    def read_solution(self, path: Path) -> VehicleRoutes:
        """Read a ``.sol`` file."""
        return solution.read_solution(path)

    def check(self, routes: VehicleRoutes) -> CheckedCost:
        """Recompute times, rules and cost."""
        return checker.check(self.case, routes)

    def write(self, routes: VehicleRoutes, path: Path) -> None:
        """Write a ``.sol`` file."""
        solution.write_solution(routes, self.check(routes).cost, path)

    def to_problem(self) -> Problem:
        """State it for the solver."""
        return solving.to_problem(self.case)

    def from_solution(self, answer: Solution) -> VehicleRoutes:
        """The solver's answer in the set's own form."""
        return solving.from_solution(self.case, answer)
