"""``actionday serve``: the pages of one case, on this machine alone."""

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actionday.app.cli._common import CASE, Command, json_option, say_json

if TYPE_CHECKING:
    import uvicorn

PORT = 8765
"""Always the same, so that a link in a report opens the same page."""
HOST = "127.0.0.1"
CLOSING_SECONDS = 2
"""Live streams are cut after so long when the server is told to end."""


@click.command(cls=Command)
@CASE
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any free one."
)
@json_option
def command(case: Path, port: int, as_json: bool) -> int:
    """Show CASE in the browser; works while an ingest writes it. Ends on Ctrl-C.

    Prints one line with the address once it answers. Only this machine can reach it, and everybody who works on
    this machine can: there is no login. Exit code 2 when the case or the port cannot be used.

    \b
    Example:
      actionday serve case --port 8765
    """
    from actionday.app.web.application import application
    from actionday.app.web.house import House
    from actionday.storage.case import Case

    Case.open(case, on_full_disk=True).close()
    listening = listen(port)
    address = f"{HOST}:{listening.getsockname()[1]}"
    house = House(case)
    app = application(house, frozenset({address, address.replace(HOST, "localhost")}))
    _server(app, lambda: _say(f"http://{address}/c/{house.key}/", as_json=as_json)).run(sockets=[listening])
    return 0


def _say(url: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"url": url})
    else:
        click.echo(f"Serving at {url} (Ctrl-C ends it)")


def listen(port: int) -> socket.socket:
    """Return the socket that is served on, of this machine alone. Raises UsageError where the port is taken."""
    from actionday.model import UsageError

    # MUST: name the protocol. Else asyncio does not have small answers sent at once, and each waits 40 ms
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise UsageError(f"port {port}: {error.strerror}; --port 0 takes any free one") from error
    return listening


def _server(app: Any, ready: Any) -> "uvicorn.Server":
    import uvicorn

    from actionday.app.cli._connections import BACKLOG, connections

    class Server(uvicorn.Server):
        """Says when it answers, and ends quietly on Ctrl-C and SIGTERM."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            ready()

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            kept = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for each, before in kept.items():
                    signal.signal(each, before)

    config = uvicorn.Config(
        app,
        http=connections(),
        backlog=BACKLOG,
        log_level="error",
        access_log=False,
        lifespan="on",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=CLOSING_SECONDS,
        timeout_keep_alive=30,
    )
    return Server(config)
