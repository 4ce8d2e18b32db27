"""The columns of the arrays of a plan under annealing (see `kernels/columns.py` on why columns).

A *node* is a visit, a break, or the start or end of a route, in this order: visits first, then
breaks, then all starts, then all ends.
"""

from __future__ import annotations

# Plan.nodes
(
    PREVIOUS,
    NEXT,
    ROUTE,
    KEY,
    BEGIN,
    FREE,
    FLOOR,
    CHAIN,
    WHERE,
    LEFT_HOME,
    HOLDS,
    FIRST_REST,
    RESTS,
    PRICE,
    LATE,
    SAVED,
    DIRTY,
    COUNTED,
    LATE_AT,
) = range(19)
NODE_COLUMNS = 19

# Plan.routes
BUSY, IDLE_PRICE, FORM_PRICE, ROUTE_SAVED, ROUTE_DIRTY, MAY_EASE = range(6)
ROUTE_COLUMNS = 6

# Plan.totals
STATIC, TIMED, WORST_LATE, BEST, UNSURE, TRACED = range(6)
TOTALS = 6

# Plan.left, by group
LEFT_OUT, STANDS_AT = range(2)

# Journal.counts
(
    MOVE,
    NODES_SAVED,
    ROUTES_SAVED,
    NODES_DIRTY,
    ROUTES_DIRTY,
    STATIC_DELTA,
    TIMED_DELTA,
    PRICE_SEEN,
    LATE_SEEN,
    NEW_WORST,
    WORST_EASED,
    TANGLED,
    GROUP_IN,
    GROUP_OUT,
    SEATS,
    EASED,
) = range(16)
COUNTS = 16

# Journal.lists
DIRTY_NODE, DIRTY_ROUTE, SEAT, SEAT_ROUTE, CREW_BEGIN, CREW_SPAN = range(6)
LISTS = 6

# Setting.visits
COMPONENT, MATE, PLACE_IN_CREW, FIRST_ABLE, PLAIN, OPENS, CLOSES = range(7)

# Setting.components
FIRST_MEMBER, FIRST_TIE = range(2)

# Setting.fleet
CAREFREE, KIND, STEADY = range(3)

# Setting.whole
TRACEABLE = 0
