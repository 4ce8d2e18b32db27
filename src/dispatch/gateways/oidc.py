"""OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt

from dispatch.errors import InvalidValue, Unauthenticated, Unavailable
from dispatch.gateways.identity import Person

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""By which a provider may sign: with a key of its own that it publishes, and no other way."""
SCOPE = "openid email"
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LEEWAY = timedelta(minutes=1)
"""How far its clock may be off."""
TIMEOUT_S = 10.0
MOST_BYTES = 2**20
MOST_TEXT = 255
"""Characters of a subject (Core 1.0, section 2) and of an address."""
FRESH_S = 3_600.0
"""How long what a provider says of itself is taken as it is."""
AGAIN_S = 30.0
"""Keys that are not known are asked for no more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """What an identity provider and we have agreed on."""

    issuer: str
    client_id: str
    redirect: str
    """The page that browsers come back to."""
    secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for url in (self.issuer, self.redirect):
            if not _is_safe(url):
                raise InvalidValue("oidc.url", value=url[:200])
        if not self.client_id or not self.client_id.isprintable():
            raise InvalidValue("oidc.settings", missing="DISPATCH_OIDC_CLIENT_ID")


@dataclass(slots=True)
class _Kept:
    """Something read from the provider, and when."""

    value: Mapping[str, Any]
    at: float


class Oidc:
    """An identity provider that speaks OpenID Connect."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._about: _Kept | None = None
        self._keys: _Kept | None = None

    def address(self, *, state: str, nonce: str, challenge: str) -> str:
        """As :meth:`dispatch.gateways.identity.IdentityProvider.address`."""
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        where = str(self._provider()["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    def redeem(self, code: str, *, verifier: str, now: datetime) -> Person:
        """As :meth:`dispatch.gateways.identity.IdentityProvider.redeem`."""
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect,
            "code_verifier": verifier,
        }
        status, answer = self._ask(str(self._provider()["token_endpoint"]), given)
        if status in {400, 401}:
            raise Unauthenticated("oidc.code")
        token = answer.get("id_token")
        if status != httpx.codes.OK or not isinstance(token, str):
            raise Unavailable("oidc.garbled", issuer=self._settings.issuer)
        return self._person(self._claims(token), now)

    def _claims(self, token: str) -> Mapping[str, Any]:
        """What a token says, if the provider has signed it for us."""
        try:
            key = self._key(jwt.get_unverified_header(token))
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._settings.client_id,
                issuer=self._settings.issuer,
                # The clock is ours, not this library's: see _person.
                options={
                    "require": ["iss", "sub", "aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated("oidc.token", reason=type(error).__name__) from error
        return claims

    def _person(self, claims: Mapping[str, Any], now: datetime) -> Person:
        audience, party = claims["aud"], claims.get("azp")
        several = isinstance(audience, list) and len(audience) > 1
        if (several or party is not None) and party != self._settings.client_id:
            raise Unauthenticated("oidc.token", reason="azp")
        for name in ("exp", "iat"):
            if not isinstance(claims[name], int | float):
                raise Unauthenticated("oidc.token", reason=name)
        seconds, leeway = now.timestamp(), LEEWAY.total_seconds()
        if not claims["iat"] - leeway <= seconds < claims["exp"] + leeway:
            raise Unauthenticated("oidc.token", reason="exp")
        subject, nonce, email = (claims.get(name) for name in ("sub", "nonce", "email"))
        if not isinstance(subject, str) or not 0 < len(subject) <= MOST_TEXT:
            raise Unauthenticated("oidc.token", reason="sub")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Person(
            issuer=self._settings.issuer,
            subject=subject,
            email=str(email).lower() if verified and len(str(email)) <= MOST_TEXT else None,
            nonce=nonce if isinstance(nonce, str) else "",
        )

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """The key that a token names; asked for anew if it is not known: providers change them."""
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        for again in (False, True):
            found = [
                key
                for key in self._published(again=again)
                if header.get("kid") in {None, key.key_id} and key.public_key_use in {None, "sig"}
            ]
            if len(found) == 1:
                return found[0]
        raise jwt.InvalidKeyError

    def _published(self, *, again: bool) -> Sequence[jwt.PyJWK]:
        with self._lock:
            kept = self._keys
            age = monotonic() - kept.at if kept else float("inf")
            if kept is None or age > FRESH_S or (again and age > AGAIN_S):
                self._keys = kept = _Kept(
                    self._read(str(self._about_it()["jwks_uri"])), monotonic()
                )
            try:
                return jwt.PyJWKSet.from_dict(dict(kept.value)).keys
            except (jwt.PyJWTError, TypeError, ValueError, AttributeError) as error:
                raise Unavailable("oidc.garbled", issuer=self._settings.issuer) from error

    def _provider(self) -> Mapping[str, Any]:
        with self._lock:
            return self._about_it()

    def _about_it(self) -> Mapping[str, Any]:
        """What the provider says of itself; the lock is held."""
        kept = self._about
        if kept is None or monotonic() - kept.at > FRESH_S:
            said = self._read(self._settings.issuer.rstrip("/") + DISCOVERY)
            named = all(_is_safe(str(said.get(name, ""))) for name in ENDPOINTS)
            if said.get("issuer") != self._settings.issuer or not named:
                raise Unavailable("oidc.garbled", issuer=self._settings.issuer)
            self._about = kept = _Kept(said, monotonic())
        return kept.value

    def _read(self, url: str) -> Mapping[str, Any]:
        status, answer = self._send("GET", url)
        if status != httpx.codes.OK:
            raise Unavailable("oidc.silent", issuer=self._settings.issuer, reason=str(status))
        return answer

    def _ask(self, url: str, given: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        """With our secret as HTTP Basic (RFC 6749, section 2.3.1), or as it wants it."""
        name, secret = self._settings.client_id, self._settings.secret
        known = self._provider().get("token_endpoint_auth_methods_supported")
        if secret is None:
            return self._send("POST", url, {**given, "client_id": name})
        if isinstance(known, list) and "client_secret_basic" not in known:
            return self._send("POST", url, {**given, "client_id": name, "client_secret": secret})
        basic = httpx.BasicAuth(quote(name, safe=""), quote(secret, safe=""))
        return self._send("POST", url, given, basic)

    def _send(
        self,
        method: str,
        url: str,
        given: Mapping[str, str] | None = None,
        auth: httpx.BasicAuth | None = None,
    ) -> tuple[int, Mapping[str, Any]]:
        """Status and JSON of an answer that is no longer than sensible; no redirect is followed."""
        try:
            with httpx.stream(
                method,
                url,
                data=given,
                auth=auth,
                timeout=TIMEOUT_S,
                headers={"Accept": "application/json"},
            ) as answer:
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise Unavailable("oidc.garbled", issuer=self._settings.issuer)
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise Unavailable("oidc.silent", issuer=self._settings.issuer, reason=reason) from error
        try:
            said = json.loads(content or b"{}")
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise Unavailable("oidc.garbled", issuer=self._settings.issuer)
        return answer.status_code, said


def _is_safe(url: str) -> bool:
    """Whether nobody on the way reads what is sent there: HTTPS, or this machine itself."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    if not parsed.host or parsed.fragment or parsed.userinfo:
        return False
    return parsed.scheme == "https" or (parsed.scheme == "http" and _is_here(parsed.host))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
