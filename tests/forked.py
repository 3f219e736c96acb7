"""Asks ``command_server.py`` for a run of the command, and hands back what ``subprocess.run`` would."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

SERVER = Path(__file__).with_name("command_server.py")
OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_", "TZ", "MALLOC_", "VIRTUAL_ENV")
"""Variables that are read when a process starts."""


def settled(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(OF_THE_INTERPRETER)}


class Server:
    """One process that has loaded the command; it ends with the process of the tests that started it.

    ``path``: where it finds further plug-ins (``PYTHONPATH``).
    """

    def __init__(self, path: str) -> None:
        folder = tempfile.mkdtemp(prefix="actionday-tests-")
        self.address = f"{folder}/socket"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(16)
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), str(listener.fileno())],
                pass_fds=[listener.fileno()],
                env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def run(
        self, script: str, words: Sequence[str], environment: Mapping[str, str], seconds: float
    ) -> tuple[int, bytes, bytes]:
        """Run the command, or a ``script`` that runs it; return how it ended and what it wrote to stdout and stderr.

        Files take that in, at any length.

        Raises:
            TimeoutExpired: it took longer than ``seconds``; it is killed by then.
        """
        os.umask(mask := os.umask(0))
        request = {
            "launch": False,
            "script": script,
            "words": list(words),
            "environment": dict(environment),
            "folder": os.getcwd(),
            "umask": mask,
        }
        with (
            tempfile.TemporaryFile() as stdin,
            tempfile.TemporaryFile() as stdout,
            tempfile.TemporaryFile() as stderr,
            socket.socket(socket.AF_UNIX) as connection,
        ):
            connection.settimeout(seconds)
            connection.connect(self.address)
            files = [each.fileno() for each in (stdin, stdout, stderr)]
            socket.send_fds(connection, [json.dumps(request).encode() + b"\n"], files)
            with connection.makefile("rb") as answers:
                number = int(answers.readline())
                try:
                    code = int(answers.readline())
                except TimeoutError:
                    os.kill(number, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(list(words), seconds) from None
            stdout.seek(0)
            stderr.seek(0)
            return code, stdout.read(), stderr.read()

    def launch(self, connection: socket.socket) -> "Launched":
        """Stand in for ``processes.launch``: to load what a fork server has costs more than most tests do."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self.address)
        socket.send_fds(line, [b'{"launch": true}\n'], [connection.fileno()])
        return Launched(line)


class Launched:
    """A fork server that was not started but forked off."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._answers = line, line.makefile("rb")
        self._number = int(self._answers.readline())
        self._code: int | None = None
        self._lock = threading.Lock()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._number, signal.SIGKILL)

    def wait(self) -> int:
        with self._lock:
            if self._code is None:
                self._code = int(self._answers.readline())
                self._line.close()
            return self._code


@cache
def _server(path: str) -> Server:
    return Server(path)


def server(environment: Mapping[str, str]) -> Server | None:
    """Return one in whose environment a command may run, None where only a start gives it what is asked."""
    plain = {**os.environ, "PYTHONPATH": environment.get("PYTHONPATH", "")}
    return (
        _server(plain["PYTHONPATH"]) if settled({"PYTHONPATH": "", **environment}) == settled(plain) else None
    )
