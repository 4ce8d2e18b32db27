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
) = range(18)
NODE_COLUMNS = 18

# Plan.routes
BUSY, IDLE_PRICE, FORM_PRICE, ROUTE_SAVED, ROUTE_DIRTY = range(5)
ROUTE_COLUMNS = 5

# Plan.totals
STATIC, TIMED, WORST_LATE, BEST, UNSURE = range(5)
TOTALS = 5

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
) = range(15)
COUNTS = 15

# Journal.lists
DIRTY_NODE, DIRTY_ROUTE, SEAT, SEAT_ROUTE, CREW_BEGIN, CREW_SPAN = range(6)
LISTS = 6

# Setting.visits
COMPONENT, MATE, PLACE_IN_CREW, FIRST_ABLE, PLAIN, OPENS, CLOSES = range(7)

# Setting.components
FIRST_MEMBER, FIRST_TIE = range(2)

# Setting.fleet
CAREFREE, KIND, STEADY = range(3)
