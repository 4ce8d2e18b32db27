"""A small identity provider on this machine: real keys, real HTTP, codes that are good once."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from dispatch.gateways.oidc import OidcSettings

CLIENT, SECRET, REDIRECT = "dispatch test", "a secret: with/signs", "https://desk.example/back"
HOUR_S = 3_600


@dataclass
class Provider:
    """What it knows, and what tests let it do wrong."""

    now: Callable[[], float]
    url: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Claims about whoever is signed in there, by their name."""
    wrong: dict[str, Any] = field(default_factory=dict)
    """Claims that it signs instead of the right ones; None leaves one out."""
    sign: Callable[[dict[str, Any]], str] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    """What it says of itself, instead of the truth."""
    reads: int = 0
    """How often its keys were asked for."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """Sign with another key from now on, and publish that one alone."""
        self.key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self.kid = secrets.token_hex(4)

    @property
    def settings(self) -> OidcSettings:
        return OidcSettings(issuer=self.url, client_id=CLIENT, secret=SECRET, redirect=REDIRECT)

    def visit(self, url: str, name: str) -> dict[str, str]:
        """What a browser brings back of somebody who says yes there."""
        asked = {key: value for key, (value,) in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.url}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["redirect_uri"], asked["code_challenge_method"]) == (REDIRECT, "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked, "name": name}
        return {"code": code, "state": asked["state"]}

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """As RFC 6749 and RFC 7636 have it."""
        name, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or given.get("redirect_uri") != REDIRECT
        ):
            return 400, {"error": "invalid_grant"}
        said = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": int(self.now()),
            "exp": int(self.now()) + HOUR_S,
            "nonce": asked["nonce"],
            **self.people[asked["name"]],
            **self.wrong,
        }
        said = {claim: value for claim, value in said.items() if value is not None}
        token = self.sign(said) if self.sign else self.signed(said)
        return 200, {"id_token": token, "access_token": "-", "token_type": "Bearer"}

    def signed(self, said: dict[str, Any]) -> str:
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": self.kid})

    def read(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            } | self.about
        if path == "/keys":
            self.reads += 1
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}
        return None


@contextmanager
def provider_up(now: Callable[[], float]) -> Generator[Provider]:
    provider = Provider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = provider.read(self.path)
            self._answer(404 if found is None else 200, found or {})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = parse_qs(self.rfile.read(length).decode())
            given = {key: values[0] for key, values in body.items()}
            self._answer(*provider.token(given, self.headers.get("Authorization", "")))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
