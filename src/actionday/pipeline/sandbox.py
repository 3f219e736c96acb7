"""The locks a worker puts on itself before it sees the first byte of evidence.

No new privileges, no capabilities, limits on memory, files and core dumps, no network (a namespace of its own where
the kernel allows one, and no socket call in any case), no system call that reading does not need (``syscalls``), no
new program, no write to any file or its attributes, read access to the installation only. Each lock is set if the
kernel has it; ``lock`` tells which held, and a run refuses to start when neither Landlock nor seccomp does.

Source: landlock(7), seccomp(2), prctl(2), unshare(2).
"""

import ctypes
import errno
import os
import resource
import signal
import struct
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

from actionday.pipeline import capabilities
from actionday.pipeline.seccomp import Filter
from actionday.pipeline.syscalls import ALLOWED, ONLY, REFUSED

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_THREAD = 0x00010000
CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUSER = 0x40000000, 0x08000000, 0x10000000
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION_FLAG = 1
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""Every file right that ABI 1, 2, 3 (and up) handle; ABI 5 adds device ioctls, which seccomp leaves alone."""


class Locks(NamedTuple):
    """Which locks held."""

    landlock: bool
    seccomp: bool
    network_namespace: bool

    @property
    def enough(self) -> bool:
        """Say whether evidence may be read: files and network must both be closed."""
        return self.seccomp or (self.landlock and self.network_namespace)


def lock(memory: int) -> Locks:
    """Lock this process for good; ``memory`` is the limit on its private data in bytes."""
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    filters = _filters()
    namespace = _unshare(libc)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    landlock = _landlock(libc)
    capabilities.drop(libc)
    held = bool(filters) and all(each.load() for each in filters)
    return Locks(landlock, held, namespace)


def tie() -> None:
    """End this process with the thread that started it, however that ends. Source: prctl(2), PR_SET_PDEATHSIG."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before
        os._exit(0)


def _unshare(libc: ctypes.CDLL) -> bool:
    flags = CLONE_NEWNET | CLONE_NEWIPC
    return bool(libc.unshare(flags) == 0 or libc.unshare(flags | CLONE_NEWUSER) == 0)


def readable() -> list[Path]:
    """Return the folders a worker may read: Python, this package, and the system's libraries."""
    paths = sysconfig.get_paths()
    named = [
        paths["stdlib"],
        paths["platstdlib"],
        paths["purelib"],
        paths["platlib"],
        sys.prefix,
        sys.base_prefix,
    ]
    package = Path(__file__).resolve().parents[1]
    system = ["/usr/lib", "/lib", "/lib64", "/usr/local/lib", "/usr/share", "/etc/ld.so.cache", "/etc/fonts"]
    devices = [
        "/dev/null",
        "/dev/urandom",
        "/proc/self",
        "/proc/meminfo",
        "/sys/devices/system/cpu",
    ]
    models = [os.environ.get("TESSDATA_PREFIX", ""), os.environ.get("ACTIONDAY_SPEECH_MODEL", "")]
    found = {
        Path(each) for each in (*named, *system, *devices, *models, *sys.path) if each and Path(each).exists()
    }
    return sorted({package, *found})


def _landlock(libc: ctypes.CDLL) -> bool:
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION_FLAG)
    if version < 1:
        return False
    handled = FILE_RIGHTS[min(version, 3)]
    attribute = struct.pack("<Q", handled)
    ruleset = libc.syscall(LANDLOCK_CREATE_RULESET, attribute, len(attribute), 0)
    if ruleset < 0:
        return False
    for path in readable():
        _allow(libc, ruleset, path)
    held = bool(libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return held


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = READ_FILE | EXECUTE | (READ_DIR if path.is_dir() else 0)
    libc.syscall(LANDLOCK_ADD_RULE, ruleset, 1, struct.pack("<Qi", rights, descriptor), 0)
    os.close(descriptor)


def _filters() -> list[Filter]:
    """Return the filters of system calls, not yet in force; none where libseccomp is missing (doctor names it).

    In the order in which they are put into force.
    """
    try:
        known, filters = Filter(errno.ENOSYS), Filter()
    except OSError:
        return []
    for call in (*ALLOWED, *REFUSED):
        known.allow(call)
    for call, forms in ONLY.items():
        for form in forms:
            known.allow(call, form)
    for call in REFUSED:
        filters.refuse(call, errno.EPERM)
    for flag in (os.O_WRONLY, os.O_RDWR):
        filters.refuse("open", errno.EPERM, (1, os.O_ACCMODE, flag))
        filters.refuse("openat", errno.EPERM, (2, os.O_ACCMODE, flag))
    for flag in (os.O_CREAT, os.O_TRUNC):  # both change files through a descriptor that only reads
        filters.refuse("open", errno.EPERM, (1, flag, flag))
        filters.refuse("openat", errno.EPERM, (2, flag, flag))
    filters.refuse_unless("tgkill", errno.EPERM, 0, os.getpid())  # abort() signals itself
    filters.refuse_unless("prlimit64", errno.EPERM, 0, 0)  # 0 is the process itself
    filters.refuse("clone", errno.EPERM, (0, CLONE_THREAD, 0))  # new threads yes, new processes no
    return [filters, known]  # whoever is under ``known`` can no more do what loading a filter takes
