"""What a page is made of costs its length, whatever it is; many small contents in old codes are not guessed each."""

from time import process_time

import pytest

from actionday.model import Limits
from actionday.parsers import Parsers

PARSERS = Parsers.load()
FRAGMENTS = ("<!--", "<![CDATA[", "data:", "javascript:", "&", "url(", "\\", '\\"', "`", "\\`", "<", "<script", "<style",
             " on", " on a=", "onab=", "type=", "=/[", "//", "/*", "content:'", "a<b>", "</a>x<b>")  # fmt: skip
PLACES = (
    '<p title="{}">',
    "<p {}>",
    "<p>{}",
    "<script>{}",
    "<style>{}",
    "<!--{}",
    "<script {}",
    "<p onclick='{}'>",
)


def seconds(content: str) -> float:
    begun = process_time()
    assert PARSERS.parse("text/html", content.encode(), Limits()) is not None
    return process_time() - begun


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_page_of_one_fragment_costs_its_length(fragment: str) -> None:
    for place in PLACES:
        assert seconds(place.replace("{}", fragment * 19_000)) < 3


def test_many_small_contents_in_an_old_code_are_read_and_not_guessed_each() -> None:
    page = "".join(f'<a href="data:text/plain,caf%E9 {n}">x</a>' for n in range(20_000))
    begun = process_time()
    parsed = PARSERS.parse("text/html", page.encode(), Limits())
    assert process_time() - begun < 6
    assert parsed is not None
    assert {f"café {n}" for n in range(20_000)} <= set("".join(parsed.text).splitlines())
    assert [(note.code, note.reason) for note in parsed.notes] == [
        ("encoding_unsure", "19950 small contents within it: read in the code of most before")
    ]


def test_small_contents_that_say_their_code_are_in_it_however_many_are_before() -> None:
    page = "".join(f'<a href="data:text/plain,caf%E9 {n}">x</a>' for n in range(60))
    last = "".join(f"%{byte:02X}" for byte in "Пустельга".encode("cp1251"))
    content = f'{page}<a href="data:text/plain;charset=windows-1251,{last}">x</a><a href="data:text/plain,%D8%A7%D9%84">x</a>'
    parsed = PARSERS.parse("text/html", content.encode(), Limits())
    assert parsed is not None
    assert {"Пустельга", "ال"} <= set("".join(parsed.text).splitlines())
