"""Runs the command in processes forked off one that has loaded it already: a start costs 20 ms in place of 400.

Each command still runs in a process of its own, by its own ``main``, on descriptors, folder, umask, words and environment
of its own; nothing of it stays behind. What a fork cannot give (an interpreter started under other ``PYTHON*``, ``LC_*`` or
``LD_*`` variables, a terminal, a session of its own) ``case_tools`` starts as a user does.

Run as a script with the descriptor of a listening socket. A request is one line of JSON with the descriptors of stdin,
stdout and stderr, or with that of a connection that a fork server of workers shall serve; the answer is the process's
number, then how it ended (as ``Popen.returncode`` tells it), a line each.
"""

import contextlib
import gc
import json
import locale
import os
import runpy
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from typing import Any, NoReturn

from actionday.app.cli import main as command
from actionday.pipeline import forkserver, processes
from actionday.pipeline.loaded import Loaded
from actionday.pipeline.surroundings import SETTING

LARGEST = 1 << 20


class Waiting:
    """A fork server that is there already, as ``processes.launch`` would start one: to load one costs more than most tests do.

    It was forked off before the command began, waits for the connection, and ends with the command.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._ours, theirs = socket.socketpair()
        self._number = os.fork()
        self._code: int | None = None
        self._lock = threading.Lock()
        if self._number == 0:
            self._ours.close()
            _become_server(theirs, loaded)
        theirs.close()
        self._watch = os.pidfd_open(self._number)

    def launch(self, connection: socket.socket) -> "Waiting":
        """Stand in for the first one that the command starts; whoever needs a second one starts it."""
        socket.send_fds(self._ours, [b"."], [connection.fileno()])
        self._ours.close()
        processes.launch = LAUNCH
        return self

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._watch, signal.SIGKILL)

    def wait(self) -> int:
        with self._lock:
            if self._code is None:
                self._code = os.waitstatus_to_exitcode(os.waitpid(self._number, 0)[1])
            return self._code


def _become_server(waiting: socket.socket, loaded: Loaded) -> NoReturn:
    """Wait for the connection, then be as one that was started for it."""
    _, descriptors, _, _ = socket.recv_fds(waiting, 1, 1)
    if not descriptors:
        os._exit(0)
    be_server(descriptors[0], loaded)


def be_server(connection: int, loaded: Loaded) -> NoReturn:
    """Be a fork server as ``processes.launch`` starts one."""
    os.setsid()
    os.environ.update(SETTING)
    time.tzset()
    locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for each in {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, connection}:
        with contextlib.suppress(OSError):
            os.close(each)
    forkserver.serve(connection, loaded)


LAUNCH = processes.launch


def load() -> Loaded:
    """Load what any command needs; nothing may run by itself yet, for a fork takes no thread along."""
    for name in command.COMMANDS:
        import_module(f"actionday.app.cli.{name}")
    for name in ("pipeline.ingest", "pipeline.proving", "exchange", "access"):
        import_module(f"actionday.{name}")
    loaded = Loaded.load()
    gc.collect()
    gc.freeze()
    assert len(os.listdir("/proc/self/task")) == 1
    return loaded


def perform(request: dict[str, Any], descriptors: list[int], loaded: Loaded) -> NoReturn:
    """Become the command, or a script of the tests that runs it, and end as it does."""
    for number, each in enumerate(descriptors):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    os.umask(request["umask"])
    script = request["script"]
    sys.argv = [script or command.__file__, *request["words"]]
    processes.launch = Waiting(loaded).launch
    code: object = 70
    try:
        if script:
            runpy.run_path(script, run_name="__main__")
        else:
            command.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def answer(connection: socket.socket, loaded: Loaded) -> None:
    """Fork the command off, or a fork server of workers; say its number and then how it ended."""
    data, descriptors, _, _ = socket.recv_fds(connection, LARGEST, 3)
    while not data.endswith(b"\n"):
        data += connection.recv(LARGEST)
    if (child := os.fork()) == 0:
        connection.close()
        request = json.loads(data)
        if request["launch"]:
            be_server(descriptors[0], loaded)
        perform(request, descriptors, loaded)
    for each in descriptors:
        os.close(each)
    connection.sendall(b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def serve(listener: socket.socket, loaded: Loaded) -> None:
    """Answer each request in a process of its own, until whoever started this ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            answer(connection, loaded)
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it outlives no run of the tests
    serve(socket.socket(fileno=int(sys.argv[1])), load())
