"""The header of a Proxmox backup: devices, configurations, and the texts that both are called by.

Source: pve-qemu, ``vma_spec.txt`` ("VMA Header"), ``vma.h`` (VmaHeader, VmaDeviceInfoHeader).
"""

import struct
from typing import NamedTuple
from uuid import UUID

from actionday.model import Damaged, Run, Stream
from actionday.sources.images._disk import exactly
from actionday.sources.volumes._vma_extents import sound

MAGIC = b"VMA\0"
FIXED = 12288
"""Bytes before the texts, by the lengths of the tables."""
LARGEST = 64 << 20
"""Of the header with its texts: a text has 64 KiB at most, and there are 768."""
MD5, CONFIG_NAMES, CONFIGS, DEVICES = 32, 2044, 3068, 4096
SLOTS, DEVICE = 256, 32
LARGEST_DISK = 1 << 56


class Text(NamedTuple):
    """A configuration: its name and where in the file it lies."""

    name: str
    run: Run


class Device(NamedTuple):
    """A disk, or the memory of the guest: its number, name and bytes."""

    number: int
    name: str
    size: int


class Header(NamedTuple):
    """What a backup holds; ``sound``: whether its own checksum fits."""

    uuid: UUID
    created: int
    size: int
    configs: tuple[Text, ...]
    devices: tuple[Device, ...]
    sound: bool
    odd: tuple[str, ...]
    """What of its tables makes no sense."""


def header_of(stream: Stream) -> Header:
    """Return the header. Raises Damaged where it ends early or says a length that none has."""
    raw = exactly(stream, 0, FIXED, "vma: the header")
    version, texts_at, texts, size = (*struct.unpack_from(">I", raw, 4), *struct.unpack_from(">III", raw, 48))
    if raw[:4] != MAGIC or version != 1:
        raise Damaged(f"vma: no header of version 1 (says {version})")
    if not FIXED <= size <= LARGEST or texts_at + texts > size:
        raise Damaged(f"vma: a header of {size} bytes with {texts} of texts from byte {texts_at} on")
    raw = exactly(stream, 0, size, "vma: the header")
    blob, odd = raw[texts_at : texts_at + texts], list[str]()
    configs = list[Text]()
    names = struct.unpack_from(f">{SLOTS}I", raw, CONFIG_NAMES)
    for slot, (name, data) in enumerate(
        zip(names, struct.unpack_from(f">{SLOTS}I", raw, CONFIGS), strict=True)
    ):
        if not name and not data:
            continue
        called, lies = _text(blob, name), _text(blob, data)
        if called is None or lies is None:
            odd.append(f"configuration {slot} lies outside of the texts")
            continue
        configs.append(Text(_name(blob, called) or f"configuration {slot}", (texts_at + lies[0], lies[1])))
    devices = list[Device]()
    for number in range(1, SLOTS):
        name, _, length = struct.unpack_from(">IIQ", raw, DEVICES + number * DEVICE)
        if not name and not length:
            continue
        called = _text(blob, name)
        if called is None or length > LARGEST_DISK:
            odd.append(
                f"device {number} of {length} bytes has no name within the texts, or is larger than any"
            )
        devices.append(
            Device(number, (called and _name(blob, called)) or f"device {number}", min(length, LARGEST_DISK))
        )
    created = struct.unpack_from(">q", raw, 24)[0]
    return Header(UUID(bytes=raw[8:24]), created, size, tuple(configs), tuple(devices), sound(raw, MD5),
                  tuple(odd))  # fmt: skip


def _text(blob: bytes, at: int) -> Run | None:
    """Return where in the texts one lies: two bytes of length, the lower first, stand before it."""
    if not 0 < at <= len(blob) - 2:
        return None
    length = int.from_bytes(blob[at : at + 2], "little")
    return (at + 2, length) if at + 2 + length <= len(blob) else None


def _name(blob: bytes, lies: Run) -> str:
    raw = blob[lies[0] : lies[0] + lies[1]].split(b"\0", 1)[0]
    return raw.decode("utf-8", "backslashreplace").replace("/", "_")
