"""What shows that work was done: pictures, completion codes, scans and parts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.databases import OWNER
from tests.pictures import photo
from tests.planning.made import spot
from tests.proofs.simulation.wanted import WAITING, Deed, jobs_of, theirs
from tests.proofs.simulation.world import Ask, Phone, Wish, World

from dispatch.domain.action import MOST_CODE
from dispatch.domain.actor import Actor
from dispatch.domain.completion import WITH_CODE, Confirmation, EvidenceKind, Scan, UsedPart
from dispatch.domain.states.visit import UNDER_WAY, VisitState
from dispatch.operations.execute.demands import demands_of
from dispatch.operations.execute.evidence import Sent, take_evidence
from dispatch.operations.jobs.completion_code import give_completion_code
from dispatch.store.rows.customers import AssetRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow

OFFSET = "+00:00"
"""Of cameras, whose clocks are those of their phones."""
SLOPPY = 0.12
"""How often something that is asked for is not shown."""


def tell_code(world: World) -> Wish | None:
    """A customer is told a code by telephone."""
    with_code = JobRow.type.has(JobTypeRow.demands["confirmation"].astext.in_(WITH_CODE))
    job = world.any(jobs_of(*WAITING).where(with_code))
    if job is None:
        return None

    def note(told: Any) -> None:
        world.codes[job.id] = told["code"] if isinstance(told, dict) else told

    return Wish(
        world.desk(),
        lambda by: give_completion_code(world.database, by, job.id),
        ask=Ask(path=f"/jobs/{job.id}/completion-code"),
        then=note,
    )


def show(world: World) -> Wish | None:
    """A phone sends the next picture that it has; now and then an old one, or for another visit."""
    person = world.person()
    waiting = [
        one for one in world.people if len(world.phones[one].pictures) > world.phones[one].shown
    ]
    if waiting and world.draw.random() < 0.9:
        person = world.one_of(waiting)
    phone = world.phones[person]
    if len(phone.pictures) == phone.shown:
        visit = world.any(theirs((VisitState.DISPATCHED, *UNDER_WAY)), OWNER)
        if visit is None:
            return None
        take_picture(world, phone, visit.id, EvidenceKind.PHOTO)
    sent = phone.pictures[phone.shown]
    if phone.shown and world.draw.random() < 0.1:
        sent = phone.pictures[phone.shown - 1]
    else:
        phone.shown += 1
    if world.draw.random() < 0.05:
        elsewhere = world.any(theirs((VisitState.DISPATCHED, *UNDER_WAY)), OWNER)
        sent = _as_it_is(sent, sent.visit if elsewhere is None else elsewhere.id)

    def do(by: Actor) -> UUID:
        return take_evidence(world.database, by, world.files, person, sent)

    path = f"/me/visits/{sent.visit}/evidence?kind={sent.kind}&sha256={sent.hash}"
    if sent.device is not None:
        path += f"&device={sent.device}&sequence={sent.sequence}"
    return Wish(world.phone(person), do, ask=Ask(path=path, content=sent.content))


def damaged(world: World) -> Wish | None:
    """Half of a picture, or none at all: nothing of it is kept."""
    person = world.person()
    content = photo(1 + world.number)[: int(world.draw.integers(0, 400))]
    sent = Sent(visit=UUID(int=1), kind=EvidenceKind.PHOTO, content=content)
    return Wish(
        world.phone(person),
        lambda by: take_evidence(world.database, by, world.files, person, sent),
        ask=Ask(path=f"/me/visits/{sent.visit}/evidence?kind=photo", content=content),
    )


def take_picture(
    world: World, phone: Phone, visit: UUID, kind: EvidenceKind, sequence: int | None = None
) -> str:
    """Of something on site; answers its hash, by which an action names it."""
    taken = world.clock() + phone.ahead
    place = spot(*world.draw.integers(0, 12, 2).tolist())
    sent = Sent(
        visit=visit,
        kind=kind,
        content=photo(
            1 + 1_000 * world.number + len(phone.pictures),
            taken=taken.strftime("%Y:%m:%d %H:%M:%S") if world.draw.random() < 0.7 else None,
            offset=OFFSET,
            position=place if world.draw.random() < 0.5 else None,
            size=(16, 12),
        ),
        device=None if sequence is None else phone.device,
        sequence=sequence,
    )
    phone.pictures.append(sent)
    return sent.hash


def shown(world: World, phone: Phone, visit: VisitRow, sequence: int) -> dict[str, Any]:
    """What a completion shows: mostly what is asked for, and at times more."""
    job = world.row(JobRow, visit.job_id)
    with world.database.work(OWNER) as work:
        demands = demands_of(work.get(JobTypeRow, job.type_id))
        query = select(AssetRow.key).where(AssetRow.site_id == job.site_id)
        serials = list(work.session.scalars(query.order_by(AssetRow.key)))
    found: dict[str, Any] = {}
    draw = world.draw
    if draw.random() > SLOPPY:
        wanted = demands.photos + int(draw.random() < 0.1)
        found["photos"] = tuple(
            take_picture(world, phone, visit.id, EvidenceKind.PHOTO, sequence)
            for _ in range(wanted)
        )
    if demands.confirmation is not Confirmation.NONE and draw.random() > SLOPPY:
        code = world.codes.get(job.id)
        if code is not None and demands.confirmation in WITH_CODE:
            found["code"] = code if draw.random() > SLOPPY else "wrong"[:MOST_CODE]
        else:
            found["signature"] = take_picture(
                world, phone, visit.id, EvidenceKind.SIGNATURE, sequence
            )
    if demands.scan is not Scan.NONE and draw.random() > SLOPPY:
        odd = not serials or draw.random() < 0.2
        found["serial"] = "unknown" if odd else world.one_of(serials)
    if draw.random() < 0.3:
        found["parts"] = (UsedPart(part="valve", quantity=int(draw.integers(1, 4))),)
    return found


def _as_it_is(sent: Sent, visit: UUID) -> Sent:
    return Sent(visit=visit, kind=sent.kind, content=sent.content)


EVIDENCE: dict[Deed, float] = {tell_code: 2, show: 4, damaged: 0.3}
"""How often each is wanted."""
