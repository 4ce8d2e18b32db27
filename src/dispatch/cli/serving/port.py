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
    found = socket.socket(family)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(100)
    except OSError as error:
        found.close()
        raise Unavailable("serve.port", host=host, port=port, reason=str(error)) from error
    return found
