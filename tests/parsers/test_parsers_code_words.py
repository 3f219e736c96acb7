"""Single words in code of a page are found, and do not change which language the page is in."""

import pytest

from actionday.detectors.language import Identifier
from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.pipeline.extracted import encoded, gather
from actionday.pipeline.spelt import with_spellings
from actionday.pipeline.text import Reader

PARSERS = Parsers.load()
CODE = """<script>var gate = "https://c2.example/gate.php", box = {pass: 'geheim123'}; // narwhal
var telephone = 34911234567; go("click", "sidebar-toggle", "aria-expanded", "visible", `DOMContentLoaded`)
set("light", "navy", "theme", "sidebar", "#sidebar a", "tabIndex", "hidden", "searchindex-a4b633b3.js", "ayu", "coal")
set("(prefers-color-scheme: dark)", "sidebar-toggle-anchor", "sidebar-visible", "readyState", "getComputedStyle")</script>
<style>/* ocelot */ p { color: red }</style><!-- puffin -->"""
SAID = ("https://c2.example/gate.php", "geheim123", "narwhal", "34911234567", "ocelot", "puffin")
TEXTS = {
    "tur": "Radyo programı bu hafta değişti. Akşam haberleri saat yedide, müzik gece yarısına kadar sürecek.",
    "arb": "تغير برنامج الإذاعة هذا الأسبوع. نشرة الأخبار المسائية في الساعة السابعة.",
    "rus": "Программа радио изменилась на этой неделе. Вечерние новости выходят в семь часов.",
    "deu": "Das Programm des Senders hat sich diese Woche geändert.",
}


def read(content: str, mime: str = "text/html") -> Parsed:
    parsed = PARSERS.parse(mime, content.encode(), Limits())
    assert parsed is not None
    return parsed


def page(text: str) -> str:
    return f"<html><head><meta charset=utf-8>{CODE}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("language", TEXTS)
def test_words_in_code_are_in_the_text_and_have_no_voice_in_its_language(language: str) -> None:
    parsed = read(page(TEXTS[language]))
    assert [word for word in SAID if word in parsed.code.splitlines()] == list(SAID)
    assert not [word for word in SAID if word in "".join(parsed.text)]
    text, _ = with_spellings(parsed.text, parsed.code)
    assert encoded(text).decode().endswith(parsed.code)
    assert text.written == gather(parsed.text)
    (told,) = Reader().languages([text])
    assert told.language == language
    assert [(each.start, each.end) for each in told.segments] == [(0, text.characters - len(parsed.code))]
    (with_code,) = Identifier.load().identify([encoded(text).decode()])
    assert with_code.language != language or len(with_code.segments) > 1, "else this test could not fail"


def test_so_are_those_in_the_page_of_a_message() -> None:
    mail = f"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page(TEXTS['deu'])}"
    parsed = read(mail, "message/rfc822")
    assert set(SAID) <= set(parsed.code.splitlines())
    assert "narwhal" not in "".join(parsed.text)


def test_what_stands_in_the_text_is_not_said_twice() -> None:
    parsed = read("<p>the narwhal swims</p><script>go('narwhal'); go('orca'); go('orca')</script>")
    assert parsed.code.split("\n")[2:] == ["orca", ""]


def test_a_page_with_one_word_in_a_comment_is_not_empty() -> None:
    parsed = read("<html><!-- narwhal --><body><br></html>")
    assert "narwhal" in "".join(parsed.text)
    assert parsed.reason == ""


def test_names_and_rules_of_code_are_no_text_and_said_to_be_left_out() -> None:
    parsed = read("<p>shown</p><script>var heron = 1</script><style>.heron { color: red }</style>")
    assert "heron" not in "".join((*parsed.text, parsed.code))
    assert parsed.meta["left_out"] == ["scripts", "style sheets"]


def test_data_and_code_without_blanks_are_no_words() -> None:
    assert not read(f"<p>shown</p><script>x = '{'QUJD' * 2000}'</script>").code


def test_words_beside_data_in_one_string_are_words() -> None:
    parsed = read(f"<p>shown</p><script>x = 'narwhal {'QUJD' * 2000} orca'</script>")
    assert parsed.code.splitlines()[2:] == ["narwhal orca"]


def test_so_are_those_in_the_script_of_a_drawing() -> None:
    shown = "<text>shown</text><script>location = 'https://c2.example/gate.php'; // narwhal\n</script>"
    parsed = read(f'<svg xmlns="http://www.w3.org/2000/svg">{shown}</svg>', "image/svg+xml")
    assert parsed.code.splitlines()[2:] == ["https://c2.example/gate.php", "narwhal"]


@pytest.mark.parametrize("script", ["/*narwhal*/", "var tel = 491511234567"])
def test_a_drawing_that_shows_nothing_has_the_words_of_its_script(script: str) -> None:
    parsed = read(
        f'<svg xmlns="http://www.w3.org/2000/svg"><script>{script}</script><rect/></svg>', "image/svg+xml"
    )
    assert parsed.reason == ""
    assert "".join(parsed.text).split()[-1] in script
