"""How bold the search is."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.errors import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class LnsParameters:
    """Parameters of ruin and recreate; the first two as in SISR (see `kernels/ruin.py`)."""

    mean_removed: float = 10
    """Visits taken off in an iteration, on average."""
    longest_string: float = 10
    """Visits taken off one route at most."""
    first_temperature: float = 1
    """As a part of what a served visit of the first plan costs on average."""
    last_temperature: float = 0.02
    """The same, at the end."""

    def __post_init__(self) -> None:
        for name in ("mean_removed", "longest_string", "first_temperature", "last_temperature"):
            if not getattr(self, name) > 0:
                raise InvalidValue("lns.positive", field=name, value=getattr(self, name))
        if self.last_temperature > self.first_temperature:
            raise InvalidValue(
                "lns.warming", first=self.first_temperature, last=self.last_temperature
            )
