"""Proxmox VE backups (``.vma``): the configurations of a guest, and each of its devices as a disk.

Source: pve-qemu, ``vma_spec.txt``, ``vma-reader.c``; ``qm(1)`` for ``vmstate``.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Note, Peek, Stream
from actionday.model.counted import counted
from actionday.model.times import rfc3339
from actionday.sources.volumes._vma_extents import Extents, runs_of
from actionday.sources.volumes._vma_header import MAGIC, Device, Header, header_of

VERSION = b"\0\0\0\1"
MEMORY = "vmstate"


class Vma:
    """Configurations by their numbers (``config0``), devices by theirs (``dev1``)."""

    name, sample = "vma", "guest.vma"
    binary = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the signature with its version."""
        head = peek.head
        return Claim.STRUCTURE if head[:4] == MAGIC and head[4:8] == VERSION else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the configurations, then the devices. Raises Damaged behind them, with the byte."""
        header = header_of(stream)
        if not header.sound:
            around.note(Loss.CHECKSUM, "vma: the header has another MD5 than it says")
        for odd in header.odd:
            around.note(Loss.DAMAGED, f"vma: {odd}")
        about = {"uuid": str(header.uuid), "created": rfc3339(header.created)}
        for number, config in enumerate(header.configs):
            yield Found(name=config.name, kind=Kind.MEMBER, place=f"config{number}", size=config.run[1],
                        runs=(config.run,), mtime=about["created"], meta={"vma": about})  # fmt: skip
        extents = Extents(stream, header.uuid, lambda said: around.note(Loss.CHECKSUM, f"vma: {said}"))
        clusters = _gathered(extents, header)
        if extents.doubtful:
            doubtful = counted(
                extents.doubtful, "extent has another checksum", "extents have another checksum"
            )
            around.note(Loss.CHECKSUM, f"vma: {doubtful} in its header than it says")
        for device in header.devices:
            yield _disk(device, clusters.pop(device.number, _Clusters()), stream, about)
        if stray := sum(len(each) for each in clusters.values()):
            around.note(
                Loss.DAMAGED, f"vma: {counted(stray, 'cluster')} of devices that the header does not name"
            )
        if extents.broken:
            raise Damaged(f"vma: {extents.broken}")


class _Clusters:
    """The clusters of a device: number and mask, and the byte; 18 bytes each (an image of 1 TiB has 16 million)."""

    def __init__(self) -> None:
        self.numbers, self.masks, self.places = array("I"), array("H"), array("Q")

    def __len__(self) -> int:
        return len(self.numbers)

    def add(self, number: int, mask: int, place: int) -> None:
        """Take one in."""
        self.numbers.append(number)
        self.masks.append(mask)
        self.places.append(place)


def _gathered(extents: Extents, header: Header) -> dict[int, _Clusters]:
    found: dict[int, _Clusters] = defaultdict(_Clusters)
    for device, number, mask, place in extents.clusters(header.size):
        found[device].add(number, mask, place)
    return found


def _disk(device: Device, clusters: _Clusters, stream: Stream, about: dict[str, str | None]) -> Found:
    """Return a device: a disk to be opened, or the memory of a guest that ran, which is a file."""
    runs, lacking, twice = runs_of(clusters.numbers, clusters.masks, clusters.places, device.size)
    notes = list[Note]()
    if lacking:
        said = counted(lacking, "cluster of 64 KiB is", "clusters of 64 KiB are")
        notes.append(Note(Loss.RANGE_MISSING, f"vma: {device.name}: {said} in no extent: zeros stand for it"))
    if twice:
        said = counted(twice, "cluster comes twice or lies", "clusters come twice or lie")
        notes.append(
            Note(Loss.DAMAGED, f"vma: {device.name}: {said} behind the end: the first of each is read")
        )
    if any(place >= 0 and place + length > stream.size for place, length in runs):
        notes.append(Note(Loss.SHORT, f"vma: {device.name}: the file ends before its last blocks"))
    meta = {"vma": about, "device": device.number, "stored": sum(length for at, length in runs if at >= 0)}
    kind = Kind.MEMBER if device.name == MEMORY else Kind.VOLUME
    return Found(name=device.name, kind=kind, place=f"dev{device.number}", size=device.size, runs=runs, meta=meta,
                 notes=tuple(notes))  # fmt: skip


SOURCE = Vma()
