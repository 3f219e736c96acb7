"""The answer that gives an item's bytes, and knows how many it gave.

Whoever asked may go away in the midst of it, and whoever serves may be told to end: the entry of the ledger behind it
says how much the connection had taken by then. What arrived at its other end nobody knows here.

Source: ASGI specification, "HTTP connection scope".
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litestar import Response
from litestar.types import Receive, Scope, Send

from actionday.access.download import Download

TAKEN = 64 * 1024
"""Bytes that a connection takes without the other side having taken what came before."""


class Given(Response[bytes]):
    """Sends ``pieces`` that have ``size`` bytes as a whole; ``ended`` is called once, whatever ends it."""

    def __init__(
        self,
        pieces: Iterator[bytes],
        size: int,
        headers: Mapping[str, str],
        download: Download,
        ended: Callable[[], None],
    ) -> None:
        super().__init__(b"", media_type="application/octet-stream")
        self._pieces, self._size = pieces, size
        said = {**headers, "content-type": "application/octet-stream", "content-length": str(size)}
        self._start = [(name.encode(), value.encode("latin-1")) for name, value in said.items()]
        self._download, self._ended = download, ended

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """Return the application that sends it."""
        return self._give

    async def _give(self, _: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self._start})
            while not gone.done() and (piece := await asyncio.to_thread(next, self._pieces, b"")):
                for at in range(0, len(piece), TAKEN):
                    await asyncio.sleep(0)  # the other side's end is heard
                    if not gone.done():
                        await _send(send, piece[at : at + TAKEN])
                        self._download.count += len(piece[at : at + TAKEN])
            self._download.whole = self._download.count == self._size
        finally:
            gone.cancel()
            ending = asyncio.get_running_loop().run_in_executor(None, self._ended)
            await asyncio.shield(ending)  # a server that ends cuts this off, and waits for the thread
        await _send(send, b"", more=False)


async def _gone(receive: Receive) -> None:
    """Return when the other side has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, piece: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": more})
