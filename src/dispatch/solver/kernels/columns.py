"""The columns of the kernels' arrays.

A kernel is handed every field of what it is handed, and numba passes each array as seven words
with a reference count: many small arrays cost more than the work on them. So what belongs to one
vehicle, visit, group, link or break stands in one row.
"""

from __future__ import annotations

# Model.fleet, by vehicle
(
    OWNER,
    PROFILE,
    START_PLACE,
    END_PLACE,
    EARLIEST,
    SHIFT_END,
    LATEST,
    MAX_DURATION,
    MAX_TRAVEL,
    MAX_VISITS,
    USE_PRICE,
    TRAVEL_PRICE,
    DISTANCE_PRICE,
    TIME_PRICE,
    OVERTIME_PRICE,
    FAIR_SHARE,
    UNFAIRNESS_PRICE,
    FIRST_STEP,
    END_STEP,
    FASTEST,
    FIRST_BREAK,
) = range(21)

# Model.visits
(
    PLACE,
    GROUP,
    SETUP,
    DUE,
    LATENESS_PRICE,
    PREFERRED_PRICE,
    RANK,
    FIRST_WINDOW,
    FIRST_PREFERRED,
    FIRST_LINK,
    PUBLISHED,
) = range(11)

# Model.pairs, by visit and vehicle
DURATION, ASSIGN_PRICE, ALLOWED = range(3)

# Model.windows and Model.preferred
OPENING, CLOSING = range(2)

# Model.groups
UNSERVED_PRICE, FIRST_VISIT = range(2)

# Model.links
BEFORE, AFTER, FROM_END, MIN_DELAY, MAX_DELAY = range(5)

# Model.breaks, by break
BREAK_EARLIEST, BREAK_LATEST, BREAK_DURATION, BREAK_BY_HOUR = range(4)

# Model.published
(
    PROMISED_START,
    PROMISED_END,
    MOVED_PRICE,
    MOVED_SECOND_PRICE,
    PUBLISHED_VEHICLE,
    PUBLISHED_RANK,
    ORDER_PRICE,
) = range(7)

# Model.speeds, by step
STEP_FROM, STEP_PERCENT = range(2)

# Board.stops, by visit
VEHICLE, START, END, BOUND = range(4)

# Board.routes, by vehicle
LENGTH, VISITS, DEPART, FINISH, TRAVEL, DISTANCE, WORK, COST, WORST = range(9)

# Memo.states, in the order of walk.State
(
    STATE_FEASIBLE,
    STATE_PLACE,
    STATE_FREE,
    STATE_FLOOR,
    STATE_CHAIN,
    STATE_DEPART,
    STATE_TRAVEL,
    STATE_DISTANCE,
    STATE_RANK,
    STATE_COST,
    STATE_WORST,
    STATE_START,
    STATE_WAITED,
    STATE_SLACK,
    STATE_ORDER,
    STATE_WORK,
    STATE_FIRST_REST,
    STATE_RESTS,
) = range(18)
STATE_FIELDS = 18

# Memo.ahead, by vehicle and position
FOLLOWING, PAUSE, LATEST_START, GAPS, EARLY = range(5)
