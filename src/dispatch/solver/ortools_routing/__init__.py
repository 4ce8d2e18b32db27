"""The routing library of OR-Tools as an engine: a second opinion that shares no search with ours.

The library's model is close to ours, not equal to it; where it differs stands beside the code.
So every route it finds is timed and priced by ``time_routes`` before it counts.
"""
