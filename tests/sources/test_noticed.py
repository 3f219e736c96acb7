"""Whatever becomes of a directory, a super block or a list of what is in use: nothing is lost without a word.

For every file system: each sector that holds a known name, the root, and the first sectors, are damaged in turn. Then
either every content still comes out, or something says that it does not: the volume ended as damaged, a row is
unreadable, or a note is a loss.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import MIB, TREE, ext, fat, iso, ntfs, tree, xfs
from disk_tools import companions, sha256

from actionday.model import Damaged, Kind, Status, TimedOut
from actionday.model.loss import is_loss
from actionday.testing.context import Bytes

pytestmark = pytest.mark.tools
SECTOR = 512
FILES = {name.replace(" ", "_"): data for name, data in TREE.items() if data and name.isascii()}
FLAT = {name.rpartition("/")[2]: data for name, data in FILES.items()}
WANTED = {sha256(data) for data in FILES.values()}
Maker = Callable[[Path, Path], Path]
MAKERS: dict[str, tuple[Maker, dict[str, bytes]]] = {
    "ext2": (lambda path, source: ext(path, source, "-b", "1024", size=8 * MIB, kind="ext2"), FILES),
    "ext4": (lambda path, source: ext(path, source, "-b", "1024", size=8 * MIB), FILES),
    "xfs": (lambda path, source: xfs(path, source, size=16 * MIB), FILES),
    "iso9660": (lambda path, source: iso(path, source, "-R"), FILES),
    "fat12": (lambda path, source: fat(path, source, 12, 4 * MIB), FILES),
    "fat32": (lambda path, source: fat(path, source, 32, 40 * MIB), FILES),
    "ntfs": (lambda path, source: ntfs(path, source, size=8 * MIB), FLAT),
}
NAMES = [name.rpartition("/")[2] for name in FILES] + ["docs", "media", "still"]


@pytest.fixture(scope="module", params=MAKERS)
def disk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    maker, files = MAKERS[request.param]
    where = tmp_path_factory.mktemp(request.param)
    try:
        return maker(where / "d", tree(where / "t", files)).read_bytes()
    except FileNotFoundError as error:
        pytest.skip(f"not here: {error.filename}")


def places(raw: bytes) -> list[int]:
    """Return the sectors in which a known name stands, as bytes or as UTF-16."""
    found = set()
    for name in NAMES:
        for form in (name.encode(), name.encode("utf-16-le"), name[:5].upper().encode()):
            at = raw.find(form)
            while at >= 0 and len(found) < 400:
                found.add(at // SECTOR * SECTOR)
                at = raw.find(form, at + 1)
    return sorted(found)


class Volume(Disk):
    """A chain that begins at a volume, as one in a partition table does."""

    def claims(self, peek: object) -> list[tuple[object, str]]:  # type: ignore[override]
        peek.kind = Kind.VOLUME  # type: ignore[attr-defined]
        return super().claims(peek)  # type: ignore[arg-type, return-value]


def judged(raw: bytes) -> tuple[set[str], bool]:
    """Return the known contents that came out, and whether anything says that something did not."""
    with companions() as started:
        chain = Volume(started)
        bodies, said = set[str](), False
        for row in chain.rows(Bytes(raw), "p1"):
            said = said or bool(row.error) or row.found.status is Status.UNREADABLE
            if row.body is not None:
                bodies |= {digest for digest in map(sha256, starts(row.body))}
    said = (
        said or any(isinstance(each, Damaged | TimedOut) for each in chain.ended.values()) or not chain.opened
    )
    said = said or any(is_loss(note.code) for context in chain.contexts for note in context.notes)
    return bodies & WANTED, said or bool(chain.ended)


def starts(body: bytes) -> Iterator[bytes]:
    """Yield a content, and each known one it begins with: a chain of clusters holds slack behind it."""
    yield body
    yield from (data for data in FILES.values() if body.startswith(data))


def test_a_whole_one_gives_everything_and_says_nothing(disk: bytes) -> None:
    assert judged(disk) == (WANTED, False)


DAMAGE = {"zeros": bytes(SECTOR), "ones": b"\xff" * SECTOR, "noise": random.Random(5).randbytes(SECTOR)}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_sector_with_names_is_not_lost_without_a_word(damage: str, disk: bytes) -> None:
    chosen = random.Random(damage)
    every = places(disk)
    for at in sorted(chosen.sample(every, min(len(every), 8))):
        got, said = judged(disk[:at] + DAMAGE[damage] + disk[at + SECTOR :])
        assert got == WANTED or said, f"sector at byte {at}: {len(WANTED - got)} contents lost without a word"


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    "at", [0, 1024, 2048, 16 * 2048], ids=["first", "second KiB", "third KiB", "descriptor"]
)
def test_the_first_sectors_are_not_lost_without_a_word(damage: str, at: int, disk: bytes) -> None:
    length = 1024 if at == 1024 else SECTOR
    got, said = judged(disk[:at] + DAMAGE[damage] * (length // SECTOR) + disk[at + length :])
    assert got == WANTED or said, f"{len(WANTED - got)} contents lost without a word"
