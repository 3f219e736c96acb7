"""Text in elements that a browser shows only when it lacks something, or after a script."""

import pytest

from actionday.model import Limits
from actionday.parsers.html import PARSER, visible

PAGE = "<html><head><title>The club</title></head><body><p>First.</p>{}<p>Last.</p></body></html>"


def text_of(page: str) -> str:
    return "".join(PARSER.parse(memoryview(page.encode()), "text/html", Limits()).text)


@pytest.mark.parametrize(
    "tag", ["template", "noframes", "noembed", "iframe", "noscript", "listing", "TEMPLATE"]
)
def test_their_text_is_text_and_their_tags_are_not(tag: str) -> None:
    page = PAGE.format(f"<{tag} class='a'><p>the secret</p><b>meeting</b></{tag}>")
    assert text_of(page).split() == ["The", "club", "First.", "the", "secret", "meeting", "Last."]
    assert "secret" in visible(page)


@pytest.mark.parametrize("tag", ["xmp", "plaintext"])
def test_what_stands_as_written_is_shown_as_written(tag: str) -> None:
    assert f"the <b>secret</b> <iframe> {tag}" in text_of(
        PAGE.format(f"<{tag}>the <b>secret</b> <iframe> {tag}</{tag}>")
    )


def test_a_page_of_frames_says_what_stands_instead_of_them() -> None:
    page = "<frameset><frame src=a><noframes><body>the secret meeting</body></noframes></frameset>"
    assert text_of(page).strip() == "the secret meeting"


def test_tags_in_scripts_comments_and_fields_stay_what_they_are() -> None:
    page = PAGE.format(
        "<script>var a = '<template>hidden</template>'</script><!-- <iframe> hidden -->"
        "<textarea><iframe src='https://kestrel.example/'></iframe></textarea><template>seen</template>"
    )
    text = text_of(page)
    assert "hidden" not in text
    assert "<iframe src='https://kestrel.example/'>" in text
    assert "seen" in text


def test_what_a_page_turns_round_is_marked_as_turned() -> None:
    assert "\u202elertsek\u202c" in visible("<p>the <BDO class=x dir='rtl'>lertsek</BDO> flies")
    assert "\u202dkestrel\u202c" in visible("<p>the <bdo dir=ltr>kestrel</bdo> flies")
    assert "\u202eyadsruhT\u202c" in visible("<p>meet <bdo dir='rtl'>yad<b>sruhT</b></bdo> at the quay")
