"""Technicians, their shifts and absences."""

from __future__ import annotations

from tests.api.tours.asking import DAY, Tour


def people(asked: Tour) -> None:
    """Somebody comes to work, and goes away."""
    wu = asked.ask(
        "technicians.create",
        {
            "id": "T3",
            "name": "Wu Min",
            "lat": 0.0,
            "lon": 0.02,
            "territories": ["left"],
            "job_type_factors": {"repair": 0.9},
            "capacity": {"valve": 4},
            "wage_minor_per_h": 4_000,
        },
    )
    who = {"technician": wu["id"]}
    changed = {"name": "Wu Min", "duration_factor": 0.95, "wage_minor_per_h": 4_200}
    wu = asked.ask("technicians.change", changed, see=wu["version"], **who)
    proof = {"number": "G-17", "issuer": "Guild", "issued": "2025-01-15"}
    level = {"level": 4, "expires": "2027-01-15", "certificate": proof, "why": "Exam passed."}
    asked.ask("skills.set", level, skill="gas", see=wu["version"], **who)
    shift = {"id": "day", "start": f"{DAY}T08:00:00+01:00", "end": f"{DAY}T16:00:00+01:00"}
    made = asked.ask("shifts.add", {"shift": shift}, **who)
    longer = {"shift": shift | {"end": f"{DAY}T17:00:00+01:00"}, "visits": "free"}
    made = asked.ask("shifts.change", longer, shift=made["id"], see=1)
    asked.ask("shifts.read", shift=made["id"])
    pattern = {
        "key": "week",
        "weekdays": [1, 2, 3, 4, 5],
        "first": "2026-03-09",
        "last": "2026-03-13",
        "start": "08:00",
        "end": "16:30",
        "breaks": [{"earliest": "11:30", "latest": "12:30", "duration_s": 1_800}],
        "but": ["2026-03-11"],
    }
    week = asked.ask("shifts.add_weekly", {"pattern": pattern}, **who)
    asked.ask("shifts.list", **who)
    asked.ask("shifts.remove", shift=week["shifts"][0], see=1, visits="keep")
    leave = {
        "start": "2026-03-12T00:00:00+01:00",
        "end": "2026-03-14T00:00:00+01:00",
        "reason": "leave",
    }
    away = asked.ask("absences.add", leave, **who)
    asked.ask("absences.remove", absence=away["absences"][0]["id"], **who)
    asked.ask("technicians.end", {"why": "Has moved away."}, **who)
    asked.ask("technicians.take_back", **who)
    asked.ask("technicians.read", **who)
    asked.ask("technicians.list", sort="name")
