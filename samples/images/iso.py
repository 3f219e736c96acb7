"""ISO 9660 with Rock Ridge and Joliet names by `genisoimage`."""

from pathlib import Path

from samples.images.stage import stage, stored
from samples.made import Place
from samples.tools import run


def iso(image: Path, places: list[Place], label: str) -> None:
    """Write a disc that holds the places."""
    work = image.with_suffix(".stage")
    work.mkdir()
    grafts = [
        f"{_escaped(place.path)}={stage(place, work, n).name}" for n, place in enumerate(stored(places))
    ]
    listing = work / "paths"
    listing.write_text("\n".join(grafts) + "\n", encoding="utf-8")
    run("genisoimage", "-quiet", "-r", "-J", "-V", label, "-input-charset", "utf-8", "-output-charset", "utf-8",
        "-graft-points", "-path-list", listing.name, "-o", image.absolute(), where=work)  # fmt: skip
    for path in work.iterdir():
        path.unlink()
    work.rmdir()


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace("=", "\\=")
