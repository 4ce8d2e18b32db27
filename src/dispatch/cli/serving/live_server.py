"""The web server, which ends without waiting for readers of streams to go away."""

from __future__ import annotations

import socket

import uvicorn

from dispatch.api.live import Live


class LiveServer(uvicorn.Server):
    """Ends streams first, and then as uvicorn does."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn has it: called when the server is to end."""
        self._live.close()
        await super().shutdown(sockets)
