"""Job types: templates of jobs, with fields of their own and checklists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.completion import NO_DEMANDS, Demands
from dispatch.domain.job import JobType
from dispatch.errors import InvalidValue
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import add_keyed, see_all
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.job_types import JobTypeRow, ServiceItemRow
from dispatch.store.said import said
from dispatch.store.skills import see_asked
from dispatch.store.work import Work, expect

MOST_ITEMS = 200
MOST_SCHEMA = 20_000
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a technician has to go through."""

    id: str
    text: str
    required: bool = False

    def __post_init__(self) -> None:
        checks.identifier("checklist.id", self.id)
        checks.words("checklist.text", self.text, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A job type in the words of the day format, and what is not in them."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    job_type: JobType
    fields: Mapping[str, Any] | None = None
    """JSON Schema (draft 2020-12) of a job's own fields."""
    checklist: Sequence[Item] = ()
    demands: Demands = NO_DEMANDS
    """What has to be shown when a visit is completed."""

    def __post_init__(self) -> None:
        checks.within("job_type.checklist", len(self.checklist), 0, MOST_ITEMS)
        checks.distinct("job_type.checklist", (item.id for item in self.checklist))
        if self.fields is not None:
            _check_schema(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """A priced line."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}
    """What is sent as one of these has no other fields."""

    name: str
    fee_minor: int
    currency: str

    def __post_init__(self) -> None:
        checks.words("service_item.name", self.name, 200)
        checks.price("service_item.fee_minor", self.fee_minor)
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise InvalidValue("service_item.currency", value=self.currency[:20])


def create_job_type(database: Database, actor: Actor, template: Template) -> UUID:
    """Let jobs of a new type be ordered.

    Raises
    ------
    Missing, Refused
        There is no such skill; ``key.taken``, ``skill.retired``, ``network.shared``.
    """
    with database.work(actor) as work:
        see_all(work)
        row = JobTypeRow(id=new_id(), key=template.job_type.id)
        _write(work, row, template)
        return work.commit(add_keyed(work, row))


def change_job_type(
    database: Database, actor: Actor, job_type_id: UUID, template: Template, *, expected: int
) -> None:
    """Change a template; its key stays, and jobs of it follow.

    Raises
    ------
    Missing, Stale
        There is no such job type, or a skill that it asks for; it is not at the version expected.
    Refused
        ``skill.retired``, ``network.shared``
    """
    with database.work(actor) as work:
        see_all(work)
        row = work.get(JobTypeRow, job_type_id, lock=True)
        expect(row, expected)
        _write(work, row, template)
        work.note("job_type.changed", row)
        work.commit()


def create_service_item(database: Database, actor: Actor, key: str, item: ServiceItem) -> UUID:
    """Let something be charged; raises Refused ``key.taken``, ``network.shared``."""
    checks.identifier("service_item.id", key)
    with database.work(actor) as work:
        see_all(work)
        row = ServiceItemRow(id=new_id(), key=key, **asdict(item))
        return work.commit(add_keyed(work, row))


def change_service_item(
    database: Database, actor: Actor, item_id: UUID, item: ServiceItem, *, expected: int
) -> None:
    """Change what it costs from now on; raises Missing, Stale, Refused ``network.shared``."""
    with database.work(actor) as work:
        see_all(work)
        row = work.get(ServiceItemRow, item_id, lock=True)
        expect(row, expected)
        row.name, row.fee_minor, row.currency = item.name, item.fee_minor, item.currency
        work.note("service_item.changed", row)
        work.commit()


def _write(work: Work, row: JobTypeRow, template: Template) -> None:
    frame = Frame(work.session, Span(work.now, work.now))
    see_asked(work, template.job_type)
    JobTypes().write(row, template.job_type, frame)
    row.fields = None if template.fields is None else dict(template.fields)
    row.checklist = [asdict(item) for item in template.checklist]
    row.demands = said(template.demands)


def _check_schema(schema: Mapping[str, Any]) -> None:
    """A schema of ours looks nothing up elsewhere, and is of a sensible size."""
    checks.kept(schema)
    text = str(dict(schema))
    if len(text) > MOST_SCHEMA or "$ref" in text or "$dynamicRef" in text or "pattern" in text:
        raise InvalidValue("job_type.schema", reason="$ref, pattern, or too long")
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        raise InvalidValue("job_type.schema", reason=error.message[:200]) from None
