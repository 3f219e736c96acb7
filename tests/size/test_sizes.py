"""Many texts and large images: every one is counted, memory does not grow with them.

``make test`` runs the small form, ``make soak`` a million texts and an image of 10 GB.
"""

import io
import random
import tarfile
from pathlib import Path

import pytest
from peaks import MIB, Peaks

from case_tools import Bench, balanced, needs, tool

WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("nde", "rsel", "mmo", "lt", "vik", "sso")
]
EVERY = {"goldcrest": 997, "пустельга": 499, "茶隼": 1009, "الصقر": 701}
"""A word and the texts that have it: each so many-th."""
PHRASE, PHRASE_EVERY = "the wind over the marsh", 353
MOST = 1000 * MIB


def a_text(number: int) -> bytes:
    dice = random.Random(number)
    words = dice.choices(WORDS, k=dice.randint(12, 60))
    words += [word for word, every in EVERY.items() if number % every == 0]
    words += [PHRASE] if number % PHRASE_EVERY == 0 else []
    return f"{number:07} {' '.join(words)}\n".encode()


def texts(path: Path, count: int) -> Path:
    """Write ``count`` small texts into a tar."""
    with tarfile.open(path, "w") as tar:
        for number in range(count):
            data = a_text(number)
            entry = tarfile.TarInfo(f"{number // 1000:04}/{number:07}.txt")
            entry.size, entry.mtime = len(data), 1_700_000_000 + number
            tar.addfile(entry, io.BytesIO(data))
    return path


def image(folder: Path, megabytes: int) -> Path:
    """Make an ext4 image of about so many megabytes: half texts of 40 kB, half noise of 60 kB to 3 MB."""
    dice, tree, made, number = random.Random(megabytes), folder / "tree", 0, 0
    while made < megabytes << 20:
        number += 1
        noise = number % 12 == 0
        size = dice.choice([60_000, 400_000, 1_500_000]) if noise else 40_000
        data = dice.randbytes(size) if noise else (" ".join(dice.choices(WORDS, k=size // 5)) + "\n").encode()
        path = tree / f"{number // 500:04}" / f"{number:06}.{'bin' if noise else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        made += len(data)
    disk = folder / "disk.raw"
    with disk.open("wb") as file:
        file.truncate((megabytes * 115 // 100 + 32) << 20)
    tool("mkfs.ext4", "-q", "-F", "-d", tree, disk)
    tool("rm", "-r", tree)
    return disk


def ingested(bench: Bench, source: Path, seconds: float) -> int:
    """Ingest with two workers; return the most memory that a process had."""
    process = bench.begin("ingest", bench.folder, source, "--workers", 2)
    peaks = Peaks(process)
    said, complaint = process.communicate(timeout=seconds)
    assert process.returncode == 0, said + complaint
    return peaks.highest()


def counted(bench: Bench, count: int) -> None:
    """Every item is there, and every word is found as often as it was written."""
    status = bench.status()
    assert status["found"] == status["parsed"] == count
    balanced(bench.items(), status)
    for word, every in EVERY.items():
        assert hits(bench, word) == -(-count // every), word
    assert hits(bench, f'"{PHRASE}"') == -(-count // PHRASE_EVERY)
    assert hits(bench, f"{a_text(4242).decode().split()[0]}") == 1
    assert bench.verify()["ok"]


def hits(bench: Bench, query: str) -> int:
    import json

    done = bench.run("search", bench.folder, query, "--limit", 1, "--json")
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout)["total"])


def flat(tmp_path: Path, small: int, large: int, seconds: float) -> None:
    peaks = []
    for size in (small, large):
        folder = tmp_path / str(size)
        folder.mkdir()
        bench = Bench(folder / "case")
        peaks.append(ingested(bench, image(folder, size), seconds))
        assert bench.verify()["ok"]
        tool("rm", "-r", folder)
    assert max(peaks) <= MOST, peaks
    assert peaks[1] <= 1.25 * peaks[0] + 64 * MIB, peaks


def test_a_hundred_thousand_texts_are_all_counted_and_found(bench: Bench, tmp_path: Path) -> None:
    assert ingested(bench, texts(tmp_path / "texts.tar", 100_000), 800) <= MOST
    counted(bench, 100_000)


@pytest.mark.soak
def test_a_million_texts_are_all_counted_and_found(bench: Bench, tmp_path: Path) -> None:
    assert ingested(bench, texts(tmp_path / "texts.tar", 1_000_000), 7200) <= MOST
    counted(bench, 1_000_000)


@pytest.mark.tools
@needs("mkfs.ext4")
def test_an_image_of_200_mb_takes_no_more_memory_than_one_of_80(tmp_path: Path) -> None:
    flat(tmp_path, 80, 200, 800)


@pytest.mark.tools
@pytest.mark.soak
@needs("mkfs.ext4")
def test_an_image_of_10_gb_takes_no_more_memory_than_one_of_1(tmp_path: Path) -> None:
    flat(tmp_path, 1_000, 10_000, 7200)
