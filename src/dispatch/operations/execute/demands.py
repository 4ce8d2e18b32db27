"""What a job type asks for when a visit is completed, and whether it is there."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from dispatch.domain.action import Action
from dispatch.domain.completion import Confirmation, Demands, Scan
from dispatch.operations.accounts.secrets import fits
from dispatch.store.rows.customers import AssetRow
from dispatch.store.rows.evidence import CompletionCodeRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.said import heard
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

MOST_TRIES = 5
"""Wrong codes; after them the customer needs another one."""


def demands_of(job_type: JobTypeRow) -> Demands:
    """What is asked for."""
    return heard(Demands, job_type.demands)


def lacking(action: Action, demands: Demands) -> str:
    """What a completion does not even name, as a code; empty if nothing is missing."""
    asked = demands.confirmation
    if len(action.photos) < demands.photos:
        return "action.photos"
    if asked is Confirmation.SIGNATURE and not action.signature:
        return "action.signature"
    if asked is Confirmation.CODE and not action.code:
        return "action.code"
    if asked is Confirmation.EITHER and not (action.code or action.signature):
        return "action.confirmation"
    if demands.scan is not Scan.NONE and not action.serial:
        return "action.serial"
    return ""


def unproven(work: Work, action: Action, visit: VisitRow) -> str:
    """What a completion names and is not right, as a code; empty if all is.

    A code that is given is compared, also where none was asked for. Each wrong one counts.
    """
    demands = demands_of(visit.job.type)
    if demands.scan is Scan.MATCH and serial_known(work, action, visit) is False:
        return "action.serial-other"
    return _wrong_code(work, action, visit, demands) if action.code else ""


def serial_known(work: Work, action: Action, visit: VisitRow) -> bool | None:
    """Whether what was scanned is one of the site's assets; None if nothing can be told."""
    if not action.serial:
        return None
    query = select(AssetRow.key).where(AssetRow.site_id == visit.job.site_id)
    known: Collection[str] = work.session.scalars(query, execution_options=UNSCOPED).all()
    return action.serial in known if known else None


def code_row(work: Work, visit: VisitRow) -> CompletionCodeRow | None:
    """The code of the customer of a visit's job, held until the work ends."""
    query = select(CompletionCodeRow).where(CompletionCodeRow.job_id == visit.job_id)
    found = query.with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(found).one_or_none()


def _wrong_code(work: Work, action: Action, visit: VisitRow, demands: Demands) -> str:
    row = code_row(work, visit)
    if row is None:
        return "action.code-none" if _needs_code(action, demands) else ""
    if row.failures >= MOST_TRIES:
        return "action.code-locked"
    if fits(action.code, row.code):
        return ""
    row.failures += 1
    work.note("completion_code.wrong", row)
    return "action.code-wrong"


def _needs_code(action: Action, demands: Demands) -> bool:
    return demands.confirmation is Confirmation.CODE or (
        demands.confirmation is Confirmation.EITHER and not action.signature
    )
