"""Travel times by a short text, as the command line and the settings name them."""

from __future__ import annotations

from pathlib import Path

from dispatch.data_files import data_path
from dispatch.errors import InvalidValue, Unavailable
from dispatch.planning.travel_times import TravelTimes
from dispatch.travel.array_cache import ArrayCache, default_folder
from dispatch.travel.cached import CachedTravel, Fingerprinted
from dispatch.travel.geodesic import GeodesicTravel
from dispatch.travel.matrix_file.travel import MatrixFileTravel
from dispatch.travel.osrm import OsrmTravel
from dispatch.travel.road.travel import RoadTravel
from dispatch.travel.server import Server
from dispatch.travel.valhalla import ValhallaTravel


def open_travel(source: str, *, cache_folder: Path | None = None, small: int = 0) -> TravelTimes:
    """Travel times by the name of their source, kept on disk where working them out takes long.

    Parameters
    ----------
    source
        ``geodesic``; ``gothenburg``, the demo city; ``road:PATH`` to OpenStreetMap or GeoJSON
        streets; ``matrix:PATH``; ``osrm:URL``; ``valhalla:URL``.
    cache_folder
        Where to keep answers; the user's cache folder if not given.
    small
        Answers for fewer places are kept in memory for a while, and nowhere else.

    Raises
    ------
    InvalidValue
        ``travel.source``, ``travel.server.url``
    InvalidInput
        A matrix file is wrong.
    Unavailable
        ``travel.file.missing``, ``travel.file.unreadable``, ``data.missing``
    """
    cache = ArrayCache(cache_folder or default_folder())
    kind, _, where = source.partition(":")
    match kind, where:
        case "geodesic", "":
            return GeodesicTravel()
        case "matrix", where if where:
            return MatrixFileTravel(Path(where))
        case _:
            return CachedTravel(slow_source(kind, where, cache), cache, small)


def open_road(source: str, *, cache_folder: Path | None = None) -> RoadTravel | None:
    """The road graph of a source that has one, for its streets; ``None`` for the other sources."""
    kind, _, where = source.partition(":")
    cache = ArrayCache(cache_folder or default_folder())
    return road(kind, where, cache)


def slow_source(kind: str, where: str, cache: ArrayCache) -> Fingerprinted:
    """A source whose answers are worth keeping."""
    match kind, where:
        case "osrm", where if where:
            return OsrmTravel(Server(where))
        case "valhalla", where if where:
            return ValhallaTravel(Server(where))
    found = road(kind, where, cache)
    if found is None:
        raise InvalidValue("travel.source", source=f"{kind}:{where}" if where else kind)
    return found


def road(kind: str, where: str, cache: ArrayCache) -> RoadTravel | None:
    """A road graph: the demo city's, or the one in a file."""
    match kind, where:
        case "gothenburg", "":
            streets = data_path("gothenburg/streets.geojson.gz")
            return RoadTravel(streets, region="gothenburg", cache=cache)
        case "road", where if where:
            if not Path(where).is_file():
                raise Unavailable("travel.file.missing", file=where)
            return RoadTravel(Path(where), cache=cache)
    return None
