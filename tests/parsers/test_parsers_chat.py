"""Messages and accounts of chats: the text by itself, what is said beside it behind it, facts as metadata."""

import pytest

from actionday.mime.chat import ACCOUNT, MESSAGE, content
from actionday.model import Damaged, Limits
from actionday.parsers.chat import PARSER
from actionday.testing.parsers import check_parser

SAID = content(
    MESSAGE,
    {
        "sender": "Vera",
        "time": "2026-03-04T21:03:09Z",
        "text": "See here.",
        "links": [{"kind": "text_link", "text": "here", "target": "https://hidden.example/b"}],
        "media": [{"kind": "photo", "path": "photos/a.jpg", "width": 8}],
        "other": [["title", "Rota"]],
    },
)
KNOWN = content(ACCOUNT, {"name": "Omar", "phone": "+34 600 000 005", "other": [["category", "people"]]})


@pytest.mark.parametrize(("mime", "data"), [(MESSAGE, SAID), (ACCOUNT, KNOWN)], ids=["message", "account"])
def test_the_contract_is_kept(mime: str, data: bytes) -> None:
    check_parser(PARSER, mime, data)


def test_text_stands_alone_and_the_rest_behind_it() -> None:
    parsed = PARSER.parse(memoryview(SAID), MESSAGE, Limits())
    assert parsed.text == ("See here.",)
    assert parsed.code.split("\n") == [
        "",
        "Vera · 2026-03-04T21:03:09Z",
        "https://hidden.example/b",
        "photos/a.jpg",
        "title",
        "Rota",
        "",
    ]
    assert parsed.meta == {"sender": "Vera", "time": "2026-03-04T21:03:09Z"}


def test_an_account_is_its_name() -> None:
    parsed = PARSER.parse(memoryview(KNOWN), ACCOUNT, Limits())
    assert (parsed.text, parsed.meta["phone"]) == (("Omar",), "+34 600 000 005")


def test_a_picture_alone_is_told_by_what_is_said_of_it() -> None:
    alone = content(MESSAGE, {"sender": "Vera", "media": [{"kind": "photo", "path": "photos/a.jpg"}]})
    parsed = PARSER.parse(memoryview(alone), MESSAGE, Limits())
    assert (parsed.text, parsed.code, parsed.reason) == (("Vera\nphotos/a.jpg",), "", "")
    nothing = PARSER.parse(memoryview(content(MESSAGE, {})), MESSAGE, Limits())
    assert (nothing.text, nothing.reason) == ((), "chat: read, but not a word is in it")


@pytest.mark.parametrize("data", [b"", b"[]", SAID[:-1], b"[" * 100_000])
def test_what_is_no_message_is_said(data: bytes) -> None:
    with pytest.raises(Damaged, match="chat: "):
        PARSER.parse(memoryview(data), MESSAGE, Limits())
