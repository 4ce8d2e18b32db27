"""How files of evidence are taken and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from dispatch.api.house import House
from dispatch.domain.completion import EvidenceKind
from dispatch.errors import Missing
from dispatch.operations.execute.look import Content
from dispatch.store.files import Files
from dispatch.store.rows.evidence import EvidenceRow

MEDIA = ("image/jpeg", "image/png", "image/webp")
BINARY = {"schema": {"type": "string", "format": "binary"}}
ANY: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys(MEDIA, BINARY)},
}
"""What a file is, is seen from what stands in it: the declared type counts for nothing."""
SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(MEDIA, BINARY)}}
UNSHOWN = "application/octet-stream"
HANDED_OVER: dict[int | str, dict[str, Any]] = {200: {"content": {UNSHOWN: BINARY}}}
ENDING = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Vary": "Authorization",
}


class EvidenceView(BaseModel):
    """A photo or a signature, and what looks odd about it."""

    id: UUID
    technician: UUID
    visit: UUID | None
    device: str | None
    sequence: int | None
    kind: EvidenceKind
    sha256: str
    media: str
    size: int
    width: int
    height: int
    taken_at: datetime | None
    lat: float | None
    lon: float | None
    received_at: datetime
    flags: list[str]

    @staticmethod
    def of(row: EvidenceRow) -> EvidenceView:
        """As it is kept."""
        return EvidenceView(
            id=row.id,
            technician=row.technician_id,
            visit=row.visit_id,
            device=row.device,
            sequence=row.sequence,
            kind=row.kind,
            sha256=row.sha256,
            media=row.media,
            size=row.size,
            width=row.width,
            height=row.height,
            taken_at=row.taken_at,
            lat=row.lat,
            lon=row.lon,
            received_at=row.received_at,
            flags=row.flags,
        )

    @staticmethod
    def placeless(row: EvidenceRow) -> EvidenceView:
        """The same without where it was."""
        return EvidenceView.of(row).model_copy(update={"lat": None, "lon": None})


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""All bytes of a request, whatever they are declared to be."""


def files_of(house: House) -> Files:
    """Where files of evidence lie.

    Raises
    ------
    Missing
        ``files.none``: this service keeps none.
    """
    if house.files is None:
        raise Missing("files.none")
    return house.files


def shown(name: UUID, found: Content) -> Response:
    """A picture drawn anew, to be looked at by whoever has asked and nobody else."""
    disposition = f'inline; filename="{name}.{ENDING[found.media]}"'
    headers = {**SAFE, "Content-Disposition": disposition}
    return Response(found.content, media_type=found.media, headers=headers)


def handed_over(name: UUID, found: Content) -> Response:
    """The bytes of a stranger as they came, which no browser is to run or show."""
    disposition = f'attachment; filename="{name}.{ENDING[found.media]}"'
    headers = {**SAFE, "Content-Disposition": disposition, "X-SHA256": found.sha256}
    return Response(found.content, media_type=UNSHOWN, headers=headers)
