"""Texts that were joined of several: each line is read in its own code."""

import pytest

from actionday.parsers._decode import decode

RUSSIAN = "Клуб объявляет собрание в четверг в большом зале.\n"
ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة\n"
GREEK = "Η λέσχη του κιρκινεζιού ανακοινώνει συνάντηση\n"
GERMAN = "Die Grüße aus München kommen später, für alle Brüder.\n"
POLISH = "Zażółć gęślą jaźń, proszę przynieść śpiewniki.\n"
BOTH = "Клуб в UTF-8: العوسق собрание\n"
LOG = "GET /index.html HTTP/1.1 200\n"
Line = tuple[str, str]

MIXED: dict[str, list[Line]] = {
    "one text, then another": [*[(RUSSIAN, "cp1251")] * 5, (LOG, "ascii"), *[(ARABIC, "cp1256")] * 5],
    "line by line": [(RUSSIAN, "cp1251"), (ARABIC, "cp1256")] * 10,
    "with UTF-8": [(BOTH, "utf-8"), (RUSSIAN, "cp1251"), (ARABIC, "cp1256")] * 5,
    "UTF-8 far behind": [*[(RUSSIAN, "cp1251")] * 2000, (BOTH, "utf-8")],
    "another far behind": [*[(RUSSIAN, "cp1251")] * 2000, *[(ARABIC, "cp1256")] * 3],
    "three alphabets": [(GREEK, "cp1253"), (ARABIC, "cp1256"), (RUSSIAN, "cp1251")] * 3,
    "two codes of one": [(RUSSIAN, "cp1251"), (RUSSIAN, "cp866"), (RUSSIAN, "koi8-r")] * 4,
    "accents in Cyrillic": [*[(RUSSIAN, "cp1251")] * 20, (GERMAN, "cp1252"), (POLISH, "cp1250")],
    "Cyrillic among accents": [*[(GERMAN, "cp1252")] * 20, (RUSSIAN, "cp1251")],
    "single lines of a log": [
        *[(LOG, "ascii")] * 50,
        (RUSSIAN, "cp1251"),
        (LOG, "ascii"),
        (ARABIC, "cp1256"),
    ],
}


@pytest.mark.parametrize("lines", MIXED.values(), ids=MIXED)
def test_each_line_is_read_in_its_own_code(lines: list[Line]) -> None:
    decoded = decode(memoryview(b"".join(text.encode(code) for text, code in lines)))
    assert "".join(decoded.pieces) == "".join(text for text, _ in lines)
    assert decoded.meta()["encoding_some_lines"]
    assert decoded.replaced == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (ARABIC, "cp1256"), (GREEK, "cp1253"), (GERMAN, "cp1252")],
)
def test_a_text_in_one_code_stays_one_titles_in_capitals_too(text: str, code: str) -> None:
    whole = text * 20 + text.title() + text.upper().replace("ß", "ss") + "\n«" + text
    decoded = decode(memoryview(whole.encode(code, "ignore")))
    assert "".join(decoded.pieces) == whole.encode(code, "ignore").decode(code)
    assert decoded.lines_in == ""
