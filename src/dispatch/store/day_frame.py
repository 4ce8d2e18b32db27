"""What importing a day has to know of a record that holds many more days."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.orm import selectinload

from dispatch.domain.day import Day
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.base import Keyed
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


@dataclass(slots=True)
class DayFrame(Frame):
    """Knows of jobs and sites, of which there are as many as customers, only those of the day."""

    wanted: Mapping[type[Keyed], Collection[str]] = field(default_factory=dict)
    """The keys that the day names."""

    def key(self, table: type[Keyed], id: UUID) -> str:  # noqa: A002
        """The key of an id; asked for alone where the day does not name it."""
        self._table(table)
        if id not in self._keys[table]:
            query = select(table.key).where(table.id == id)
            self._keys[table][id] = self.session.scalars(query, execution_options=UNSCOPED).one()
        return self._keys[table][id]

    def _table(self, table: type[Keyed]) -> dict[str, UUID]:
        if table in self.wanted and table not in self._known:
            keys = literal(list(self.wanted[table]), ARRAY(Text))
            rows = self.session.execute(select(table.key, table.id).where(table.key == any_(keys)))
            self._known[table] = {row.key: row.id for row in rows}
            self._keys[table] = {id_: key for key, id_ in self._known[table].items()}
        return Frame._table(self, table)  # noqa: SLF001 - of the class itself


def day_frame(work: Work, day: Day) -> DayFrame:
    """The frame of a day."""
    wanted: dict[type[Keyed], list[str]] = {
        JobRow: [job.id for job in day.jobs],
        SiteRow: [site.id for site in day.sites],
    }
    return DayFrame(work.session, Span(day.start, day.end), wanted=wanted)


def known_jobs(work: Work, day: Day) -> Sequence[JobRow]:
    """Those of its jobs that are there already, with their visits; nobody else changes them.

    As long as somebody holds them, whoever looks at their visits asks the database nothing.
    """
    keys = literal([job.id for job in day.jobs], ARRAY(Text))
    query = (
        select(JobRow)
        .where(JobRow.key == any_(keys))
        .order_by(JobRow.id)
        .options(selectinload(JobRow.visits))
        .with_for_update(of=JobRow, key_share=True)
    )
    return work.session.scalars(query).all()
