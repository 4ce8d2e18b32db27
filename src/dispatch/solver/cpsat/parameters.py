"""How CP-SAT is to search: one worker, one seed, and an end that is counted, not timed."""

from __future__ import annotations

from ortools.sat.python import cp_model


def new_solver(seed: int, *, seconds: float, effort: float | None = None) -> cp_model.CpSolver:
    """A solver that repeats its search where ``effort`` ends it.

    Parameters
    ----------
    seconds
        Of wall time.
    effort
        Of the library's deterministic time, about seconds of a usual core.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # Else the library sets Ctrl-C to the system's default when it is done: the process would die.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = max(seconds, 1e-3)
    if effort is not None:
        solver.parameters.max_deterministic_time = max(effort, 1e-6)
    return solver
