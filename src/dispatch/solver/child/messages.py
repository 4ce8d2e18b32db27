"""What parent and child say to each other.

The parent sends one pickled :class:`Order`. From then on both send lines of JSON, since what a
broken child says must not be able to run anything in the parent.

======  ==========================================================================================
child   ``ready`` to solve; ``best``: a better plan; ``meet``: it waits for an ``answer``;
        ``done``; ``failed``
parent  ``go``: the clock starts; ``answer``: a better plan, or none; ``stop`` soon
======  ==========================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TypeGuard

from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

KINDS = frozenset({"ready", "best", "meet", "done", "failed", "go", "answer", "stop"})
LONGEST_LINE = 2**26
"""Bytes. A million activities fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the child is to do."""

    engine: str
    problem: Problem
    stop: Stop
    seed: int
    initial: Solution | None
    meetings: int = 0
    """How often to exchange plans with others on the way, where the engine can."""
    member: int = 0
    """Which of those that search side by side it is."""
    cores: int | None = None
    """How many an engine that spreads over several may use; all, if nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A line."""

    kind: str
    """One of :data:`KINDS`."""
    shares: bool = False
    """Said when ready: it will meet the others."""
    routes: tuple[tuple[int, ...], ...] | None = None
    status: str = ""
    iterations: int = 0
    lower_bound: int | None = None
    text: str = ""

    def line(self) -> bytes:
        """As it is sent."""
        return json.dumps(asdict(self)).encode() + b"\n"


def best(solution: Solution) -> Message:
    """A better solution was found."""
    return Message(kind="best", routes=routes_of(solution))


def done(result: Result) -> Message:
    """The engine came to its end."""
    return Message(
        kind="done",
        routes=routes_of(result.solution) if result.solution is not None else None,
        status=result.status.value,
        iterations=result.iterations,
        lower_bound=result.lower_bound,
        text=result.message,
    )


def routes_of(solution: Solution) -> tuple[tuple[int, ...], ...]:
    """The routes as plain numbers; all else is computed from them again."""
    return tuple(tuple(route.tolist()) for route in solution.routes)


def read_message(line: bytes) -> Message:
    """What a line says.

    Raises
    ------
    ValueError
        It is no message of ours.
    """
    given = json.loads(line)
    if not isinstance(given, dict) or set(given) != {field.name for field in fields(Message)}:
        raise ValueError("no message")
    message = Message(**given)
    if not _sound(message):
        raise ValueError("a field of another kind")
    return message


def _sound(message: Message) -> bool:
    return (
        message.kind in KINDS
        and (type(message.iterations), type(message.shares)) == (int, bool)
        and (message.routes is None or _are_routes(message.routes))
        and (message.kind != "best" or message.routes is not None)
        and (message.kind != "done" or message.status in set(Status))
        and (message.lower_bound is None or type(message.lower_bound) is int)
        and isinstance(message.text, str)
    )


def _are_routes(routes: object) -> bool:
    return _is_list(routes) and all(
        _is_list(route) and all(type(entry) is int and 0 <= entry < 2**31 for entry in route)
        for route in routes
    )


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)
