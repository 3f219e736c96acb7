"""Connections that ask nothing keep nobody else out of the pages."""

import asyncio
import json
import resource
import socket
import subprocess
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn

from actionday.app.cli._connections import MOST, connections
from case_tools import COMMAND, Bench

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
Asked = Callable[[bytes], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def answering(scope: dict[str, Any], receive: Any, send: Any) -> None:
    body = await receive()
    while body.get("more_body"):
        body = await receive()
    if scope["path"] == "/slow":
        await asyncio.sleep(1.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def served(seconds: float, most: int) -> AsyncIterator[Asked]:
    config = uvicorn.Config(answering, http=connections(seconds, most), lifespan="off", log_level="error")
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: config.http_protocol_class(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]

    async def asked(data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        return reader, writer

    yield asked
    server.close()


@pytest.mark.parametrize(
    "sent", [b"", b"GET /x HTTP/1.1\r\n", b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"]
)
def test_what_does_not_ask_in_time_is_let_go(sent: bytes) -> None:
    async def run() -> None:
        async with served(0.4, 50) as asked:
            reader, _ = await asked(sent)
            begun = time.monotonic()
            with pytest.raises(ConnectionError):
                while await asyncio.wait_for(reader.read(100), 5):
                    pass
                raise ConnectionResetError
            assert 0.3 < time.monotonic() - begun < 3

    asyncio.run(run())


def test_a_request_that_came_whole_has_all_the_time_and_another_may_follow_it() -> None:
    async def run() -> None:
        async with served(0.4, 50) as asked:
            reader, writer = await asked(GET.replace(b"/x", b"/slow"))
            assert b"200" in await asyncio.wait_for(reader.readline(), 5)
            await asyncio.wait_for(reader.readuntil(b"ok"), 5)
            await asyncio.sleep(0.8)  # no request is begun: that the connection is kept is another's business
            writer.write(GET)
            assert b"200" in await asyncio.wait_for(reader.readline(), 5)
            await asyncio.wait_for(reader.readuntil(b"ok"), 5)
            writer.write(GET[:9])
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(1), 5)

    asyncio.run(run())


def test_the_one_that_waits_longest_makes_room() -> None:
    async def run() -> None:
        async with served(60, 5) as asked:
            idle = [await asked(b"GET /x") for _ in range(12)]
            reader, _ = await asked(GET)
            assert b"200" in await asyncio.wait_for(reader.readline(), 5)
            await asyncio.sleep(0.2)
            assert [each.at_eof() or each.exception() is not None for each, _ in idle[:7]] == [True] * 7
            assert not any(each.at_eof() or each.exception() for each, _ in idle[-4:])

    asyncio.run(run())


def test_a_page_is_answered_while_others_hold_more_connections_than_there_are_descriptors(
    bench: Bench,
) -> None:
    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (320, 320))

    with subprocess.Popen(
        [*COMMAND, "serve", str(bench.folder), "--port", "0", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=few,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        where = urlsplit(url)
        idle = []
        for _ in range(4 * MOST):
            each = socket.create_connection((where.hostname or "", where.port or 0), timeout=5)
            each.sendall(b"GET /help HTTP/1.1\r\n")
            idle.append(each)
        with closing(urllib.request.urlopen(f"http://{where.netloc}/help", timeout=30)) as answer:
            assert answer.status == 200
        for each in idle:
            each.close()
        server.terminate()
        assert server.communicate(timeout=30)[1] == ""
