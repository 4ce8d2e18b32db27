"""What a run has seen."""

from __future__ import annotations

from dispatch.planning.standing import Board, Seat, Standing
from dispatch.store.rows.plans import RunRow

BETWEEN = "\n"
"""No key of a job has it."""


def taken_of(board: Board) -> dict[str, int]:
    """The versions of all visits, to be kept with a run."""
    return {f"{seat.job}{BETWEEN}{seat.seat}": found.version for seat, found in board.items()}


def taken_board(run: RunRow) -> dict[Seat, Standing]:
    """The board as it was when the day was read; of where visits stood nothing is known."""
    found = {}
    for name, version in (run.taken or {}).items():
        job, _, seat = name.rpartition(BETWEEN)
        found[Seat(job, int(seat))] = Standing(version=version, spot=None)
    return found
