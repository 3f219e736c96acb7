"""S-14, the vault: a disk encrypted with LUKS 2. Its passphrases are known, and not given to the case."""

from pathlib import Path

from samples.exhibits.job import Exhibit, Job
from samples.images.containers import convert
from samples.machine import contents as club
from samples.machine.packed_disks import unpack
from samples.made import Need, Place, made

VOLUME = "luks2"


def contents(_job: Job) -> list[Place]:
    """Return what lies on the volume, which a reader may list who has a passphrase."""
    return [
        Place(f"volume/{path}", made(data), need=Need.MAY, loose=True, mtime=club.CLOCK)
        for path, data in club.few().items()
    ]


def pack(_job: Job, _places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the image."""
    (disk,) = unpack(VOLUME, work)
    return convert(disk, out / "S-14.qcow2")


EXHIBIT = Exhibit("S-14", "LUKS 2 disk in QCOW2", False, contents, pack)
