"""A register of planted faults: each a small change, and the codes that it must bring about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.planning.faults.edits import Case

Change: TypeAlias = Callable[[Case], Case]


@dataclass(frozen=True, slots=True)
class Planted:
    """A change to the sound case, and exactly the codes of the faults that it makes."""

    change: Change
    codes: frozenset[str]
    priced: bool
    """The plan then states what it costs: only the planted fault is left."""

    def case(self, sound: Case) -> Case:
        case = self.change(sound)
        return case.repriced() if self.priced else case


PLANTED: list[Planted] = []


def plants(*codes: str, priced: bool = True) -> Callable[[Change], Change]:
    """Enter a change in the register."""

    def enter(change: Change) -> Change:
        PLANTED.append(Planted(change, frozenset(codes), priced))
        return change

    return enter
