"""What every part has in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dispatch.domain.skill import SkillNeeds
from dispatch.formats.tables.findings import Findings
from dispatch.formats.tables.headings import Slot
from dispatch.formats.tables.rows import Row

NEEDS = ("all_of", "any_of", "none_of")


def values_of(
    thing: object, keys: Iterable[str], index: int = 0, prefix: str = ""
) -> dict[Slot, Any]:
    """The fields of a value object by column, without what is not said."""
    values = {key: getattr(thing, key) for key in keys}
    return {
        (prefix + key, index): value
        for key, value in values.items()
        if value is not None and value not in ("", (), {})
    }


def complete(row: Row, found: Findings, *keys: str, index: int = 0) -> bool:
    """Whether all these cells have a value; a finding for each that is empty."""
    for key in keys:
        if (key, index) not in row.values and (key, index) not in row.broken:
            row.wrong(found, "cell.missing", key, index)
    return all((key, index) in row.values for key in keys)


def read_needs(row: Row) -> SkillNeeds:
    """Which skills a row asks for."""
    return SkillNeeds(**row.given(*NEEDS))
