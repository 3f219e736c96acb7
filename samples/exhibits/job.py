"""What an exhibit is to the generator."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from samples.content import dice
from samples.dice import Dice
from samples.made import Kind, Made, Place
from samples.network import Network


@dataclass(frozen=True, slots=True)
class Job:
    """One run: the network, and how many MiB the large form should weigh (0: the small form)."""

    network: Network
    megabytes: int = 0

    def dice(self, *labels: str | int) -> Dice:
        """Return the chance of one corner."""
        return dice(self.network, *labels)

    def share(self, percent: int) -> int:
        """Return so many per cent of the large form's weight in bytes."""
        return self.megabytes * (1 << 20) * percent // 100


@dataclass(frozen=True, slots=True)
class Exhibit:
    """``dated``: the form keeps the time at which a file was written last.

    ``contents`` says what lies in it; ``pack`` writes it to the first folder, with the second for
    its temporary files, and returns the names of the sources.
    """

    id: str
    form: str
    dated: bool
    contents: Callable[[Job], list[Place]]
    pack: Callable[[Job, list[Place], Path, Path], tuple[str, ...]]


def files(contents: dict[str, Made], folder: str = "", kind: Kind = Kind.FILE) -> list[Place]:
    """Return the places of contents by path, below a folder."""
    return [
        Place(f"{folder}/{path}" if folder else path, content, kind) for path, content in contents.items()
    ]


def below(places: list[Place], folder: str) -> list[Place]:
    """Return the places of one partition, their paths from its root."""
    prefix = f"{folder}/"
    inside = [place for place in places if place.path.startswith(prefix)]
    return [replace(place, path=place.path.removeprefix(prefix)) for place in inside]


def room(places: list[Place], least: int, step: int = 1 << 18) -> int:
    """Return a size in bytes in which the places fit, with room for the file system's own."""
    need = sum(-(-place.made.size // 4096) * 4096 + 1024 for place in places) * 9 // 8
    return max(least, -(-(need + (need >> 6) + (1 << 18)) // step) * step)
