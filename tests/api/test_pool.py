"""The pool over HTTP: bids, leaders, limits, scores, rules."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.clients import Client, Service
from tests.databases import OWNER, SetClock
from tests.operations.boards import TRAVEL, WORKER
from tests.operations.pools import person

from dispatch.domain.role import Role
from dispatch.store.reach import renew_reach, root_of
from dispatch.store.rows.outlets import OutletRow
from dispatch.worker.rounds import look_round

UNTIL = "2026-03-03T10:00:00Z"


def visits(desk: Client) -> list[str]:
    return [entry["id"] for entry in desk.get("/boards/2026-03-03").json()["unassigned"]]


def offered(desk: Client, visit: str, **more: Any) -> str:
    body = {"visit": visit, "fee_minor": 5_000, "expires_at": UNTIL} | more
    answer = desk.post("/offers", body)
    assert answer.status_code == 201, answer.text
    offer: str = answer.json()["id"]
    return offer


def leading(city: Service, key: str) -> None:
    manager = city.signed_in(Role.MANAGER)
    path = f"/technicians/{person(city.database, key)}/pool"
    seen = {"If-Match": manager.get(path).headers["ETag"]}
    answer = manager.ask("PUT", path, json={"leader": True}, headers=seen)
    assert (answer.status_code, answer.json()["leader"]) == (200, True)


def test_bids_are_decided_for_who_looks_and_others_are_told(city: Service, clock: SetClock) -> None:
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0], mode="batched")
    one, two = city.technician("T1"), city.technician("T2")
    (told,) = one.get("/me/pool").json()
    assert (told["mode"], told["reason"], told["closes_at"]) == ("batched", None, None)
    assert one.post(f"/me/pool/{offer}/claim").json()["code"] == "claim.batched"
    headers = {"Idempotency-Key": "bid"}
    made = one.post(f"/me/pool/{offer}/bid", headers=headers)
    assert made.status_code == 201, made.text
    again = one.post(f"/me/pool/{offer}/bid", headers=headers)
    assert (again.status_code, again.json()) == (201, made.json())
    assert two.post(f"/me/pool/{offer}/bid").status_code == 201
    assert one.post(f"/me/pool/{offer}/bid").json()["code"] == "claim.twice"
    assert desk.get(f"/offers/{offer}").json()["closes_at"] is not None
    clock.forward(seconds=10)
    own = [client.get("/me/claims").json()["items"][0] for client in (one, two)]
    assert sorted(claim["state"] for claim in own) == ["lost", "won"]
    loser = next(claim for claim in own if claim["state"] == "lost")
    assert (loser["reason"], set(loser) & {"cost_minor", "technician"}) == ("claim.beaten", set())
    seen = desk.get(f"/offers/{offer}/claims").json()["items"]
    assert {claim["technician"] for claim in seen} == {
        str(person(city.database, key)) for key in ("T1", "T2")
    }
    winner = one if own[0]["state"] == "won" else two
    (stop,) = winner.get("/me/route?day=2026-03-03").json()["stops"]
    assert stop["address"] is not None
    assert one.post(f"/me/claims/{own[0]['id']}/withdraw").status_code == 409


def test_a_bid_can_be_taken_back_by_nobody_else(city: Service) -> None:
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0], mode="batched")
    one, two = city.technician("T1"), city.technician("T2")
    claim = one.post(f"/me/pool/{offer}/bid").json()["id"]
    assert two.post(f"/me/claims/{claim}/withdraw").status_code == 404
    assert one.post(f"/me/claims/{claim}/withdraw").json()["state"] == "withdrawn"


def test_a_leader_gives_to_their_people_and_others_see_nothing(city: Service) -> None:
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0], mode="leaders")
    one, two = city.technician("T1"), city.technician("T2")
    whom = {"technician": str(person(city.database, "T2"))}
    path = f"/me/lead/pool/{offer}"
    assert one.get("/me/lead/pool").json() == []
    assert one.get(f"{path}/people").status_code == 404
    assert one.post(f"{path}/claim", whom).status_code == 404
    leading(city, "T1")
    (told,) = one.get("/me/lead/pool").json()
    assert (told["offer"], "address" in told) == (offer, False)
    assert [entry["reason"] for entry in one.get(f"{path}/people").json()] == [None, None]
    assert one.post(f"{path}/claim", whom).json()["offer"] == offer
    assert len(two.get("/me/route?day=2026-03-03").json()["stops"]) == 1
    assert one.post(f"{path}/claim", whom).status_code == 409


def test_only_managers_say_who_leads(city: Service) -> None:
    path = f"/technicians/{person(city.database, 'T1')}/pool"
    for client in (city.dispatcher, city.technician("T1")):
        answer = client.ask("PUT", path, json={"leader": True}, headers={"If-Match": '"1"'})
        assert answer.status_code == 403
    manager = city.signed_in(Role.MANAGER)
    stale = manager.ask("PUT", path, json={}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert manager.ask("PUT", path, json={}).json()["code"] == "request.if-match"


def test_a_manager_of_another_outlet_changes_nothing_here(city: Service) -> None:
    with city.database.work(OWNER) as work:
        other = OutletRow(key="other", name="Other", parent_id=root_of(work.session).id)
        work.session.add(other)
        renew_reach(work.session)
        work.commit()
    stranger = city.signed_in(Role.MANAGER, login="stranger", outlets=(other.id,))
    path = f"/technicians/{person(city.database, 'T1')}"
    assert stranger.get(f"{path}/pool").status_code == 404
    assert stranger.get(f"{path}/credit").status_code == 404
    right = {"points": 5, "reason": "x"}
    assert stranger.post(f"{path}/credit", right).status_code == 404
    put = stranger.ask("PUT", f"{path}/pool", json={}, headers={"If-Match": '"1"'})
    assert put.status_code == 404


def test_who_closes_is_shown_why_and_opens_again(city: Service) -> None:
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0])
    phone = city.technician("T1")
    assert phone.post("/me/open-for-work", {"open": False}).json()["open_for_work"] is False
    (told,) = phone.get("/me/pool").json()
    refused = phone.post(f"/me/pool/{offer}/claim")
    assert (refused.status_code, refused.json()["code"]) == (409, told["reason"])
    assert phone.post("/me/open-for-work", {"open": True}).json()["open_for_work"] is True
    assert phone.post(f"/me/pool/{offer}/claim").status_code == 200
    standing = phone.get("/me/standing").json()
    assert (standing["today"], standing["unfinished"]) == (1, 1)


def test_a_score_is_seen_and_put_right_with_a_reason(city: Service) -> None:
    phone, manager = city.technician("T1"), city.signed_in(Role.MANAGER)
    path = f"/technicians/{person(city.database, 'T1')}/credit"
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0], min_score=80)
    assert phone.post(f"/me/pool/{offer}/claim").json()["code"] == "claim.score"
    right = {"points": 10, "reason": "The no-show was ours."}
    assert desk.post(path, right).status_code == 403
    assert manager.post(path, right | {"reason": ""}).status_code == 422
    assert manager.post(path, right).json()["score"] == 80
    (entry,) = phone.get("/me/credit").json()["items"]
    assert (entry["kind"], entry["points"], entry["reason"]) == (
        *("corrected", 10, right["reason"]),
    )
    assert phone.get("/me/standing").json()["level"] == 5
    assert phone.post(f"/me/pool/{offer}/claim").status_code == 200


def test_the_owner_changes_the_rules_and_nobody_else(city: Service) -> None:
    owner = city.signed_in(Role.OWNER)
    read = owner.get("/pool-rules")
    assert read.json()["bids_s"] == 10
    changed = read.json() | {"bids_s": 20, "claims_a_day": 0}
    seen = {"If-Match": read.headers["ETag"]}
    for client in (city.dispatcher, city.signed_in(Role.MANAGER)):
        assert client.ask("PUT", "/pool-rules", json=changed, headers=seen).status_code == 403
    answer = owner.ask("PUT", "/pool-rules", json=changed, headers=seen)
    assert (answer.status_code, answer.json()) == (200, changed)
    assert answer.headers["ETag"] != read.headers["ETag"]
    assert owner.ask("PUT", "/pool-rules", json=changed, headers=seen).status_code == 412
    offer = offered(city.dispatcher, visits(city.dispatcher)[0])
    refused = city.technician("T1").post(f"/me/pool/{offer}/claim")
    assert refused.json()["code"] == "claim.daily"


@pytest.mark.parametrize(
    "wrong", [{"bids_s": 0}, {"claims_open": -1}, {"push_lead_s": 10**9}, {"bids_s": "soon"}]
)
def test_rules_have_bounds(city: Service, wrong: dict[str, Any]) -> None:
    owner = city.signed_in(Role.OWNER)
    seen = {"If-Match": owner.get("/pool-rules").headers["ETag"]}
    answer = owner.ask("PUT", "/pool-rules", json=wrong, headers=seen)
    assert answer.status_code == 422
    assert owner.get("/pool-rules").headers["ETag"] == seen["If-Match"]


def test_what_nobody_claims_is_pushed_in_the_workers_round(city: Service, clock: SetClock) -> None:
    owner = city.signed_in(Role.OWNER)
    seen = {"If-Match": owner.get("/pool-rules").headers["ETag"]}
    lead = {"push_lead_s": 5 * 3_600}  # before three, when the last shift has an hour left
    assert owner.ask("PUT", "/pool-rules", json=lead, headers=seen).status_code == 200
    desk = city.dispatcher
    offer = offered(desk, visits(desk)[0], expires_at="2026-03-03T20:00:00Z")
    assert desk.get(f"/offers/{offer}").json()["push_at"] == "2026-03-03T09:00:00Z"
    clock.now = clock.now.replace(day=3, hour=9)
    look_round(city.database, WORKER, TRAVEL)
    desk = city.dispatcher
    assert desk.get(f"/offers/{offer}").json()["state"] == "withdrawn"
    (asked,) = desk.get("/pushes").json()["items"]
    assert asked["state"] == "sent"
