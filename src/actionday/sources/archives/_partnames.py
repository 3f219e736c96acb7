"""How the parts of an archive are called that was cut into several.

Source: 7-Zip (``.7z.001``, ``.zip.001``), APPNOTE.TXT 6.3.10, 8.3.3 (``.z01`` to ``.zip``), RARLAB rar.txt, ``-vn``
(``.part1.rar``; of old ``.rar``, ``.r00`` to ``.r99``, ``.s00``), split(1) (``.aa``).
"""

import hashlib
import re
from enum import StrEnum
from typing import NamedTuple

from actionday.model.names import printed

KINDS = "7z|zipx?|rar|tar|t[gbx]z2?|tbz2|tzst|taz|gz|bz2|xz|zst|lz4|lzma|Z|cpio|cab|jar"
NUMBERED = re.compile(rf"(.+\.(?:{KINDS}))\.(\d{{2,4}})", re.DOTALL | re.IGNORECASE)
LETTERED = re.compile(rf"(.+\.(?:{KINDS})\.?)([a-z]{{2}})", re.DOTALL)
ZIPPED = re.compile(r"(.+)\.z(\d{2,3})", re.DOTALL | re.IGNORECASE)
LAST_ZIP = re.compile(r"(.+)\.zipx?", re.DOTALL | re.IGNORECASE)
VOLUME = re.compile(r"(.+)\.part(\d{1,5})\.rar", re.DOTALL | re.IGNORECASE)
OLD_FIRST = re.compile(r"(.+)\.rar", re.DOTALL | re.IGNORECASE)
OLD = re.compile(r"(.+)\.([r-z])(\d\d)", re.DOTALL | re.IGNORECASE)
CODINGS = frozenset(
    {"gz", "bz", "xz", "lz", "br", "ar", "7z", "zx", "rz", "sz", "md", "id", "ok", "js", "py", "so"}
)
"""Endings of two letters that say what a file is, not which part."""
LONGEST = 180
LAST = 1 << 20
"""The number of the part ``.zip``, which is the last of however many there are."""


class Scheme(StrEnum):
    """How numbers are given."""

    NUMBERED = "numbered"
    LETTERED = "lettered"
    ZIP = "zip"
    RAR = "rar"
    OLD_RAR = "old rar"

    @property
    def volumes(self) -> bool:
        """Whether each part begins with headers of its own."""
        return self in (Scheme.RAR, Scheme.OLD_RAR)


class Called(NamedTuple):
    """Which part a name tells of, and of what."""

    scheme: Scheme
    stem: str
    number: int

    @property
    def whole(self) -> str:
        """What the whole is called."""
        ending = {Scheme.ZIP: ".zip", Scheme.RAR: ".rar", Scheme.OLD_RAR: ".rar"}.get(self.scheme, "")
        return self.stem.removesuffix(".") + ending

    @property
    def of(self) -> str:
        """What its parts have in common, as a few printable characters."""
        stem = self.stem.casefold()
        if len(stem) > LONGEST or printed(stem) != stem:
            stem = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.scheme.value}:{stem}"


def called(name: str) -> Called | None:
    """Return which part a name may be that of; of ``.zip`` and ``.rar`` their bytes tell whether they are any."""
    if found := NUMBERED.fullmatch(name):
        return Called(Scheme.NUMBERED, found[1], int(found[2]))
    if found := ZIPPED.fullmatch(name):
        return Called(Scheme.ZIP, found[1], int(found[2]))
    if found := VOLUME.fullmatch(name):
        return Called(Scheme.RAR, found[1], int(found[2]))
    if found := OLD.fullmatch(name):
        return Called(Scheme.OLD_RAR, found[1], 2 + int(found[3]) + 100 * (ord(found[2].lower()) - ord("r")))
    if found := OLD_FIRST.fullmatch(name):
        return Called(Scheme.OLD_RAR, found[1], 1)
    if found := LAST_ZIP.fullmatch(name):
        return Called(Scheme.ZIP, found[1], LAST)
    if (found := LETTERED.fullmatch(name)) and found[2] not in CODINGS:
        high, low = found[2].encode()
        return Called(Scheme.LETTERED, found[1], 1 + (high - 97) * 26 + low - 97)
    return None


def part_name(like: str, own: Called, number: int) -> str:
    """Return how part ``number`` is called, where the part ``own`` is called ``like``."""
    if own.scheme is Scheme.NUMBERED:
        return f"{own.stem}.{number:0{len(like) - len(own.stem) - 1}d}"
    if own.scheme is Scheme.LETTERED:
        return f"{own.stem}{chr(97 + (number - 1) // 26 % 26)}{chr(97 + (number - 1) % 26)}"
    if own.scheme is Scheme.ZIP:
        return f"{own.stem}.zip" if number == LAST else f"{own.stem}.z{number:02d}"
    if own.scheme is Scheme.RAR:
        digits = VOLUME.fullmatch(like)
        return f"{own.stem}.part{number:0{len(digits[2]) if digits else 1}d}.rar"
    return (
        f"{own.stem}.rar"
        if number == 1
        else f"{own.stem}.{chr(114 + (number - 2) // 100)}{(number - 2) % 100:02d}"
    )
