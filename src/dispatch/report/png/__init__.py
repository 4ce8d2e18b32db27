"""The map and the Gantt chart of a plan as PNG files."""

from __future__ import annotations

from dispatch.report.png.gantt import write_gantt_png
from dispatch.report.png.map import write_map_png

__all__ = ["write_gantt_png", "write_map_png"]
