"""``actionday serve``: one line once it answers, works beside a writer, ends when it is told to."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from actionday.app.cli.serve import listen
from conftest import Made

SERVE = [sys.executable, "-m", "actionday.app.cli.main", "serve"]


def started(*arguments: str) -> tuple["subprocess.Popen[str]", str]:
    """Start the command; return it and its first line."""
    process = subprocess.Popen(
        [*SERVE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    watch = threading.Timer(60, process.kill)
    watch.start()
    line = process.stdout.readline()
    watch.cancel()
    return process, line


def test_small_answers_are_sent_at_once() -> None:
    """Else each waits for the acknowledgement of the one before, 40 ms a page on a connection that is kept."""

    async def nodelay() -> list[int]:
        found: list[int] = []

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = listen(0)
        async with await asyncio.start_server(answer, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()
            writer.close()
        return found

    assert asyncio.run(nodelay()) == [1]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_answers_and_ends_without_a_word(made: Made, how: signal.Signals) -> None:
    process, line = started(str(made.folder), "--port", "0", "--json")
    url = json.loads(line)["url"]
    assert url.endswith("/c/kestrel/")
    with urllib.request.urlopen(url, timeout=20) as answer:
        assert answer.status == 200
    process.send_signal(how)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_it_ends_although_a_page_is_open_and_listening(made: Made, tmp_path: Path) -> None:
    process, line = started(str(made.folder), "--port", "0")
    address = line.split()[2]
    host, port = address.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as held:
        held.sendall(
            f"GET /c/kestrel/ HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: keep-alive\r\n\r\n".encode()
        )
        assert held.recv(12) == b"HTTP/1.1 200"
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_only_this_machine_can_reach_it(made: Made) -> None:
    process, line = started(str(made.folder), "--port", "0")
    try:
        assert line.split()[2].startswith("http://127.0.0.1:")
        rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
        port = int(line.split()[2].split(":")[2].split("/")[0])
        listening = [
            row.split()[1]
            for row in rows
            if row.split()[3] == "0A" and int(row.split()[1].split(":")[1], 16) == port
        ]
        assert listening == [f"0100007F:{port:04X}"]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_port_that_is_taken_and_a_folder_without_a_case_are_exit_code_2(made: Made, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*SERVE, str(made.folder), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 2
        assert f"port {port}" in done.stderr
    done = subprocess.run(
        [*SERVE, str(tmp_path), "--json"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "no case there" in json.loads(done.stderr)["error"]


def test_pages_are_read_while_somebody_writes(made: Made) -> None:
    """A page is made of what was committed, a view is logged as soon as the writer lets go."""
    from actionday.storage.case import Case

    case = Case.open(made.folder)
    with case.lock("ingest"):
        case.database.execute("BEGIN IMMEDIATE")
        case.database.execute("UPDATE facts SET value = value WHERE key = 'seq'")
        assert made.site.get("").status == 200
        assert made.site.get("ledger").status == 200
        answers: list[int] = []
        asking = threading.Thread(
            target=lambda: answers.append(made.site.get(f"i/{made.ids['hebrew']}").status)
        )
        asking.start()
        asking.join(0.5)
        assert answers == []
        case.database.execute("COMMIT")
        asking.join(30)
        assert answers == [200]
    case.close()


def test_help_has_an_example_and_the_exit_code() -> None:
    done = subprocess.run(
        [*SERVE, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "COLUMNS": "100"},
    )
    assert "Example:" in done.stdout
    assert "no login" in " ".join(done.stdout.split())
