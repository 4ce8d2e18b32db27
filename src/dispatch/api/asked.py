"""What lists can be narrowed by: the same words, wherever they make sense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import StringConstraints
from sqlalchemy import Select

from dispatch.api.texts import OnDay
from dispatch.store.board import span_of, zone_of
from dispatch.store.filters import has_text, is_for, is_on, is_under
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.work import Work

OfOutlet = Annotated[UUID | None, Query(description="Of this outlet and all below it.")]
OfTechnician = Annotated[UUID | None, Query(description="That have to do with this technician.")]
OfCustomer = Annotated[UUID | None, Query(description="At a site of this customer.")]
ForDay = Annotated[OnDay | None, Query(description="To be done, or planned, on this day.")]
WithText = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=100)] | None,
    Query(description="With this in the id or the name, in capitals or not."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsAsked:
    """Which jobs are asked for."""

    day: ForDay = None
    outlet: OfOutlet = None
    customer: OfCustomer = None
    text: WithText = None

    def narrow(self, work: Work, query: Select[Any]) -> Select[Any]:
        """A query of jobs, or of what hangs on them, with only these."""
        if self.day is not None:
            query = query.where(is_on(span_of(self.day, zone_of(work.session))))
        if self.outlet is not None:
            query = query.where(is_under(JobRow.outlet_id, self.outlet))
        if self.customer is not None:
            query = query.where(is_for(self.customer))
        if self.text is not None:
            query = query.where(has_text(self.text, JobRow.key, JobRow.name))
        return query

    def narrow_visits(
        self, work: Work, query: Select[Any], kind: type[OfferRow | PushRow]
    ) -> Select[Any]:
        """A query of offers or pushes, with only those of such jobs."""
        if self == JobsAsked():
            return query
        query = query.join(VisitRow, kind.visit_id == VisitRow.id).join(VisitRow.job)
        return self.narrow(work, query)


OfJobs = Annotated[JobsAsked, Depends()]
