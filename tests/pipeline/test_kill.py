"""SIGKILL and SIGINT at random moments, resumed with other workers, time zones, locales and hash seeds."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from kill_exhibits import disk, holding_little, large_zip, overlay, site

from case_tools import Bench, children, killed, needs, same, until, workers

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "qemu-img")]


class Undisturbed(NamedTuple):
    sources: list[Path]
    exports: dict[str, list[str]]
    seconds: float


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return holding_little(tmp_path / "case")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Undisturbed:
    """Four exhibits of different kinds, and what a run says of them that nobody disturbed."""
    folder = tmp_path_factory.mktemp("exhibits")
    raw = disk(site(folder / "inside", 40), folder / "server.img")
    _, top = overlay(raw, folder)
    sources = [site(folder / "site"), raw, top, large_zip(folder / "large.zip")]
    bench = holding_little(folder / "case")
    begun = time.monotonic()
    bench.ingest(*sources, "--workers", 2, code=1)
    return Undisturbed(sources, bench.exports(), time.monotonic() - begun)


def disturbed(dice: random.Random) -> dict[str, str]:
    return {
        "TZ": dice.choice(["UTC", "Asia/Tokyo", "America/St_Johns"]),
        "LC_ALL": dice.choice(["C", "C.UTF-8", "POSIX"]),
        "PYTHONHASHSEED": str(dice.randrange(1000)),
    }


def one_round(bench: Bench, wanted: Undisturbed, dice: random.Random, sign: signal.Signals) -> bool:
    """Begin or go on; return whether it was stopped before its end."""
    words = ("ingest", bench.folder, *wanted.sources, "--workers", dice.choice([1, 2, 3]))
    process = bench.begin(*words, env=disturbed(dice))
    early = dice.random() < 0.3  # a third of them within the first second
    wait = dice.uniform(0.0, 1.0) if early else dice.uniform(0.0, wanted.seconds)
    try:
        _, said = process.communicate(timeout=wait)
    except subprocess.TimeoutExpired:
        process.send_signal(sign)
        _, said = process.communicate()
        assert process.returncode in ((-9,) if sign == signal.SIGKILL else (130, -2, 1)), said
        return process.returncode != 1
    assert process.returncode == 1, said
    return False


def kills(bench: Bench, wanted: Undisturbed, count: int, sign: signal.Signals, seed: int) -> None:
    """Stop ``count`` runs; whenever one reaches its end, compare, and begin with an empty case."""
    dice, stopped, cases = random.Random(seed), 0, 0
    while stopped < count:
        if one_round(bench, wanted, dice, sign):
            stopped += 1
            continue
        same(bench.exports(), wanted.exports)
        cases += 1
        bench = holding_little(bench.folder.with_name(f"case-{cases}"))
    bench.ingest(*wanted.sources, code=1)
    same(bench.exports(), wanted.exports)
    assert bench.verify()["ok"]


def test_killed_at_ten_random_moments_the_export_is_the_same(bench: Bench, undisturbed: Undisturbed) -> None:
    kills(bench, undisturbed, 10, signal.SIGKILL, seed=1)


@pytest.mark.soak
def test_killed_at_fifty_random_moments_the_export_is_the_same(
    bench: Bench, undisturbed: Undisturbed
) -> None:
    kills(bench, undisturbed, 50, signal.SIGKILL, seed=2)


def test_interrupted_by_the_user_the_export_is_the_same(bench: Bench, undisturbed: Undisturbed) -> None:
    kills(bench, undisturbed, 3, signal.SIGINT, seed=3)


def test_other_workers_zones_locales_and_seeds_give_the_same(bench: Bench, undisturbed: Undisturbed) -> None:
    env = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    bench.ingest(*reversed(undisturbed.sources), "--workers", 1, code=1, env=env)
    same(bench.exports(), undisturbed.exports)


def test_nobody_outlives_a_killed_run(bench: Bench, undisturbed: Undisturbed) -> None:
    process = bench.begin("ingest", bench.folder, *undisturbed.sources, "--workers", 2)
    until(lambda: len(workers(process.pid)) == 2)
    ours = children(process.pid) + workers(process.pid)
    killed(process)
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in ours), 10)


def test_no_temporary_file_is_left(bench: Bench, undisturbed: Undisturbed) -> None:
    process = bench.begin("ingest", bench.folder, undisturbed.sources[3])
    until(lambda: any(bench.folder.glob("tmp/*")) or process.poll() is not None)
    killed(process)
    bench.ingest(undisturbed.sources[3])
    assert sorted(os.listdir(bench.folder)) == ["case.db", "index", "lock", "objects"]
