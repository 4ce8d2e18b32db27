"""Job types and service items."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Plainly, Sent
from dispatch.api.texts import Key
from dispatch.api.versions import Seen, tag
from dispatch.domain.completion import Demands
from dispatch.operations.catalogue.job_types import (
    Item,
    ServiceItem,
    Template,
    change_job_type,
    change_service_item,
    create_job_type,
    create_service_item,
)
from dispatch.operations.execute.demands import demands_of
from dispatch.store.rows.job_types import JobTypeRow, ServiceItemRow

router = APIRouter(tags=["catalogue"])


class JobTypeView(BaseModel):
    """A template of jobs."""

    id: UUID
    version: int
    key: str
    name: str
    said: dict[str, Any]
    """What else the day format says of it."""
    fields: dict[str, Any] | None
    checklist: list[Item]
    demands: Demands
    """What has to be shown when a visit is completed."""

    @staticmethod
    def of(row: JobTypeRow) -> JobTypeView:
        """As it is kept."""
        return JobTypeView(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            said=row.said,
            fields=row.fields,
            checklist=[Item(**item) for item in row.checklist],
            demands=demands_of(row),
        )


class NewServiceItem(Sent):
    """A priced line, by an id of the caller's own."""

    id: Key
    item: ServiceItem


class ServiceItemView(BaseModel):
    """A priced line."""

    id: UUID
    version: int
    key: str
    name: str
    fee_minor: int
    currency: str

    @staticmethod
    def of(row: ServiceItemRow) -> ServiceItemView:
        """As it is kept."""
        return ServiceItemView(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            fee_minor=row.fee_minor,
            currency=row.currency,
        )


@router.get("/job-types", name="job_types.list")
def job_types(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[JobTypeView]:
    """What can be ordered."""
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, select(JobTypeRow), JobTypeRow, after, limit, JobTypeView.of)


@router.post("/job-types", name="job_types.create", status_code=status.HTTP_201_CREATED)
def new_job_type(caller: TheCaller, given: Plainly[Template], response: Response) -> JobTypeView:
    """Let jobs of a new type be ordered."""
    made = caller.once(UUID, lambda: create_job_type(caller.house.database, caller.actor, given))
    return job_type(caller, made, response)


@router.get("/job-types/{job_type_id}", name="job_types.read")
def job_type(caller: TheCaller, job_type_id: UUID, response: Response) -> JobTypeView:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(JobTypeRow, job_type_id)
        tag(response, row.version)
        return JobTypeView.of(row)


@router.put("/job-types/{job_type_id}", name="job_types.change")
def mend_job_type(
    caller: TheCaller, job_type_id: UUID, given: Plainly[Template], seen: Seen, response: Response
) -> JobTypeView:
    """Change a template; its id stays, and jobs of it follow."""
    change_job_type(caller.house.database, caller.actor, job_type_id, given, expected=seen)
    return job_type(caller, job_type_id, response)


@router.get("/service-items", name="service_items.list")
def service_items(
    caller: TheCaller, after: After = None, limit: Limit = USUAL
) -> Page[ServiceItemView]:
    """What can be charged."""
    with caller.house.database.work(caller.actor) as work:
        query = select(ServiceItemRow)
        return page_of(work, query, ServiceItemRow, after, limit, ServiceItemView.of)


@router.post("/service-items", name="service_items.create", status_code=status.HTTP_201_CREATED)
def new_service_item(
    caller: TheCaller, given: NewServiceItem, response: Response
) -> ServiceItemView:
    """Let something be charged."""
    made = caller.once(
        UUID,
        lambda: create_service_item(caller.house.database, caller.actor, given.id, given.item),
    )
    return service_item(caller, made, response)


@router.get("/service-items/{item_id}", name="service_items.read")
def service_item(caller: TheCaller, item_id: UUID, response: Response) -> ServiceItemView:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(ServiceItemRow, item_id)
        tag(response, row.version)
        return ServiceItemView.of(row)


@router.put("/service-items/{item_id}", name="service_items.change")
def mend_service_item(
    caller: TheCaller, item_id: UUID, given: Plainly[ServiceItem], seen: Seen, response: Response
) -> ServiceItemView:
    """Change what it costs from now on."""
    change_service_item(caller.house.database, caller.actor, item_id, given, expected=seen)
    return service_item(caller, item_id, response)
