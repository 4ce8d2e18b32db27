"""What a routing server can do wrong, by servers that do."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from tests.travel.routing_servers import free_port
from tests.travel.towns import place

from dispatch.errors import InvalidInput, InvalidValue, Unavailable
from dispatch.planning.travel_times import TravelTimes
from dispatch.travel.osrm import OsrmTravel
from dispatch.travel.server import Server
from dispatch.travel.valhalla import ValhallaTravel

PLACES = [place("a", 0, 0), place("b", 0, 500)]
SNAPPED = [{"distance": 1.0}, {"distance": 2.0}]
LOCATED = [
    {"edges": [{"correlated_lat": each.position.lat, "correlated_lon": each.position.lon}]}
    for each in PLACES
]


class Answer(BaseHTTPRequestHandler):
    """Gives the same answer to everything."""

    status: ClassVar[int]
    content: ClassVar[Callable[[str], bytes]]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        content = type(self).content(self.path)
        self.send_response(type(self).status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(content: Callable[[str], bytes], status: int = 200) -> Iterator[str]:
    handler = type("Told", (Answer,), {"content": staticmethod(content), "status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def says(content: Any, status: int = 200) -> AbstractContextManager[str]:
    return answering(lambda _: json.dumps(content).encode(), status)


def table_of(seconds: object, metres: object) -> AbstractContextManager[str]:
    """A server of both kinds that is right but for its table."""

    def content(path: str) -> bytes:
        if path.startswith("/locate"):
            return json.dumps(LOCATED).encode()
        osrm = {"durations": seconds, "distances": metres, "sources": SNAPPED}
        return json.dumps({**osrm, "sources_to_targets": osrm}).encode()

    return answering(content)


def both(address: str, timeout_s: float = 5) -> list[TravelTimes]:
    server = Server(address, timeout_s)
    return [OsrmTravel(server), ValhallaTravel(server)]


def code_of(travel: TravelTimes) -> str:
    with pytest.raises(Unavailable) as caught:
        travel.matrix(PLACES)
    return caught.value.code


def test_a_server_that_is_not_there_is_silent() -> None:
    for travel in both(f"http://127.0.0.1:{free_port()}"):
        assert code_of(travel) == "travel.server.silent"


def test_a_server_that_takes_too_long_is_silent() -> None:
    release = threading.Event()

    def wait(_: str) -> bytes:
        release.wait(30)
        return b"{}"

    with answering(wait) as address:
        try:
            for travel in both(address, timeout_s=0.2):
                assert code_of(travel) == "travel.server.silent"
        finally:
            release.set()


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (400, {"code": "TooBig", "message": "Too many coordinates"}, "HTTP 400 TooBig Too many"),
        (400, {"error_code": 150, "error": "Exceeded max locations"}, "HTTP 400 150 Exceeded"),
        (500, {}, "HTTP 500"),
        (502, ["gateway"], "HTTP 502"),
    ],
)
def test_a_refusal_is_told_in_the_server_s_words(status: int, content: object, words: str) -> None:
    with says(content, status) as address:
        for travel in both(address):
            with pytest.raises(Unavailable) as caught:
                travel.matrix(PLACES)
            assert caught.value.code == "travel.server.refused"
            assert str(caught.value.values["reason"]).startswith(words)


@pytest.mark.parametrize("content", [{}, [], None, {"code": "Ok"}, {"routes": []}, 7])
def test_an_answer_of_another_kind_is_garbled(content: object) -> None:
    with says(content) as address:
        for travel in both(address):
            assert code_of(travel) == "travel.server.garbled"
            with pytest.raises(Unavailable):
                travel.line(PLACES)


def test_a_web_page_is_garbled() -> None:
    with answering(lambda _: b"<html>Welcome</html>") as address:
        for travel in both(address):
            assert code_of(travel) == "travel.server.garbled"


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_too_deep_to_read_is_no_failure_of_ours(status: int) -> None:
    code = {200: "travel.server.garbled", 500: "travel.server.refused"}[status]
    with answering(lambda _: b"[" * 100_000, status) as address:
        for travel in both(address):
            assert code_of(travel) == code


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.travel.server.MOST_BYTES", 1_000)
    with answering(lambda _: b" " * 1_001) as address:
        for travel in both(address):
            assert code_of(travel) == "travel.server.garbled"


def test_an_answer_that_drips_is_silent_when_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = itertools.count(0, 3)
    monkeypatch.setattr("dispatch.travel.server.monotonic", lambda: next(ticks))
    with says({}) as address:
        for travel in both(address, timeout_s=2):
            assert code_of(travel) == "travel.server.silent"


@pytest.mark.parametrize(
    "table", [[[0, 1]], [[0, -1], [1, 0]], [[0, 1], [1]], [[0, "x"], [1, 0]], "abc", [[[0]]]]
)
def test_a_wrong_table_is_garbled(table: object) -> None:
    with table_of(table, [[0, 1], [1, 0]]) as address:
        for travel in both(address):
            assert code_of(travel) == "travel.server.garbled"


def test_null_is_no_way_and_named() -> None:
    with table_of([[0, None], [5, 0]], [[0, None], [5, 0]]) as address:
        for travel in both(address):
            with pytest.raises(InvalidInput) as caught:
                travel.matrix(PLACES)
            assert {each.code for each in caught.value.findings} == {"travel.place.unreachable"}


@pytest.mark.parametrize("timeout_s", [0, -1, float("inf")])
def test_a_time_limit_checks_itself(timeout_s: float) -> None:
    with pytest.raises(InvalidValue):
        Server("http://localhost", timeout_s)
