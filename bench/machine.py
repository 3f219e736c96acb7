"""What a run was made on and with: machine, system, versions. No name of the machine or of a person."""

import os
import platform
import ssl
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from bench.peers import Absent, first_line

TOOLS = {
    "sleuthkit": ("tsk_recover", "-V"),
    "7zz": ("7zz", "i"),
    "ewfacquire": ("ewfacquire", "-V"),
    "sha256sum": ("sha256sum", "--version"),
}
LIBRARIES = ("actionday", "tantivy", "msgspec", "resiliparse", "xberg", "zstandard")
ROOT = Path(__file__).parents[1]


def facts() -> dict[str, str]:
    """Return everything about the machine that a figure depends on."""
    found = {
        "processor": _line("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": _line("/proc/meminfo", "MemTotal") or "unknown",
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
        "openssl": ssl.OPENSSL_VERSION,
        "commit": commit(),
        "load before": " ".join(f"{each:.2f}" for each in os.getloadavg()),
    }
    found |= {name: version(name) for name in LIBRARIES}
    for name, command in TOOLS.items():
        try:
            found[name] = first_line(*command)
        except Absent as absent:
            found[name] = str(absent)
    return found


def commit() -> str:
    """Return the commit the code is at, ``+`` when it was changed since; ``unknown`` without git."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", "src", "bench")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def short_name() -> str:
    """Return what a run's folder calls the machine, unless it is given a name."""
    return f"{platform.machine()}-{len(os.sched_getaffinity(0))}-cores"


def _line(path: str, name: str) -> str:
    """Return the value of the first line of a /proc file that begins with ``name``."""
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
