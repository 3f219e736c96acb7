"""A mail whose letters are in another code than its label says is read by its letters, one with a true label as it says."""

import pytest

from actionday.model import Limits, Parsed
from actionday.parsers.mail import PARSER

RUSSIAN = (
    "Встреча назначена на завтра у старого моста через реку, принесите с собой все бумаги. Я напишу сам."
)
ARABIC = "اللقاء غدا صباحا عند الجسر القديم على النهر، أحضروا معكم كل الأوراق والنقود"
GREEK = "Η συνάντηση είναι αύριο το πρωί στη γέφυρα, φέρτε μαζί σας όλα τα χαρτιά και τα χρήματα."
FRENCH = "Réunion cette nuit à côté du port, près de l'entrée: apportez les clés préparées"
CYRILLIC = ("koi8-r", "windows-1251", "iso-8859-5", "cp866")


def read(text: str, code: str, label: str) -> Parsed:
    head = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset={label}\n"
    content = head.encode() + b"Content-Transfer-Encoding: 8bit\n\n" + text.encode(code) + b"\n"
    return PARSER.parse(memoryview(content), "message/rfc822", Limits())


def said(parsed: Parsed) -> list[str]:
    return [note.reason for note in parsed.notes if note.code == "charset"]


@pytest.mark.parametrize(
    ("text", "code", "label"),
    [(RUSSIAN, code, label) for code in CYRILLIC for label in CYRILLIC if code != label]
    + [
        (ARABIC, "windows-1256", "koi8-r"),
        (GREEK, "windows-1253", "windows-1251"),
        (RUSSIAN, "koi8-r", "iso-8859-2"),
    ],
)
def test_a_text_under_a_false_label_is_read_by_its_letters(text: str, code: str, label: str) -> None:
    parsed = read(text, code, label)
    assert text in "".join(parsed.text)
    assert len(said(parsed)) == 1
    assert f"the text is not {label}" in said(parsed)[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [*((RUSSIAN, code) for code in CYRILLIC), *((RUSSIAN.upper(), code) for code in CYRILLIC), (ARABIC, "windows-1256"),
     (GREEK, "windows-1253"), (FRENCH, "windows-1252"), (FRENCH, "windows-1256"), ("ПРЕАМБЮЛ", "koi8-r")],
)  # fmt: skip
def test_a_true_label_is_believed(text: str, code: str) -> None:
    parsed = read(text, code, code)
    assert (text in "".join(parsed.text), said(parsed)) == (True, [])
