"""Engines run in a child process, so that a crash, a hang or a lie of one is only an answer."""

from __future__ import annotations

from dispatch.solver.child.parent import run, warm_up
from dispatch.solver.child.sharing import shared

__all__ = ["run", "shared", "warm_up"]
