"""The mark of an image before a text: the image cannot be opened, and the text is kept."""

import hashlib
from pathlib import Path

import pytest

from actionday.model import Limits
from actionday.parsers import Parsers
from actionday.pipeline.examine import AS_TEXT, LEAST_IMAGE, Examiner
from actionday.pipeline.reading import body_of
from case_tools import Bench

WORDS = b"the kestrel meets us at the harbour on saturday, and bring all the files with you\n" * 25
MARKS = (b"KDMV", b"QFI\xfb", b"vhdxfile", b"EVF\t\r\n\xff\0", b"conectix")
NOISE = bytes((at * at // 3 + at // 7) % 256 for at in range(6000))


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("behind", [b"", NOISE], ids=["text", "text and noise"])
def test_the_text_behind_the_mark_of_an_image_is_kept(mark: bytes, behind: bytes) -> None:
    examiner = Examiner(Parsers.load(), Limits())
    body = body_of(iter([mark + WORDS + behind]), Limits())
    assert body.sha256 == hashlib.sha256(mark + WORDS + behind).digest()
    found = examiner.perhaps_image(examiner.text_of(body), body)
    assert found.text is not None
    assert "bring all the files" in "".join(found.text.pieces)
    assert AS_TEXT in [note.code for note in found.notes]


def test_an_image_that_can_be_one_is_not_searched_for_passages() -> None:
    examiner = Examiner(Parsers.load(), Limits())
    body = body_of(iter([b"QFI\xfb" + (NOISE * 30 + WORDS) * 2]), Limits())
    assert body.size > LEAST_IMAGE
    assert examiner.perhaps_image(examiner.text_of(body), body).text is None


def test_a_text_with_the_mark_of_an_image_has_its_text_as_an_exhibit_too(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "club.txt").write_bytes(b"KDMV " + WORDS)
    bench.ingest(tmp_path / "club.txt")
    assert "bring all the files" in "".join(row["text"] for row in bench.export("texts"))
