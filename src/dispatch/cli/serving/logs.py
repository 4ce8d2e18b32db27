"""What a server says while it runs: a line of JSON for each thing."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """When, what and where from; a line that is JSON already keeps its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        message = record.getMessage()
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if message.startswith("{"):
            said |= json.loads(message)
        else:
            said["message"] = message
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def log_lines(*, requests: bool) -> None:
    """Let everything be said on standard error; requests too, if they are wanted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("dispatch").setLevel(logging.INFO)
    logging.getLogger("dispatch.requests").setLevel(logging.INFO if requests else logging.WARNING)
