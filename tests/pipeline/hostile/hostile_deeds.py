"""What a plug-in does that was taken over by the bytes it reads; the bytes name the deed."""

import contextlib
import ctypes
import fcntl
import mmap
import os
import signal
import socket
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import msgspec

MARK = b"HOSTILE "
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + bytes(46)
"""A program's head, which nobody here reads but the test's parser."""


def deed(data: bytes) -> str:
    """Return the deed that the bytes ask for, "" if none."""
    line = data[:4096].partition(MARK)[2].partition(b"\n")[0]
    return line.decode("ascii", "replace")


def commit(what: str) -> None:
    """Do it; returns only where it was harmless."""
    if what.startswith("lie "):
        lie(what.removeprefix("lie "))
    {
        "exit": lambda: os._exit(7),
        "crash": lambda: ctypes.string_at(0),
        "abort": os.abort,
        "sleep": lambda: time.sleep(3600),
        "spin": _spin,
        "memory": _memory,
        "error": lambda: {}["no such key"],
    }.get(what, lambda: None)()


def _spin() -> None:
    while True:
        pass


def _memory() -> None:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


# attempts on what is outside


def attempts(target: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what one taken over would try, by name; ``target`` is a file of the host that it knows of."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent, own = os.getppid(), os.getpid()
    yield "socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    yield "socket-unix", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    yield "fork", os.fork
    yield "clone", lambda: _call(libc, 56, 17, 0, 0, 0, 0)  # x86-64: clone(SIGCHLD)
    yield "exec", lambda: os.execv("/bin/true", ["true"])
    yield "read-passwd", lambda: Path("/etc/passwd").read_bytes()
    yield "read-target", lambda: target.read_bytes()
    yield "list-target", lambda: list(target.parent.iterdir())
    yield "write-target", lambda: target.write_bytes(b"x")
    yield "append-target", lambda: os.open(target, os.O_WRONLY | os.O_APPEND)
    yield "truncate-target", lambda: os.open(target, os.O_RDONLY | os.O_TRUNC)
    yield "create", lambda: os.open(target.parent / "made", os.O_RDONLY | os.O_CREAT)
    yield "create-tmp", lambda: Path("/tmp/hostile-made").write_bytes(b"x")
    yield "remove-target", target.unlink
    yield "link", lambda: os.symlink(target, target.parent / "linked")
    yield "chmod", lambda: target.chmod(0o777)
    yield "utime", lambda: os.utime(target, (0, 0))
    yield "ptrace", lambda: _call(libc, 101, 16, parent, 0, 0)  # PTRACE_ATTACH
    yield "read-memory", lambda: Path(f"/proc/{parent}/mem").open("rb").read(1)
    yield "parent-environment", lambda: Path(f"/proc/{parent}/environ").read_bytes()
    yield "kill", lambda: os.kill(parent, signal.SIGTERM)
    yield "tgkill", lambda: _call(libc, 234, parent, parent, int(signal.SIGTERM))
    yield "sigqueue", lambda: _call(libc, 129, parent, int(signal.SIGTERM), ctypes.create_string_buffer(128))
    yield (
        "tgsigqueue",
        lambda: _call(libc, 297, parent, parent, int(signal.SIGTERM), ctypes.create_string_buffer(128)),
    )
    yield "setpriority", lambda: os.setpriority(os.PRIO_PROCESS, parent, 19)
    yield "prlimit", lambda: _prlimit(parent)
    yield "unshare", lambda: _call(libc, 272, 0x10000000)
    yield "mount", lambda: _call(libc, 165, b"none", b"/mnt", b"tmpfs", 0, 0)
    yield "attribute", lambda: _attribute(libc, target)
    yield "remove-attribute", lambda: _call(libc, 466, -100, os.fsencode(target), 0, b"user.mark")
    yield "file-flags", lambda: _call(libc, 469, -100, os.fsencode(target), bytes(24), 24, 0)
    yield "flags-of-the-exhibit", _flags_of_the_exhibit
    yield "lock-the-exhibit", lambda: fcntl.flock(_own("/"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield "signal-by-owner", lambda: _signal_by_owner(parent)
    yield "outlive-main", lambda: _call(libc, 157, 1, 0, 0, 0, 0)  # prctl(PR_SET_PDEATHSIG, 0)
    yield "session", os.setsid
    yield "shared-memory", lambda: mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    yield "shared-zeros", lambda: mmap.mmap(os.open("/dev/zero", os.O_RDONLY), 4096, prot=mmap.PROT_READ)
    yield "stack-as-memory", lambda: mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100)
    yield "memory-file", lambda: os.memfd_create("more")
    yield "host-name", lambda: socket.sethostname(socket.gethostname())
    yield "accounting", lambda: _call(libc, 163, 0)
    yield "kernel-log", lambda: _call(libc, 103, 10, 0, 0)
    yield "capabilities", _capable
    yield "environment", _secret
    yield "write-own-memory", lambda: os.open(f"/proc/{own}/mem", os.O_RDWR)


def _call(libc: ctypes.CDLL, *words: object) -> None:
    if libc.syscall(*words) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _attribute(libc: ctypes.CDLL, target: Path) -> None:
    value = ctypes.create_string_buffer(b"planted")
    told = struct.pack("QII", ctypes.addressof(value), 7, 0)
    _call(libc, 463, -100, os.fsencode(target), 0, b"user.planted", told, 16)  # setxattrat


def _flags_of_the_exhibit() -> None:
    """Ask for the flags of a file that is open for reading only, and set them as they are (FS_IOC_SETFLAGS)."""
    flags = array("l", [0])
    with contextlib.suppress(OSError):
        fcntl.ioctl(_own("/"), 0x80086601, flags, True)
    fcntl.ioctl(_own("/"), 0x40086602, flags)


def _signal_by_owner(process: int) -> None:
    """Let a pipe send a signal that harms nobody, as it could send any (F_SETOWN, F_SETSIG)."""
    reader, _ = os.pipe()
    for command, value in ((8, process), (10, int(signal.SIGCHLD))):
        try:
            fcntl.fcntl(reader, command, value)
        except OSError:
            continue
        return
    raise PermissionError("neither owner nor signal")


def _capable() -> None:
    (held,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapPrm")
    )
    if (
        int(held.split()[1], 16) & ~(1 << 2) == 0
    ):  # reading what modes forbid is left: Landlock says what is read
        raise PermissionError("none is left")


def _secret() -> None:
    if b"secret-of-the-examiner" not in Path("/proc/self/environ").read_bytes():
        raise PermissionError("it is not there")


def _prlimit(process: int) -> None:
    import resource

    resource.prlimit(process, resource.RLIMIT_NOFILE, (1, 1))


def tried(target: Path) -> Iterator[tuple[str, str]]:
    """Try everything; yield each attempt with ``refused: why`` or ``done``."""
    for name, attempt in attempts(target):
        try:
            attempt()
            yield name, "done"
        except BaseException as error:
            yield name, f"refused: {type(error).__name__}: {error}"


# lies on the wire


def _own(kind: str) -> int:
    """Return the first descriptor of a kind, which the worker was started with."""
    numbers = sorted(int(each) for each in os.listdir("/proc/self/fd"))
    return next(
        each
        for each in numbers
        if os.path.lexists(f"/proc/self/fd/{each}") and os.readlink(f"/proc/self/fd/{each}").startswith(kind)
    )


def forged(message: bytes) -> tuple[bytes, int]:
    """Send a message of our own making to the main process and return its answer and how many descriptors came."""
    connection = socket.socket(fileno=os.dup(_own("socket:")))
    connection.sendall(len(message).to_bytes(4, "little") + message)
    head, extra, _, _ = connection.recvmsg(4, 1024)
    size, data = int.from_bytes(head, "little"), b""
    while len(data) < size:
        data += connection.recv(size - len(data))
    return data, len(extra)


def order_of_this_worker() -> tuple[int, dict]:
    """Return the number of the order at work and its container's scope, found where no lock keeps one from looking."""
    frame = sys._getframe()
    job, scope = 0, None
    while frame is not None:
        order = frame.f_locals.get("order")
        job = job or getattr(order, "job", 0)
        scope = scope or getattr(order, "scope", None)
        frame = frame.f_back
    return job, msgspec.to_builtins(scope, builtin_types=(bytes,))


def say(message: dict) -> None:
    """Send a message of our own making, and wait for no answer."""
    data = msgspec.msgpack.encode(message)
    if "more" in message:  # nested deeper than a decoder that recurses can bear
        data = data[:-1] + b"\x91" * 200_000 + b"\xc0"
    _raw(len(data).to_bytes(4, "little") + data)


def _raw(data: bytes) -> None:
    connection = socket.socket(fileno=os.dup(_own("socket:")))
    connection.sendall(data)
    connection.close()


def lie(what: str) -> None:
    """Tell one lie to the main process, as one that was taken over would; then behave as if nothing had been."""
    job, scope = order_of_this_worker()
    found = ["x", "file", "0", None, 1, None, None, "", [[0, 1]], b"", [], None]
    row = [bytes(16), scope[1], "0", "x", None, "file", 1, None, None, "parsed", "", False, None, b""]
    told = [None] * 5  # characters, language, script, confidence; before them the text
    content = [bytes(32), bytes(16), bytes(20), 1, "text/plain", None, b"", *told, b"", bytes(16)]
    results = {"type": "results", "job": job}
    lies = {
        "frames": [{"type": "frame", "job": job, "data": bytes(1 << 20)}],
        "frame of another": [{"type": "frame", "job": job + 7, "data": b"x"}],
        "large": [
            {"type": "large", "job": job, "scope": scope, "sha256": bytes(32), "size": 9, "found": found}
        ],
        "large of another exhibit": [
            {"type": "frame", "job": job, "data": b"x"},
            {
                "type": "large",
                "job": job,
                "scope": [99, *scope[1:]],
                "sha256": bytes(32),
                "size": 9,
                "found": found,
            },
        ],
        "done of another": [{"type": "done", "job": job + 7}],
        "done with a status": [{"type": "done", "job": job, "status": "splendid"}],
        "done with facts": [{"type": "done", "job": job, "facts": b"{"}],
        "begins again": [{"type": "done", "job": 0, "facts": b"{}"}],
        "row": [{**results, "rows": [row]}],
        "row with a status": [{**results, "rows": [[*row[:9], "splendid", *row[10:]]]}],
        "row with a size": [{**results, "rows": [[*row[:6], (1 << 64) - 1, *row[7:]]]}],
        "row with facts": [{**results, "rows": [[*row[:13], b"\xff"]]}],
        "content": [{**results, "contents": [[b"short", *content[1:]]]}],
        "content with facts": [{**results, "contents": [[*content[:6], b"\xff", *content[7:]]]}],
        "content with deep facts": [
            {**results, "contents": [[*content[:6], b"[" * 900 + b"]" * 900, *content[7:]]]}
        ],
        "content with segments": [
            {**results, "contents": [[*content[:9], "fra", None, None, b"[5]", bytes(16)]]}
        ],
        "content without a reading": [{**results, "contents": [[*content[:13], b""]]}],
        "object": [{**results, "objects": [[bytes(32), 1 << 62, [b"x"]]]}],
        "bundle": [{**results, "bundles": [[[[bytes(32), 1 << 62]], b"x"]]}],
        "account": [{**results, "unpacked": {b"somebody": 1 << 40}}],
        "read": [{**results, "read": (1 << 64) - 1}],
        "listing": [{"type": "listing", "job": job, "found": [found], "after": "0"}],
        "nonsense": [{"type": "splendid"}],
        "junk": [{"type": "done", "job": job, "more": None}],
        "no message": [],
        "long message": [],
        "hangs up": [],
    }[what]
    _blame()
    for message in lies:
        for _ in range(1 << 14 if what == "frames" else 1):
            say(message)
    if what == "no message":
        os._exit(9)
    if what == "long message":
        _raw((0xFFFFFFFF).to_bytes(4, "little"))
    if what == "hangs up":  # and lives on
        os.close(_own("socket:"))
    time.sleep(60)  # until it is killed


def _blame() -> None:
    """Say in the shared mark that it was somebody else, as far as one can know who that might be."""
    if "blame" in os.environ.get("ACTIONDAY_HOSTILE", ""):
        shared = mmap.mmap(_own("/memfd:marker"), 0)
        said = struct.pack("<16sBddd", os.urandom(16), 3, time.monotonic(), 0.0, 99.0)
        shared[: len(said) + 4] = said + crc32(said).to_bytes(4, "little")
