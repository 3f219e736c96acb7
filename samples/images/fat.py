"""FAT by dosfstools and mtools: byte for byte the same each time."""

from pathlib import Path

from samples.images.stage import folders, stage, stored
from samples.made import Kind, Place
from samples.tools import run


def fat(image: Path, size: int, places: list[Place], serial: int, label: str) -> None:
    """Write a file system of ``size`` bytes that holds the places; deleted ones are removed at the end."""
    image.unlink(missing_ok=True)
    run(
        "mkfs.fat",
        "-C",
        "-n",
        label,
        "-i",
        f"{serial:08x}",
        "--invariant",
        "-s",
        "1",
        image,
        str(size // 1024),
    )
    work = image.with_suffix(".stage")
    work.mkdir()
    entries = stored(places)
    for folder in folders(entries):
        run("mmd", "-i", image, f"::{folder}")
    for number, place in enumerate(entries):
        path = stage(place, work, number)
        run("mcopy", "-m", "-i", image, path, f"::{place.path}")
        path.unlink()
    for place in entries:
        if place.kind is Kind.DELETED:
            run("mdel", "-i", image, f"::{place.path}")
    work.rmdir()
