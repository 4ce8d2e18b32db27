"""How a command ends, for scripts. The table stands in ``docs/reference/cli.md``."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell gets."""

    FINE = 0
    NO = 1
    """The command worked, and its answer is no: findings, or a plan that does not hold."""
    BAD_INPUT = 2
    """The command was called wrongly, or a file was refused."""
    UNAVAILABLE = 3
    """Something outside did not answer: a server, a folder that cannot be written, an engine."""
    DEFECT = 4
    """A mistake in the program itself."""
    INTERRUPTED = 130
    """Ctrl-C, or told to end by the system. What was found until then has been written."""
