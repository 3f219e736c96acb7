"""What a command used is what it did: known work, known memory, a whole tree of processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench.measure import Tree, kind_of, measured, memory, pinned

BURN = "import time\nwhile time.process_time() < {}: pass"
HOLD = "import time; held = b'x' * {}; time.sleep(0.6)"
MIB = 1 << 20


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_processor_time_of_children_counts() -> None:
    child = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN.format(0.4)!r}], check=True)"
    )
    used = measured(python(child), 1)
    assert used.code == 0
    assert used.cpu >= 0.4
    assert used.wall >= used.cpu * 0.95  # one core: they cannot run beside one another
    assert used.processes == 2


def test_the_peak_is_of_the_largest_process_and_the_sum_of_all() -> None:
    both = (
        f"import subprocess, sys, time; other = subprocess.Popen([sys.executable, '-c', {HOLD.format(40 * MIB)!r}]); "
        f"held = b'x' * {80 * MIB}; other.wait()"
    )
    used = measured(python(both), 1)
    assert 80 * MIB < used.highest < 120 * MIB
    assert used.highest == max(used.peak.values())
    assert used.together > 120 * MIB
    assert max(used.private.values()) >= 80 * MIB


def test_memory_given_back_still_counts() -> None:
    code = f"held = b'x' * {60 * MIB}; del held; print(flush=True); input()"
    with subprocess.Popen(python(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = memory(process.pid)
        process.communicate(b"\n")
    assert found is not None
    _, peak, private, _ = found
    assert private < 60 * MIB < peak
    assert (
        measured(python(f"held = b'x' * {60 * MIB}; del held; import time; time.sleep(0.5)"), 1).highest
        > 60 * MIB
    )


def test_it_runs_on_the_cores_it_was_given(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    used = measured(python("import os; print(len(os.sched_getaffinity(0)))"), 1, out=out)
    assert (used.code, out.read_text().strip()) == (0, "1")
    with pytest.raises(ValueError, match="cores asked for"):
        pinned(len(os.sched_getaffinity(0)) + 1)


def test_a_command_past_its_deadline_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, pathlib; other = subprocess.Popen(['sleep', '60'], start_new_session=True); "
        f"pathlib.Path({str(note)!r}).write_text(str(other.pid)); other.wait()"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        measured(python(code), 1, deadline=2.0)
    child = Path(f"/proc/{note.read_text()}/stat")
    for _ in range(50):  # the kernel needs a moment to let it go
        if not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")


def test_how_it_ended_is_told() -> None:
    assert measured(python("raise SystemExit(3)"), 1).code == 3
    assert measured(python("import os; os.kill(os.getpid(), 9)"), 1).code == -9


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["/x/python3.11", "-P", "-m", "actionday.pipeline.forkserver", "5"], "worker"),
        (["/x/python", "-m", "actionday.app.cli.main", "ingest"], "main"),
        (["/x/python", "/y/bin/log2timeline", "-q"], "log2timeline"),
        (["/usr/bin/7zz", "x"], "7zz"),
        (["python3", "-c"], "python3"),
    ],
    ids=["worker", "main", "script", "program", "code"],
)
def test_kinds_of_processes(words: list[str], kind: str) -> None:
    assert kind_of(words) == kind


def test_a_process_that_is_gone_has_no_memory() -> None:
    done = subprocess.Popen(["true"])
    assert done.wait() == 0
    assert memory(done.pid) is None
    looked = Tree(done.pid)
    looked.look()
    assert (looked.peak, looked.together) == ({}, 0)
