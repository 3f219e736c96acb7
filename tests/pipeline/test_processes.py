"""Workers are forked off a process that has loaded what they need; each still ends alone, and all with the main process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionday.model import Limits
from actionday.pipeline.inbox import Inbox
from actionday.pipeline.messages import Done, Setup
from actionday.pipeline.pool import Event, Gone, Pool, WorkerProcess
from actionday.pipeline.processes import Processes
from case_tools import until


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    made.close()


@pytest.fixture
def inbox() -> Inbox[Event]:
    return Inbox(64 << 20)


def started(processes: Processes, inbox: Inbox[Event]) -> tuple[WorkerProcess, int]:
    """Return a worker that is ready, and the number of its process."""
    worker = WorkerProcess(processes, Setup(Limits()), inbox)
    assert isinstance(inbox.get(timeout=120).message, Done)
    until(lambda: worker.process.number > 0)  # which the server tells, maybe after the worker has spoken
    return worker, worker.process.number


def parent_of(number: int) -> int:
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def runs(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


def test_one_that_is_killed_says_so_and_its_neighbour_lives(
    processes: Processes, inbox: Inbox[Event]
) -> None:
    first, number = started(processes, inbox)
    second, neighbour = started(processes, inbox)
    assert parent_of(number) == parent_of(neighbour)
    os.kill(number, signal.SIGSEGV)
    assert isinstance(inbox.get(timeout=60).message, Gone)
    assert first.ended() == "ended by signal SIGSEGV"
    assert runs(neighbour)
    second.kill()
    assert second.ended() == "ended by signal SIGKILL"
    until(lambda: not runs(neighbour), 60, 0.01)


def test_one_that_is_let_go_ends_by_itself(processes: Processes, inbox: Inbox[Event]) -> None:
    worker, _ = started(processes, inbox)
    worker.stop()
    assert isinstance(inbox.get(timeout=60).message, Gone)
    assert worker.ended() == "ended with exit code 0"


def test_one_that_is_killed_before_it_is_there_never_begins(inbox: Inbox[Event]) -> None:
    made = Processes()
    try:
        worker = WorkerProcess(made, Setup(Limits()), inbox)
        worker.kill()  # the server is still loading
        assert worker.ended() == "ended by signal SIGKILL"
        assert isinstance(inbox.get(timeout=60).message, Gone)
    finally:
        made.close()


def test_a_worker_holds_nothing_of_the_server_or_of_its_neighbours(
    processes: Processes, inbox: Inbox[Event]
) -> None:
    first, number = started(processes, inbox)
    second, neighbour = started(processes, inbox)
    held = {os.readlink(each) for each in Path(f"/proc/{number}/fd").iterdir()}
    others = {os.readlink(each) for each in Path(f"/proc/{neighbour}/fd").iterdir()}
    servers = {os.readlink(each) for each in Path(f"/proc/{parent_of(number)}/fd").iterdir()}
    of_its_own = {each for each in held if each.startswith("socket:")}
    assert len(of_its_own) == 1
    assert not of_its_own & (others | servers)
    assert not {each for each in held if "eventpoll" in each or "pidfd" in each}
    for worker in (first, second):
        worker.kill()
        worker.ended()


def test_the_server_has_one_thread_and_no_file_open(processes: Processes, inbox: Inbox[Event]) -> None:
    """A fork takes one thread along: what another held locked would stay locked for good."""
    worker, number = started(processes, inbox)
    server = Path(f"/proc/{parent_of(number)}")
    assert len(list((server / "task").iterdir())) == 1
    kinds = {os.readlink(each).partition(":")[0] for each in (server / "fd").iterdir() if int(each.name) > 2}
    assert kinds <= {"socket", "anon_inode"}
    worker.kill()
    worker.ended()


def test_where_the_server_dies_its_workers_die_and_the_pool_begins_another() -> None:
    pool = Pool(2, Setup(Limits()))
    try:
        pool.start()
        for _ in range(2):
            event = pool.next(120)
            assert event is not None
            assert isinstance(event.message, Done)
        numbers = [each.process.number for each in pool.workers]
        os.kill(parent_of(numbers[0]), signal.SIGKILL)
        for _ in range(2):
            event = pool.next(60)
            assert event is not None
            assert isinstance(event.message, Gone)
            assert "SIGKILL" in event.worker.ended()
            pool.gone(event.worker)
        until(lambda: not any(map(runs, numbers)), 60, 0.01)
        pool.start()
        event = pool.next(120)
        assert event is not None
        assert isinstance(event.message, Done)
        assert event.worker.process.number not in numbers
    finally:
        pool.close()


def test_no_process_outlives_the_main_one(tmp_path: Path) -> None:
    script = """
import sys
from actionday.model import Limits
from actionday.pipeline.messages import Setup
from actionday.pipeline.pool import Pool
pool = Pool(2, Setup(Limits()))
pool.start()
for _ in range(2):
    pool.next(120)
print(*(each.process.number for each in pool.workers), flush=True)
sys.stdin.read()
"""
    main = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert main.stdout is not None
    numbers = [int(each) for each in main.stdout.readline().split()]
    assert len(numbers) == 2
    server = parent_of(numbers[0])
    assert parent_of(server) == main.pid
    main.kill()
    main.wait()
    until(lambda: not any(map(runs, (server, *numbers))), 60, 0.01)
