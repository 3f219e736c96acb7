"""What the tests of whole runs share: the real command in a process of its own, and a case to use it on."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actionday.ledger import Action
from actionday.model import Limits
from actionday.storage.case import Case, entry
from actionday.storage.database import transaction
from forked import server

os.environ["PATH"] += ":/usr/sbin:/sbin"
SECONDS = 300
COMMAND = (sys.executable, "-m", "actionday.app.cli.main")
CRASH_AT = Path(__file__).parent / "pipeline" / "crash_at.py"
FACTS = ("--name", "Kestrel", "--authority", "Sample office", "--country", "ES")
BASIS = ("--legal-basis", "order 1/2026", "--retain-until", "2031-12-31")
COUNTED_OUT = ("directory", "volume", "shadow", "unallocated")

Done = subprocess.CompletedProcess[str]
Row = dict[str, Any]


def actionday(*words: object, env: Mapping[str, str] | None = None, **given: Any) -> Done:
    """Run the command, return what it said; nothing of it is checked.

    It is forked off a process that has loaded it, unless something is asked of it that only a start can give.
    """
    return _run("", words, env, given)


def crashed(
    target: str, when: str, number: int, *words: object, env: Mapping[str, str] | None = None
) -> Done:
    """Run the command so that it signals itself at one point of its code (``pipeline/crash_at.py``)."""
    return _run(str(CRASH_AT), (target, when, number, *words), env, {})


def _run(script: str, words: Sequence[object], env: Mapping[str, str] | None, given: Row) -> Done:
    environment = {**os.environ, **(env or {})}
    text = given.get("text", True)
    command = [*((sys.executable, script) if script else COMMAND), *map(str, words)]
    if given.keys() <= {"text"} and (loaded := server(environment)) is not None:
        code, out, err = loaded.run(script, [*map(str, words)], environment, SECONDS)
        said = (out.decode(), err.decode()) if text else (out, err)
        return subprocess.CompletedProcess(command, code, *said)
    return subprocess.run(
        command,
        env=environment,
        **{"capture_output": True, "text": True, "timeout": SECONDS, "check": False, **given},
    )


def begin(*words: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start the command and leave it running; it hears Ctrl-C also where the tests run in the background."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_interrupts,
    )


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def rows_of(text: str) -> list[Row]:
    return [json.loads(line) for line in text.splitlines()]


OFF = ("--no-unallocated",)
SPACES = frozenset({"$Unallocated", "$Slack"})


class Bench:
    """One case, used through the command line alone."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.folder, self.env = folder, dict(env or {})
        made = self.run("case", "create", folder, *FACTS, *BASIS)
        assert made.returncode == 0, made.stderr

    def run(self, *words: object, env: Mapping[str, str] | None = None, **given: Any) -> Done:
        return actionday(*words, env={**self.env, **(env or {})}, **given)

    def begin(self, *words: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        return begin(*words, env={**self.env, **(env or {})})

    def ingest(self, *words: object, code: int = 0, space: bool = False, **given: Any) -> Done:
        """Ingest with one worker unless told otherwise: each costs a second to start, and most cases are tiny.

        ``space``: what belongs to no file too, of which ``items`` tells nothing (see ``test_unallocated``).
        """
        workers = () if "--workers" in words else ("--workers", 1)
        done = self.run("ingest", self.folder, *words, *workers, *(() if space else OFF), **given)
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done

    def export(self, kind: str) -> list[Row]:
        done = self.run("export", self.folder, kind)
        assert done.returncode == 0, done.stderr
        return rows_of(done.stdout)

    def exports(self) -> dict[str, list[str]]:
        """Return the lines of what an ingest produces, order aside."""
        found = {}
        for kind in ("items", "texts", "issues"):
            done = self.run("export", self.folder, kind)
            assert done.returncode == 0, done.stderr
            found[kind] = sorted(done.stdout.splitlines())
        return found

    def items(self) -> list[Row]:
        """Return all items but space that belongs to no file, and what is in it."""
        return [row for row in self.export("items") if SPACES.isdisjoint(row["path"].split("/"))]

    def item(self, path: str) -> Row:
        found = [row for row in self.items() if row["path"] == path]
        assert len(found) == 1, f"{path}: {len(found)} rows of {[row['path'] for row in self.items()]}"
        return found[0]

    def text(self, sha256: str) -> str | None:
        return next((row["text"] for row in self.export("texts") if row["sha256"] == sha256), None)

    def limit(self, **limits: float) -> None:
        """Give the case other limits, as its ledger tells it; nothing else is gone by."""
        case = Case.open(self.folder)
        made = msgspec.to_builtins(msgspec.structs.replace(Limits(), **limits))
        with closing(case), transaction(case.database):
            case.put({"limits": json.dumps(made, separators=(",", ":"))})
            case.ledger().append(entry(Action.LIMITS_CHANGED, "", {"limits": made}))

    def status(self) -> Row:
        done = self.run("status", self.folder, "--json")
        assert done.returncode == 0, done.stderr
        found: Row = json.loads(done.stdout)
        return found

    def verify(self, code: int = 0) -> Row:
        done = self.run("verify", self.folder, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        found: Row = json.loads(done.stdout)
        return found

    def search(self, *words: object, code: int = 0) -> Row:
        done = self.run("search", self.folder, *words, "--json")
        assert done.returncode == code, done.stderr
        found: Row = json.loads(done.stdout)
        return found


def balanced(rows: Iterable[Row], status: Row) -> None:
    """Assert that the balance adds up, and that it is that of the rows."""
    opened = {row["parent"] for row in rows}
    counted = [
        row
        for row in rows
        if (row["kind"] not in COUNTED_OUT and not (row["kind"] == "exhibit" and row["id"] in opened))
        or (row["kind"] in ("volume", "shadow") and row["status"] in ("unsupported", "encrypted"))
    ]
    assert [row["id"] for row in counted] == [row["id"] for row in rows if row["counted"]]
    assert status["found"] == len(counted)
    assert status["found"] == sum(status[part] for part in ("parsed", "known_good", "skipped", "failed"))
    assert status["parsed"] == _of(counted, "parsed", "empty")
    assert status["skipped"] == _of(counted, "unsupported", "queued")
    assert status["failed"] == _of(counted, "encrypted", "unreadable", "quarantined")


def _of(rows: Iterable[Row], *statuses: str) -> int:
    return sum(row["status"] in statuses for row in rows)


def same(found: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> None:
    """Assert that two exports hold the same lines, naming the first that differ."""
    for kind, lines in wanted.items():
        missing = sorted(set(lines) - set(found[kind]))[:2]
        surplus = sorted(set(found[kind]) - set(lines))[:2]
        differing = _differing(missing[0], surplus[0]) if missing and surplus else ""
        assert not missing and not surplus, f"{kind}: {differing} missing {missing}, surplus {surplus}"
        assert len(found[kind]) == len(lines), f"{kind}: lines doubled"


def _differing(wanted: str, found: str) -> dict[str, tuple[object, object]]:
    ours, theirs = json.loads(wanted), json.loads(found)
    return {key: (ours[key], theirs.get(key)) for key in ours if ours[key] != theirs.get(key)}


def needs(*tools: str) -> pytest.MarkDecorator:
    """Skip, visibly, where a Debian tool is missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


def tool(*words: object, given: bytes | None = None) -> bytes:
    done = subprocess.run([str(each) for each in words], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started and that have not ended."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def workers(pid: int) -> list[int]:
    """Return the workers of the run that ``pid`` is: they are forked off a process that it started for it."""
    return [worker for server in children(pid) for worker in children(server)]


def until(true: Callable[[], object], seconds: float = 60, step: float = 0.05) -> None:
    """Wait until something holds; a state of the world, not a duration, ends the wait."""
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, "it never came to pass"
        time.sleep(step)


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def sentences(count: int, seed: int) -> str:
    """Return harmless text that is the same for the same seed and differs from that of others."""
    words = [
        "kestrel",
        "radio",
        "schedule",
        "morning",
        "evening",
        "news",
        "music",
        "market",
        "harbour",
        "bridge",
        "letter",
        "garden",
    ]
    state = hashlib.sha256(str(seed).encode()).digest()
    lines = []
    for number in range(count):
        state = hashlib.sha256(state).digest()
        lines.append(" ".join(words[byte % len(words)] for byte in state[: 6 + state[0] % 9]))
        lines[-1] = f"{number}. {lines[-1].capitalize()}."
    return "\n".join(lines) + "\n"
