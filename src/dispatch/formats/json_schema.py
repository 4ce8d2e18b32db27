"""The published JSON Schemas (draft 2020-12), made from the value objects.

``python -m dispatch.formats.json_schema`` writes them again; a test holds files and code together.
The schemas say names and types. Ranges, and how values go together, are checked by the value
objects alone.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from dispatch.formats.day_json import DAY_FILE
from dispatch.formats.json_values import ENVELOPE, JsonFormat
from dispatch.formats.plan_json import PLAN_JSON

PUBLISHED: tuple[JsonFormat[Any], ...] = (DAY_FILE, PLAN_JSON)


def schema_file(form: JsonFormat[Any]) -> Path:
    """Where the schema of a format is published."""
    name = form.name.removeprefix("dispatch.")
    return Path(str(files("dispatch.formats"))) / "schemas" / f"{name}-{form.version}.schema.json"


def schema(form: JsonFormat[Any]) -> dict[str, Any]:
    """The schema of a format."""
    body = TypeAdapter(form.type).json_schema()
    strict = _strict(body)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{form.name}, version {form.version}",
        **{name: entry for name, entry in strict.items() if name != "title"},
        "properties": {
            "format": {"const": form.name},
            "version": {"const": form.version},
            **strict["properties"],
        },
        "required": [*ENVELOPE, *strict["required"]],
    }


def schema_json(form: JsonFormat[Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(form), ensure_ascii=False, indent=1) + "\n"


def _strict(node: Any) -> Any:
    """Without titles that only repeat names; objects take no other fields than theirs."""
    if isinstance(node, list):
        return [_strict(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    plain = {
        name: _strict(entry)
        for name, entry in node.items()
        if not (name == "title" and isinstance(entry, str))
    }
    if "description" in plain and isinstance(plain["description"], str):
        plain["description"] = " ".join(plain["description"].replace("``", "").split())
    if isinstance(plain.get("properties"), dict):
        plain.setdefault("additionalProperties", False)
    return plain


if __name__ == "__main__":
    for published in PUBLISHED:
        schema_file(published).write_text(schema_json(published), encoding="utf-8")
