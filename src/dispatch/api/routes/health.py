"""Whether the server is up, and what it has done."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from dispatch.api.caller import TheCaller
from dispatch.api.house import TheHouse
from dispatch.api.metrics import REGISTRY
from dispatch.errors import InvalidInput, Unavailable

router = APIRouter(tags=["health"])


class Fine(BaseModel):
    """It is."""

    status: str = "ok"


@router.get("/healthz", name="health.live")
def live() -> Fine:
    """Whether the process answers."""
    return Fine()


@router.get("/readyz", name="health.ready")
def ready(house: TheHouse) -> Fine:
    """Whether the database answers, and keeps what it acknowledges."""
    try:
        house.database.check()
    except InvalidInput as error:  # nobody's request is wrong
        settings = ", ".join(str(each.values.get("setting", each.code)) for each in error.findings)
        raise Unavailable("store.unfit", settings=settings) from error
    return Fine()


@router.get("/metrics", name="health.metrics", response_class=PlainTextResponse)
def metrics(caller: TheCaller) -> Response:  # noqa: ARG001 - only for who is let in
    """Counts and times, as Prometheus reads them."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
