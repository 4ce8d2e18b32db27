"""The address that a server listens on."""

from __future__ import annotations

import socket

from dispatch.errors import Unavailable


def listen(host: str, port: int) -> socket.socket:
    """A socket that is ours from now on.

    Raises
    ------
    Unavailable
        ``serve.port``: somebody else has it, or there is no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio lets small packets go at once: else an answer whose head and
    # body are sent apart waits for the client to acknowledge the head, some 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(100)
    except OSError as error:
        found.close()
        raise Unavailable("serve.port", host=host, port=port, reason=str(error)) from error
    return found
