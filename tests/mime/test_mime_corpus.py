"""The standard library's own test messages, where this Python ships them: real oddities, and a second reader."""

import email
from email.message import Message
from pathlib import Path

import pytest

from actionday.mime.sniff import is_mailbox, is_message
from actionday.mime.structure import Walk
from actionday.mime.window import Window

FOLDER = Path(email.__file__).parents[1] / "test" / "test_email" / "data"
MESSAGES = sorted(FOLDER.glob("msg_*.txt"))
NO_HEADER = {"msg_19.txt": "a text without a header", "msg_37.txt": "a Content-Type alone"}
DIFFERENT = {
    "msg_15.txt": "a multipart within one of the same boundary: opened here, one part there",
    "msg_39.txt": "the same",
    "msg_17.txt": "its boundary never comes: loose text here, one part there",
    "msg_31.txt": "the same",
    "msg_25.txt": "no boundary: text here, a multipart that holds a text there",
    "msg_41.txt": "the same",
    "msg_37.txt": "delimiter lines in a row: empty parts here, one delimiter there",
}

pytestmark = pytest.mark.skipif(not MESSAGES, reason="this Python ships no test messages")


def reference(message: Message, path: str = "") -> list[tuple[str, str]]:
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        return [(path or "1", message.get_content_type())]
    numbered = enumerate(message.get_payload(), start=1)
    return [
        each
        for number, part in numbered
        for each in reference(part, f"{path}.{number}" if path else str(number))
    ]


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_they_are_mail_and_their_parts_those_of_the_standard_library(path: Path) -> None:
    data = path.read_bytes()
    assert (is_message(data) or is_mailbox(data)) == (path.name not in NO_HEADER)
    walk = Walk(Window.over(data), len(data))
    ours = [(part.path, part.type.value) for part in walk if not part.outside]
    assert (ours == reference(email.message_from_bytes(data))) == (path.name not in DIFFERENT)
