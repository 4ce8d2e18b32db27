"""A register of planted faults: each a small change, and the codes that it must bring about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tests.planning.faults.edits import Case

from dispatch.errors import Value

Change: TypeAlias = Callable[[Case], Case]


@dataclass(frozen=True, slots=True)
class Planted:
    """A change to the sound case, and exactly the codes of the faults that it makes."""

    change: Change
    code: str
    """The planted fault's; the others follow from it."""
    codes: frozenset[str]
    values: Mapping[str, Value]
    """Of the planted fault, as far as the test looks at them."""
    priced: bool
    """The plan then states what it costs: only the planted fault is left."""

    def case(self, sound: Case) -> Case:
        case = self.change(sound)
        return case.repriced() if self.priced else case


PLANTED: list[Planted] = []


def plants(
    code: str, *others: str, priced: bool = True, **values: Value
) -> Callable[[Change], Change]:
    """Enter a change in the register."""

    def enter(change: Change) -> Change:
        PLANTED.append(Planted(change, code, frozenset((code, *others)), values, priced))
        return change

    return enter
