"""What ``verify`` says of a damaged frame that several texts share: each of them, and the copy that counts."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actionday.pipeline.proving import Check
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.stored import check_objects
from actionday.pipeline.proving.told import Told
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.database import transaction
from actionday.storage.objects import Location, Packs
from actionday.storage.objects.frames import Compressor

FACTS = {
    "name": "Kestrel",
    "authority": "Sample office",
    "country": "ES",
    "legal_basis": "order 1/2026",
    "retain_until": "2031-12-31",
    "purpose": "",
}
TEXTS = [f"schedule number {number}\n".encode() * 9 for number in range(6)]


class Stored:
    """A case with objects and items put into its tables; each item has one text."""

    def __init__(self, folder: Path) -> None:
        self.case = Case.create(folder, FACTS)
        self.packs = Packs(folder / OBJECTS)
        self.packs.begin({})
        with transaction(self.case.database) as database:
            database.execute(
                "INSERT INTO exhibits (number, id, sources, state, size, acquisition) VALUES (1, 'S', '[]', 'open', 0, '{}')"
            )

    def share(self, texts: Sequence[bytes], *, altered: Sequence[int] = ()) -> list[Location]:
        """Store texts in one frame; those of ``altered`` have other bytes there than their hashes say."""
        inside = [text.upper() if at in altered else text for at, text in enumerate(texts)]
        (frame,) = Compressor().frames(b"".join(inside))
        return self.packs.put_together([(sha(text), len(text)) for text in texts], frame)

    def know(self, name: str, text: bytes, where: Location) -> None:
        """Let the database read a text there, as that of an item."""
        with transaction(self.case.database) as database:
            database.execute(
                "INSERT INTO objects (sha256, seq, pack, start, stored, size, frames, skip) VALUES (?, 0, ?, ?, ?, ?, ?, ?)",
                (sha(text), where.pack, where.start, where.stored, where.size,
                 msgspec.msgpack.encode(where.frames), where.skip),
            )  # fmt: skip
            database.execute(
                "INSERT INTO items (id, exhibit, seq, place, path, kind, status, opened, sha256) "
                "VALUES (?, 1, 0, ?, ?, 'file', 'parsed', 0, ?)",
                (hashlib.md5(name.encode()).digest(), name, name, sha(text)),
            )
            database.execute(
                "INSERT OR IGNORE INTO contents (sha256, md5, sha1, size, mime, seq, text, reading) "
                "VALUES (?1, x'00', x'00', ?2, 'text/plain', 0, ?1, x'00')",
                (sha(text), len(text)),
            )

    def check(self) -> Check:
        self.packs.flush()
        return check_objects(Subject(self.case, self.packs, Told(), growing=False))

    def pack(self) -> Path:
        return self.packs.path(1)

    def close(self) -> None:
        self.packs.close()
        self.case.close()


@pytest.fixture
def stored(tmp_path: Path, signing_key: None) -> Any:
    made = Stored(tmp_path / "case")
    yield made
    made.close()


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_each_text_of_a_frame_that_differs_is_named_with_its_item(stored: Stored) -> None:
    for at, where in enumerate(stored.share(TEXTS, altered=(1, 2, 4))):
        stored.know(f"in/{at}.txt", TEXTS[at], where)
    check = stored.check()
    lines = [check.difference, *check.more]
    assert (check.checked, check.differing) == (3, 3)
    for line, at in zip(lines, (1, 2, 4), strict=True):
        assert line is not None
        assert f"object {sha(TEXTS[at]).hex()} in a shared frame has another hash" in line
        assert line.endswith(f"; it touches S › in/{at}.txt")


def test_a_frame_that_does_not_unpack_takes_all_its_texts_with_it(stored: Stored) -> None:
    places = stored.share(TEXTS)
    for at, where in enumerate(places):
        stored.know(f"in/{at}.txt", TEXTS[at], where)
    (other,) = stored.share([b"another frame\n"])
    stored.know("other.txt", b"another frame\n", other)
    stored.packs.flush()
    data = bytearray(stored.pack().read_bytes())
    data[places[0].start] ^= 0xFF
    stored.pack().write_bytes(data)
    check = stored.check()
    assert (check.checked, check.differing, check.within, check.more) == (1, 6, 5, ())
    assert check.difference is not None
    assert "the shared frame does not unpack, with 6 objects in it; it touches 6 items" in check.difference
    assert check.said == tuple(f"touched: S › in/{at}.txt" for at in range(6))


def test_a_damaged_copy_that_is_not_read_is_told_from_the_one_that_counts(stored: Stored) -> None:
    first = stored.share(TEXTS[:2])
    second = stored.share([TEXTS[0], TEXTS[2]], altered=(0,))
    for at, where in ((0, first[0]), (1, first[1]), (2, second[1])):
        stored.know(f"in/{at}.txt", TEXTS[at], where)
    check = stored.check()
    assert (check.checked, check.differing) == (3, 1)
    assert check.difference is not None
    assert f"a copy of object {sha(TEXTS[0]).hex()} in a shared frame, which is not read" in check.difference
    assert f"the one that counts lies in pack-000001.pack at {first[0].start}" in check.difference
    assert check.difference.endswith("; it touches no item")


def test_what_differs_behind_the_first_difference_is_found_too(stored: Stored) -> None:
    """Two frames, a pack that does not begin as one, and a pack that is none of the case's: four differences, not one."""
    for number in range(2):
        texts = TEXTS[3 * number : 3 * number + 3]
        for at, where in enumerate(stored.share(texts, altered=(0,))):
            stored.know(f"in/{number}-{at}.txt", texts[at], where)
    stored.packs.flush()
    with stored.pack().open("r+b") as pack:
        pack.write(b"X")
    (stored.case.folder / OBJECTS / "pack-000009.pack").write_bytes(b"")
    check = stored.check()
    assert (check.checked, check.differing) == (4, 4)
    said = "\n".join(filter(None, [check.difference, *check.more]))
    for line in (
        "does not begin as a pack does",
        sha(TEXTS[0]).hex(),
        sha(TEXTS[3]).hex(),
        "pack-000009.pack is none",
    ):
        assert line in said
