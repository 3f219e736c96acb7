"""Files on this machine for the tools to copy in: numbered, so that no name is a danger here."""

import os
from pathlib import Path

from samples.clock import START
from samples.made import Kind, Place


def stage(place: Place, folder: Path, number: int) -> Path:
    """Write one content to a file of its own, dated and readable by all, and return the path."""
    path = folder / f"{number:06d}"
    path.write_bytes(place.made.data)
    path.chmod(0o644)
    when = place.mtime or START
    os.utime(path, (when, when))
    return path


def folders(places: list[Place]) -> list[str]:
    """Return every folder that the places need, parents first, sorted."""
    found = {str(parent) for place in places for parent in Path(place.path).parents}
    return sorted(found - {"."})


def stored(places: list[Place]) -> list[Place]:
    """Return the places that are entries of the file system itself, sorted by path."""
    kinds = {Kind.FILE, Kind.DELETED, Kind.SYMLINK, Kind.STREAM}
    return sorted((place for place in places if place.kind in kinds), key=lambda place: place.path)
