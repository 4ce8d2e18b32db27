"""Write down what shows that a visit was completed, and wait for the files that were named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.action import Action, ActionKind, Outcome
from dispatch.operations.execute.demands import code_row, serial_known
from dispatch.operations.execute.doubts import doubt_time
from dispatch.operations.execute.working_time import worked_s
from dispatch.store.ids import new_id
from dispatch.store.rows.actions import ActionRow
from dispatch.store.rows.evidence import CompletionRow, EvidenceRow, PartRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work, all_outlets


def write_completion(work: Work, action: Action, row: ActionRow, visit: VisitRow) -> None:
    """Keep what a completion shows; files that it names and that are not here are awaited.

    Nobody waits for a file that shows another visit: it counts for none but that.
    """
    known = files_named(work, row.technician_id, action.evidence)
    arrived = [file for file in known if file.visit_id == visit.id]
    completion = CompletionRow(
        id=new_id(),
        outlet_id=visit.outlet_id,
        visit_id=visit.id,
        action_id=row.id,
        technician_id=row.technician_id,
        at=row.happened_at,
        code_right=_code_right(work, action, row, visit),
        files=list(action.evidence),
        awaited=len(action.evidence) - len(known),
        serial=action.serial,
        serial_known=serial_known(work, action, visit),
        work_s=worked_s(visit, row.happened_at),
        paused_s=visit.paused_s,
    )
    work.session.add(completion)
    work.note("completion.written", completion)
    for file in known:
        if file not in arrived:
            shows_another(work, file, visit.id)
    for file in arrived:
        doubt_time(work, file, visit.began_at or row.happened_at, row.happened_at)


def write_parts(work: Work, action: Action, row: ActionRow, visit: VisitRow) -> None:
    """Keep what was used."""
    for used in action.parts:
        part = PartRow(
            id=new_id(),
            outlet_id=visit.outlet_id,
            visit_id=visit.id,
            action_id=row.id,
            technician_id=row.technician_id,
            part=used.part,
            quantity=used.quantity,
            serial=used.serial,
            at=row.happened_at,
        )
        work.session.add(part)
        work.note("part_used.written", part)


def file_arrived(work: Work, visit: VisitRow, file: EvidenceRow) -> None:
    """Wait for it no longer, if the visit's completion named it. The visit is held."""
    query = select(CompletionRow).where(CompletionRow.visit_id == visit.id)
    completion = work.session.scalars(query).one_or_none()
    if completion is None or completion.technician_id != file.technician_id:
        return
    if file.sha256 in completion.files and completion.awaited:
        completion.awaited -= 1
        work.note("completion.file_arrived", completion)


def file_elsewhere(work: Work, file: EvidenceRow) -> None:
    """Let no completion of another visit wait for it any longer, of whichever outlet."""
    query = select(CompletionRow).where(
        CompletionRow.technician_id == file.technician_id,
        CompletionRow.visit_id.is_distinct_from(file.visit_id),
        CompletionRow.awaited > 0,
        CompletionRow.files.contains([file.sha256]),
    )
    waiting = work.session.scalars(query.order_by(CompletionRow.id), execution_options=UNSCOPED)
    for completion in waiting.all():
        with all_outlets(work):
            completion.awaited -= 1
            work.note("completion.file_elsewhere", completion)
        shows_another(work, file, completion.visit_id)


def shows_another(work: Work, file: EvidenceRow, visit: UUID) -> None:
    """One picture shows one visit: when it is to show another too, that is told of.

    It may be one of an outlet that the actor does not see: a technician has worked for both.
    """
    if "elsewhere" not in file.flags:
        with all_outlets(work):
            file.flags = [*file.flags, "elsewhere"]
            work.note("evidence.elsewhere", file, why=str(visit))


def doubt_files(work: Work, row: ActionRow, visit: VisitRow | None) -> None:
    """See that the files which came before their action were taken when it happened."""
    begun = visit.began_at if visit is not None and row.kind is ActionKind.COMPLETE else None
    query = select(EvidenceRow).where(
        EvidenceRow.technician_id == row.technician_id,
        EvidenceRow.device == row.device,
        EvidenceRow.sequence == row.sequence,
    )
    for file in work.session.scalars(query):
        doubt_time(work, file, begun or row.happened_at, row.happened_at)


def files_named(work: Work, technician: UUID, names: Collection[str]) -> Sequence[EvidenceRow]:
    """What somebody has sent of what is named, for whichever visit."""
    if not names:
        return ()
    query = select(EvidenceRow).where(
        EvidenceRow.technician_id == technician, EvidenceRow.sha256.in_(names)
    )
    return work.session.scalars(query, execution_options=UNSCOPED).all()


def _code_right(work: Work, action: Action, row: ActionRow, visit: VisitRow) -> bool:
    """Of what is applied by itself, at once or later: a code that was wrong was refused before.

    What a dispatcher lets through was never compared, and its code is not kept.
    """
    if not action.code or row.outcome is not Outcome.APPLIED:
        return False
    known = code_row(work, visit)
    return known is not None and known.given_at <= row.received_at
