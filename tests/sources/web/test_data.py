"""Files in ``data:`` addresses of saved pages: each is an item with its bytes."""

import base64
from urllib.parse import quote

import pytest

from actionday.model import Claim, Loss
from actionday.sources.web.data import SOURCE
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import listing

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
CODED = base64.b64encode(PICTURE).decode()
FOLDED = base64.encodebytes(PICTURE).decode()


@pytest.mark.parametrize(
    "text",
    [
        f'<p><img src="data:image/png;base64,{CODED}">behind</p>',
        f"<img src='data:image/png;base64,\n{FOLDED}'>behind",
        f"<img src=data:image/png;base64,{CODED}>behind",
        f"a {{background: url(data:image/png;charset=utf-8;base64,{CODED})}}",
        f'{{"a": "data:image\\/png;base64,{CODED}".replace("b", "c")}}'.replace("+/", "+\\/"),
        f'"{{\\"a\\": \\"data:image/png;base64,{CODED}\\"}}"',
        f'<a href="DATA:image/png;base64,{quote(CODED, safe="")}">x</a>',
        f"![x](data:image/png;base64,{CODED}) and words",
    ],
    ids=["quoted", "in lines", "bare", "style", "JSON", "escaped JSON", "percent", "Markdown"],
)
def test_a_picture_comes_out_as_it_was(text: str) -> None:
    assert SOURCE.claims(Glance("a.html", text.encode())) is Claim.NAME
    found = listing(SOURCE, "a.html", text.encode())
    assert [item.name for item in found.items] == ["data-1.png"]
    assert found.contents == (PICTURE,)


def test_each_of_many_is_an_item_at_its_byte_wherever_it_stands() -> None:
    far = (
        f'<img src="data:image/gif;base64,{CODED}">'
        + "x" * 300_000
        + f"<i style='data:font/woff2;base64,{CODED}'>"
    )
    found = listing(SOURCE, "a.html", far.encode())
    assert [(item.name, item.meta["offset"]) for item in found.items] == [
        ("data-1.gif", far.index("data:image")),
        ("data-2.woff2", far.index("data:font")),
    ]


@pytest.mark.parametrize(
    "text", ["encoding;base64,AAAA", "a page that tells of data: and ;base64, alone", "data:,x"]
)
def test_what_only_tells_of_addresses_is_no_container(text: str) -> None:
    assert SOURCE.claims(Glance("a.txt", text.encode())) is Claim.NO


def test_more_than_are_items_is_a_limit_and_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.web.data.MOST", 1)
    for text in (f'"data:image/png;base64,{CODED}" ' * 2, f'{{"a": "{CODED}", "b": "{CODED}"}}'):
        alone = Alone("a")
        listing(SOURCE, "a", text.encode(), lambda _, held=alone: held)  # type: ignore[misc]
        assert [note.code for note in alone.notes] == [Loss.PARTS_LIMIT]
