"""What whoever sees a part of the network imports: sites and jobs of their own, and nothing else.

A day names much that is not theirs to change: prices, skills, job types, technicians. Of that, a
file may give the bare id, or say what the record says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Text, any_, literal, select

from dispatch.domain.day import Day
from dispatch.domain.named import Named
from dispatch.domain.site import Site, Territory
from dispatch.domain.skill import Skill
from dispatch.domain.technician import Technician
from dispatch.errors import Finding, InvalidInput
from dispatch.operations.import_network import named_changes, not_theirs
from dispatch.planning.check.pointer import at
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.kinds.places import Outlets, Sites, Territories
from dispatch.store.kinds.technicians import Skills, Technicians
from dispatch.store.rows.base import Keyed
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work, kind_of

R = TypeVar("R", bound=Keyed)

NOT_THEIRS: Mapping[str, Kind[Any, Any]] = {
    "skills": Skills(),
    "territories": Territories(),
    "outlets": Outlets(),
    "job_types": JobTypes(),
    "technicians": Technicians(),
}
"""By the list of the day in which they stand."""
BARE = (Skill, Territory, Technician)
"""Of these an id says enough; the others cannot be named without saying more."""
OF_ALL = ("/technicians", "job.nobody.")
"""How pointers or codes of warnings begin that speak of who works that day: the file may not know
all of them."""


def own_part(work: Work, day: Day, named: Named, frame: Frame) -> tuple[Day, int]:
    """The day with the sites and jobs alone that may be brought in, and how many sites it shares.

    Raises
    ------
    InvalidInput
        ``import.not-yours``: it would change something else; ``import.taken``: somebody else has
        the id of a site or a job; ``store.missing``: a technician whom one does not see.
    """
    found = not_theirs(named_changes(work, day, named))
    for name, kind in NOT_THEIRS.items():
        found.extend(_differing(work, kind, name, getattr(day, name), frame))
    everybodys = _everybodys(work, day.sites)
    shared = [site if site.id in everybodys else None for site in day.sites]
    found.extend(_differing(work, Sites(), "sites", shared, frame))
    found.extend(_taken(work, SiteRow, "sites", [site.id for site in day.sites]))
    found.extend(_taken(work, JobRow, "jobs", [job.id for job in day.jobs]))
    if found:
        raise InvalidInput(found)
    own = tuple(site for site in day.sites if site.id not in everybodys)
    return replace(day, sites=own), len(everybodys)


def desk_part(work: Work, day: Day, frame: Frame) -> Day:
    """The day without what a desk that sees everything may only name: the network itself.

    Shifts and absences of technicians, sites and jobs may be brought in. Of skills, territories,
    outlets, job types and technicians the file says what the record says, or the id alone.

    Raises
    ------
    InvalidInput
        ``import.not-yours``: it would change something else; ``store.missing``: a technician whom
        nobody has taken in.
    """
    found = [
        finding
        for name, kind in NOT_THEIRS.items()
        for finding in _differing(work, kind, name, getattr(day, name), frame, same=_same_person)
    ]
    if found:
        raise InvalidInput(found)
    return replace(
        day,
        skills=tuple(skill for skill in day.skills if not _is_bare(skill)),
        territories=tuple(area for area in day.territories if not _is_bare(area)),
        technicians=tuple(person for person in day.technicians if not _is_bare(person)),
    )


def own_warnings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without those that speak of all who work on the day."""
    return tuple(
        finding
        for finding in findings
        if not (finding.place.pointer or "").startswith(OF_ALL)
        and not finding.code.startswith(OF_ALL)
    )


def _same_person(one: Any, other: Any) -> bool:
    """But for when they work, which a desk may plan."""
    if isinstance(one, Technician) and isinstance(other, Technician):
        one, other = (replace(person, shifts=(), absences=()) for person in (one, other))
    return bool(one == other)


def _differing(
    work: Work,
    kind: Kind[Any, Any],
    name: str,
    values: Sequence[Any],
    frame: Frame,
    *,
    same: Callable[[Any, Any], bool] = operator.eq,
) -> Iterator[Finding]:
    """Those of which the file says something else than the record."""
    rows = _seen(work, kind.table, [value.id for value in values if value is not None])
    for index, value in enumerate(values):
        if value is None:
            continue
        place, row = at(name, index), rows.get(value.id)
        told = {"kind": kind_of(kind.table), "id": value.id}
        if row is None and isinstance(value, Technician):
            yield Finding("store.missing", place, told)
        elif row is None or not (
            _is_bare(value) or same(kind.read(row, frame), kind.filled(row, value))
        ):
            yield Finding("import.not-yours", place, told)


def _is_bare(value: Any) -> bool:
    return isinstance(value, BARE) and value == type(value)(id=value.id)


def _everybodys(work: Work, sites: Sequence[Site]) -> set[str]:
    """The sites that no outlet takes care of."""
    rows = _seen(work, SiteRow, [site.id for site in sites])
    return {key for key, row in rows.items() if row.outlet_id is None}


def _taken(work: Work, table: type[Keyed], name: str, keys: Sequence[str]) -> Iterator[Finding]:
    """Ids that somebody has whom one does not see: to say so is all that is said of them."""
    seen = set(_seen(work, table, keys))
    rest = [key for key in keys if key not in seen]
    query = select(table.key).where(_is_one_of(table, rest))
    taken = set(work.session.scalars(query, execution_options=UNSCOPED))
    for index, key in enumerate(keys):
        if key in taken:
            values = {"kind": kind_of(table), "id": key}
            yield Finding("import.taken", at(name, index, "id"), values)


def _seen(work: Work, table: type[R], keys: Sequence[str]) -> dict[str, R]:
    """The rows of these keys that the actor sees."""
    rows = work.session.scalars(select(table).where(_is_one_of(table, keys)))
    return {row.key: row for row in rows}


def _is_one_of(table: type[Keyed], keys: Sequence[str]) -> ColumnElement[bool]:
    return table.key == any_(literal(list(keys), ARRAY(Text)))
