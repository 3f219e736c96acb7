"""``docs/formats.md`` is what the plug-ins say of themselves, and names each; what it says of other tools names ours."""

import re
from importlib.metadata import version
from pathlib import Path

from scripts.formats_of_others import LISTS, TOOLS
from scripts.write_formats_page import CONSTANTS, PAGE, ROOMS, Format, formats, page, reached

from actionday import plugins

FORMATS = Path(PAGE).parent / "formats"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_every_plug_in_stands_in_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for room in ("actionday.sources", "actionday.parsers"):
        names = {each.name for constant in CONSTANTS[room] for each in plugins.load(room, constant)[0]}
        assert names <= set(re.findall(r"(?m)^\| `([^`]+)` \|", text)), room


def test_each_is_told_by_its_own_file() -> None:
    known: dict[str, Format] = {}
    for _, package, below in ROOMS:
        for each in formats(package, below):
            assert each.what.endswith((".", ":")), each
            known[f"{below or 'parsers'}/{each.name}"] = each
    assert "pytsk3 " in known["filesystems/ntfs"].by
    assert known["filesystems/ext"].by.startswith(f"google-crc32c {version('google-crc32c')}")
    assert "libarchive of the system" in known["archives/rar"].by
    assert f"pypdfium2 {version('pypdfium2')}" in known["parsers/pdf"].by
    assert f"xberg {version('xberg')}" in known["parsers/office"].by
    assert not known["images/image-unread"].read
    assert known["images/ewf"].read


def test_what_stands_beside_other_tools_names_plug_ins_of_ours() -> None:
    known = {each.name for _, package, below in ROOMS for each in formats(package, below)}
    assert set(LISTS) == set(TOOLS)
    for each in (each for found in LISTS.values() for each in found):
        assert set(each.ours) <= known, each
    text = PAGE.read_text(encoding="utf-8")
    assert re.search(r"\| file systems: cramfs, JFFS2, QNX \| \*\*no\*\* \|", text)
    assert re.search(r"\| Ex01 \| recognised, \*\*not read\*\* \|", text)


def test_imports_are_followed_through_helpers_alone() -> None:
    found = reached("actionday.sources.filesystems.ntfs")
    assert "actionday.sources.filesystems._tsk_source" in found
    assert not [each for each in found if each.startswith("actionday.parsers")]


def test_it_leads_to_the_page_of_every_room() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for each in FORMATS.glob("*.md"):
        assert f"(formats/{each.name})" in text
