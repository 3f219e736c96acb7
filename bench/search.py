"""A million generated texts: how fast they are indexed, how large the index is, how long a query takes.

    python bench/search.py [--texts N | --tree DIR] [--folder DIR] [--keep]

Words are drawn by Zipf's law from a made-up vocabulary in six scripts; one text in five is a copy of another
at a second place. Times are of one process on one core: search and facets together, without snippets; ``cpu``
is processor time, which does not suffer from what else the machine does.
"""

import argparse
import itertools
import json
import platform
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from actionday.storage.index import Document, Index
from actionday.storage.index.normalise import normalise

SEED = 20261125
ALPHABETS = {
    "eng": ("Latn", "abcdefghijklmnoprstuvwy", 14),
    "rus": ("Cyrl", "абвгдежзиклмнопрстуфхцчшыэюя", 3),
    "arb": ("Arab", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", 3),
    "heb": ("Hebr", "אבגדהוזחטיכלמנסעפצקרשת", 1),
    "zho": (
        "Hans",
        "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小",
        2,
    ),
    "tur": ("Latn", "abcçdefgğhıijklmnoöprsştuüvyz", 2),
}
KINDS = ("text/plain", "text/html", "application/pdf", "message/rfc822", "text/x-python", "application/json")
BATCH = 5_000
POOL = 400_000  # words of a language's running text; a text is a slice of it


def vocabulary(rng: random.Random, letters: str, words: int) -> list[str]:
    """Return distinct words of 2 to 11 letters."""
    found: dict[str, None] = {}
    while len(found) < words:
        found["".join(rng.choices(letters, k=rng.randint(2, 11)))] = None
    return list(found)


def pools(rng: random.Random) -> dict[str, list[str]]:
    """Return for each language a long running text, by Zipf's law."""
    made = {}
    for language, (_, letters, _) in ALPHABETS.items():
        words = vocabulary(rng, letters, 60_000)
        weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
        made[language] = rng.choices(words, cum_weights=weights, k=POOL)
    return made


def texts(rng: random.Random, running: dict[str, list[str]], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield the number of a content, its language and its text; every fifth repeats one of the last 1,000."""
    languages, shares = list(ALPHABETS), [share for _, _, share in ALPHABETS.values()]
    recent: list[tuple[int, str, str]] = []
    for number in range(count):
        if number % 5 == 4:
            yield rng.choice(recent)
            continue
        language = rng.choices(languages, shares)[0]
        start, length = rng.randrange(POOL - 900), int(20 + rng.expovariate(1 / 130))
        separator = "" if language == "zho" else " "
        text = (number, language, separator.join(running[language][start : start + min(length, 900)]))
        recent = [*recent[-999:], text] if number % 50 == 0 else [*recent, text]
        yield text


def documents(count: int) -> Iterator[tuple[int, Document]]:
    """Yield the length in UTF-8 and the document of each text."""
    rng = random.Random(SEED)
    for number, (content, language, text) in enumerate(texts(rng, pools(rng), count)):
        terms = normalise(text)
        name = f"note-{number % 9973}-{content % 31}.txt"
        yield len(text.encode()), Document(
            item=f"{number:032x}", seq=number // BATCH + 1, exhibit=f"S-{number % 4:02d}",
            path=f"srv/www/d{content % 211}/{number % 97}/{name}", name=name, kind="file", status="parsed",
            mime=KINDS[content % len(KINDS)], year=2015 + content % 11,
            sha256=sha256(str(content).encode()).hexdigest(), languages=(language,),
            script=ALPHABETS[language][0], body=(terms.body.encode(),), alt=(terms.alt.encode(),),
        )  # fmt: skip


def files(root: Path) -> Iterator[tuple[int, Document]]:
    """Yield length and document of each UTF-8 text file under a folder, up to 4 MB each."""
    for number, path in enumerate(
        sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    ):
        data = path.read_bytes()[: 4 << 20]
        if b"\0" in data[:8192] or not data:
            continue
        terms = normalise(data.decode("utf-8", "replace"))
        yield len(data), Document(
            item=f"{number:032x}", seq=number // BATCH + 1, exhibit="tree", path=str(path.relative_to(root)),
            name=path.name, kind="file", status="parsed", mime="text/plain", year=2024,
            sha256=sha256(data).hexdigest(), languages=("eng",), script="Latn", body=(terms.body.encode(),),
            alt=(terms.alt.encode(),),
        )  # fmt: skip


def queries(
    running: dict[str, list[str]], rng: random.Random
) -> dict[str, list[tuple[str, dict[str, list[str]]]]]:
    """Return queries by kind, with their filters; words are drawn as often as they stand in texts."""

    def word(language: str = "") -> str:
        return rng.choice(running[language or rng.choice(list(running))])

    def phrase() -> str:
        language = rng.choice([each for each in running if each != "zho"])
        at = rng.randrange(POOL - 3)
        return '"' + " ".join(running[language][at : at + 2]) + '"'

    many = [f"{word('eng')}.{word('eng')}@mail.example" for _ in range(300)]
    return {
        "one word": [(word(), {}) for _ in range(40)],
        "two words": [(f"{word('eng')} {word('eng')}", {}) for _ in range(40)],
        "three words": [(f"{word('rus')} {word('rus')} {word('rus')}", {}) for _ in range(40)],
        "phrase": [(phrase(), {}) for _ in range(40)],
        "prefix": [(f"{word('eng')[:3]}*", {}) for _ in range(40)],
        "fuzzy": [(f"{word('eng')}~", {}) for _ in range(20)],
        "boolean": [(f"({word('eng')} OR {word('arb')}) NOT {word('eng')}", {}) for _ in range(40)],
        "fields": [(f"{word('eng')} lang:en type:html year:2018-2022", {}) for _ in range(40)],
        "filters": [(word("eng"), {"exhibit": ["S-01"], "type": ["pdf", "text"]}) for _ in range(40)],
        "path": [(f"path:www/d{rng.randrange(211)} {word('eng')}", {}) for _ in range(20)],
        "fields alone": [("type:html exhibit:S-02", {}), ("lang:ar", {}), ("NOT lang:en", {})],
        "300 addresses": [(" OR ".join(many), {})],
    }


def build(folder: Path, source: Iterator[tuple[int, Document]]) -> dict[str, float]:
    """Index the texts; return seconds, megabytes and rates. Making and normalising texts is timed apart."""
    index = Index.open(folder, writable=True)
    texts, size, wall, cpu, started = 0, 0, 0.0, 0.0, time.process_time()
    while batch := list(itertools.islice(source, BATCH)):
        texts, size = texts + len(batch), size + sum(length for length, _ in batch)
        at, used = time.perf_counter(), time.process_time()
        index.add(document for _, document in batch)
        if texts % (20 * BATCH) == 0:
            index.commit(batch[-1][1].seq)
        wall, cpu = wall + time.perf_counter() - at, cpu + time.process_time() - used
    at, used = time.perf_counter(), time.process_time()
    index.commit(index.last_seq)
    index.close()
    wall, cpu = wall + time.perf_counter() - at, cpu + time.process_time() - used
    disk = sum(file.stat().st_size for file in folder.iterdir())
    return {
        "texts": texts, "text_mb": round(size / 1e6, 1), "all_cpu_s": round(time.process_time() - started, 1),
        "index_s": round(wall, 1), "index_mb_s": round(size / 1e6 / wall, 1), "index_cpu_s": round(cpu, 1),
        "index_mb_cpu_s": round(size / 1e6 / cpu, 1), "disk_mb": round(disk / 1e6, 1),
        "disk_share": round(disk / size, 3),
    }  # fmt: skip


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return milliseconds by kind of query: page of 50, exact counts and four facets, nothing remembered."""
    index = Index.open(folder)
    rng = random.Random(SEED)
    asked = queries(pools(rng), random.Random(SEED + 1))
    rows = {}
    for kind, pairs in asked.items():
        times, cpu, found = [], [], []
        for query, filters in pairs:
            index.reload()
            at, used = time.perf_counter(), time.process_time()
            page = index.search(
                query, limit=50, filters=filters, facets=["language", "type", "exhibit", "year"]
            )
            times.append((time.perf_counter() - at) * 1000)
            cpu.append((time.process_time() - used) * 1000)
            found.append(page.total)
        rows[kind] = {
            "n": len(times), "p50": _share(times, 0.5), "p95": _share(times, 0.95), "cpu_p50": _share(cpu, 0.5),
            "cpu_p95": _share(cpu, 0.95), "cpu_max": _share(cpu, 1), "most_hits": max(found),
        }  # fmt: skip
    return rows


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 1)


def main() -> None:
    """Build, measure, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--tree", type=Path, help="index the text files of a folder instead")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the index there; use one that is there")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="search-bench-"))
    kept = given.keep and folder.exists() and any(folder.iterdir())
    source = files(given.tree) if given.tree else documents(given.texts)
    built = {} if kept else build(folder, source)
    asked = {} if given.tree else measure(folder)
    print(json.dumps({"machine": platform.machine(), "build": built, "queries": asked}, indent=1))
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
