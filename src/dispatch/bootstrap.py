"""The one place that joins names to implementations: file suffixes, sources of travel times."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.domain.day import Day
from dispatch.domain.position import Position
from dispatch.errors import InvalidValue
from dispatch.formats.day_json import read_day
from dispatch.formats.tables import read_tables
from dispatch.planning.check import accept_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.solver.engines import engine_names
from dispatch.travel.open import open_road, open_travel
from dispatch.travel.road.travel import RoadTravel

if TYPE_CHECKING:
    from dispatch.gateways.identity import IdentityProvider
    from dispatch.gateways.payments import PaymentGateway
    from dispatch.store.database import Database  # loads SQLAlchemy, which most commands never need
    from dispatch.store.files import Files

DEMO_CITY, STRAIGHT = "gothenburg", "geodesic"
DEMO_SOUTH_WEST, DEMO_NORTH_EAST = Position(57.65, 11.86), Position(57.76, 12.09)
"""Between these corners lie the streets of the demo city."""
OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
DATABASE_URL = "DISPATCH_DATABASE_URL"
TRAVEL = "DISPATCH_TRAVEL"
PAYMENT_SECRET = "DISPATCH_PAYMENT_SECRET"  # noqa: S105 - the name of a variable
PAYMENT_GATEWAY = "DISPATCH_PAYMENT_GATEWAY"
OIDC_ISSUER = "DISPATCH_OIDC_ISSUER"
OIDC_CLIENT_ID = "DISPATCH_OIDC_CLIENT_ID"
OIDC_CLIENT_SECRET = "DISPATCH_OIDC_CLIENT_SECRET"  # noqa: S105 - the name of a variable
OIDC_REDIRECT = "DISPATCH_OIDC_REDIRECT"
RECORD_FOLDER = Path("var/database")
EVIDENCE = "DISPATCH_EVIDENCE"
EVIDENCE_FOLDER = Path("var/evidence")
ONE_ROUTE = 50
"""Places: a route has fewer, a day has more."""
TABLES = (".xlsx", ".xlsm", ".csv", ".zip")


@dataclass(frozen=True, slots=True)
class TravelSource:
    """Travel times, and the streets they run on where there are any."""

    spec: str
    travel: TravelTimes
    road: RoadTravel | None

    @property
    def attribution(self) -> str:
        """To whom the streets are owed."""
        return OSM_ATTRIBUTION if self.road else ""


def open_day(path: Path) -> Day:
    """A day from a JSON file, a workbook, or a folder or ZIP archive of CSV files.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it.
    Unavailable
        It cannot be read.
    """
    if path.is_dir() or path.suffix.lower() in TABLES:
        return read_tables(path)
    return read_day(path)


def open_sound_day(path: Path) -> Day:
    """A day as :func:`open_day` reads it, without contradictions between its parts.

    Raises
    ------
    InvalidInput
        Everything that is wrong with it; warnings pass.
    Unavailable
        It cannot be read.
    """
    day = open_day(path)
    accept_day(day)
    return day


def open_source(spec: str | None, day: Day | None = None) -> TravelSource:
    """Where travel times come from.

    Parameters
    ----------
    spec
        As :func:`dispatch.travel.open.open_travel` takes it. Without one, the demo city's streets
        if all of ``day`` lies on them, else straight lines.

    Raises
    ------
    InvalidValue
        ``travel.source``: there is no such source.
    Unavailable
        Its file or server does not answer.
    """
    chosen = spec or (DEMO_CITY if day is not None and in_demo_city(day) else STRAIGHT)
    return TravelSource(chosen, open_travel(chosen), open_road(chosen))


def house_travel() -> TravelTimes:
    """The travel times that a server and its workers go by.

    Those that ``DISPATCH_TRAVEL`` names; straight lines, if it names none. Raises as
    :func:`open_source`.
    """
    return open_travel(os.environ.get(TRAVEL) or STRAIGHT, small=ONE_ROUTE)


def open_record() -> AbstractContextManager[Database]:
    """The record people work by.

    In the PostgreSQL database that ``DISPATCH_DATABASE_URL`` names; without one, in a server of our
    own, which keeps its data in ``var/database`` under the current folder.

    Raises
    ------
    InvalidValue, InvalidInput, Unavailable
        As :func:`dispatch.store.open.opened`.
    """
    from dispatch.store.open import opened

    return opened(os.environ.get(DATABASE_URL) or None, RECORD_FOLDER)


def payment_secret() -> str | None:
    """What ``DISPATCH_PAYMENT_SECRET`` says is shared with the payment provider, if anything."""
    return os.environ.get(PAYMENT_SECRET) or None


def payment_gateway() -> PaymentGateway | None:
    """What ``DISPATCH_PAYMENT_GATEWAY`` names, made: ``package.module:name``, called with nothing.

    Raises
    ------
    InvalidValue
        ``gateway.setting``: there is no such thing, or it is no gateway.
    """
    named = os.environ.get(PAYMENT_GATEWAY)
    if not named:
        return None
    from dispatch.gateways.payments import PaymentGateway

    module, _, name = named.partition(":")
    try:
        gateway = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise InvalidValue("gateway.setting", value=named, reason=str(error)) from error
    if not isinstance(gateway, PaymentGateway):
        raise InvalidValue("gateway.setting", value=named, reason="begin, refund")
    return gateway


def identity_provider() -> IdentityProvider | None:
    """The one that ``DISPATCH_OIDC_ISSUER`` and its companions name, if they name any.

    Raises
    ------
    InvalidValue
        ``oidc.settings``: a part is missing; ``oidc.url``.
    """
    issuer = os.environ.get(OIDC_ISSUER)
    if not issuer:
        return None
    from dispatch.gateways.oidc import Oidc, OidcSettings

    for name in (OIDC_CLIENT_ID, OIDC_REDIRECT):
        if not os.environ.get(name):
            raise InvalidValue("oidc.settings", missing=name)
    return Oidc(
        OidcSettings(
            issuer=issuer,
            client_id=os.environ[OIDC_CLIENT_ID],
            secret=os.environ.get(OIDC_CLIENT_SECRET) or None,
            redirect=os.environ[OIDC_REDIRECT],
        )
    )


def evidence_files() -> Files:
    """The files of evidence: in the folder that ``DISPATCH_EVIDENCE`` names.

    Without one, in ``var/evidence`` under the current folder. Servers on several machines share it.
    """
    from dispatch.store.files import Files

    return Files(Path(os.environ.get(EVIDENCE) or EVIDENCE_FOLDER).absolute())


def reach_record() -> AbstractContextManager[Database]:
    """The same place, with whatever is in it by now: nothing, or a record of any version.

    Raises
    ------
    InvalidValue, InvalidInput, Unavailable
        As :func:`dispatch.store.open.reached`.
    """
    from dispatch.store.open import reached

    return reached(os.environ.get(DATABASE_URL) or None, RECORD_FOLDER)


def known_engine(name: str) -> str:
    """The name itself, if it is one of ours.

    Raises
    ------
    InvalidValue
        ``engine.unknown``. A path to other code is refused as well.
    """
    if name not in engine_names():
        raise InvalidValue("engine.unknown", value=name, known=", ".join(engine_names()))
    return name


def in_demo_city(day: Day) -> bool:
    """Whether every place of the day lies within the streets of the demo city."""
    return all(_within(position) for position in _positions(day))


def _positions(day: Day) -> Sequence[Position]:
    homes = [technician.home for technician in day.technicians if technician.home]
    outlets = [outlet.position for outlet in day.outlets]
    return [*homes, *outlets, *(site.position for site in day.sites)]


def _within(position: Position) -> bool:
    return (
        DEMO_SOUTH_WEST.lat <= position.lat <= DEMO_NORTH_EAST.lat
        and DEMO_SOUTH_WEST.lon <= position.lon <= DEMO_NORTH_EAST.lon
    )
