"""Compound files: what no parser reads is an item, embedded documents open, and hostile trees end."""

import time
import zlib
from struct import pack, pack_into, unpack_from

import pytest
from archive_samples import OBJECTS, packaged
from archive_tools import ARABIC, TEXT, Run

from actionday.mime.compound import Compound
from actionday.mime.compound_tree import STREAM
from actionday.model import Status
from actionday.sources.archives.compound import SOURCE
from actionday.testing.context import Alone, Bytes
from compound_files import Tree, compound

CLASS_NAMES = (bytes(28) + pack("<I", 5) + b"Note\0" + pack("<II", 0xFFFFFFFF, 3) + pack("<I", 4) + b"Wrd\0"
               + pack("<I", 0x71B239F4) + bytes(12))  # fmt: skip


def read(data: bytes) -> Run:
    return Run(SOURCE, "notice.doc", data)


def tree_of(data: bytes) -> dict[str, object]:
    """Return a compound file as the tree that it was made of."""
    whole = Compound(lambda at, length: data[at : at + length], len(data))

    def below(number: int) -> dict[str, object]:
        return {
            each.name: whole.content(each) if each.kind == STREAM else below(each.number)
            for each in whole.tree.members[number]
        }

    assert whole.tree.root is not None
    return below(whole.tree.root.number)


def test_streams_and_objects_are_items() -> None:
    run = read(compound(OBJECTS))
    assert run.end == ""
    assert run.notes == []
    rest = packaged(b"plan.txt", TEXT)[: -len(TEXT)]
    document = run.contents.pop("ObjectPool/_2")
    assert isinstance(document, bytes)
    assert tree_of(document) == OBJECTS["ObjectPool"]["_2"]  # type: ignore[index]
    assert run.contents == {
        "Hidden": TEXT, "ObjectPool/_1/plan.txt": TEXT, "ObjectPool/_1/\x01Ole10Native": rest,
    }  # fmt: skip
    assert run.item("ObjectPool/_1/plan.txt").meta["packed_as"] == ["plan.txt", *["C:\\Desk\\plan.txt"] * 2]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 4095, 4096, 300_000, 9_000_000])
