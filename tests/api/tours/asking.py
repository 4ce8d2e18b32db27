"""Somebody who asks for one thing after the other, and keeps what was said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2 as httpx

DAY = "2026-03-03"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOST_ITEMS = 2
"""Of a list in an example."""
MOST_TEXT = 2_000
JSON = "application/json"
SECRETS = {"access", "refresh", "password", "secret", "old", "new", "token", "keep"}
LONG_SECRETS = {"key", "link", "code", "state"}
"""Names of short words elsewhere."""
LONG = 20


@dataclass
class Tour:
    """Somebody who asks, and keeps what was said."""

    http: httpx.Client
    routes: dict[str, tuple[str, str]]
    token: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    number: Iterator[int] = field(default_factory=count)

    def ask(self, name: str, body: Any = None, *, see: int | None = None, **given: Any) -> Any:
        """The answer of a route; what is not in its path goes into the query."""
        content = None if body is None else json.dumps(body).encode()
        kept = {} if body is None else {"body": self._plain(body)}
        return self._keep(name, kept, self._sent(name, content, JSON, see, given))

    def send(self, name: str, content: bytes, media: str, **given: Any) -> Any:
        """The same with a file."""
        return self._keep(name, {}, self._sent(name, content, media, None, given))

    def _sent(
        self, name: str, content: bytes | None, media: str, see: int | None, given: dict[str, Any]
    ) -> httpx.Response:
        method, path = self.routes[name]
        headers = {"Idempotency-Key": f"tour-{next(self.number)}", "Content-Type": media}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if see is not None:
            headers["If-Match"] = f'"{see}"'
        headers |= given.pop("headers", {})
        inside = {key: given.pop(key) for key in list(given) if f"{{{key}}}" in path}
        return self.http.request(
            method, path.format(**inside), params=given, content=content, headers=headers
        )

    def _keep(self, name: str, kept: dict[str, Any], answer: httpx.Response) -> Any:
        assert answer.is_success, (name, answer.status_code, answer.text)
        media = answer.headers.get("content-type", "")
        kind = media.partition(";")[0]
        said = answer.json() if kind == JSON and answer.content else None
        if said is not None:
            kept |= {"media": kind, "answer": self._plain(said)}
        elif kind.startswith("text/"):
            kept |= {"media": media, "answer": self._plain(_begin(answer.text))}
        elif answer.content:
            kept |= {"media": kind, "answer": f"({len(answer.content) // 1024 + 1} kB)"}
        self.told.setdefault(name, kept)
        return said

    def _plain(self, value: Any) -> Any:
        """With ids that are the same each time, no secrets, and not too long."""
        if isinstance(value, dict):
            return {key: self._plain(_hidden(key, entry)) for key, entry in value.items()}
        if isinstance(value, list):
            return [self._plain(entry) for entry in value[:MOST_ITEMS]]
        if isinstance(value, str):
            return ID.sub(self._numbered, value)
        return value

    def _numbered(self, found: re.Match[str]) -> str:
        number = len(self.ids) + 1
        return self.ids.setdefault(found[0], f"019cb0c4-0000-7000-8000-{number:012d}")


def _begin(text: str) -> str:
    """Whole lines."""
    return text if len(text) <= MOST_TEXT else text[: text.rindex("\n", 0, MOST_TEXT) + 1]


def _hidden(key: str, value: Any) -> Any:
    """Without what is another each time, and opens something."""
    if not isinstance(value, str):
        return value
    if key in SECRETS or (key in LONG_SECRETS and len(value) > LONG):
        return "…"
    if key == "code" and value.isdigit():
        return "123456"
    if key == "path":
        return re.sub("#.+", "#…", value)
    if key == "url":
        value = re.sub(r"^http://127\.0\.0\.1:\d+", "https://login.example", value)
        return re.sub(r"\b(state|nonce|code_challenge)=[\w-]+", r"\1=…", value)
    return value
