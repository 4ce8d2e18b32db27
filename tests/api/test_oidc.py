"""Signing in by way of an identity provider: who it vouches for, and nobody else."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Generator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text
from tests.api.clients import PASSWORD, Client, Service
from tests.api.direct import direct_client
from tests.databases import OWNER, SetClock
from tests.identity_provider import CLIENT, Provider, provider_up
from tests.operations.boards import TRAVEL

from dispatch.api.app import create_app
from dispatch.api.house import House
from dispatch.bootstrap import identity_provider
from dispatch.domain.role import Role
from dispatch.errors import InvalidValue
from dispatch.gateways import oidc
from dispatch.gateways.oidc import Oidc, OidcSettings
from dispatch.operations.accounts.create import create_account
from dispatch.store.database import Database
from dispatch.store.rows.accounts import AccountRow, PendingSignInRow, SignInRow

LENA = {"sub": "lena-at-provider", "email": "Lena@Example.com", "email_verified": True}


@pytest.fixture
def provider(clock: SetClock) -> Generator[Provider]:
    with provider_up(lambda: clock().timestamp()) as found:
        found.people["lena"] = dict(LENA)
        yield found


@pytest.fixture
def desk(database: Database, provider: Provider) -> Service:
    """With an account of Lena's, who has never signed in this way."""
    create_account(
        database,
        OWNER,
        login="lena",
        role=Role.DISPATCHER,
        password=PASSWORD,
        whole_network=True,
        email="lena@example.com",
    )
    app = create_app(House(database, TRAVEL, identity=Oidc(provider.settings)))
    return Service(database, direct_client(app), app)


def begun(desk: Service) -> dict[str, str]:
    answer = desk.http.post("/v1/sign-in/oidc")
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def come_back(desk: Service, provider: Provider, name: str = "lena", **other: str) -> Any:
    began = begun(desk)
    body = {**provider.visit(began["url"], name), "keep": began["keep"], **other}
    return desk.http.post("/v1/sign-in/oidc/finish", json=body)


def accounts(database: Database) -> dict[str, tuple[str | None, int]]:
    """Who each account is at the provider, and how often it signed in."""
    with database.work(OWNER) as work:
        query = select(AccountRow.login, AccountRow.subject, func.count(SignInRow.id))
        rows = work.session.execute(
            query.outerjoin(SignInRow, SignInRow.account_id == AccountRow.id).group_by(
                AccountRow.id
            )
        )
        return {login: (subject, count) for login, subject, count in rows}


def test_who_the_provider_vouches_for_is_let_in_as_their_account(
    desk: Service, provider: Provider
) -> None:
    answer = come_back(desk, provider, device="laptop")
    assert answer.status_code == 200, answer.text
    me = Client(desk.http, answer.json()["access"]).get("/me").json()
    assert (me["role"], me["scopes"]) == ("dispatcher", [])
    assert accounts(desk.database) == {"lena": ("lena-at-provider", 1)}
    refreshed = desk.http.post("/v1/refresh", json={"refresh": answer.json()["refresh"]})
    assert refreshed.status_code == 200


