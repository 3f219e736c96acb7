"""The mailboxes and messages of the shared data against what independent readers list in them."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionday.model import Found, Kind, Limits
from actionday.parsers.mail import PARSER
from actionday.sources.mail import eml, mbox, message
from actionday.testing.context import Alone, Bytes, Glance, content

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
SOURCES = (mbox.SOURCE, eml.SOURCE, message.SOURCE)
EXHIBITS = (
    "complex.mbox",
    "testEmailWithPNGAtt.eml",
    "testRFC822_multipart_attachments.eml",
    "testThunderbirdEml.eml",
)

pytestmark = pytest.mark.skipif(not (DATA / "mail").is_dir(), reason=f"no test data at {DATA}")


def opened(name: str, data: bytes, kind: Kind = Kind.FILE) -> Iterator[tuple[Found, bytes]]:
    """Yield all that is in an exhibit, as the pipeline recurses."""
    for source in SOURCES:
        if source.claims(Glance(name, data, kind)):
            stream = Bytes(data)
            for item in source.items(stream, Alone(name)):
                body = content(item, stream)
                yield item, body
                yield from opened(item.name, body, item.kind)


def truth(name: str) -> list[dict[str, object]]:
    lines = (DATA / "truth" / f"{name}.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["need"] == "must"]


@pytest.mark.parametrize("name", EXHIBITS)
def test_items_are_those_that_other_readers_list(name: str) -> None:
    found = list(opened(name, (DATA / "mail" / name).read_bytes()))
    rows = truth(name)
    files = Counter(hashlib.sha256(body).hexdigest() for item, body in found if item.kind is Kind.ATTACHMENT)
    assert files == Counter(row["sha256"] for row in rows if row["kind"] == "attachment")
    messages = [body for item, body in found if item.kind is Kind.MESSAGE]
    subjects = [
        PARSER.parse(memoryview(body), "message/rfc822", Limits()).meta["subject"] for body in messages
    ]
    assert subjects == [row["subject"] for row in rows if row["kind"] == "message"]


def test_the_messages_of_the_mailbox_are_the_very_bytes_other_readers_give() -> None:
    found = list(opened("complex.mbox", (DATA / "mail" / "complex.mbox").read_bytes()))
    ours = [
        (item.size, hashlib.sha256(body).hexdigest()) for item, body in found if item.kind is Kind.MESSAGE
    ]
    assert ours == [(row["size"], row["sha256"]) for row in truth("complex.mbox")]


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_message_is_read_whole(name: str) -> None:
    for item, body in opened(name, (DATA / "mail" / name).read_bytes()):
        if item.kind is Kind.MESSAGE:
            parsed = PARSER.parse(memoryview(body), "message/rfc822", Limits())
            assert (parsed.reason, parsed.notes) == ("", ())
            assert len("".join(parsed.text).partition("\n\n")[2]) > 10


@pytest.mark.parametrize(
    "folder", ["archives", "chat", "exchange", "images", "lang", "logs", "selectors", "warc"]
)
def test_nothing_else_is_taken_for_mail(folder: str) -> None:
    for path in sorted((DATA / folder).rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(1 << 17)
            assert not any(source.claims(Glance(path.name, head)) for source in SOURCES), path
