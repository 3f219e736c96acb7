"""Entries of the recycle bin of Windows, written by the description of their two versions."""

from struct import pack

import pytest

from actionday.detectors.filetype import identify_type
from actionday.model import Limits, Parsed
from actionday.parsers.recycled import PARSER
from actionday.testing.parsers import check_parser

MIME = "application/x-ms-recycled"
PATH = "C:\\Users\\anna\\Desktop\\\u062e\u0637\u0629 \u2013 plan.docx"
MOVED = 134_171_324_490_000_000  # 2026-03-04T21:14:09Z


def entry(version: int, path: str = PATH, behind: bytes = b"") -> bytes:
    name = path.encode("utf-16-le") + b"\0\0" + behind
    length = pack("<I", len(name) // 2) if version == 2 else b""
    return pack("<QQQ", version, 48_213, MOVED) + length + (name if version == 2 else name.ljust(520, b"\0"))


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), MIME, Limits())


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("path", [PATH, "\\\\server\\share\\minutes.txt"])
def test_path_size_and_time_of_deletion_are_told(version: int, path: str) -> None:
    content = entry(version, path)
    assert identify_type(content, b"", len(content)) == MIME
    parsed = read(content)
    assert "".join(parsed.text) == path
    assert parsed.meta == {"original_path": path, "original_size": 48_213, "dtime": "2026-03-04T21:14:09Z"}


def test_what_stands_behind_the_path_is_kept() -> None:
    assert (
        "".join(read(entry(1, "C:\\a", "older name.txt".encode("utf-16-le"))).text) == "C:\\a\nolder name.txt"
    )


@pytest.mark.parametrize(
    "content",
    [
        entry(1)[:-1],
        entry(2) + b"\0",
        entry(1, "relative.txt"),
        pack("<QQQ", 1, 2, 3),
        pack("<Q", 2),
        bytes(544),
    ],
    ids=["short", "long", "no drive", "no path", "version alone", "zeros"],
)
def test_other_numbers_are_no_entry(content: bytes) -> None:
    assert identify_type(content, b"", len(content)) != MIME


@pytest.mark.parametrize("version", [1, 2])
def test_damage_is_a_result_or_an_issue(version: int) -> None:
    check_parser(PARSER, MIME, entry(version))
