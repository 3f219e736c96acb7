"""The ground truth beside the artefacts: what lies where, in which language, and what a search finds.

`docs/sample-network.md` describes every field.
"""

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from samples.clock import START
from samples.dice import Dice
from samples.exhibits import exhibits
from samples.exhibits.job import Exhibit, Job
from samples.made import Kind, Place, everything
from samples.searches import searches

FORMAT = 1
_DAY = 86400  # seconds
_YEARS = 4 * 365 * _DAY // 2  # in steps of two seconds


def places(job: Job) -> dict[str, list[Place]]:
    """Return what lies in each exhibit, by its id; needs no tool."""
    return {exhibit.id: _dated(exhibit, job) for exhibit in exhibits()}


def _dated(exhibit: Exhibit, job: Job) -> list[Place]:
    """Return the exhibit's contents, written over some years where the form keeps such times."""
    found, draw = exhibit.contents(job), job.dice("written", exhibit.id)
    if not exhibit.dated:
        return [replace(place, mtime=0) for place in found]
    return [replace(place, mtime=place.mtime or _written(draw, place)) for place in found]


def _written(draw: Dice, place: Place) -> int:
    """Return a time in seconds, an even one as FAT counts by two; logs were written on the last day."""
    age = draw.of(shown(place.path)).below(_YEARS)
    return START + 2 * (age % (_DAY // 2)) if "log" in place.path else START - 2 * age


def truth(job: Job, found: dict[str, list[Place]], sources: dict[str, tuple[str, ...]]) -> dict[str, object]:
    """Return the truth as JSON values; ``sources`` are the file names of each exhibit, or empty."""
    flat = [(name, place) for name, inside in found.items() for place in everything(inside)]
    return {
        "format": FORMAT,
        "seed": job.network.seed,
        "network": asdict(job.network),
        "exhibits": [
            {"id": one.id, "form": one.form, "sources": list(sources.get(one.id, ())),
             "items": [_item(place) for place in everything(found[one.id])]}
            for one in exhibits()
        ],
        "languages": dict(sorted(_languages(flat).items())),
        "searches": [{**asdict(one), "items": len(one.places)} for one in searches(job.network, flat)],
    }  # fmt: skip


def _languages(flat: list[tuple[str, Place]]) -> Counter[str]:
    """Return how many different contents are in each language, of those that a reader must read."""
    readable = {
        place.made.sha256: place.made.language
        for _, place in flat
        if place.made.language and place.kind not in (Kind.DELETED, Kind.REVISIT) and not place.made.statuses
    }
    return Counter(readable.values())


def _item(place: Place) -> dict[str, object]:
    """Return one row; what is false, empty or unknown is left out."""
    content = place.made
    known: dict[str, object] = {
        "path": shown(place.path), "kind": place.kind, "need": place.need, "size": content.size,
        "sha256": content.sha256, "mime": content.mime, "language": content.language,
        "languages": list(content.languages), "loose": place.loose,
        "statuses": list(content.statuses), "issue": content.issue, "entries": dict(content.entries),
        "target": place.target, "alt": list(place.alt), "mtime": _time(place.mtime),
        "raw": place.raw.hex() if place.raw else None,
        "holds": _line(content.text) if content.text else None,
    }  # fmt: skip
    always = {"path", "size", "sha256"}
    return {key: value for key, value in known.items() if value or key in always}


def _time(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _line(text: str) -> str:
    """Return a line of the text that a reader must show: the longest of the first five, cut to 80 characters."""
    return max(text.split("\n")[:5], key=len)[:80]


def shown(path: str) -> str:
    r"""Return the path with bytes that are no UTF-8 as ``\xNN``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def write(values: dict[str, object], path: Path) -> None:
    """Write the truth, an item a line, so that a change is a readable difference."""
    text = json.dumps(values, ensure_ascii=False, indent=None, separators=(",", ":"))
    for mark in (
        '{"path":',
        '{"id":',
        '{"query":',
        '"languages":',
        '"searches":',
        '"network":',
        '"exhibits":',
    ):
        text = text.replace(mark, "\n" + mark)
    path.write_text(text + "\n", encoding="utf-8")
