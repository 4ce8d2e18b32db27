"""A table of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dispatch.errors import Refused

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class StateTable(Generic[S, A]):
    """From which states an action leads where; what is not in it cannot happen."""

    thing: str
    """As codes name it: ``visit``."""
    first: S
    moves: Mapping[A, Mapping[S, S]]

    def after(self, action: A, state: S) -> S:
        """The state that ``action`` leads to.

        Raises
        ------
        Refused
            ``state.THING``: not in this state. The values name the action, the state, and those
            from which it can happen.
        """
        following = self.moves[action].get(state)
        if following is None:
            allowed = ", ".join(self.moves[action])
            raise Refused(
                f"state.{self.thing}", action=action.value, state=state.value, allowed=allowed
            )
        return following

    def allowed(self, state: S) -> tuple[A, ...]:
        """What can happen in a state."""
        return tuple(action for action, steps in self.moves.items() if state in steps)

    def final(self, state: S) -> bool:
        """Whether nothing can happen any more."""
        return not self.allowed(state)
