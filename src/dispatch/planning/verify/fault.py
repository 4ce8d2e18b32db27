"""What the checker finds wrong with a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch import texts
from dispatch.errors import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule that a plan breaks, where, and by how much.

    The sentence stands in :mod:`dispatch.texts` under ``fault.CODE``.
    """

    code: str
    technician: str | None = None
    shift: str | None = None
    job: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    """A number carries its unit in its name: ``by_s``."""

    @property
    def where(self) -> str:
        """The route and the job, as far as the fault concerns one."""
        return ", ".join(part for part in (self.technician, self.shift, self.job) if part)

    def sentence(self, lang: str = "en") -> str:
        """What is wrong; seconds are shown as h:mm:ss."""
        values = {name: _shown(name, value) for name, value in self.values.items()}
        return texts.say(f"fault.{self.code}", lang, **values)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{where}{self.code}: {self.sentence()}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The checker's word on a plan."""

    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the plan keeps every rule and says of itself only what is true."""
        return not self.faults


def _shown(name: str, value: Value) -> Value:
    if not (name.endswith("_s") and isinstance(value, int)):
        return value
    sign, seconds = "-" if value < 0 else "", abs(value)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
