"""What inserting a job costs at every position of every route of a plan, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.board import full_copy
from dispatch.solver.kernels.columns import LENGTH
from dispatch.solver.kernels.everywhere import insert_everywhere
from dispatch.solver.kernels.insertion import IMPOSSIBLE
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import empty_memo
from dispatch.solver.kernels.model import model_of
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import Problem
from dispatch.solver.timing import board_of


class Everywhere:
    """A plan made ready once, to be asked about one visit after another; not by two threads."""

    def __init__(self, problem: Problem, routes: Sequence[npt.ArrayLike]) -> None:
        """Time the routes of a plan that holds.

        Parameters
        ----------
        routes
            For each vehicle its activities, as in :attr:`Solution.routes`.

        Raises
        ------
        ValueError
            The routes break a rule.
        """
        rows = [np.asarray(route, dtype=np.int64).ravel() for route in routes]
        self._model = model_of(problem)
        self._board = board_of(problem, self._model, rows)
        if settle_all(self._model, self._board) != FINE:
            raise ValueError("the routes break a rule")
        self._trial = full_copy(self._board)
        self._memo = empty_memo(self._board)
        self._positions = int(self._board.routes[:, LENGTH].max(initial=0)) + 1

    @property
    def rows(self) -> tuple[Ints, ...]:
        """The activities that positions count: also the breaks of a vehicle without visits."""
        lengths = self._board.routes[:, LENGTH]
        return tuple(
            row[:length].copy() for row, length in zip(self._board.sequence, lengths, strict=True)
        )

    def costs(self, visit: int) -> Ints:
        """What a visit that is not served would add at every position.

        Returns
        -------
        Ints
            (vehicles, positions) cost units, without what is saved by not leaving the job out;
            IMPOSSIBLE where a rule would break and beyond the end of a route. A visit of a crew
            can be inserted only where all others of the crew are served.
        """
        costs = np.empty((len(self._model.capacity), self._positions), dtype=np.int64)
        insert_everywhere(self._model, self._board, self._trial, self._memo, visit, costs)
        return costs


__all__ = ["IMPOSSIBLE", "Everywhere"]
