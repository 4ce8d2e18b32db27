"""Rules of the house that no other tool holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from tests.conftest import TOGETHER

from dispatch import texts

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
IMPORTED_AS = {"argon2-cffi": "argon2", "pillow": "PIL", "pyjwt": "jwt", "pyyaml": "yaml"}
MOST_LINES = 400
MADE = {".git", ".venv", "var", "build", "dist", "_build", "__pycache__", "node_modules"}
# Put together here, so that this file does not name them either.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb." + "debian.org",
)


def project_files() -> Iterator[Path]:
    for entry in ROOT.iterdir():
        if entry.name in MADE or entry.name.endswith("_cache"):
            continue
        yield from (entry.rglob("*") if entry.is_dir() else [entry])


def is_made(path: Path) -> bool:
    return not MADE.isdisjoint(path.relative_to(ROOT).parts)


def distribution(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()


def requirements() -> set[str]:
    project = PROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    groups += PROJECT["dependency-groups"].values()
    return {distribution(entry) for group in groups for entry in group if isinstance(entry, str)}


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_no_file_names_a_registry() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for path in project_files()
        if path.is_file() and not is_made(path)
        if any(host.encode() in path.read_bytes() for host in REGISTRIES)
    ]
    assert naming == []


def test_every_language_has_the_same_keys() -> None:
    english = texts.catalogue("en").keys()
    for lang in texts.LANGUAGES:
        assert texts.catalogue(lang).keys() == english, lang


def test_every_language_has_the_same_placeholders() -> None:
    for lang in texts.LANGUAGES:
        for key, text in texts.catalogue(lang).items():
            assert placeholders(text) == placeholders(texts.catalogue("en")[key]), (lang, key)


def test_every_cause_has_a_cure() -> None:
    keys = texts.catalogue("en")
    causes = {key.removesuffix(".cause") for key in keys if key.endswith(".cause")}
    cures = {key.removesuffix(".cure") for key in keys if key.endswith(".cure")}
    assert causes == cures


def test_every_language_splits_its_texts_into_the_same_files() -> None:
    folder = ROOT / "src/dispatch/texts"
    names = {
        lang: {file.name for file in (folder / lang).glob("*.toml")} for lang in texts.LANGUAGES
    }
    assert all(found == names["en"] for found in names.values()), names


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs/explanation/dependencies.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    assert explained == requirements()


def test_every_requirement_is_locked_with_a_hash() -> None:
    lock = "".join(path.read_text("utf-8") for path in ROOT.glob("requirements*.lock"))
    locked = set(re.findall(r"^([a-z0-9._-]+)==\S+.* \\\n +--hash=sha256:", lock, re.MULTILINE))
    assert requirements() <= locked


def test_the_domain_is_fenced_off_from_every_dependency() -> None:
    fence = next(
        contract["forbidden_modules"]
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if "dispatch.domain" in contract.get("source_modules", ())
    )
    needed = {distribution(entry) for entry in PROJECT["project"]["dependencies"]}
    modules = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in needed}
    assert set(fence) == modules - {"tzdata"}  # data only; the standard library's zoneinfo reads it


def test_no_source_file_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in (ROOT / "src").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_the_changelog_opens_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["project"]["version"]


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md"])
def test_the_commands_that_a_page_names_exist(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(
        re.findall(r"(?:^    |`)make ([a-z-]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    )
    assert named
    assert named <= targets


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md"])
def test_the_links_of_a_page_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_files_whose_tests_go_together_are_there() -> None:
    assert [name for name in TOGETHER if not (ROOT / name).is_file()] == []
