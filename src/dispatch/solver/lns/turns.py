"""Two searches in turns, for days on which some visits are tied to others and most are not."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.arrays import Ints
from dispatch.solver.lns.moves import MovesSearch
from dispatch.solver.lns.parameters import MovesParameters
from dispatch.solver.lns.renumbered import RenumberedSearch
from dispatch.solver.lns.room import Room
from dispatch.solver.problem import Problem
from dispatch.solver.timing import Timekeeper

RUINS = 10
"""Ruins in an iteration, beside the thousand moves of one."""
A_TURN = 0.05
"""Iterations for each visit in a turn, at least: to hand a plan over takes as long as many."""
ROOM_UNTIL = 0.8
"""The part of a cycle until which room is made for what is left out, where it is the turn of ruins
to begin: what has to go for it needs time to find another place."""


class TurnsSearch:
    """Moves all visits by small moves, then ruins and recreates those that are not tied, and so on.

    Small moves alone find no room for a visit that is left out: many others would have to go
    elsewhere first. Ruins alone leave what is tied where it is. Both go on from the plan of the
    other, at the temperature of the moment.
    """

    def __init__(
        self,
        problem: Problem,
        moves: MovesSearch,
        ruins: RenumberedSearch,
        parameters: MovesParameters,
        room: Room | None,
    ) -> None:
        """Begin with the plan of ``moves``.

        Parameters
        ----------
        parameters
            How often they take turns, and how much of the time ruins have.
        room
            Makes room for what is left out; None leaves that to the two.
        """
        self._keeper = Timekeeper(problem)
        self._moves, self._ruins, self._cycles = moves, ruins, moves.cycles
        self._room = room
        self._turns, self._share = parameters.turns, parameters.ruins
        self._active: MovesSearch | RenumberedSearch = moves
        self._a_turn = int(A_TURN * problem.visit_count)
        self._turned = 0
        """Iterations since the plan was handed over."""
        self._best, self._best_cost = moves.best_routes(), moves.best_cost
        self._claimed, self._is_noted = self._best_cost, True

    def run(self, iterations: int, progress: float) -> bool:
        """Some iterations at the temperature of this moment; answers whether the best improved."""
        self._cycles.run(iterations, progress)
        _, cycled = self._cycles.at(progress)
        self._take_turns(cycled)
        each = RUINS if self._active is self._ruins else 1
        self._active.step(each * iterations, cycled)
        self._turned += iterations
        return self._improved()

    def recombine(self, progress: float) -> bool:
        """Where it is the turn of ruins, as they do."""
        if self._active is not self._ruins:
            return False
        cycle, cycled = self._cycles.at(progress)
        self._ruins.put_together(cycle, cycled, self._cycles.count)
        return self._improved()

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan.

        Ruins hold what is tied at its time, even where it could be earlier then, so what they claim
        of a plan need not be what it costs.
        """
        if not self._is_noted:
            self._is_noted = True
            routes = self._active.best_routes()
            timed = self._keeper.time(routes).solution
            if timed is not None and timed.cost < self._best_cost:
                self._best, self._best_cost = routes, timed.cost
        return self._best

    def is_cool(self, progress: float) -> bool:
        """Whether a better plan would last."""
        return self._cycles.is_cool(progress)

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes of a better plan."""
        self.best_routes()
        self._active.take(routes)

    def _take_turns(self, cycled: float) -> None:
        """Hand the plan over where the other one's turn begins."""
        moved = cycled * self._turns % 1 < 1 - self._share
        active = self._moves if moved else self._ruins
        if active is not self._active and self._turned >= self._a_turn:
            self.best_routes()  # the one that has it forgets it
            routes: Sequence[Ints] = self._active.current_routes()
            if active is self._ruins and self._room is not None:
                routes = self._room.tried(routes, more=cycled < ROOM_UNTIL)
            active.take(routes)
            self._active, self._claimed, self._turned = active, self._best_cost, 0

    def _improved(self) -> bool:
        if self._active.best_cost >= self._claimed:
            return False
        self._claimed, self._is_noted = self._active.best_cost, False
        return True
