"""What the disk tests share: the companion as a child process, a context around it, tools that make disks."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from actionday.model import Found, Source, Stream
from actionday.testing.context import Alone, OpenFile, content

os.environ["PATH"] += ":/usr/sbin:/sbin"
COMPANION = "actionday.sources.filesystems._tsk_process"


class Descriptor(OpenFile):
    """A file that hands out its descriptor, as the pipeline's streams do."""

    def descriptor(self) -> tuple[int, int]:
        return self._file.fileno(), 0


@contextmanager
def companions() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Yield a list of the companions started; they are ended and waited for."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield started
    finally:
        for each in started:
            each.terminate()
            each.wait()


def start(started: list[subprocess.Popen[bytes]]) -> socket.socket:
    """Start a companion, return our end of the connection to it."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", COMPANION, str(theirs.fileno())]
    started.append(subprocess.Popen(command, pass_fds=[theirs.fileno()]))
    theirs.close()
    return ours


def around(
    name: str, started: list[subprocess.Popen[bytes]], beside: Mapping[str, bytes] | None = None
) -> Alone:
    """Return a context whose ``companion()`` starts one."""
    return Alone(name, beside=beside, companion=lambda: start(started))


def listing(
    source: Source, stream: Stream, name: str = "disk"
) -> tuple[list[Found], Alone, dict[str, bytes]]:
    """Return items, context and the content of each item that has one, by name (deleted ones left out)."""
    with companions() as started:
        context = around(name, started)
        found, bodies = [], {}
        for each in source.items(stream, context):
            found.append(each)
            if (each.runs is not None or each.read is not None) and each.kind != "deleted":
                bodies[each.name] = content(each, stream)
        return found, context, bodies


def items(source: Source, stream: Stream, name: str = "disk") -> list[Found]:
    """Return the items alone, where their contents are too large to be held."""
    with companions() as started:
        return list(source.items(stream, around(name, started)))


def needs(*tools: str) -> pytest.MarkDecorator:
    """Skip, visibly, where a Debian tool is missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


def run(
    *command: object, cwd: Path | None = None, feed: bytes | None = None, env: Mapping[str, str] | None = None
) -> bytes:
    """Run a tool, return what it printed; a failure is an error with what it said."""
    words: Sequence[str] = [str(each) for each in command]
    done = subprocess.run(words, cwd=cwd, input=feed, capture_output=True, check=False, env=env)
    if done.returncode:
        raise RuntimeError(
            f"{words}: {done.stderr.decode(errors='replace')}{done.stdout.decode(errors='replace')}"
        )
    return done.stdout


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
