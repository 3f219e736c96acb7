"""What the imager wrote about the acquisition: geometry, case, examiner, notes, dates, hashes, read errors.

Source: "Expert Witness Compression Format specification", sections "Header", "Header2", "Volume", "Digest",
"Hash", "Error2".
"""

import zlib
from datetime import UTC, datetime
from typing import NamedTuple

from actionday.model import Damaged
from actionday.sources.images._disk import exactly
from actionday.sources.images._ewf_sections import Section
from actionday.sources.images._ewf_segments import Segment

LONGEST = 1 << 20
"""Bytes of a header section that are read; real ones are a few hundred."""
NAMES = {"a": "description", "c": "case_number", "n": "evidence_number", "e": "examiner", "t": "notes",
         "av": "software", "ov": "system", "m": "acquired", "u": "clock", "md": "model", "sn": "serial",
         "l": "label", "p": "password_hash", "pid": "process"}  # fmt: skip
DATES = ("acquired", "clock")
MOST_ERRORS = 1000
LARGEST = 1 << 62
"""Bytes of a disk: no place in a larger one could be asked for, or its size be written down."""


class Geometry(NamedTuple):
    """Sizes in bytes, chunks in all."""

    size: int
    chunk: int
    chunks: int
    sector: int


def geometry(parts: list[Segment]) -> Geometry:
    """Return the geometry by the first volume (or data) section of any segment. Raises Damaged."""
    why = "no volume section in any segment"
    for part in parts:
        for each in part.sections:
            if each.type in ("volume", "disk", "data"):
                try:
                    return _geometry(part, each)
                except Damaged as error:
                    why = str(error)
    raise Damaged(f"the size of the disk cannot be told: {why}")


def _geometry(part: Segment, section: Section) -> Geometry:
    length = min(section.end - section.start, 1052)
    raw = exactly(part.stream, section.start, length, f"{part.name}: the volume section")
    if length < 94:
        raise Damaged(f"{part.name}: a volume section of {length} bytes")
    if zlib.adler32(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
        raise Damaged(f"{part.name}: the checksum of the volume section differs")
    number = [int.from_bytes(raw[at : at + 4], "little") for at in (4, 8, 12)]
    chunks, per_chunk, sector = number
    sectors = int.from_bytes(raw[16 : 24 if length > 94 else 20], "little")
    chunk = per_chunk * sector
    if not sector or not 0 < chunk <= 1 << 27 or not sectors:
        raise Damaged(f"{part.name}: a volume of {sectors} sectors, {per_chunk} of {sector} bytes in a chunk")
    size = sectors * sector
    if size > LARGEST:
        raise Damaged(f"{part.name}: a volume of {sectors} sectors of {sector} bytes")
    return Geometry(size, chunk, chunks or -(-size // chunk), sector)


def acquisition(parts: list[Segment], shape: Geometry) -> dict[str, object]:
    """Return what is known of the acquisition; never raises."""
    facts: dict[str, object] = {"size": shape.size, "sector": shape.sector, "segments": len(parts)}
    for part in parts:
        for each in part.sections:
            reader = READERS.get(each.type)
            if reader is None:
                continue
            try:
                length = min(LONGEST, each.end - each.start)
                for key, value in reader(exactly(part.stream, each.start, length, each.type)).items():
                    facts.setdefault(key, value)
            except (Damaged, zlib.error, ValueError) as error:
                why = f"{part.name}: {each.type} section: {error}"
                facts.setdefault("damaged", why)
                if reader in (_hash, _digest):
                    facts.setdefault("hash_damaged", why)
    return facts


def _header(raw: bytes) -> dict[str, object]:
    text = zlib.decompressobj().decompress(raw, LONGEST)
    decoded = (
        text.decode("utf-16", "replace") if text[:2] in (b"\xff\xfe", b"\xfe\xff") else text.decode("latin-1")
    )
    lines = decoded.replace("\r", "").split("\n")
    where = next((at for at, line in enumerate(lines) if line == "main"), None)
    if where is None or where + 2 >= len(lines):
        return {}
    told = zip(lines[where + 1].split("\t"), lines[where + 2].split("\t"), strict=False)
    stated = {key: value for key, value in told if value.strip()}
    facts: dict[str, object] = {NAMES[key]: value for key, value in stated.items() if key in NAMES}
    if further := {key: value for key, value in stated.items() if key not in NAMES}:
        facts["further"] = further  # under their own keys: apart, or one called md5 would be a hash
    for key in DATES:
        if key in facts:
            facts[key] = _date(str(facts[key]))
    if facts.get("password_hash") == "0":
        del facts["password_hash"]
    return facts


def _date(text: str) -> str:
    """Return RFC 3339 for seconds since 1970; the older form is local time of an unknown zone and says so."""
    parts = text.split()
    if len(parts) == 1 and parts[0].isdecimal() and len(parts[0]) < 12:
        return datetime.fromtimestamp(int(parts[0]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if len(parts) == 6 and all(part.isdecimal() for part in parts):
        year, month, day, hour, minute, second = (int(part) for part in parts)
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d} (local time of the imager)"
    return text


def _hash(raw: bytes) -> dict[str, object]:
    return {"md5": raw[:16].hex()} if any(raw[:16]) else {}


def _digest(raw: bytes) -> dict[str, object]:
    facts: dict[str, object] = {}
    if any(raw[:16]):
        facts["md5"] = raw[:16].hex()
    if any(raw[16:36]):
        facts["sha1"] = raw[16:36].hex()
    return facts


def _errors(raw: bytes) -> dict[str, object]:
    count = int.from_bytes(raw[:4], "little")
    pairs = []
    for index in range(min(count, MOST_ERRORS, (len(raw) - 520) // 8)):
        at = 520 + 8 * index
        pairs.append(
            [int.from_bytes(raw[at : at + 4], "little"), int.from_bytes(raw[at + 4 : at + 8], "little")]
        )
    return {"read_errors": pairs, "read_error_count": count} if count else {}


READERS = {"header2": _header, "header": _header, "xheader": lambda _: {}, "hash": _hash, "digest": _digest,
           "error2": _errors}  # fmt: skip
