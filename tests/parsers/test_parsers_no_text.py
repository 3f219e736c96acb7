"""Sound, packed data and keys are no text, whatever letters their bytes make; a text behind a mark is one."""

from functools import partial

import pytest

from actionday.detectors.filetype import identify_type
from actionday.mime.prose import is_prose
from actionday.parsers._legible import legible, passages
from no_text import Made, hidden, packed, sounds

PACKED = dict(packed())
NO_TEXT: list[tuple[str, Made]] = [
    *sounds(),
    *((name, partial(bytes, data)) for name, data in PACKED.items()),
]
ASCII_BLOBS = ("base", "hex", "random printable")
"""Blobs of printable characters: typed as text, which they are to any editor."""
UNKNOWN = "application/octet-stream"


@pytest.mark.parametrize(("name", "made"), NO_TEXT, ids=[name for name, _ in NO_TEXT])
def test_what_is_no_writing_gives_no_text(name: str, made: Made) -> None:
    data = made()
    found = legible(memoryview(data))
    assert found is None, "".join(found.text)[:80]
    kept = passages(memoryview(data), UNKNOWN)
    assert kept is None, "".join(kept.text)[:80]
    typed = identify_type(data, b"", len(data))
    assert typed != "text/plain" or name.startswith(ASCII_BLOBS)


@pytest.mark.parametrize("name", ["base64", "base64 in lines", "base32", "base85", "hex", "hex in lines"])
def test_a_blob_in_ascii_is_no_writing(name: str) -> None:
    """What decides whether a language is guessed of what an editor would show."""
    assert not is_prose((PACKED[name].decode("ascii"),))


def test_a_text_behind_a_foreign_mark_is_read_whole_in_every_script_and_code() -> None:
    """No parametrised names: 450 of them, each a millisecond."""
    missed = []
    for name, data, last, _ in hidden():
        found = legible(memoryview(data))
        if found is None or last.strip() not in "".join(found.text):
            missed.append(name)
    assert missed == []
