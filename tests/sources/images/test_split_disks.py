"""A disk in parts under each naming is read whole, whatever lies beside; whole disks side by side are not joined."""

import random
from collections.abc import Callable

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import needs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionday.model import Claim, Damaged, Unsupported
from actionday.sources.images._parts import Naming, first_part, later, naming
from actionday.sources.images.raw import IMAGE as RAW
from actionday.testing.context import Alone, Bytes, Glance

TEXT = b"Meeting at the old mill about the green parcels\n" * 50
STRANGE = [TEXT, b"", b"PK\x03\x04" + random.Random(2).randbytes(900)]
NAMINGS = [
    "d.001",
    "d.0001",
    "d.000",
    "d.0000",
    "d.00",
    "d.0",
    "d.1",
    "d.01",
    "d.000001",
    "d.aa",
    "daa",
    "d.aaa",
]

pytestmark = [pytest.mark.tools, needs("mkfs.ext4")]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("split")
    return ext(folder / "raw", tree(folder / "t"), size=8 * MIB).read_bytes()


def called(first: str) -> Naming:
    found = naming(first)
    assert found is not None
    return found


def cut(disk: bytes, first: str, size: int) -> dict[str, bytes]:
    parts = [disk[at : at + size] for at in range(0, len(disk), size)]
    if len(parts) > 2 and len(parts[-1]) % 1024:  # as split -n does: what remains is with the last
        parts[-2:] = [b"".join(parts[-2:])]
    return {called(first).name(number): part for number, part in enumerate(parts, 1)}


def opened(files: dict[str, bytes], name: str) -> tuple[bytes, Alone, object]:
    around = Alone(name, beside=files)
    assert RAW.claims(Glance(name, files[name])) is Claim.STRUCTURE
    stream = RAW.open(Bytes(files[name]), around)
    stream.seek(0)
    return stream.read(stream.size), around, stream


@given(
    st.sampled_from(NAMINGS), st.integers(2, 40), st.integers(0, 7), st.booleans(), st.sampled_from(STRANGE)
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_partition_is_read_whole_with_and_without_strangers(
    disk: bytes, first: str, parts: int, more: int, strange: bool, what: bytes
) -> None:
    files = cut(disk, first, (len(disk) // parts // 512 - more % parts) * 512)
    count = len(files)
    if strange:
        files[called(first).name(count + 1)] = what
        files[called(first).name(count + 3)] = TEXT
        files |= {"d.txt": TEXT, "other.002": TEXT}
    data, around, stream = opened(files, first)
    assert (len(data), data == disk) == (len(disk), True)
    assert set(getattr(stream, "strangers")) == (  # noqa: B009
        {called(first).name(count + 1), called(first).name(count + 3)} if strange else set()
    )
    assert {note.code for note in around.notes} <= {"part_sizes"}


@pytest.mark.parametrize("first", NAMINGS)
@pytest.mark.parametrize("what", STRANGE[::2])
def test_a_stranger_in_the_place_of_a_part_is_none(first: str, what: bytes, disk: bytes) -> None:
    files = cut(disk, first, 512 << 10)
    name = called(first).name(2)
    files[name] = what
    around = Alone(first, beside=files)
    stream = RAW.open(Bytes(files[first]), around)
    assert stream.size == len(disk)
    assert stream.strangers == (name,)  # type: ignore[attr-defined]
    stream.seek(1 << 20)
    assert stream.read(1 << 20) == disk[1 << 20 : 2 << 20]
    stream.seek(512 << 10)
    with pytest.raises(Damaged):
        stream.read(512)
    assert any(name in note.reason for note in around.notes)


@pytest.mark.parametrize("what", STRANGE)
def test_a_stranger_before_the_first_leads_no_set(what: bytes, disk: bytes) -> None:
    files = cut(disk, "d.001", 512 << 10) | {"d.000": what}
    assert opened(files, "d.001")[0] == disk
    assert RAW.claims(Glance("d.000", what)) is Claim.NO


@pytest.mark.parametrize("first", NAMINGS)
def test_whole_disks_side_by_side_stay_apart(first: str, disk: bytes) -> None:
    files = {called(first).name(number): disk for number in range(1, 6)}
    data, around, stream = opened(files, first)
    assert (len(data), data == disk) == (len(disk), True)
    assert not around.notes
    if called(first).sure:
        assert set(getattr(stream, "strangers")) == files.keys() - {first}  # noqa: B009


def test_the_second_of_a_set_from_zero_is_no_first(disk: bytes) -> None:
    files = cut(disk, "d.000", 512 << 10)
    with pytest.raises(Unsupported, match=r"part 2 of d\.000: its bytes are read with that file"):
        RAW.open(Bytes(files["d.001"]), Alone("d.001", beside=files))


@pytest.mark.parametrize("name", ["syslog.1", "notes.0", "data.aa", "printf.1", "banaa"])
def test_what_is_no_disk_is_no_part(name: str) -> None:
    assert not first_part(Glance(name, TEXT.ljust(4096, b".")))


@given(st.sampled_from(NAMINGS), st.integers(2, 700))
def test_every_part_knows_its_first(first: str, number: int) -> None:
    name = called(first).name(number)
    if not called(first).sure:
        assert (called(first), number) in list(later(name))


def names_of(make: Callable[[int], str]) -> list[str]:
    return [make(number) for number in (1, 2, 26, 27, 650, 651)]


def test_letters_go_on_as_split_has_them() -> None:
    assert names_of(called("xaa").name) == ["xaa", "xab", "xaz", "xba", "xyz", "xzaaa"]
