from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.report.examples import HOSTILE, roads, small_day, small_plan

from dispatch.domain.plan import CostKind, Plan, Reason, Unassigned
from dispatch.errors import Finding, InvalidValue, Place
from dispatch.report.html import write_report
from dispatch.texts import LANGUAGES, catalogue

Write = Callable[..., "Page"]
ASSETS = files("dispatch.report.page").joinpath("assets")


class Page(HTMLParser):
    """The page as a browser's parser sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        (self.raw if self.lasttag in ("script", "style") else self.words).append(data)

    @property
    def document(self) -> dict[str, Any]:
        """What the script draws from."""
        found = re.search(r'<script type="application/json" id="plan">(.*?)</script>', self.text)
        assert found
        return json.loads(found[1])

    @property
    def policy(self) -> str:
        """The content security policy."""
        return next(
            attributes["content"] or ""
            for tag, attributes in self.tags
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        )

    def shows(self, text: str) -> bool:
        """Whether the text stands in the page for people to read."""
        return text in re.sub(r"\s+", " ", "".join(self.words))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def page(plan: Plan | None = None, name: str = "A day", **options: Any) -> Page:
        path = tmp_path / "report.html"
        write_report(small_day(name), plan or small_plan(), path, **options)
        assert [found.name for found in tmp_path.iterdir()] == ["report.html"]
        return Page(path.read_text(encoding="utf-8"))

    return page


def test_hostile_names_stay_text(write: Write) -> None:
    page = write(name=HOSTILE, findings=[Finding(HOSTILE_CODE, Place(file=HOSTILE), VALUES)])
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]
    assert page.text.count("</script>") == 2
    assert "{{7*7}}" in page.text
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page.text)[0]
    names = {job["name"] for job in page.document["jobs"]}
    assert HOSTILE in names


HOSTILE_CODE = "value.range"
VALUES = {"field": HOSTILE, "value": 3, "low": 1, "high": 2}


def test_nothing_is_fetched(write: Write) -> None:
    page = write(streets=roads(), attribution="© OpenStreetMap contributors, ODbL 1.0")
    for tag, attributes in page.tags:
        assert "src" not in attributes, tag
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
        assert (attributes.get("href") or "#").startswith("#")
    sources = "".join(page.raw)
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", sources) == []
    assert "@import" not in sources
    assert "url(" not in sources.replace("url(#hatch)", "")


def test_the_policy_lets_only_this_style_and_this_script_run(write: Write) -> None:
    page = write()
    style = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert len(style) == len(script) == 1
    for kind, body in (("style", style[0]), ("script", script[0])):
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert "img-src 'none'" in page.policy
    assert "unsafe" not in page.policy
    assert not [tag for tag, attributes in page.tags if "style" in attributes]


def test_tiles_come_from_one_origin_and_only_when_asked_for(write: Write) -> None:
    page = write(tiles="https://tiles.example.org:8443/{z}/{x}/{y}.png?key=1")
    assert "img-src https://tiles.example.org:8443;" in page.policy
    box = next(attributes for tag, attributes in page.tags if attributes.get("id") == "tiles")
    assert box["type"] == "checkbox"
    assert "checked" not in box


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://a; script-src *//{z}/{x}/{y}.png",
        "https://tiles.example.org:port/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}{x}{y}",
    ],
)
def test_no_other_address_gets_into_the_policy(write: Write, address: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="map tiles"):
        write(tiles=address)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_opens_in_its_language_and_holds_every_other(write: Write, lang: str) -> None:
    page = write(lang=lang)
    assert page.tags[0] == ("html", {"lang": lang})
    assert page.document["lang"] == lang
    for one in LANGUAGES:
        assert page.shows(catalogue(one)["report.page.unassigned.title"])
        texts = page.document["texts"][one]
        expected = {key for key in catalogue(one) if key.startswith("report.page.")}
        assert {f"report.page.{key}" for key in texts} == expected


def test_every_text_that_the_page_asks_for_exists() -> None:
    asked: set[str] = set()
    for asset in ASSETS.iterdir():
        text = asset.read_text(encoding="utf-8")
        asked.update(re.findall(r'\bsay\("([\w.-]+)"', text))
        asked.update(re.findall(r'\["((?:facts|phase)\.[\w-]+)"', text))
        asked.update(re.findall(r'data-label="([\w.-]+)"', text))
        asked.update(re.findall(r'words\("([\w.-]+[\w])"[,)]', text))
    assert len(asked) > 60
    missing = {key for key in asked if f"report.page.{key}" not in catalogue("en")}
    assert missing == set()


def test_texts_for_the_script_name_values_plainly() -> None:
    for lang in LANGUAGES:
        for key, text in catalogue(lang).items():
            if key.startswith("report.page."):
                assert re.fullmatch(r"([^{}]|\{\w+\})*", text), key


def test_every_component_of_the_cost_has_a_name() -> None:
    for kind in CostKind:
        assert f"report.page.component.{kind}" in catalogue("en")


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [(None, "unchecked"), ((), "sound"), ([Finding(HOSTILE_CODE, values=VALUES)], "faulty")],
)
def test_the_verdict_is_the_checkers(
    write: Write, findings: Sequence[Finding] | None, verdict: str
) -> None:
    page = write(findings=findings)
    assert f'class="verdict {verdict}"' in page.text
    alerts = [attributes for _, attributes in page.tags if attributes.get("role") == "alert"]
    assert bool(alerts) == (verdict == "faulty")
    assert page.shows(HOSTILE_CODE) == (verdict == "faulty")


def test_a_job_left_out_shows_the_customers_reason_and_each_technicians(write: Write) -> None:
    page = write()
    assert page.shows("Technician by technician (2)")
    assert page.shows("Ana Lind")
    assert [entry["reason"]["en"] for entry in page.document["unassigned"]] == [
        f"nobody, skill {HOSTILE}"
    ]


def test_what_to_tell_the_customer_stands_beside_the_reason(write: Write) -> None:
    reasons = (Reason(code="job.nobody-works"), Reason(code="shift.none", technician="ana"))
    page = write(replace(small_plan(), unassigned=(Unassigned(job="J6", reasons=reasons),)))
    for lang in LANGUAGES:
        assert page.shows(catalogue(lang)["reason.job.nobody-works"])
        assert page.shows(catalogue(lang)["reason.job.nobody-works.customer"])
        assert page.shows(catalogue(lang)["reason.shift.none"])


def test_without_a_word_for_the_customer_the_commonest_reason_stands(write: Write) -> None:
    reasons = tuple(
        Reason(code=code, technician=who) for code, who in [("a", "ana"), ("b", "bo"), ("b", "cem")]
    )
    left_out = (Unassigned(job="J6", reasons=reasons), Unassigned(job="J5"))
    page = write(replace(small_plan(), unassigned=left_out))
    sentences = [entry["reason"]["en"] for entry in page.document["unassigned"]]
    assert sentences == ["b", catalogue("en")["report.page.unassigned.no-reason"]]


def test_the_document_says_what_the_plan_says(write: Write) -> None:
    document = write(streets=roads()).document
    assert [route["id"] for route in document["routes"]] == ["ana", "bo"]
    third = document["visits"][2]
    assert document["jobs"][third["job"]]["id"] == "J3"
    assert document["jobs"][third["job"]]["visits"] == [2, 5]
    assert (third["number"], third["arrive"], third["start"]) == (3, 11.75 * 3600, 12 * 3600)
    assert (third["wait"], third["travel"], third["metres"]) == (900, 900, 2800)
    assert document["visits"][5]["needs"]["all"] == [[["Lifts", 1], ["Gas", 1]]]
    assert document["visits"][0]["needs"]["all"] == [[["Gas", 2]]]
    assert document["epoch"] == 1772492400
    assert document["dates"] == ["2026-03-03"]
    assert all(document["streets"].values())


def test_costs_by_technician_are_shown_when_known(write: Write) -> None:
    costs = {"ana": {CostKind.WAGE: 123_456}, None: {CostKind.UNSERVED: 1}}
    assert write(costs_by_technician=costs).shows("1,234.56")
    assert not write().shows("1,234.56")


def test_idle_technicians_are_named(write: Write) -> None:
    assert write().shows("Without a route: Cem Öz")


def test_a_plan_without_routes_is_a_page_too(write: Write) -> None:
    page = write(replace(small_plan(), routes=(), unassigned=(), curve=(), costs_minor={}))
    assert page.document["routes"] == []
    assert page.shows(catalogue("en")["report.page.unassigned.none"])


def test_the_same_plan_gives_the_same_bytes(write: Write) -> None:
    assert write().text == write().text
