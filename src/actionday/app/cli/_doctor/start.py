"""Can a worker start, which plug-ins does it have, and is it locked in?"""

import subprocess
import sys
from collections.abc import Iterator

import msgspec

from actionday.app.cli._doctor.report import Check

SECONDS = 60
"""A start takes one second; a machine under load may take longer, one that hangs is found out."""


class Answer(msgspec.Struct, frozen=True):
    """What the probe prints."""

    landlock_version: int
    missing: list[str]
    counts: dict[str, int]
    locks: dict[str, bool]
    enough: bool
    refused: dict[str, bool]


def start() -> Iterator[Check]:
    """Start a probe as a worker is started; yield what it found, or why it could not."""
    answer = ask()
    if isinstance(answer, str):
        yield Check(name="worker", ok=False, found=answer, needed=True, costs="no exhibit can be read")
        return
    yield Check(name="worker", ok=True, found="starts, with its models", needed=True)
    yield from plugins(answer)
    yield from sandbox(answer)


def ask() -> Answer | str:
    """Return the probe's answer, or what it said when it failed."""
    command = [sys.executable, "-m", "actionday.app.cli._doctor.probe"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"did not start within {SECONDS} seconds"
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return f"ended with {done.returncode}: {said}"
    return msgspec.json.decode(done.stdout, type=Answer)


def plugins(answer: Answer) -> Iterator[Check]:
    """Yield what is loaded, then each plug-in that is not."""
    counts = answer.counts
    found = (
        f"{counts['sources']} sources, {counts['images']} image formats, {counts['types']} types of content"
    )
    yield Check(
        name="plug-ins", ok=not answer.missing, found=found, costs="" if not answer.missing else "see below"
    )
    for reason in answer.missing:
        module, _, why = reason.partition(": ")
        format_ = module.rpartition(".")[2]
        yield Check(name="plug-in", ok=False, found=f"{module}: {why}", costs=f"{format_} stays unsupported")


def sandbox(answer: Answer) -> Iterator[Check]:
    """Yield each lock, then whether evidence may be read behind those that held."""
    locks = answer.locks
    yield _lock(
        "seccomp", locks["seccomp"], "system calls are not filtered: Landlock and the namespace stand alone",
        "libseccomp2",
    )  # fmt: skip
    found = (
        f"ABI {answer.landlock_version}" if answer.landlock_version else "the kernel has none (5.13 or newer)"
    )
    yield Check(
        name="landlock", ok=locks["landlock"], found=found,
        costs="" if locks["landlock"] else "a worker could read what its user can read; it can send it nowhere",
    )  # fmt: skip
    yield _lock(
        "network namespace", locks["network_namespace"],
        "the kernel gives this user no namespace: that no socket can be made is then the one lock on the network",
        "",
    )  # fmt: skip
    open_ones = sorted(name for name, held in answer.refused.items() if not held)
    ok = answer.enough
    says = "closed" if not open_ones else f"open: {', '.join(open_ones)}"
    costs = "" if ok else "evidence is not read without a sandbox"
    yield Check(
        name="sandbox", ok=ok, found=says, needed=True, costs=costs, package="" if ok else "libseccomp2"
    )


def _lock(name: str, held: bool, costs: str, package: str) -> Check:
    found = "holds" if held else "does not hold"
    return Check(name=name, ok=held, found=found, costs="" if held else costs, package=package)
