"""S-13, the file server: two of the three disks of a software RAID 5; the one in the middle was not found."""

from pathlib import Path

from samples.exhibits.job import Exhibit, Job
from samples.images.containers import convert
from samples.machine import contents as club
from samples.machine.packed_disks import unpack
from samples.made import Place, made

ARRAY, GONE = "md_raid5", 1


def contents(_job: Job) -> list[Place]:
    """Return the club's folder, as it lies on the array; what the array is called is a reader's choice."""
    return [
        Place(f"array/{path}", made(data), loose=True, mtime=club.CLOCK) for path, data in club.tree().items()
    ]


def pack(_job: Job, _places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write a folder with an image of each disk that is there, named by the slot it was in."""
    folder = out / "S-13"
    folder.mkdir()
    for disk in unpack(ARRAY, work, (GONE,)):
        convert(disk, folder / f"slot-{disk.stem.removeprefix('disk')}.qcow2")
    return ("S-13",)


EXHIBIT = Exhibit("S-13", "two of three disks of a RAID 5, each in QCOW2, in a folder", False, contents, pack)
