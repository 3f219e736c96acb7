"""The Debian tools that make images: run without a shell, in a fixed environment."""

import os
import shutil
import subprocess
from pathlib import Path

from samples.clock import START

PACKAGES = {
    "mkfs.ext4": "e2fsprogs", "debugfs": "e2fsprogs", "mkfs.xfs": "xfsprogs", "mkntfs": "ntfs-3g",
    "ntfscp": "ntfs-3g", "mkfs.fat": "dosfstools", "mcopy": "mtools", "mmd": "mtools", "mdel": "mtools",
    "genisoimage": "genisoimage", "ewfacquire": "ewf-tools", "qemu-img": "qemu-utils", "7zz": "7zip",
}  # fmt: skip
_FOLDERS = (
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # mkfs is in sbin, off a user's path
)


class ToolError(RuntimeError):
    """A tool is missing or failed; the message names it, its package and what it said."""


def missing() -> dict[str, str]:
    """Return the tools that are not installed, each with the package that brings it."""
    return {tool: package for tool, package in PACKAGES.items() if not shutil.which(tool, path=_FOLDERS)}


def environment() -> dict[str, str]:
    """Return the environment of every tool: the network's clock and nothing of this machine's."""
    clock = str(START)
    return {
        "LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": _FOLDERS, "HOME": "/nonexistent", "SOURCE_DATE_EPOCH": clock,
        "E2FSPROGS_FAKE_TIME": clock, "MKE2FS_CONFIG": os.devnull, "MTOOLS_SKIP_CHECK": "1",
    }  # fmt: skip


def run(
    *command: str | Path, given: bytes = b"", where: Path | None = None, complaints: bool = False
) -> bytes:
    """Run a tool and return what it printed, with ``complaints`` also what it wrote to standard error.

    Raises ``ToolError`` when it is missing or its exit code is not 0.
    """
    name = str(command[0])
    path = shutil.which(name, path=_FOLDERS)
    if not path:
        raise ToolError(f"{name} is not installed: apt-get install {PACKAGES.get(name, name)}")
    words = [path, *map(str, command[1:])]
    done = subprocess.run(words, input=given, capture_output=True, env=environment(), cwd=where, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace")
        raise ToolError(f"{name} ended with {done.returncode}: {said}")
    return done.stdout + done.stderr if complaints else done.stdout
