"""Travel times, distances and route lines: one protocol, one implementation a file.

The protocol is :class:`dispatch.planning.travel_times.TravelTimes`;
:func:`dispatch.travel.open.open_travel` makes one from a short text such as ``gothenburg`` or
``osrm:http://localhost:5000``.
"""
