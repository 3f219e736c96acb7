"""Archives: tar in its compressed forms, zip with an encrypted member, 7z.

Source: POSIX.1-2017, pax (ustar and pax headers); PKWARE APPNOTE 6.3.10, sections 4.3-4.4, 6.1.
"""

import bz2
import gzip
import lzma
import os
import struct
import tarfile
import zlib
from io import BytesIO
from pathlib import Path

from samples.clock import START
from samples.images.stage import stage
from samples.made import Kind, Place
from samples.tools import run


def tar(places: list[Place]) -> bytes:
    """Return a tar file (pax) of the places in the order given, links as links."""
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for place in places:
            name = place.raw.decode("utf-8", "surrogateescape") if place.raw else place.path
            info = tarfile.TarInfo(name)
            info.mtime, info.uname, info.gname = place.mtime or START, "root", "root"
            if place.kind is Kind.SYMLINK:
                info.type, info.linkname = tarfile.SYMTYPE, place.target or ""
                archive.addfile(info)
                continue
            info.size = place.made.size
            archive.addfile(info, BytesIO(place.made.data))
    return out.getvalue()


def packed(data: bytes, suffix: str) -> bytes:
    """Return the data compressed as ``gz``, ``bz2`` or ``xz``, without a time or a name."""
    if suffix == "gz":
        return gzip.compress(data, 9, mtime=0)
    return bz2.compress(data) if suffix == "bz2" else lzma.compress(data)


def seven(target: Path, places: list[Place]) -> None:
    """Write a 7z file of the places, in the order of their paths."""
    work = target.with_suffix(".stage")
    for number, place in enumerate(sorted(places, key=lambda place: place.path)):
        path = work / place.path
        path.parent.mkdir(parents=True, exist_ok=True)
        stage(place, path.parent, number).rename(path)
    for folder in [path for path in work.rglob("*") if path.is_dir()] + [work]:
        os.utime(folder, (START, START))
    run(
        "7zz",
        "a",
        "-t7z",
        "-mx=9",
        "-mmt=1",
        "-mtc=off",
        "-mta=off",
        "-bso0",
        "-bsp0",
        target.absolute(),
        ".",
        where=work,
    )
    for path in sorted(work.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    work.rmdir()


class _Cipher:
    """The traditional encryption of zip: weak, and still what people use.

    Source: APPNOTE 6.3.10, section 6.1.
    """

    def __init__(self, password: bytes) -> None:
        self._keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def _update(self, byte: int) -> None:
        one, two, three = self._keys
        one = _crc(one, byte)
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self._keys = [one, two, _crc(three, two >> 24)]

    def encrypt(self, data: bytes) -> bytes:
        """Return the data encrypted, from where the last call ended."""
        out = bytearray()
        for byte in data:
            low = self._keys[2] & 0xFFFF | 2
            out.append(byte ^ (low * (low ^ 1) >> 8) & 0xFF)
            self._update(byte)
        return bytes(out)


def _crc(value: int, byte: int) -> int:
    """Return one step of CRC-32 without the inversions that zlib puts around it."""
    return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def zip_with_secret(places: list[Place], secret: str, password: bytes, noise: bytes) -> bytes:
    """Return a stored zip file in which the member named ``secret`` is encrypted.

    ``noise`` are the 11 bytes before the check byte of the encryption header.
    """
    out, directory = bytearray(), bytearray()
    for place in places:
        name, data, check = place.path.encode(), place.made.data, zlib.crc32(place.made.data)
        hidden = place.path == secret
        body = _Cipher(password).encrypt(noise + bytes([check >> 24]) + data) if hidden else data
        # 20: version needed; bit 0 encrypted, bit 11 UTF-8 names; stored; 08:00 on 2026-03-01
        shared = struct.pack(
            "<HHHHHIIIHH", 20, 0x800 | hidden, 0, 0x4000, 0x5C61, check, len(body), len(data), len(name), 0
        )
        directory += b"PK\1\2" + struct.pack("<H", 0x314) + shared
        directory += struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(out)) + name
        out += b"PK\3\4" + shared + name + body
    end = struct.pack("<HHHHIIH", 0, 0, len(places), len(places), len(directory), len(out), 0)
    return bytes(out + directory + b"PK\5\6" + end)
