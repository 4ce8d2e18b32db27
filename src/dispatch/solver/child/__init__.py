"""Engines run in a child process, so that a crash, a hang or a lie of one is only an answer."""

from __future__ import annotations

from dispatch.solver.child.parent import run

__all__ = ["run"]
