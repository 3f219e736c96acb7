"""What a connection to the pages may hold on to: a request comes soon and whole, or makes room for another's.

Anybody on this machine can open a connection and say nothing. Each is a descriptor, and a process has a few hundred:
whoever took them all kept everybody else out for as long as they liked.

Source: RFC 9110, section 15.5.9 (a server may close a connection on which no request came in the time it waits).
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 30.0
"""From the first byte of a request, or from the opening of a connection, to the request's last byte."""
MOST = 128
"""Connections that wait for a request. A browser opens six; a process may have 256 descriptors at the least."""
BACKLOG = 32
"""Connections that are taken in one go, before the first of them can be let go."""


def connections(seconds: float = REQUEST_SECONDS, most: int = MOST) -> type[H11Protocol]:
    """Return the class of the connections of one server: those that wait are counted together."""
    waiting: dict[H11Protocol, asyncio.TimerHandle] = {}

    class Connection(H11Protocol):
        """Closes itself where no whole request comes in time; the one that waits longest goes first."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()
            while len(waiting) > most:
                _close(next(iter(waiting)))

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
                self._wait()
            else:
                self._came()

        def connection_lost(self, exc: Exception | None) -> None:
            self._came()
            super().connection_lost(exc)

        def _wait(self) -> None:
            if self not in waiting and not self.transport.is_closing():
                waiting[self] = self.loop.call_later(seconds, _close, self)

        def _came(self) -> None:
            if (timer := waiting.pop(self, None)) is not None:
                timer.cancel()

    def _close(connection: H11Protocol) -> None:
        waiting.pop(connection).cancel()
        connection.transport.abort()

    return Connection
