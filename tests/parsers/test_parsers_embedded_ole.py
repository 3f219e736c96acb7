"""An old document with another one in it: each is what the streams of its own root say."""

import re
from pathlib import Path
from struct import pack_into, unpack_from

import pytest

from actionday.detectors.filetype import identify_type, retold
from actionday.mime.compound import Compound
from actionday.model import Limits, Parsed
from actionday.model.loss import tells_loss
from actionday.parsers import Parsers
from compound_files import compound, streams
from steps import steps

TYPES = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
WORD = re.compile(r"\w+")
pytestmark = pytest.mark.tools


def kind(content: bytes) -> str:
    return retold(
        identify_type(content[: 128 * 1024], content[-64 * 1024 :], len(content)), content, content[-64 * 1024 :], len(content)
    )  # fmt: skip


def read(content: bytes) -> Parsed:
    parsed = Parsers.load().parse(kind(content), memoryview(content), Limits())
    assert parsed is not None
    return parsed


def words(parsed: Parsed) -> list[str]:
    return WORD.findall("".join(parsed.text))


@pytest.mark.parametrize("outer", ["writer.doc", "calc.xls", "impress.ppt"])
@pytest.mark.parametrize("inner", ["writer.doc", "calc.xls", "impress.ppt"])
def test_what_lies_within_a_document_is_not_taken_for_it(made: Path, outer: str, inner: str) -> None:
    own = streams((made / outer).read_bytes())
    alone, holder = (
        compound(own),
        compound({"AAA": streams((made / inner).read_bytes()), "MBD00012345": {"x": b"y"}} | own),
    )
    assert kind(holder) == TYPES[outer[-3:]]
    wanted, got = read(alone), read(holder)
    assert words(got) == words(wanted)
    assert not any(tells_loss(note.code) for note in got.notes)


def test_a_directory_in_the_middle_of_a_large_file_tells_its_type(made: Path) -> None:
    """Office writes it wherever there is room; neither the first 128 nor the last 64 KiB show it."""
    own = streams((made / "calc.xls").read_bytes())
    inner = streams((made / "writer.doc").read_bytes())
    content = compound({"MBD1": inner} | own | {"big": b"\1" * 500_000}) + bytes(300_000)
    assert kind(content) == "application/vnd.ms-excel"
    assert words(read(content)) == words(read(compound(own)))


def test_a_link_of_the_directory_that_is_broken_hides_no_stream(made: Path) -> None:
    own = streams((made / "writer.doc").read_bytes())
    content = bytearray(compound(own))
    start = unpack_from("<I", content, 48)[0]
    pack_into("<I", content, (start + 1) * 512 + 76, 0xFFFF)  # the root's child
    assert kind(bytes(content)) == "application/msword"
    whole = Compound(lambda at, length: bytes(content[at : at + length]), len(content))
    assert {each.name for each in whole.tree.top()} == set(own)
    assert not whole.tree.complete


@pytest.mark.parametrize("link", [68, 72, 76])
def test_links_that_lead_in_circles_end(link: int) -> None:
    """All entries linked to one another: each is looked at once."""
    few, many = (steps(lambda count=count: circles(count, link)) for count in (1_000, 10_000))
    assert many < 11 * few


def circles(count: int, link: int) -> None:
    content = bytearray(compound({f"{number:05}": b"" for number in range(count)}))
    start = unpack_from("<I", content, 48)[0]
    for number in range(count + 1):
        pack_into("<I", content, (start + 1) * 512 + 128 * number + link, number * 7919 % (count + 1))
    whole = Compound(lambda at, length: bytes(content[at : at + length]), len(content))
    assert len(whole.tree.entries) == count + 1
