from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import Seed, SizeName
from dispatch.cli.terminal import Terminal

LOGINS = Path("var/demo-logins.json")
GRACE_S = 10


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65_535)] = 8000,
    no_worker: Annotated[bool, typer.Option("--no-worker")] = False,
    demo: Annotated[bool, typer.Option("--demo")] = False,
    size: SizeName = "city",
    seed: Seed = 1,
    log_requests: Annotated[bool, typer.Option("--log-requests")] = False,
) -> ExitCode:
    """``dispatch serve``: until Ctrl-C or SIGTERM, then everything is put away in order."""
    import uvicorn

    from dispatch.api.app import create_app
    from dispatch.api.house import House
    from dispatch.bootstrap import (
        evidence_files,
        house_travel,
        identity_provider,
        open_record,
        payment_gateway,
        payment_secret,
    )
    from dispatch.cli.serving.demo_record import demo_record
    from dispatch.cli.serving.helper import Helper
    from dispatch.cli.serving.live_server import LiveServer
    from dispatch.cli.serving.logs import log_lines
    from dispatch.cli.serving.port import listen
    from dispatch.gateways.payments import RecordingGateway
    from dispatch.solver.child.guards import keep_few_arenas
    from dispatch.solver.child.rehearsal import is_warm
    from dispatch.solver.everywhere import EVERYWHERE, rehearse_everywhere

    terminal = Terminal.of(context)
    keep_few_arenas()
    log_lines(requests=log_requests)
    try:
        with ExitStack() as stack:
            if not is_warm(EVERYWHERE):  # no request may wait for that
                with terminal.working("warm.working"):
                    rehearse_everywhere()
            travel, identity = house_travel(), identity_provider()
            socket = stack.enter_context(listen(host, port))
            with terminal.working("serve.record"):
                database = stack.enter_context(open_record())
                shown = demo_record(database, LOGINS, size=size, seed=seed) if demo else None
            if not no_worker:
                stack.enter_context(Helper())
            payments = payment_gateway() or (RecordingGateway() if demo else None)
            house = House(database, travel, payment_secret(), payments, identity, evidence_files())
            app = create_app(house)
            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
            where, number = socket.getsockname()[:2]
            terminal.say("serve.listens", url=f"http://{where}:{number}")
            if shown is not None:
                terminal.say("serve.day", day=shown.day.isoformat())
                for login, password in shown.logins.items():
                    terminal.say("serve.login", login=login, password=password)
            terminal.say("serve.end")
            LiveServer(config, app.state.live).run(sockets=[socket])
    except KeyboardInterrupt:  # as it was asked to
        pass
    return ExitCode.FINE
