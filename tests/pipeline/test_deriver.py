"""The process that derives keys: one for all, bounded, and started anew where it ended."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionday.model import Derivation, TooCostly
from actionday.pipeline.deriving import Deriving
from actionday.pipeline.helpers import Helpers
from actionday.sources.volumes._derive import derived

WORK = Derivation("argon2id", b"kestrel", b"s" * 16, 64, 4, memory=128 << 10, lanes=2)


@pytest.fixture
def helpers() -> Iterator[Helpers]:
    made = Helpers(1 << 30, tied=False)
    yield made
    made.close()


def asking(helpers: Helpers) -> Deriving:
    return Deriving(helpers.deriver, lambda: None)


def took(one: Deriving) -> float:
    begun = time.perf_counter()
    assert one.key(WORK) == derived(WORK, 1 << 30)
    return time.perf_counter() - begun


def test_what_one_worker_asked_for_costs_the_next_nothing(helpers: Helpers) -> None:
    first, second = asking(helpers), asking(helpers)
    pbkdf2 = Derivation("pbkdf2", b"a", b"s" * 16, 64, 3_000_000)
    begun = time.perf_counter()
    key = first.key(pbkdf2)
    alone = time.perf_counter() - begun
    begun = time.perf_counter()
    assert second.key(pbkdf2) == key
    assert time.perf_counter() - begun < alone / 4


def test_it_gives_the_key_and_bounds_what_it_takes(helpers: Helpers) -> None:
    one = asking(helpers)
    took(one)
    with pytest.raises(TooCostly, match="1025 MiB of memory for each secret, of which 1024 may be used"):
        one.key(Derivation("argon2id", b"a", b"s" * 16, 64, 1, memory=1025 << 10))
    with pytest.raises(TooCostly, match="iterations"):
        one.key(Derivation("pbkdf2", b"a", b"s" * 16, 64, 1 << 30))
    with pytest.raises(ValueError, match="bytes"):
        one.key(Derivation("pbkdf2", b"a", b"s" * 16, 1 << 20, 1))
    took(one)


def test_who_talks_nonsense_is_hung_up_on_and_no_other_worker(helpers: Helpers) -> None:
    good, bad = asking(helpers), helpers.deriver()
    took(good)
    bad.sendall(b"\xff\xff\xff\x7f" + bytes(100))
    with contextlib.suppress(ConnectionResetError):
        assert bad.recv(10) == b""
    took(good)


def test_one_that_ended_is_started_anew(helpers: Helpers) -> None:
    one = asking(helpers)
    took(one)
    for process in helpers._started:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    took(one)


def test_it_may_use_as_much_as_cryptsetup_asks_for(helpers: Helpers) -> None:
    free = int(Path("/proc/meminfo").read_text().split("MemAvailable:")[1].split()[0]) << 10
    if free < 3 << 30:
        pytest.skip("needs 3 GiB of free memory")
    most = Derivation("argon2id", b"a", b"s" * 16, 64, 1, memory=1 << 20, lanes=4)
    assert len(asking(helpers).key(most)) == 64
