"""What is kept of a content that no parser read: the words hidden in it, no sound, and a language only when told."""

import pytest

from actionday.mime.otherwise.layer import MARK
from actionday.model import Limits, Status
from actionday.model.language import REPORTING_THRESHOLD
from actionday.parsers import Parsers
from actionday.pipeline.examine import AS_TEXT, Examiner
from actionday.pipeline.outcome import Verdicted
from actionday.pipeline.reading import body_of
from actionday.pipeline.text import Reader
from no_text import heard, pcm8, prose, riff, sine

KEY = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIKZ42Tw0/Iv+6nQ2HN1KSKDCd30LgMR3aeCkbIs+TIH3\n-----END PRIVATE KEY-----\n"
SPOOL = bytes(4096) + b"spool abf192f4-87dc-45f8-b612-380a498409b1\n\n" + bytes(4096)


def examined(data: bytes) -> Verdicted:
    return Examiner(Parsers.load(), Limits()).content(body_of(iter([data]), Limits()))


def language(found: Verdicted) -> tuple[str, float]:
    assert found.text is not None
    (told,) = Reader().languages([found.text])
    return told.language, told.confidence


@pytest.mark.parametrize("rate", [8000, 44100])
def test_a_recording_has_no_text(rate: int) -> None:
    found = examined(riff(pcm8(heard(sine(440), rate), 0.4), rate, 8))
    assert found.status == Status.QUEUED
    assert found.text is None or found.text.characters == 0
    assert [note.code for note in found.notes] == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16-le", "utf-16"])
def test_words_behind_the_mark_of_a_recording_are_kept_and_their_language_is_told(encoding: str) -> None:
    found = examined(riff(b"", 8000, 8) + prose("rus").encode(encoding))
    assert found.text is not None
    assert "".join(found.text.pieces).strip().endswith(prose("rus")[-60:].strip())
    assert AS_TEXT in [note.code for note in found.notes]
    told, sure = language(found)
    assert told == "rus"
    assert sure >= REPORTING_THRESHOLD


@pytest.mark.parametrize(
    "front", [b"", b"RIFF\x10\x27\0\0WAVE", b"<p>"], ids=["log", "behind a mark", "page"]
)
def test_words_written_otherwise_stand_below_the_text_of_whatever_holds_them(front: bytes) -> None:
    line = b"2026-11-26 10:00:00 the club asked for /radio?q=%D8%A7%D9%84%D8%B9%D9%88%D8%B3%D9%82 and nobody answered\n"
    found = examined(front + line * 20)
    assert found.text is not None
    text, mark, below = "".join(found.text.pieces).rpartition(MARK)
    assert "%D8%A7%D9%84%D8%B9%D9%88%D8%B3%D9%82" in text
    assert mark
    assert below.count("العوسق") == 1


@pytest.mark.parametrize("data", [KEY, SPOOL], ids=["key", "passage"])
def test_no_language_is_guessed_of_what_is_no_writing(data: bytes) -> None:
    told, sure = language(examined(data))
    assert told == "und"
    assert sure < 0.2


def test_a_guess_at_writing_that_was_read_stays_a_guess() -> None:
    told, sure = language(
        examined(b"GET /radio/schedule HTTP/1.1\nHost: radio.hobby.example\nAccept: text/html\n")
    )
    assert told != "und" or sure < REPORTING_THRESHOLD
