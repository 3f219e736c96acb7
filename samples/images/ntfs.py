"""NTFS by ntfs-3g: files in the root folder, with alternate streams; times are those of the run."""

import os
from pathlib import Path

from samples.images.stage import stage, stored
from samples.made import Place
from samples.tools import run


def ntfs(image: Path, size: int, places: list[Place], label: str) -> None:
    """Write a file system that holds the places; ``name:stream`` is an alternate stream.

    `ntfscp` makes no folder: raises ``ValueError`` for a path with one.
    """
    entries = stored(places)
    if any("/" in place.path for place in entries):
        raise ValueError("ntfscp makes no folders")
    image.write_bytes(b"")
    os.truncate(image, size)
    run(
        "mkntfs",
        "-F",
        "-q",
        "-Q",
        "-s",
        "512",
        "-c",
        "4096",
        "-p",
        "0",
        "-H",
        "16",
        "-S",
        "63",
        "-L",
        label,
        image,
    )
    work = image.with_suffix(".stage")
    work.mkdir()
    for number, place in enumerate(entries):
        name, _, stream = place.path.partition(":")
        path = stage(place, work, number)
        run("ntfscp", "-q", "-f", *(["-N", stream] if stream else []), image, path, name)
        path.unlink()
    work.rmdir()
