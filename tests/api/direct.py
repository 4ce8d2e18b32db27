"""A client that asks an application without a network between them."""

from __future__ import annotations

import asyncio
from functools import cache
from threading import Thread
from typing import Any

import httpx2 as httpx


class Direct(httpx.BaseTransport):
    """One errand to the application's loop for each request, and the whole answer back.

    The usual test client starts a loop for each request and goes to it nine times, which takes
    twice as long as most answers do.
    """

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(
            app=app, raise_app_exceptions=False, client=("testclient", 50_000)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # also what comes in pieces
        return asyncio.run_coroutine_threadsafe(self._ask(request), _loop()).result()

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        content = b"".join([part async for part in answer.aiter_raw()])
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content)
        )


def direct_client(app: Any) -> httpx.Client:
    """Somebody who asks it."""
    return httpx.Client(
        transport=Direct(app),
        base_url="http://testserver",
        headers={"user-agent": "testclient"},
        follow_redirects=True,
    )


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Runs as long as the tests do."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="application", daemon=True).start()
    return loop
