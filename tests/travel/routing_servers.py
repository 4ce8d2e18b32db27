"""Real routing servers on the streets of the demo city, and on two streets out at sea."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.travel.towns import write_osm

from dispatch.data_files import data_path
from dispatch.travel.road.geojson_file import read_geojson
from dispatch.travel.road.profile import CAR
from dispatch.travel.road.rules import is_allowed
from dispatch.travel.road.ways import Extract, Way

FOLDER = Path(__file__).parents[2] / "var" / "routing-servers"
PATIENCE_S = 60

ISLAND = {-1: (57.60, 11.70), -2: (57.60, 11.71), -3: (57.61, 11.71)}
"""Latitude and longitude of a street's corners, in the sea off Gothenburg."""


def program(path: str) -> str:
    """A program of the routing servers."""
    found = FOLDER / path
    if not found.is_file():
        raise FileNotFoundError(f"{found} is missing; `make routing-servers` fetches it")
    found.chmod(found.stat().st_mode | 0o111)
    return str(found)


def write_streets(folder: Path) -> Path:
    """The demo city and the island, as an OpenStreetMap file."""
    city = read_geojson(data_path("gothenburg/streets.geojson.gz"))
    first = len(city.positions)
    corners = {first + number: at for number, at in enumerate(ISLAND.values())}
    island = Way(tuple(corners), {"highway": "residential"})
    ways = (*(way for way in city.ways if is_allowed(way.tags, CAR)), island)
    positions = {**city.positions, **corners}
    used = {node: positions[node] for way in ways for node in way.nodes}
    extract = Extract(ways, used)
    return write_osm(folder / "streets.osm.pbf", extract)


@contextmanager
def osrm(streets: Path) -> Iterator[str]:
    """A running OSRM server; its address."""
    profile = FOLDER / "osrm/share/profiles/car.lua"
    base = streets.with_name("streets.osrm")
    run(program("osrm/bin/osrm-extract"), "-t", "1", "-p", str(profile), str(streets))
    run(program("osrm/bin/osrm-contract"), "-t", "1", str(base))
    port = free_port()
    command = (program("osrm/bin/osrm-routed"), "-i", "127.0.0.1", "-p", str(port), "-t", "1")
    with started(*command, str(base)):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/nearest/v1/driving/11.97,57.70")
        yield address


@contextmanager
def valhalla(streets: Path) -> Iterator[str]:
    """A running Valhalla server; its address."""
    folder = streets.parent
    port = free_port()
    config = folder / "valhalla.json"
    config.write_text(json.dumps(valhalla_config(folder, port)))
    run(program("valhalla/bin/valhalla_build_tiles"), "-c", str(config), str(streets))
    with started(program("valhalla/bin/valhalla_service"), str(config), "1"):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/status")
        yield address


def valhalla_config(folder: Path, port: int) -> dict[str, Any]:
    """Valhalla's own defaults, with everything it writes in one folder."""
    script = program("valhalla/valhalla_build_config.py")
    # The package around the script needs another Python; the script itself does not.
    made = run(sys.executable, script, "--mjolnir-tile-dir", str(folder / "tiles"),
               "--mjolnir-concurrency", "1")  # fmt: skip
    config: dict[str, Any] = json.loads(made)
    # A socket's path may have 108 bytes at most; a relative one is short.
    config["httpd"]["service"].update(
        listen=f"tcp://127.0.0.1:{port}",
        loopback=f"ipc://{short(folder)}/loopback",
        interrupt=f"ipc://{short(folder)}/interrupt",
    )
    for part in ("loki", "thor", "odin"):
        config[part]["service"]["proxy"] = f"ipc://{short(folder)}/{part}"
    return config


def short(folder: Path) -> str:
    """A path that is short enough for a socket: relative if that is shorter."""
    return min(str(folder), os.path.relpath(folder), key=len)


def run(*command: str) -> str:
    """The output of a program that must succeed."""
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_S * 5
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def started(*command: str) -> Iterator[None]:
    """A program that runs in the background."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


def wait_for(address: str) -> None:
    """Return when the address answers."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            httpx.get(address, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < until, f"{address} does not answer"
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
