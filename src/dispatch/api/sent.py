"""What is sent to the service, which understands all of it or refuses it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Sent(BaseModel):
    """A body, or a part of one: a field that nobody knows is a mistake, and is told of.

    Every body is one; what it holds of the domain is read as strictly.
    """

    model_config = ConfigDict(extra="forbid")
