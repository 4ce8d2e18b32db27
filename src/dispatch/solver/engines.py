"""Engines by name. An engine's libraries are imported when it is asked for, not before."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from dispatch.errors import InvalidValue
from dispatch.solver.engine import Engine

_PATHS = {
    "lns": "dispatch.solver.lns.engine:Lns",
    "portfolio": "dispatch.solver.portfolio.engine:Portfolio",
    "partition": "dispatch.solver.partition.engine:Partition",
    "greedy": "dispatch.solver.greedy:Greedy",
    "cpsat": "dispatch.solver.cpsat.engine:Cpsat",
    "ortools": "dispatch.solver.ortools_routing.engine:Ortools",
}


def engine_names() -> tuple[str, ...]:
    """What can be asked for."""
    return tuple(_PATHS)


def engine_path(name: str) -> str:
    """Where an engine stands, as ``module:class``.

    A name with a colon is such a path already. It runs whatever code it names: names that come
    from outside are to be looked up in :func:`engine_names` first.

    Raises
    ------
    InvalidValue
        No engine has this name.
    """
    if ":" in name:
        return name
    if name not in _PATHS:
        raise InvalidValue("engine.unknown", value=name, known=", ".join(_PATHS))
    return _PATHS[name]


def load_engine(name: str) -> Engine:
    """Import an engine and make one; raises as :func:`engine_path`."""
    module, _, attribute = engine_path(name).partition(":")
    return cast("Engine", getattr(import_module(module), attribute)())
