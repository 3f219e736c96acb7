"""What is told by a few bytes to have nothing appended is told the same by all that is looked at else."""

from hypothesis import given
from hypothesis import strategies as st

from actionday.model import Kind
from actionday.sources.archives import appended
from actionday.sources.archives._ends import ENDS, end_of
from actionday.sources.archives._marks import MARKS
from actionday.sources.archives._programs import is_program
from actionday.sources.archives._strange import BEGINNINGS
from actionday.testing.context import Glance

PIECES = [*ENDS, *BEGINNINGS, *MARKS, b"MZ" + bytes(80), b"\x7fELF\2\1" + bytes(60), b"BM" + bytes(12) + b"\x28\0\0\0",
          b"%PDF-1.4", b"PK\5\6" + bytes(6) + b"\1\0" + bytes(10), b"ftyp", b"    ftypisom", b"text ", b"\0", b"\xc3\xa9",
          b"x" * 1100]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=4))
def test_nothing_is_lost_by_the_quick_look(pieces: list[bytes]) -> None:
    peek = Glance("a", b"".join(pieces), Kind.FILE)
    if appended._is_plain(peek):
        head = peek.head
        assert end_of(head) is None and not head.startswith(BEGINNINGS) and not is_program(head)
        assert not appended._ends_as_zip(peek) and not appended._text_before(head)
