"""Backups as Proxmox VE writes them, by pve-qemu's ``vma_spec.txt``: header, texts, extents of 59 clusters."""

import hashlib
import random
import struct
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

NUMBER = UUID("04fc12eb-0fed-4322-9aaa-f4e412f68096")
CREATED = 1772658848
CONFIG = b"boot: order=scsi0\nname: wren-web\nscsi0: local:101/vm-101-disk-0.raw,size=1M\n"
CLUSTER, BLOCK, SLOTS = 1 << 16, 1 << 12, 59


def backup(devices: Mapping[str, bytes], configs: Mapping[str, bytes] | None = None) -> bytes:
    """Return a backup of these disks, their clusters in turn as the guest's disks are read."""
    texts, places = bytearray(1), dict[bytes, int]()

    def text(data: bytes) -> int:
        places[data] = len(texts)
        texts.extend(struct.pack("<H", len(data)) + data)
        return places[data]

    told = configs if configs is not None else {"qemu-server.conf": CONFIG}
    names = [(text(name.encode() + b"\0"), text(data)) for name, data in told.items()]
    disks = [(text(name.encode() + b"\0"), len(data)) for name, data in devices.items()]
    head = bytearray(12288)
    size = -(-(len(head) + len(texts)) // 512) * 512
    struct.pack_into(">4sI16sq", head, 0, b"VMA\0", 1, NUMBER.bytes, CREATED)
    struct.pack_into(">III", head, 48, len(head), len(texts), size)
    for slot, (name, data) in enumerate(names):
        struct.pack_into(">I", head, 2044 + 4 * slot, name)
        struct.pack_into(">I", head, 3068 + 4 * slot, data)
    for number, (name, length) in enumerate(disks, 1):
        struct.pack_into(">IIQ", head, 4096 + 32 * number, name, 0, length)
    whole = (head + texts).ljust(size, b"\0")
    whole[32:48] = hashlib.md5(whole, usedforsecurity=False).digest()
    return bytes(whole) + b"".join(_extents([*devices.values()]))


def _extents(disks: Sequence[bytes]) -> list[bytes]:
    clusters = [(number, at // CLUSTER, disk[at : at + CLUSTER].ljust(CLUSTER, b"\0"))
                for number, disk in enumerate(disks, 1) for at in range(0, len(disk), CLUSTER)]  # fmt: skip
    clusters.sort(key=lambda each: each[1])
    return [extent(clusters[at : at + SLOTS]) for at in range(0, len(clusters), SLOTS)]


def extent(clusters: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return an extent of these clusters (device, number, bytes); blocks of zeros are not stored."""
    infos, stored = list[int](), list[bytes]()
    for device, number, data in clusters:
        blocks = [data[at : at + BLOCK] for at in range(0, CLUSTER, BLOCK)]
        mask = sum(1 << place for place, block in enumerate(blocks) if block.strip(b"\0"))
        stored += [block for block in blocks if block.strip(b"\0")]
        infos.append(mask << 48 | device << 32 | number)
    head = bytearray(struct.pack(">4sHH16s16x", b"VMAE", 0, len(stored), NUMBER.bytes))
    head += struct.pack(f">{SLOTS}Q", *infos, *[0] * (SLOTS - len(infos)))
    head[24:40] = hashlib.md5(head, usedforsecurity=False).digest()
    return bytes(head) + b"".join(stored)


def noise(seed: int, size: int) -> bytes:
    """Return a disk of noise with holes of zeros between."""
    chance = random.Random(seed)
    return b"".join(
        bytes(BLOCK) if chance.random() < 0.5 else chance.randbytes(BLOCK) for _ in range(-(-size // BLOCK))
    )[:size]


SAMPLES: dict[str, Callable[[], bytes]] = {
    "guest.vma": lambda: backup({"drive-scsi0": noise(1, 5 * CLUSTER + 700), "drive-ide1": noise(2, CLUSTER)})
}
