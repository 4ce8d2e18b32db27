"""What a worker is sent, and what it does with it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cache

from dispatch.solver.arrays import Ints
from dispatch.solver.child.guards import die_with_parent, ignore_interrupts
from dispatch.solver.child.rehearsal import rehearse
from dispatch.solver.engine import Annealing, Engine, Stop
from dispatch.solver.engines import load_engine
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOrder:
    """A part to be solved."""

    engine: str
    problem: Problem
    routes: tuple[Ints, ...]
    """The part's, as they are."""
    stop: Stop
    seed: int
    warmth: float = 1.0
    """How hot a search that cools down begins, as a part of its usual first temperature."""

    def packed(self) -> bytes:
        """As it is sent.

        The usual pickling of an executor would make arrays writeable, and kernels compile anew for
        those.
        """
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)


def start_worker(engine: str) -> None:
    """Load everything before the first order comes."""
    ignore_interrupts()
    die_with_parent()
    _engine(engine)


def solve_part(packed: bytes) -> tuple[Ints, ...] | None:
    """Routes that are better than those in the order, or None. For :meth:`PartOrder.packed`."""
    order: PartOrder = pickle.loads(packed)  # noqa: S301 - from the process that started this one
    initial = time_routes(order.problem, order.routes).solution
    if initial is None:
        return None
    engine = _engine(order.engine)
    if isinstance(engine, Annealing):
        engine = engine.begun_at(order.warmth)
    result = engine.solve(order.problem, order.stop, seed=order.seed, initial=initial)
    found = result.solution
    return found.routes if found is not None and found.cost < initial.cost else None


@cache
def _engine(name: str) -> Engine:
    engine = load_engine(name)
    rehearse(engine)
    return engine
