"""The service, put together."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from dispatch.api.caller import admit
from dispatch.api.house import House
from dispatch.api.live import Live
from dispatch.api.metrics import Watched
from dispatch.api.openapi import describe
from dispatch.api.problems import tell_problems
from dispatch.api.query import check_query
from dispatch.api.routes import (
    accounts,
    actions,
    boards,
    bulk,
    catalogue,
    conflicts,
    customers,
    events,
    evidence,
    exports,
    feeds,
    health,
    imports,
    jobs,
    link,
    links,
    listed_money,
    live,
    money,
    network,
    notes,
    offers,
    oidc,
    outlets,
    own,
    own_pool,
    plans,
    pool,
    pushes,
    runs,
    shifts,
    sign_in,
    skills,
    stateless,
    technicians,
    visits,
    webhooks,
)
from dispatch.api.screen import Screen, check_kept

RESOURCES = (
    own,  # phones ask most, and what comes first is found first
    own_pool,
    sign_in,
    oidc,
    accounts,
    network,
    outlets,
    skills,
    technicians,
    shifts,
    customers,
    catalogue,
    imports,
    bulk,
    jobs,
    notes,
    boards,
    visits,
    live,
    runs,
    plans,
    offers,
    pool,
    pushes,
    feeds,
    evidence,
    links,
    link,
    money,
    listed_money,
    webhooks,
    actions,
    conflicts,
    events,
    exports,
    stateless,
)
ABOUT = """\
Field-service dispatch and route planning.

Get a token at `/v1/sign-in` and send it as `Authorization: Bearer TOKEN`. Every POST that changes
something wants an `Idempotency-Key` of its own; sent again with the same key, a request is answered
as it was, and done once. What is edited is read first: `If-Match` brings back the `ETag` that came
with it; what has changed since is left as it is (412, with its `ETag` of now). What goes wrong is
answered as a problem document (RFC 9457) with a stable `code`.
"""


def create_app(house: House) -> FastAPI:
    """The service on a record."""
    app = FastAPI(
        title="dispatch",
        summary="Field-service dispatch and route planning",
        description=ABOUT,
        version=version("dispatch-engine"),
        dependencies=[Depends(check_kept), Depends(admit), Depends(check_query)],
        generate_unique_id_function=_operation,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.house = house
    app.state.live = Live(house.database)
    tell_problems(app)
    for resource in RESOURCES:
        app.include_router(resource.router, prefix="/v1")
    app.include_router(health.router)
    describe(app)
    app.add_middleware(Screen)
    app.add_middleware(Watched)
    return app


def _operation(route: APIRoute) -> str:
    return route.name
