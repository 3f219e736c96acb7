"""What the sleuthkit says of a volume stands behind our words, without the line of its own source."""

import io

import pytest
import pytsk3

from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_why import MOST, why_of


class Zeros(pytsk3.Img_Info):  # type: ignore[misc]
    def __init__(self) -> None:
        self._bytes = io.BytesIO(bytes(1 << 20))
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, size: int) -> bytes:
        self._bytes.seek(offset)
        return self._bytes.read(size)

    def get_size(self) -> int:
        return 1 << 20


def test_its_words_stand_in_brackets_without_a_place_in_its_source() -> None:
    with pytest.raises(OSError, match="tsk3") as raised:
        pytsk3.FS_Info(Zeros())
    said = why_of(raised.value)
    assert said.startswith("the sleuthkit cannot read it (Unable to open")
    assert "tsk3.c" not in said


def test_ours_are_as_they_were_and_others_are_no_bare_exception() -> None:
    assert why_of(Missing("bytes 0 to 9 lie beyond the end")) == "bytes 0 to 9 lie beyond the end"
    assert why_of(IndexError("pop from empty list")).startswith(
        "the reader of the volume failed on it (IndexError"
    )
    assert len(why_of(RuntimeError("x" * 9_000_000))) < MOST + 40
