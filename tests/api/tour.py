"""Asking for everything once, as it is meant: the examples of the service's description.

``python -m pytest tests/api/test_openapi.py`` compares them with ``examples.json``; with
``DISPATCH_EXAMPLES=write`` it writes them. Each part of the tour is a file of ``tours``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.api.clients import Service
from tests.api.direct import direct_client
from tests.api.tours.asking import Tour
from tests.api.tours.customers import by_link
from tests.api.tours.intake import intake
from tests.api.tours.money import SECRET, money
from tests.api.tours.network import set_up
from tests.api.tours.people import people
from tests.api.tours.planning import by_hand, plan
from tests.api.tours.record import record
from tests.api.tours.road import on_the_road
from tests.api.tours.signing_in import accounts, sign_in
from tests.databases import SetClock
from tests.identity_provider import provider_up
from tests.operations.boards import TRAVEL

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.domain.role import Role
from dispatch.gateways.oidc import Oidc
from dispatch.gateways.payments import RecordingGateway
from dispatch.store.database import Database
from dispatch.store.files import Files

LENA = {"sub": "lena-at-provider", "email": "lena@example.com", "email_verified": True}


def tour(database: Database, clock: SetClock, folder: Path) -> dict[str, Any]:
    """Everything once; bodies and answers by the names of routes."""
    with provider_up(lambda: clock().timestamp()) as provider:
        provider.people["lena"] = LENA
        app = create_app(
            House(
                database,
                TRAVEL,
                payment_secret=SECRET,
                payments=RecordingGateway(),
                files=Files(folder),
                identity=Oidc(provider.settings),
            )
        )
        http = direct_client(app)
        service = Service(database, http, app).without_streams()
        routes = {
            operation["operationId"]: (method.upper(), path)
            for path, methods in app.openapi()["paths"].items()
            for method, operation in methods.items()
        }
        asked = Tour(http, routes, service.signed_in(Role.OWNER).token)
        set_up(asked)
        people(asked)
        intake(asked)
        plan(asked, database)
        by_hand(asked)
        money(asked, clock)
        by_link(asked)
        on_the_road(asked, service, clock)
        record(asked)
        accounts(asked)
        sign_in(asked, provider)
        return asked.told