def test_an_embedded_document_is_rebuilt_whatever_its_size(size: int) -> None:
    """Beyond 7 MB the header has no room for the table of small sectors: they are larger then."""
    held = {"Workbook": b"ab" * (size // 2) + b"c" * (size % 2), "x": {"y": {"z": TEXT}}, "small": b"s" * 100}
    content = read(compound({"PowerPoint Document": b"", "MBD1": held})).contents["MBD1"]
    assert isinstance(content, bytes)
    assert tree_of(content) == held


def test_many_members_of_an_embedded_document_are_found_by_their_names() -> None:
    """Its directory is a search tree: xberg and Office look a name up in it."""
    held: dict[str, bytes] = {"Workbook": TEXT} | {f"{number:03}": bytes([number]) for number in range(200)}
    content = read(compound({"Book": b"", "MBD1": held})).contents["MBD1"]
    assert isinstance(content, bytes)
    whole = Compound(lambda at, length: content[at : at + length], len(content))
    assert whole.tree.root is not None
    for name in held:
        number, steps = whole.tree.root.child, 0
        while (each := whole.tree.entries[number]).name != name:
            number = (
                each.left if (len(name), name.upper()) < (len(each.name), each.name.upper()) else each.right
            )
            steps += 1
        assert steps <= 8


@pytest.mark.parametrize("stream", ["\x01CompObj", "Data", "words in a name", "\x01Ole", "1Table"])
def test_a_stream_that_the_document_s_parser_does_not_read_is_an_item(stream: str) -> None:
    tree: Tree = {"WordDocument": bytes(4096), "0Table": bytes(200), "\x05SummaryInformation": bytes(200)}
    assert read(compound(tree)).names == []
    assert read(compound({**tree, stream: TEXT})).contents == {stream: TEXT}


def test_small_streams_laid_out_as_their_format_says_are_no_items() -> None:
    tree: Tree = {
        "WordDocument": bytes(4096),
        "\x01CompObj": CLASS_NAMES,
        "\x01Ole": b"\1\0\0\2".ljust(20, b"\0"),
    }
    assert read(compound(tree)).names == []
    assert read(compound({**tree, "\x01CompObj": CLASS_NAMES + TEXT})).names == ["\x01CompObj"]
    assert read(compound({"\x01CompObj": CLASS_NAMES, "of nobody": b""})).names == [
        "\x01CompObj",
        "of nobody",
    ]


def test_the_parts_of_a_message_are_items_and_an_attached_message_is_a_file() -> None:
    props = "__properties_version1.0"
    inner = {props: bytes(32), "__substg1.0_1000001F": TEXT.decode().encode("utf-16-le")}
    run = read(compound({
        props: bytes(32), "__substg1.0_1000001F": TEXT,
        "__attach_version1.0_#00000000": {props: bytes(8), "__substg1.0_37010102": ARABIC},
        "__attach_version1.0_#00000001": {props: bytes(8), "__substg1.0_3701000D": inner},
    }))  # fmt: skip
    assert run.contents["__substg1.0_1000001F"] == TEXT
    assert run.contents["__attach_version1.0_#00000000/__substg1.0_37010102"] == ARABIC
    message = run.contents["__attach_version1.0_#00000001/__substg1.0_3701000D"]
    assert isinstance(message, bytes)
    assert tree_of(message) == inner


def test_the_pictures_of_a_store_of_thumbnails_are_items() -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(5000)
    run = read(compound({"Catalog": TEXT, "1": pack("<III", 12, 1, len(picture)) + picture}))
    assert run.contents == {"1 @12": picture, "1": pack("<III", 12, 1, len(picture)), "Catalog": TEXT}


def record(kind: int, body: bytes, version: int = 0) -> bytes:
    return pack("<HHI", version, kind, len(body)) + body


def test_objects_of_a_presentation_are_items() -> None:
    inner = compound({"Workbook": TEXT})
    packed = pack("<I", len(inner)) + zlib.compress(inner)
    stream = (
        record(0x03E8, record(0x1011, inner), 15) + record(0x1011, packed, 16) + record(0x0FF5, bytes(28))
    )
    run = read(compound({"PowerPoint Document": stream}))
    assert list(run.contents.values()) == [inner, inner]
    cut = read(compound({"PowerPoint Document": record(0x1011, packed[:60], 16)}))
    assert ["too early" in str(each) for each in cut.contents.values()] == [True]


def test_what_lies_behind_the_last_sector_is_an_item() -> None:
    run = read(compound(OBJECTS) + TEXT)
    assert run.contents["behind the end"] == TEXT
    assert "trailing" in run.codes


def test_a_stream_that_ends_early_is_kept_and_said() -> None:
    content = bytearray(compound({"of nobody": TEXT * 3, "other": TEXT * 3}))
    table = unpack_from("<I", content, 76)[0]
    pack_into("<I", content, (table + 1) * 512 + 4 * 3, 0xFFFFFFFE)
    run = read(bytes(content))
    first = run.item("of nobody") if run.item("of nobody").notes else run.item("other")
    assert [note.code for note in first.notes] == ["damaged"]
    assert run.contents[first.name] == (TEXT * 3)[:2048]


@pytest.mark.parametrize(("at", "value"), [(76, 0xFFFF), (64, 0), (64, 0xFFFF), (66, 7), (66, 5)])
def test_an_entry_that_the_format_does_not_know_hides_nothing(at: int, value: int) -> None:
    """A link to nowhere, a name of no length or of any, a kind that there is not, a second root."""
    content = bytearray(compound({"kestrel": TEXT * 3, "harrier": ARABIC * 90}))
    start = unpack_from("<I", content, 48)[0]
    place = (start + 1) * 512 + (0 if at == 76 else 128) + at
    pack_into("<I" if at == 76 else "<H" if at == 64 else "B", content, place, value)
    run = read(bytes(content))
    assert run.contents == {"kestrel": TEXT * 3, "harrier": ARABIC * 90}
    assert run.codes == (["unlinked_part"] if at == 76 else [])


def test_sectors_behind_the_end_of_the_file_are_said() -> None:
    whole = compound({"of nobody": TEXT * 3})
    run = read(whole[:512] + whole[-2048:])  # the tables are still there, the header names them elsewhere
    assert run.noticed() or run.names == []
    content = bytearray(whole)
    table = unpack_from("<I", content, 76)[0]
    pack_into("<I", content, (table + 1) * 512, 120)  # behind the first sector comes one behind the end
    pack_into("<I", content, (table + 1) * 512 + 4 * 120, 1)
    run = read(bytes(content))
    assert [note.code for note in run.item("of nobody").notes] == ["damaged"]


def test_sectors_in_use_to_which_no_stream_leads_are_an_item() -> None:
    """A chain of nobody, and one that is longer than its stream."""
    content = bytearray(compound({"kestrel": TEXT * 3, "long": b"k" * 6000}))
    start = unpack_from("<I", content, 48)[0]
    pack_into("<I", content, (start + 1) * 512 + 128 + 120, 5120)
    run = read(bytes(content))
    assert run.contents["sectors of no stream"] == b"k" * 880 + bytes(144)
    assert "unclaimed" in run.codes
    assert "sectors of no stream" not in read(compound(OBJECTS)).names


def test_streams_that_share_their_sectors_end() -> None:
    """20,000 streams that are all the same 4 MB: 80 GB in all, if nobody counted."""
    content = bytearray(
        compound({"AAA": b"k" * 4_000_000} | {f"{number:05}": b"" for number in range(20_000)})
    )
    start = unpack_from("<I", content, 48)[0]
    for number in range(1, 20_002):
        pack_into("<IQ", content, (start + 1) * 512 + 128 * number + 116, 0, 4_000_000)
    began, kinds = time.perf_counter(), dict[Status | None, int]()
    for found in SOURCE.items(Bytes(bytes(content)), Alone("x.bin")):
        kinds[found.status] = kinds.get(found.status, 0) + 1
    assert kinds[Status.QUARANTINED] > 19_900
    assert sum(kinds.values()) == 20_001
    assert time.perf_counter() - began < 10


def test_more_entries_than_are_gone_through_are_said() -> None:
    run = Run(SOURCE, "many.bin", compound({f"{number:05}": b"" for number in range(66_000)}))
    assert len(run.items) == 65_535  # and the root
    assert "parts_limit" in run.codes


def test_storages_within_storages_are_gone_through() -> None:
    """5,000 deep: paths begin anew, so that they do not grow with the depth."""
    content = bytearray(compound({f"{number:05}": b"" for number in range(5000)}))
    start = unpack_from("<I", content, 48)[0]
    for number in range(1, 5001):
        at = (start + 1) * 512 + 128 * number
        content[at + 66] = 1 if number < 5000 else 2
        pack_into("<III", content, at + 68, 0xFFFFFFFF, 0xFFFFFFFF, number + 1)
    pack_into("<I", content, (start + 1) * 512 + 76, 1)
    run = read(bytes(content))
    assert len(run.names) == 1
    assert len(run.names[0]) < 500
