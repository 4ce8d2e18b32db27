"""The front door: the same things wanted over the API, by people with tokens of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import httpx2 as httpx
from tests.api.clients import served
from tests.api.direct import direct_client
from tests.databases import OWNER
from tests.operations.boards import TRAVEL
from tests.proofs.simulation.world import OUTLETS, Ask, Wish, World

from dispatch.api.house import House
from dispatch.domain.actor import ActorKind
from dispatch.domain.role import Role
from dispatch.errors import DispatchError
from dispatch.operations.accounts import create
from dispatch.operations.accounts.create import create_account, create_integration
from dispatch.operations.accounts.refresh import refresh
from dispatch.operations.accounts.sign_in import open_sign_in
from dispatch.operations.links.exchange import exchange_link
from dispatch.store.rows.accounts import AccountRow

PASSWORD = "four words that fit"
hashed = cache(create.password_hash)
"""To hash a password takes its time; here the same one has the same hash."""
SOON = timedelta(minutes=2)
SCOPES = ("jobs.read", "jobs.write", "customers.read", "boards.read")


@dataclass
class Token:
    """What somebody shows."""

    access: str
    until: datetime | None
    """None: it is good until it is taken away."""
    account: UUID | None = None
    refresh: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    body: object

    @property
    def code(self) -> str:
        """``ok``, or what went wrong."""
        if self.status < 300:
            return "ok"
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


@dataclass
class Front:
    """The service, and who has which token, by what they are called here."""

    world: World
    http: httpx.Client
    tokens: dict[str, Token] = field(default_factory=dict)

    @staticmethod
    def of(world: World) -> Front:
        """Nobody has a token yet."""
        house = House(world.database, TRAVEL, files=world.files, payments=world.provider)
        return Front(world, direct_client(served(house)))

    def begin(self) -> None:
        """Everybody who is there at first has an account."""
        own = {f"desk-{key}": (self.world.outlets[key],) for key in OUTLETS}
        for name in ("desk-all", *own):
            self._take_in(name, Role.DISPATCHER, outlets=own.get(name, ()))
        self._take_in("manager", Role.MANAGER)
        self._take_in("owner", Role.OWNER)
        for place, person in enumerate(self.world.people):
            self._take_in(f"phone-{place}", Role.TECHNICIAN, technician=person)
        north = self.world.outlets["north"]
        _, key = create_integration(
            self.world.database, OWNER, name="erp", scopes=SCOPES, outlet=north
        )
        self.tokens["erp"] = Token(key, None)

    def _take_in(
        self,
        name: str,
        role: Role,
        *,
        technician: UUID | None = None,
        outlets: tuple[UUID, ...] = (),
    ) -> None:
        account = create_account(
            self.world.database,
            OWNER,
            login=name,
            role=role,
            password=PASSWORD,
            technician=technician,
            outlets=outlets,
            whole_network=not outlets and role in (Role.DISPATCHER, Role.MANAGER),
        )
        who = name if technician is None else str(technician)
        self.tokens[who] = Token("", self.world.clock(), account)
        self._sign_in(self.tokens[who])

    def knows(self, wish: Wish) -> bool:
        """Whether whoever wishes has a token; who has come by a link gets one when they ask."""
        who = wish.actor
        if who.kind is ActorKind.CUSTOMER:
            return UUID(who.id) in self.world.links
        return who.id in self.tokens

    def ready(self, wish: Wish) -> None:
        """Let them have a good token, if they may have one."""
        who, now = wish.actor, self.world.clock()
        token = self.tokens.get(who.id)
        if token is not None and (token.until is None or token.until > now + SOON):
            return
        try:
            if who.kind is ActorKind.CUSTOMER:
                given = exchange_link(self.world.database, self.world.links[UUID(who.id)])
                self.tokens[who.id] = Token(given.token, given.until)
            elif token is not None:
                self._renew(token)
        except DispatchError:  # they may not come in any more, or not now
            self.tokens.setdefault(who.id, Token("none", now))

    def _renew(self, token: Token) -> None:
        try:
            given = refresh(self.world.database, token.refresh)
        except DispatchError:
            self._sign_in(token)
        else:
            token.access, token.until = given.access, given.access_until
            token.refresh = given.refresh

    def _sign_in(self, token: Token) -> None:
        """As who has shown a password, which would take its time."""
        with self.world.database.work(OWNER) as work:
            account = work.get(AccountRow, token.account) if token.account else None
            if account is not None and account.active:
                given = work.commit(open_sign_in(work, account, "simulation"))
                token.access, token.until = given.access, given.access_until
                token.refresh = given.refresh

    def tell(self, wish: Wish, ask: Ask) -> Answered:
        """Ask for it over the API."""
        headers = {}
        token = self.tokens.get(wish.actor.id)
        if token is not None:
            headers["Authorization"] = f"Bearer {token.access}"
        if ask.method == "POST":
            receipt = wish.actor.receipt
            headers["Idempotency-Key"] = receipt.key if receipt else f"key-{self.world.number}"
        if ask.expected is not None:
            headers["If-Match"] = f'"{ask.expected}"'
        if ask.content is not None:
            headers["Content-Type"] = "image/jpeg"
        sent = {"json": ask.body} if ask.body is not None else {"content": ask.content}
        answer = self.http.request(ask.method, f"/v1{ask.path}", headers=headers, **sent)
        told = answer.headers.get("content-type", "").partition(";")[0]
        read = bool(answer.content) and told.endswith("json")
        return Answered(answer.status_code, answer.json() if read else None)
