"""Asking a routing server over HTTP, and saying what went wrong if it does not answer."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import numpy as np
import numpy.typing as npt

from dispatch.errors import InvalidValue, Unavailable
from dispatch.travel.bounds import check_range

Read = TypeVar("Read")
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
        method = "GET" if body is None else "POST"
        try:
            answer = self._client.request(method, path, params=params, json=body)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise Unavailable("travel.server.silent", url=self.url, reason=reason) from error
        if answer.is_error:
            raise Refused(self.url, answer)
        try:
            return read(answer.json())
        except (KeyError, TypeError, ValueError, IndexError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unavailable("travel.server.garbled", url=self.url, reason=reason) from error


class Refused(Unavailable):
    """The server answered with an error of its own."""

    def __init__(self, url: str, answer: httpx.Response) -> None:
        try:
            content: Any = answer.json()
        except ValueError:
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