def test_from_then_on_the_subject_counts_and_not_the_address(
    desk: Service, provider: Provider
) -> None:
    assert come_back(desk, provider).status_code == 200
    provider.people["lena"] = {"sub": LENA["sub"], "email": "new@example.com"}
    assert come_back(desk, provider).status_code == 200
    provider.people["thief"] = {**LENA, "sub": "somebody-else"}
    refused = come_back(desk, provider, "thief")
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.nobody")
    assert accounts(desk.database) == {"lena": ("lena-at-provider", 2)}


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "x", "email": "nobody@example.com", "email_verified": True},
        {"sub": "x", "email": "lena@example.com", "email_verified": False},
        {"sub": "x", "email": "lena@example.com"},
        {"sub": "x", "email": "lena@example.com", "email_verified": "true"},
        {"sub": "x", "email": ["lena@example.com"], "email_verified": True},
        {"sub": "x", "role": "owner"},
    ],
    ids=str,
)
def test_nobody_is_given_an_account_or_one_of_somebody_else(
    desk: Service, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.people["stranger"] = claims
    refused = come_back(desk, provider, "stranger")
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.nobody")
    assert accounts(desk.database) == {"lena": (None, 0)}


def test_an_account_that_has_ended_stays_ended(desk: Service, provider: Provider) -> None:
    assert come_back(desk, provider).status_code == 200
    with desk.database.work(OWNER) as work:
        for row in work.session.scalars(select(AccountRow)):
            row.active = False
        work.commit()
    assert come_back(desk, provider).json()["code"] == "oidc.nobody"


WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another client"},
    "several": {"aud": [CLIENT, "another"]},
    "other party": {"azp": "another"},
    "issuer": {"iss": "https://evil.example"},
    "no subject": {"sub": None},
    "long subject": {"sub": "x" * 256},
    "expired": {"exp": 1_000_000_000},
    "no expiry": {"exp": None},
    "from the future": {"iat": 9_000_000_000, "exp": 9_000_003_600},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_that_does_not_hold_is_refused(
    desk: Service, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.wrong = wrong
    refused = come_back(desk, provider)
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.token")
    assert accounts(desk.database) == {"lena": (None, 0)}


def part(document: object) -> str:
    return urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def by_hand(provider: Provider, alg: str) -> Callable[[dict[str, Any]], str]:
    """Signed with nothing, or with what everybody can read."""

    def sign(said: dict[str, Any]) -> str:
        head = f"{part({'alg': alg, 'kid': provider.kid, 'typ': 'JWT'})}.{part(said)}"
        if alg == "none":
            return f"{head}."
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = provider.key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        mac = hmac.new(public, head.encode(), hashlib.sha256).digest()
        return f"{head}.{urlsafe_b64encode(mac).decode().rstrip('=')}"

    return sign


@pytest.mark.parametrize("how", ["none", "HS256", "other key", "other key, its own kid", "bits"])
def test_a_token_that_the_provider_has_not_signed_is_refused(
    desk: Service, provider: Provider, how: str
) -> None:
    other = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    ways: dict[str, Callable[[dict[str, Any]], str]] = {
        "none": by_hand(provider, "none"),
        "HS256": by_hand(provider, "HS256"),
        "other key": lambda said: jwt.encode(
            said, other, algorithm="RS256", headers={"kid": provider.kid}
        ),
        "other key, its own kid": lambda said: jwt.encode(
            said, other, algorithm="RS256", headers={"kid": "mine"}
        ),
        "bits": lambda said: provider.signed(said)[:-8] + "AAAAAAAA",
    }
    provider.sign = ways[how]
    refused = come_back(desk, provider)
    assert (refused.status_code, refused.json()["code"]) == (401, "oidc.token")
    provider.sign = None
    assert come_back(desk, provider).status_code == 200


def test_keys_that_were_changed_are_read_again_and_not_for_every_token(
    desk: Service, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert come_back(desk, provider).status_code == 200
    assert come_back(desk, provider).status_code == 200
    assert provider.reads == 1
    provider.rotate()
    assert come_back(desk, provider).json()["code"] == "oidc.token"  # asked a moment ago
    monkeypatch.setattr(oidc, "AGAIN_S", 0.0)
    assert come_back(desk, provider).status_code == 200
    assert provider.reads == 2


def test_what_comes_back_is_good_once_and_in_one_browser(
    desk: Service, provider: Provider, clock: SetClock
) -> None:
    began = begun(desk)
    body = {**provider.visit(began["url"], "lena"), "keep": began["keep"]}
    finish = "/v1/sign-in/oidc/finish"
    assert desk.http.post(finish, json=body).status_code == 200
    assert desk.http.post(finish, json=body).json()["code"] == "oidc.state"
    other = begun(desk)  # a code that was used, in a sign-in of its own
    replayed = {"code": body["code"], "state": "", "keep": other["keep"]}
    replayed["state"] = provider.visit(other["url"], "lena")["state"]
    assert desk.http.post(finish, json=replayed).json()["code"] == "oidc.code"
    mine, theirs = begun(desk), begun(desk)  # what somebody else began, put under my feet
    planted = {**provider.visit(theirs["url"], "lena"), "keep": mine["keep"]}
    assert desk.http.post(finish, json=planted).json()["code"] == "oidc.state"
    crossed = begun(desk), begun(desk)  # a code of one with the state of another
    codes = [provider.visit(each["url"], "lena") for each in crossed]
    mixed = {"code": codes[0]["code"], "state": codes[1]["state"], "keep": crossed[1]["keep"]}
    assert desk.http.post(finish, json=mixed).json()["code"] == "oidc.code"
    slow = begun(desk)
    late = {**provider.visit(slow["url"], "lena"), "keep": slow["keep"]}
    clock.forward(minutes=11)
    assert desk.http.post(finish, json=late).json()["code"] == "oidc.state"


def test_nothing_that_lets_in_is_kept_readable_and_nothing_is_left(
    desk: Service, clock: SetClock
) -> None:
    began = begun(desk)
    state = began["url"].partition("state=")[2].partition("&")[0]
    with desk.database.connect() as connection:
        told = str(
            connection.execute(text("SELECT pending_sign_in::text FROM pending_sign_in")).all()
        )
    for secret in (state, began["keep"]):
        assert secret not in told
    clock.forward(minutes=11)
    begun(desk)
    with desk.database.work(OWNER) as work:
        assert work.session.scalar(select(func.count()).select_from(PendingSignInRow)) == 1


def test_only_so_many_are_on_their_way(desk: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.operations.accounts.provider.MOST_PENDING", 1)
    begun(desk)
    full = desk.http.post("/v1/sign-in/oidc")
    assert (full.status_code, full.json()["code"]) == (503, "oidc.busy")


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_provider_that_says_something_else_of_itself_is_not_believed(
    desk: Service, provider: Provider, about: dict[str, Any]
) -> None:
    provider.about = about
    refused = desk.http.post("/v1/sign-in/oidc")
    assert (refused.status_code, refused.json()["code"]) == (503, "oidc.garbled")


def test_a_provider_that_is_down_is_said_to_be(database: Database) -> None:
    settings = OidcSettings(
        issuer="http://127.0.0.1:9", client_id=CLIENT, redirect="https://desk.example"
    )
    app = create_app(House(database, TRAVEL, identity=Oidc(settings)))
    answer = TestClient(app).post("/v1/sign-in/oidc")
    assert (answer.status_code, answer.json()["code"]) == (503, "oidc.silent")


def test_without_a_provider_there_is_no_such_way_in(service: Service) -> None:
    body = {"code": "x", "state": "x", "keep": "x"}
    for path, given in (("", None), ("/finish", body)):
        answer = service.http.post(f"/v1/sign-in/oidc{path}", json=given)
        assert (answer.status_code, answer.json()["code"]) == (404, "oidc.none")


def test_no_value_makes_it_fail(desk: Service) -> None:
    values = (None, "", "x" * 5_000, "\u0000", 7, [], {}, "';--", "\u202e")
    for name in ("code", "state", "keep", "device"):
        for value in values:
            body = {"code": "x", "state": "x", "keep": "x", "device": "", name: value}
            answer = desk.http.post("/v1/sign-in/oidc/finish", json=body)
            assert answer.status_code in {401, 422}, (name, value)
            codes = {"oidc.state", "request.field", "request.text", "value.range"}
            assert answer.json()["code"] in codes, (name, value)


def test_an_owner_says_by_which_address_somebody_is_known(desk: Service) -> None:
    owner = desk.signed_in(Role.OWNER)
    (lena,) = [each for each in owner.get("/accounts").json()["items"] if each["login"] == "lena"]
    assert (lena["email"], lena["bound"]) == ("lena@example.com", False)

    def change(**edit: str) -> Any:
        tag = owner.get(f"/accounts/{lena['id']}").headers["ETag"]
        path = f"/accounts/{lena['id']}"
        return owner.ask("PATCH", path, json=edit, headers={"If-Match": tag})

    assert change(email="no address").json()["code"] == "account.email"
    assert change(email="L@Example.org").json()["email"] == "l@example.org"
    assert change(email="").json()["email"] is None
    taken = {"login": "other", "role": "manager", "password": PASSWORD, "email": "o@example.org"}
    taken |= {"whole_network": True}
    assert owner.post("/accounts", taken).status_code == 201
    assert change(email="o@example.org").json()["code"] == "account.taken"


def test_an_account_whose_address_is_set_anew_is_bound_anew(
    desk: Service, provider: Provider
) -> None:
    assert come_back(desk, provider).status_code == 200
    owner = desk.signed_in(Role.OWNER)
    (lena,) = [each for each in owner.get("/accounts").json()["items"] if each["login"] == "lena"]
    assert lena["bound"] is True
    tag = owner.get(f"/accounts/{lena['id']}").headers["ETag"]
    owner.ask(
        "PATCH",
        f"/accounts/{lena['id']}",
        json={"email": "lena@example.com"},
        headers={"If-Match": tag},
    )
    provider.people["lena"]["sub"] = "lena-after-a-move"
    assert come_back(desk, provider).status_code == 200


ENOUGH = {
    "DISPATCH_OIDC_ISSUER": "https://id.example",
    "DISPATCH_OIDC_CLIENT_ID": "dispatch",
    "DISPATCH_OIDC_CLIENT_SECRET": "secret",
    "DISPATCH_OIDC_REDIRECT": "https://desk.example/back",
}


def test_it_is_off_unless_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENOUGH:
        monkeypatch.delenv(name, raising=False)
    assert identity_provider() is None
    for name, value in ENOUGH.items():
        monkeypatch.setenv(name, value)
    assert identity_provider() is not None
    for name, value, code in (
        ("DISPATCH_OIDC_CLIENT_ID", "", "oidc.settings"),
        ("DISPATCH_OIDC_REDIRECT", "", "oidc.settings"),
        ("DISPATCH_OIDC_ISSUER", "http://id.example", "oidc.url"),
        ("DISPATCH_OIDC_ISSUER", "https://user:pw@id.example", "oidc.url"),
        ("DISPATCH_OIDC_REDIRECT", "https://desk.example/#x", "oidc.url"),
    ):
        monkeypatch.setenv(name, value)
        with pytest.raises(InvalidValue) as refused:
            identity_provider()
        assert refused.value.code == code
        monkeypatch.setenv(name, ENOUGH[name])


def test_a_secret_is_never_shown() -> None:
    settings = OidcSettings(
        issuer="https://id.example", client_id="x", secret="hidden", redirect="https://x.example"
    )
    assert "hidden" not in repr(settings)
