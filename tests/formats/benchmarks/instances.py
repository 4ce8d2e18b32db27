"""Instances small enough to work out by hand."""

from __future__ import annotations

from typing import Any

CARE: dict[str, Any] = {
    "services": [{"id": "wash"}, {"id": "inject"}, {"id": "lift"}],
    "caregivers": [
        {"id": "ann", "abilities": ["wash", "inject"]},
        {"id": "bo", "abilities": ["lift", "wash"]},
    ],
    "central_offices": [{"id": "office"}],
    "patients": [
        {
            "id": "one",
            "time_window": [20.999999, 30],
            "required_caregivers": [{"service": "wash", "duration": 10}],
        },
        {
            "id": "both",
            "time_window": [50, 60],
            "required_caregivers": [
                {"service": "inject", "duration": 5},
                {"service": "lift", "duration": 20},
            ],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "then",
            "time_window": [80, 100],
            "required_caregivers": [
                {"service": "wash", "duration": 10},
                {"service": "lift", "duration": 10},
            ],
            "synchronization": {"type": "sequential", "distance": [15, 30]},
        },
    ],
    "distances": [[0, 10, 12, 8], [10, 0, 7, 9], [12, 7, 0, 6], [8, 9, 6, 0]],
}
"""The window of patient ``one`` opens at 20 once it is cut to whole minutes."""

CARE_PLAN: dict[str, Any] = {
    "routes": [
        {
            "caregiver_id": "ann",
            "locations": [
                {"patient": "one", "service": "wash", "arrival_time": 20, "departure_time": 30},
                {"patient": "both", "service": "inject", "arrival_time": 63, "departure_time": 68},
                {"patient": "then", "service": "wash", "arrival_time": 80, "departure_time": 90},
            ],
        },
        {
            "caregiver_id": "bo",
            "locations": [
                {"patient": "both", "service": "lift", "arrival_time": 63, "departure_time": 83},
                {"patient": "then", "service": "lift", "arrival_time": 105, "departure_time": 115},
            ],
        },
    ]
}
CARE_COST = ((10 + 7 + 6 + 8) + (12 + 6 + 8) + (3 + 3 + 5) + 5) / 3
"""Travel of ann and of bo; late by 3, 3 and 5 minutes; by 5 at worst."""

ROUTING = """\
NAME: TINY
TYPE: SDVRPTW
DIMENSION: 4
VEHICLES: 2
VEHICLES_MAX_DURATION: 30
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 5
DEMAND_SECTION
1 0
2 4
3 5
4 6
SERVICE_TIME_SECTION
1 0
2 1
3 2
4 3
TIME_WINDOW_SECTION
1 0 100
2 20 40
3 0 45
4 30 60
CAPACITY_SECTION
1 9
2 6
VEHICLES_ALLOWED_CLIENTS_SECTION
1 2 3
2 2 3 4
EOF
"""
ROUTING_PLAN = "Route #1: 1 2\nRoute #2: 3\nCost: 30000\n"
"""5 + 5 + 10 for the first vehicle, 5 + 5 for the second, in thousandths."""
