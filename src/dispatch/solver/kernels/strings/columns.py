"""The columns of the tables that ruin and recreate adds to the model's (see `../columns.py`)."""

from __future__ import annotations

# Ground.hot, by visit
VISIT_PLACE, VISIT_OPENING, VISIT_CLOSING, SIMPLE, MOVABLE = range(5)

# Ground.cars, by vehicle
KIND, FROM, TO, MEASURED, PAID, RICH = range(6)

# Tracks.cars, by vehicle: all that judging a place in its route looks up first
FORM, ROOM, LOAD_ROOM, USED, CAR_KIND, CAR_PROFILE, PER_SECOND, PER_METRE = range(8)

# Tracks.cars[.., FORM]
WALKED, SUMMED, TIMED = range(3)

# Tracks.spots, by activity
AT_VEHICLE, AT_POSITION = range(2)

# Ground.arcs and Ground.back
SECONDS, METRES = range(2)

# Tracks.segments, by vehicle and stop: the start is stop 0, then the visits, then the end
(
    AT_VISIT,
    AT_PLACE,
    FREE,
    WORK_BEFORE,
    LATE_DEPART,
    LOAD_BEFORE,
    LATEST_ARRIVAL,
    SOONEST_FINISH,
    WORK_AFTER,
    STEP_S,
    STEP_M,
    AT_OPENING,
) = range(12)
SEGMENT_FIELDS = 16
"""A cache line of int32."""

# Search.habits: how often, 0 to 1, but for the number of partners
(
    IN_TIME,
    SPLIT,
    LONGER_SPLIT,
    BLINK,
    SEARCH_ALL,
    GIFT,
    FOR_ABSENT,
    ABSENT_IN_TIME,
    PARTNERS,
) = range(9)
