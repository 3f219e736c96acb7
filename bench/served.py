"""How long a search takes in ``serve``, over a million texts that ``ingest`` took in: one person, asked over HTTP.

    python -m bench.served [--texts N] [--folder DIR] [--keep]

The texts and the queries are those of ``bench/search.py``, drawn by Zipf's law in six scripts; each query is asked
once as the page asks it (counts, four facets, snippets, the entry in the ledger) and once for JSON. Times are of the
answer as it arrives, in milliseconds; with ``--keep`` the case is left in DIR, and used again when it is there.
"""

import argparse
import io
import json
import os
import platform
import random
import re
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from bench.ours import COMMAND, create
from bench.search import SEED, pools, queries, texts

EXHIBIT = "texts.tar"


def tar(path: Path, count: int) -> None:
    """Write ``count`` texts into a tar, names and contents as ``bench/search.py`` has them."""
    rng = random.Random(SEED)
    with tarfile.open(path, "w") as out:
        for number, (content, _, text) in enumerate(texts(rng, pools(rng), count)):
            data = text.encode()
            member = tarfile.TarInfo(f"srv/www/d{content % 211}/{number % 97}/note-{number}.txt")
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))


def ingest(case: Path, source: Path, workers: int) -> float:
    """Take the texts in as a person does; return seconds."""
    create(case, {})
    at = time.perf_counter()
    subprocess.run([*COMMAND, "ingest", case, source, "--workers", str(workers), "--json"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return time.perf_counter() - at


def asked() -> Iterator[tuple[str, str]]:
    """Yield kind and query, by the name of the one exhibit; what ``bench/search.py`` gives as a filter is not asked."""
    by_kind = queries(pools(random.Random(SEED)), random.Random(SEED + 1))
    for kind, pairs in by_kind.items():
        for query, filters in pairs:
            if not filters:
                yield kind, re.sub(r"exhibit:\S+", f"exhibit:{EXHIBIT}", query)


def measure(address: str) -> dict[str, dict[str, float]]:
    """Return milliseconds by kind of query, of the page and of JSON."""
    told = urlsplit(address)
    assert told.hostname is not None
    connection = HTTPConnection(told.hostname, told.port, timeout=120)
    times: dict[str, list[float]] = {}
    for kind, query in asked():
        for form, more in (("page", {}), ("json", {"format": "json"})):
            path = f"{told.path}search?{urlencode({'q': query, **more}, quote_via=quote)}"
            at = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            took = (time.perf_counter() - at) * 1000
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} for {query!r}")
            times.setdefault(f"{form}: {kind}", []).append(took)
            times.setdefault(f"{form}: all", []).append(took)
    connection.close()
    return {kind: _shares(each) for kind, each in times.items()}


def _shares(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95))
    return {"n": len(ordered), "p50": round(p50, 1), "p95": round(p95, 1), "max": round(ordered[-1], 1)}


def main() -> None:
    """Make, take in, serve, ask, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="served-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    case, source = folder / "case", folder / EXHIBIT
    found: dict[str, object] = {"machine": platform.processor() or platform.machine(), "texts": given.texts}
    if not case.exists():
        tar(source, given.texts)
        found["ingest_s"] = round(ingest(case, source, len(os.sched_getaffinity(0))), 1)
    with subprocess.Popen(
        [*COMMAND, "serve", case, "--port", "0", "--json"], stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        address = str(json.loads(serving.stdout.readline())["url"])
        try:
            found["ms"] = measure(address)
        finally:
            serving.terminate()
    print(json.dumps(found, indent=1))
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
