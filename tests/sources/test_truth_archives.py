"""Archives and web archives of the test data against what independent readers list in them.

Compared as the folder's README says: by SHA-256 and size, as often as ``must``; a path is for reading.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actionday.model import Claim, Found, ItemError, Kind, Status
from actionday.plugins import load
from actionday.testing.context import Alone, Bytes, Glance, content

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
EXHIBITS = sorted([*DATA.glob("archives/*"), *DATA.glob("warc/*")])
OLE_PREVIEW = "f9596bf23f6b7913c10398da244b7ac07a1ec751d564727e040415ed8d07e53f"
OLE_OBJECT = "ebd25a61925ce171fa58d8642d81c7c4d13d8c36d8b2b5da67d2534391c618fc"
"""By olefile and zlib."""
BOTTOMLESS = {"quine.gz"}
pytestmark = pytest.mark.skipif(not EXHIBITS, reason=f"no test data in {DATA} (ACTIONDAY_DATA)")


def ours() -> list[Any]:
    rooms = (".archives.", ".web.")
    return [
        each
        for each in load("actionday.sources", "SOURCE")[0]
        if any(room in _module(each) for room in rooms)
    ]


def _module(source: Any) -> str:
    return type(source).__module__


Row = tuple[str, str | None, int]
"""Status or "read", SHA-256, size."""


def rows(name: str, data: bytes, sources: list[Any], depth: int = 0) -> Iterator[tuple[str, Row]]:
    """Yield what is in an exhibit and in what it holds, as the pipeline would find it."""
    if depth > 4:
        return
    claims = [(source.claims(Glance(name, data)), source) for source in sources]
    claim, source = max(claims, key=lambda each: each[0], default=(Claim.NO, None))
    if claim is Claim.NO or source is None:
        return
    stream = Bytes(data)
    try:
        for found in source.items(stream, Alone(name)):
            yield from _row(found, stream, sources, depth)
    except ItemError as error:
        yield name, (error.status.value, None, -1)


def _row(found: Found, stream: Bytes, sources: list[Any], depth: int) -> Iterator[tuple[str, Row]]:
    if found.status is not None:
        yield found.name, (found.status.value, None, found.size or 0)
        return
    try:
        read = content(found, stream)
    except ItemError as error:
        yield found.name, (error.status.value, None, found.size or 0)
        return
    if found.kind is not Kind.DIRECTORY:
        yield found.name, ("read", hashlib.sha256(read).hexdigest(), len(read))
        yield from rows(found.name.rpartition("/")[2], read, sources, depth + 1)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda path: path.name)
def test_what_is_found_agrees_with_independent_readers(exhibit: Path) -> None:
    truth = [json.loads(line) for line in (DATA / "truth" / f"{exhibit.name}.jsonl").read_text().splitlines()]
    depth = 4 if exhibit.name in BOTTOMLESS else 0
    found = [row for _, row in rows(exhibit.name, exhibit.read_bytes(), ours(), depth)]
    read = Counter((sha, size) for how, sha, size in found if how == "read")
    must = Counter((row["sha256"], row["size"]) for row in truth if row["need"] == "must")
    others = {sha for row in truth for sha in row.get("alt", [])}
    missing = must - read
    assert not {key: times for key, times in missing.items() if key[0] not in others}
    assert all(read[key] >= times for key, times in must.items())
    if any(row["need"] == "encrypted" for row in truth):
        assert any(how == Status.ENCRYPTED for how, _, _ in found)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda path: path.name)
def test_nothing_is_found_that_no_reader_knows(exhibit: Path) -> None:
    """Extra contents are those of members that are not whole, and of the damaged or headless kinds named here."""
    truth = [json.loads(line) for line in (DATA / "truth" / f"{exhibit.name}.jsonl").read_text().splitlines()]
    known = {row["sha256"] for row in truth} | {sha for row in truth for sha in row.get("alt", [])}
    depth = 4 if exhibit.name in BOTTOMLESS else 0
    extra = [
        (name, row) for name, row in rows(exhibit.name, exhibit.read_bytes(), ours(), depth)
        if row[0] == "read" and row[1] not in known
    ]  # fmt: skip
    if exhibit.name == "testZipEncrypted.zip":
        assert [name for name, _ in extra] == [
            "unencrypted.txt"
        ]  # the truth lists the exhibit as encrypted only
    elif exhibit.name == "example.arc.gz":
        assert [name for name, _ in extra] == [
            "000000000000 filedesc://live-web-example.arc.gz"
        ]  # its block, there ""
    elif exhibit.name == "example-wrong-chunks.warc.gz":
        # the names of two gzip members (RFC 1952, 2.3, FNAME) in which no record begins: no reader lists them
        assert [(name, row[2]) for name, row in extra] == [("name @526", 7), ("name @1140", 7)]
    elif exhibit.name.startswith("test-documents."):
        # the presentation among them: a preview of a chart, and a compound file packed into its stream
        assert extra == [
            ("\x02OlePres000", ("read", OLE_PREVIEW, 4334)),
            ("PowerPoint Document/object @4134", ("read", OLE_OBJECT, 1536)),
        ]
    else:
        assert extra == []


def test_the_same_documents_in_four_archives() -> None:
    contents = []
    for suffix in ("7z", "rar", "tgz", "zip"):
        path = DATA / "archives" / f"test-documents.{suffix}"
        top = rows(path.name, path.read_bytes(), ours(), 4)  # not the parts of the office documents
        contents.append({row for _, row in top if row[0] == "read"})
    assert contents[0] == contents[1] == contents[2] == contents[3]
    assert len(contents[0]) == 9


def test_the_quine_gives_itself_and_is_the_same_content() -> None:
    """A02: one level is read here; the pipeline stops at a container that it is already inside of."""
    path = DATA / "archives" / "quine.gz"
    (_, row), *_ = rows(path.name, path.read_bytes(), ours(), 4)
    assert row == ("read", hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)


def test_a_member_that_claims_four_gigabytes_is_unreadable_and_costs_nothing() -> None:
    path = DATA / "archives" / "testZIP_corrupted_oom.zip"
    (name, row), *_ = rows(path.name, path.read_bytes(), ours())
    assert (name, row[0]) == ("hello.txt", "unreadable")
