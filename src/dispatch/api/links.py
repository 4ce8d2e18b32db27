"""Which answers tell what other requests need: the links of the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]

TOLD: Mapping[str, Mapping[str, str]] = {
    "Account": {"account": "/id"},
    "AssetView": {"asset_id": "/id"},
    "BillView": {"charge": "/charges/0/id", "payment": "/payments/0/id"},
    "BoardView": {"day": "/day", "visit": "/unassigned/0/id"},
    "Conflict": {"conflict": "/id"},
    "CustomerView": {"customer_id": "/id", "contact_id": "/contacts/0/id"},
    "DeskWish": {"wish": "/id", "job": "/job"},
    "EvidenceView": {"evidence": "/id", "visit": "/visit"},
    "FeedView": {"feed": "/id"},
    "GivenFeed": {"feed": "/id"},
    "GivenKey": {"integration": "/id"},
    "GivenLink": {"link": "/id"},
    "JobTypeView": {"job_type_id": "/id"},
    "JobView": {"job": "/id", "visit": "/visits/0/id"},
    "Led": {"offer": "/offer"},
    "KeyView": {"integration": "/id"},
    "ListedPayment": {"payment": "/id", "job": "/job"},
    "LinkBill": {"charge": "/charges/0/id", "payment": "/payments/0/id"},
    "LinkView": {"link": "/id"},
    "Offered": {"offer": "/offer"},
    "OfferView": {"offer": "/id", "visit": "/visit"},
    "OwnClaim": {"claim": "/id", "offer": "/offer"},
    "OwnPush": {"push": "/id", "visit": "/visit"},
    "PlanView": {"plan": "/id", "run": "/run"},
    "PushView": {"push": "/id", "visit": "/visit"},
    "RunView": {"run": "/id", "plan": "/plan", "day": "/day"},
    "ScheduleView": {"schedule": "/id", "day": "/day"},
    "ServiceItemView": {"item_id": "/id"},
    "SiteView": {"site_id": "/id"},
    "Skill": {"skill": "/key"},
    "Technician": {
        "technician": "/id",
        "skill": "/skills/0/skill",
        "absence": "/absences/0/id",
    },
    "VisitView": {"visit": "/id"},
    "WholeVisit": {"visit": "/id", "job": "/job"},
}
"""What an answer of each kind tells, by the path parameters that it is for."""
ID, SEEN = "/id", "if-match"
VERSION = '"{$response.body#/version}"'
"""As an ETag has it."""
PAGE = re.compile(r"Page_(\w+)_")


def links(document: Document) -> None:
    """Say in each answer what can be asked next with what it tells."""
    kinds = document["components"]["schemas"]
    asked = [
        (operation["operationId"], set(_places(path)), _wants_version(operation))
        for path, operation in _operations(document)
    ]
    for path, operation in _operations(document):
        by_link = _by_link(operation["operationId"])
        own = {name: f"$request.path.{name}" for name in _places(path)}
        for answer in _answers(operation):
            kind, at = _kind(answer)
            told = {name: f"$response.body#{at}{to}" for name, to in TOLD.get(kind, {}).items()}
            known = own | told
            itself = {name for name, to in told.items() if to == f"$response.body#{ID}"}
            if "version" not in kinds.get(kind, {}).get("properties", {}):
                itself = set()
            found = {
                name: _link(name, needed, known, versioned=wanted and bool(needed & itself))
                for name, needed, wanted in asked
                if needed & told.keys() and needed <= known.keys() and _by_link(name) == by_link
            }
            if found:
                answer["links"] = found


def _link(
    operation: str, needed: set[str], known: Mapping[str, str], *, versioned: bool
) -> Document:
    given = {name: known[name] for name in sorted(needed)}
    if versioned:
        given[SEEN] = VERSION
    return {"operationId": operation, "parameters": given}


def _by_link(operation: str) -> bool:
    """Customers go on to what is theirs, and nobody else goes there."""
    return operation.partition(".")[0] == "link"


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def _places(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def _wants_version(operation: Document) -> bool:
    return any(one["name"] == SEEN for one in operation.get("parameters", ()))


def _answers(operation: Document) -> Iterator[Document]:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield answer


def _kind(answer: Document) -> tuple[str, str]:
    """The name of what is answered, and where it is: in a page, or a list, the first."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    listed = "items" in schema
    name = (schema["items"] if listed else schema).get("$ref", "").rpartition("/")[2]
    page = PAGE.fullmatch(name)
    return (page[1], "/items/0") if page else (name, "/0" if listed else "")
