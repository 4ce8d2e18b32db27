"""Who can be benchmarked: our own engines, and the peers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from dispatch.bench.features import Feature, features
from dispatch.errors import Finding, InvalidInput, Unavailable
from dispatch.solver.engines import engine_names
from dispatch.solver.problem import Problem


@dataclass(frozen=True, slots=True)
class Peer:
    """Another solver, behind the engine interface."""

    package: str
    """What has to be importable."""
    module: str
    """Holds ``EXPRESSES`` and the engine."""
    engine: str
    """The engine's class in the module."""


PEERS = {
    "pyvrp": Peer("pyvrp", "dispatch.bench.peers.pyvrp_engine", "PyvrpEngine"),
    "vroom": Peer("vroom", "dispatch.bench.peers.vroom_engine", "VroomEngine"),
}


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine that is run, and what it can express."""

    name: str
    target: str
    """What the child process loads: a name of the registry, or ``module:class``."""
    expresses: frozenset[Feature] | None = None
    """None: all of it."""

    def lacks(self, problem: Problem) -> tuple[Feature, ...]:
        """What the problem uses and this engine cannot express, in alphabetical order."""
        if self.expresses is None:
            return ()
        return tuple(sorted(features(problem) - self.expresses))


def contenders(names: Collection[str]) -> tuple[Contender, ...]:
    """The engines and peers of these names.

    Raises
    ------
    InvalidInput
        Names that nobody has; every one is listed.
    Unavailable
        A peer is not installed.
    """
    known = (*engine_names(), *PEERS)
    findings = [
        Finding("bench.engine.unknown", values={"name": name, "known": ", ".join(known)})
        for name in names
        if name not in known
    ]
    if findings:
        raise InvalidInput(findings)
    return tuple(_contender(name) for name in dict.fromkeys(names))


def _contender(name: str) -> Contender:
    if name in engine_names():
        return Contender(name, name)
    peer = PEERS[name]
    if find_spec(peer.package) is None:
        raise Unavailable("bench.peer.missing", name=name)
    expresses: frozenset[Feature] = import_module(peer.module).EXPRESSES
    return Contender(name, f"{peer.module}:{peer.engine}", expresses)
