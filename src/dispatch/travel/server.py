"""Asking a routing server over HTTP, and saying what went wrong if it does not answer."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

import httpx
import numpy as np
import numpy.typing as npt

from dispatch.errors import InvalidValue, Unavailable
from dispatch.travel.bounds import check_range

Read = TypeVar("Read")
MOST_BYTES = 64 * 2**20
"""Of an answer. A block of a table has a few MB."""
CONNECTION_TRIES = 2
"""Beyond the first; a server that is just starting refuses connections for a moment."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Server:
    """A routing server.

    Parameters
    ----------
    url
        ``http://`` or ``https://``, without the service's own path.
    timeout_s
        How long one answer may take, 0.1 to 3,600.
    """

    url: str
    timeout_s: float = 60.0
    _client: httpx.Client = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_range("timeout_s", self.timeout_s, 0.1, 3600)
        try:
            url = httpx.URL(self.url.rstrip("/"))
        except httpx.InvalidURL as error:
            raise InvalidValue("travel.server.url", url=self.url) from error
        if url.scheme not in {"http", "https"} or not url.host:
            raise InvalidValue("travel.server.url", url=self.url)
        client = httpx.Client(
            base_url=url,
            timeout=self.timeout_s,
            transport=httpx.HTTPTransport(retries=CONNECTION_TRIES),
        )
        object.__setattr__(self, "_client", client)
        weakref.finalize(self, client.close)  # connections are kept open between requests

    def ask(
        self,
        path: str,
        read: Callable[[Any], Read],
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Read:
        """What ``read`` finds in the JSON that the server answers: to a POST if there is a body.

        Raises
        ------
        Unavailable
            ``travel.server.silent``, ``travel.server.refused``, ``travel.server.garbled``: the
            last also when ``read`` raises ``KeyError``, ``TypeError``, ``ValueError`` or
            ``IndexError``.
        """
        try:
            answer = self._answer(path, params, body)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unavailable("travel.server.silent", url=self.url, reason=reason) from error
        if answer.is_error:
            raise Refused(self.url, answer)
        try:
            return read(answer.json())
        except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unavailable("travel.server.garbled", url=self.url, reason=reason) from error

    def _answer(
        self, path: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None
    ) -> httpx.Response:
        """The whole answer, but neither endless nor drop by drop."""
        method = "GET" if body is None else "POST"
        content, deadline = bytearray(), monotonic() + self.timeout_s
        with self._client.stream(method, path, params=params, json=body) as answer:
            for part in answer.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    reason = f"more than {MOST_BYTES} bytes"
                    raise Unavailable("travel.server.garbled", url=self.url, reason=reason)
                if monotonic() > deadline:
                    raise httpx.ReadTimeout(f"not whole after {self.timeout_s} s")
        return httpx.Response(answer.status_code, content=bytes(content))


class Refused(Unavailable):
    """The server answered with an error of its own."""

    def __init__(self, url: str, answer: httpx.Response) -> None:
        try:
            content: Any = answer.json()
        except (ValueError, RecursionError):
            content = {}
        said: Mapping[str, Any] = content if isinstance(content, dict) else {}
        self.error_code = said.get("error_code", said.get("code"))
        """The server's own number or name for what happened."""
        message = said.get("error") or said.get("message") or ""
        reason = f"HTTP {answer.status_code} {self.error_code or ''} {message}".strip()
        super().__init__("travel.server.refused", url=url, reason=reason)


def numbers(rows: object, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """A table as an array, NaN where the server sent null.

    Raises
    ------
    ValueError
        It is not a table of numbers from 0 of this shape.
    """
    table = np.array(rows, dtype=np.float64)
    if table.shape != shape:
        raise ValueError(f"a table {table.shape} where {shape} was asked for")
    if np.any(table < 0):
        raise ValueError("a negative number in the table")
    return table
