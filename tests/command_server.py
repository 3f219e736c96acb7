"""Runs the command in processes forked off one that has loaded it already: a start costs 20 ms in place of 400.

Each command still runs in a process of its own, by its own ``main``, on descriptors, folder, umask, words and environment
of its own; nothing of it stays behind. What a fork cannot give (an interpreter started under other ``PYTHON*``, ``LC_*`` or
``LD_*`` variables, a terminal, a session of its own) ``case_tools`` starts as a user does.

Run as a script with the descriptor of a listening socket. A request is the descriptors of stdin, stdout and stderr with
one line of JSON; the answer is the process's number, then how it ended (as ``Popen.returncode`` tells it), a line each.
"""

import json
import os
import signal
import socket
import sys
import threading
from importlib import import_module
from typing import Any, NoReturn

from actionday.app.cli import main as command

LARGEST = 1 << 20


def load() -> None:
    """Load what any command needs; nothing may run by itself yet, for a fork takes no thread along."""
    for name in command.COMMANDS:
        import_module(f"actionday.app.cli.{name}")
    for name in ("pipeline.ingest", "pipeline.proving", "exchange", "access"):
        import_module(f"actionday.{name}")
    assert threading.active_count() == 1


def perform(request: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Become the command and end as it does."""
    for number, each in enumerate(descriptors):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    os.umask(request["umask"])
    sys.argv = [command.__file__, *request["words"]]
    code: object = 70
    try:
        command.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def answer(connection: socket.socket) -> None:
    """Fork the command off, say its number and then how it ended."""
    data, descriptors, _, _ = socket.recv_fds(connection, LARGEST, 3)
    while not data.endswith(b"\n"):
        data += connection.recv(LARGEST)
    if (child := os.fork()) == 0:
        connection.close()
        perform(json.loads(data), descriptors)
    for each in descriptors:
        os.close(each)
    connection.sendall(b"%d\n" % child)
    _, status = os.waitpid(child, 0)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def serve(listener: socket.socket) -> None:
    """Answer each request in a process of its own, until whoever started this ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            answer(connection)
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it outlives no run of the tests
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
