"""What is asked in a query is understood whole, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from dispatch.api.caller import Caller, admit
from dispatch.errors import Finding, InvalidInput, Place

MOST = 20
"""More are not told of."""


async def check_query(request: Request, _: Annotated[Caller | None, Depends(admit)]) -> None:
    """See that the route knows every name in its query; whoever may not ask hears nothing of it.

    Raises
    ------
    InvalidInput
        ``request.unknown``: a misspelt name would be passed over, and everything be answered.
    """
    known = set(_asked(request.scope["route"].dependant)) if request.query_params else set()
    strange = [name for name in request.query_params if name not in known]
    if strange:
        raise InvalidInput(
            [
                Finding("request.unknown", Place(file="query", pointer=f"/{name}"), {"name": name})
                for name in (entry[:60] for entry in strange[:MOST])
            ]
        )


def _asked(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _asked(needed)
