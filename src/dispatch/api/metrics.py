"""Counting and timing requests, and a line in the log for each."""

from __future__ import annotations

import json
import logging
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "dispatch_requests", "Requests answered.", ("route", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "dispatch_request_seconds", "How long answers took.", ("route",), registry=REGISTRY
)

log = logging.getLogger("dispatch.requests")


class Watched:
    """Takes note of every request: its route, never its path, which may name somebody."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status = perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _note(scope, status, perf_counter() - begin)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    name = getattr(route, "name", "none")
    REQUESTS.labels(name, str(status)).inc()
    SECONDS.labels(name).observe(seconds)
    state = scope.get("state", {})
    said = {
        "request": state.get("id"),
        "route": name,
        "method": scope["method"],
        "status": status,
        "ms": round(1_000 * seconds, 1),
        "actor": state.get("actor"),
    }
    log.info(json.dumps(said))
