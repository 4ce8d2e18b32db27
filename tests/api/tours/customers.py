"""What customers see and say by their links, and what is said to them."""

from __future__ import annotations

from tests.api.tours.asking import DAY, Tour
from tests.api.tours.planning import visits


def by_link(asked: Tour) -> None:
    """A job that is to come, and one that costs something."""
    desk, board = asked.token, visits(asked)
    coming, costs = {"job": board["J-17"]["job"]}, {"job": board["J4"]["job"]}
    asked.ask("jobs.code", **coming)
    spare = asked.ask("links.create", {}, **coming)
    asked.ask("links.revoke", link=spare["id"])
    asked.ask("links.list", **coming)
    open_link(asked, coming["job"])
    asked.ask("link.code")
    later = {"window_from": f"{DAY}T13:00:00+01:00", "window_to": f"{DAY}T15:00:00+01:00"}
    asked.ask("link.wish", {"kind": "window", "words": "We are out until noon."} | later)
    asked.token = desk
    wish = asked.ask("wishes.list")["items"][0]
    answer = {"grant": True, "answer": "We come after one."}
    asked.ask("wishes.decide", answer, wish=wish["id"], see=wish["version"])
    open_link(asked, coming["job"])
    asked.ask("link.read")
    asked.token = desk
    charge = asked.ask("money.charge", {"text": "Valve", "unit_minor": 900}, **costs)["charges"][-1]
    open_link(asked, costs["job"])
    bill = asked.ask("link.bill")
    asked.ask("link.decide", {"approve": True, "customer": "Li Na"}, charge=charge["id"])
    asked.ask("link.receipt", payment=bill["payments"][0]["id"])
    asked.token = desk


def rated(asked: Tour, job: str) -> None:
    """What somebody thinks of a job that is done."""
    desk = asked.token
    open_link(asked, job)
    asked.ask("link.rate", {"stars": 5, "words": "Quick and clean."})
    asked.token = desk
    asked.ask("ratings.read", job=job)


def open_link(asked: Tour, job: str) -> None:
    """Be the customer of a job from now on."""
    path: str = asked.ask("links.create", {}, job=job)["path"]
    asked.token = ""
    asked.token = asked.ask("link.exchange", {"link": path.partition("#")[2]})["token"]
