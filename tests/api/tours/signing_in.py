"""Accounts, keys of programs, and the ways in."""

from __future__ import annotations

from tests.api.clients import PASSWORD
from tests.api.tours.asking import Tour
from tests.identity_provider import Provider


def accounts(asked: Tour) -> None:
    """Somebody comes to work here, and a program."""
    new = {"login": "lena", "role": "dispatcher", "password": PASSWORD, "name": "Lena"}
    harbour = asked.ask("outlets.list")["items"][0]["id"]
    new |= {"email": "lena@example.com", "outlets": [harbour]}
    account = asked.ask("accounts.create", new)
    asked.ask(
        "accounts.change", {"language": "zh", "whole_network": True}, account=account["id"], see=1
    )
    asked.ask("accounts.read", account=account["id"])
    asked.ask("accounts.list")
    key = asked.ask(
        "integrations.create", {"name": "shop", "scopes": ["jobs.write"], "whole_network": True}
    )
    asked.ask("integrations.list")
    asked.ask("integrations.revoke", integration=key["id"])


def sign_in(asked: Tour, provider: Provider) -> None:
    """With a password, with another, and by way of an identity provider."""
    asked.token = ""
    tokens = asked.ask("sign_in", {"login": "lena", "password": PASSWORD, "device": "desk"})
    asked.token = tokens["access"]
    asked.ask("me.password", {"old": PASSWORD, "new": PASSWORD + " even better"})
    asked.token = ""
    begun = asked.ask("sign_in.oidc_begin")
    back = provider.visit(begun["url"], "lena") | {"keep": begun["keep"], "device": "desk"}
    asked.ask("sign_in.oidc_finish", back)
    again = {"login": "lena", "password": PASSWORD + " even better"}
    tokens = asked.ask("sign_in", again)
    tokens = asked.ask("sign_in.refresh", {"refresh": tokens["refresh"]})
    asked.token = tokens["access"]
    asked.ask("sign_out")
