"""Breaks of which nobody knows when they are taken are put where they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.planning.made import Board, at, day, job, technician

from dispatch.domain.day import Day
from dispatch.domain.shift import Break
from dispatch.domain.window import Window
from dispatch.planning.compile import compile_day
from dispatch.planning.rests import rested
from dispatch.solver.timing import time_routes


def noon(closes: int) -> Day:
    """Two jobs one after the other, the second at a time that the first allows just so."""
    shift = technician("T1").shifts[0]
    rest = Break(earliest=at(9), latest=at(14), duration_s=3_600)
    who = replace(technician("T1"), shifts=(replace(shift, breaks=(rest,)),))
    second = replace(job("J2"), windows=(Window(start=at(9), end=at(closes)),))
    return day([job("J1"), second], [who])


def test_a_break_that_spoils_the_day_where_it_is_is_taken_elsewhere() -> None:
    compiled = compile_day(noon(10), Board())
    first, second, rest = 0, 1, len(compiled.visits)
    early = [np.array([first, rest, second])]
    assert time_routes(compiled.problem, early).solution is None
    rows, timed = rested(compiled, early)
    assert timed.solution is not None
    assert rows[0].tolist() == [first, second, rest]


def test_what_breaks_a_rule_wherever_the_break_is_stays_as_it_was() -> None:
    made = noon(10)
    late = replace(made.jobs[0], windows=(Window(start=at(12), end=at(13)),))
    compiled = compile_day(replace(made, jobs=(late, made.jobs[1])), Board())
    given = [np.array([0, len(compiled.visits), 1])]
    rows, timed = rested(compiled, given)
    assert timed.solution is None
    assert rows[0].tolist() == given[0].tolist()


def test_what_holds_is_left_alone() -> None:
    compiled = compile_day(noon(15), Board())
    given = [np.array([0, len(compiled.visits), 1])]
    rows, timed = rested(compiled, given)
    assert timed.solution is not None
    assert rows is given


@pytest.fixture(autouse=True)
def _day_is_long_enough() -> None:
    shift = technician("T1").shifts[0]
    assert shift.end - shift.start > timedelta(hours=7)
