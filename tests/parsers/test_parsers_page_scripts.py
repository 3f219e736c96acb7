"""What scripts and style sheets of a page say is found as in files of their own; a page they write is never just empty."""

from base64 import b64encode

import pytest

from actionday.mime.otherwise.layer import beside
from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._said_in_code import said

PARSERS = Parsers.load()
WORDS = b64encode(b"falcon at the pier").decode()


def read(content: str, mime: str = "text/html") -> Parsed:
    parsed = PARSERS.parse(mime, content.encode(), Limits())
    assert parsed is not None
    return parsed


def words(content: str, mime: str = "text/html") -> str:
    return " ".join("".join(read(content, mime).text).split())


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (r'x = "\u0627\u0644\u0639\u0631\u0628"', "العرب"),
        (r'x = "\x46\x61\x6c\x63\x6f\x6e"', "Falcon"),
        ('go(unescape("%u0627%u0644%u0639"))', "الع"),
        ('go(decodeURIComponent("%D8%A7%D9%84%D8%B9"))', "الع"),
        ('x = "&amp;#1575;&amp;#1604;&amp;#1593;"', "الع"),
        (f'go(atob("{WORDS}"))', "falcon at the pier"),
        (r"// \u0627\u0644\u0639", "الع"),
        ('document.write("Sing")', "Sing"),
        ('document.writeln("Sing" + name + " at " + hour + "dawn")', "dawn"),
        ("box.innerHTML = '<b>Falcon</b>'", "Falcon"),
        ("box.textContent = `Falcon`", "Falcon"),
        ('alert("+43 660 123")', "+43 660 123"),
        ("document.title = 'Falcon'", "Falcon"),
        (f'document.write("{"the kestrel leaves at noon, " * 300}")', "the kestrel leaves at noon"),
        ('x = "" + "the kestrel leaves at noon"', "the kestrel leaves at noon"),
        ("// don't\nx = 'the kestrel leaves at noon'", "the kestrel leaves at noon"),
        ("x=/[\"']/;y='the kestrel leaves at noon'", "the kestrel leaves at noon"),
        ('x="https://k.example/";y="the kestrel leaves at noon"', "the kestrel leaves at noon"),
    ],
)
def test_a_script_of_a_page_says_what_it_says_in_a_file_of_its_own(code: str, wanted: str) -> None:
    assert wanted in words(f"<p>shown</p><script>{code}</script>")
    assert wanted in words(f"<p>shown</p><SCRIPT type='text/javascript'>{code}</SCRIPT>")
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>shown</text><script><![CDATA[{code}]]></script></svg>'
    )
    assert (
        wanted in words(drawn, "image/svg+xml") or wanted == "the kestrel leaves at noon"
    )  # a program's own words
    alone = words(code, "text/javascript")
    assert wanted in " ".join((alone, *beside([alone]).lines))


@pytest.mark.parametrize(
    ("sheet", "wanted"),
    [
        (r"p::before { content: '\0627\0644\0639' }", "الع"),
        (r'p::before { content: "caf\e9 s" }', "cafés"),
        (r"p::before{content:'\46\61\6c\63\6f\6e'}", "Falcon"),
        (r"p::before{content:'\627\644 \0639'}", "الع"),
        ("p::before { content: 'Falcon; at } dawn' }", "Falcon; at } dawn"),
        (r"/* \u0627\u0644\u0639 */ p { color: red }", "الع"),
        (r":root { --said: '\0627\0644\0639' }", "الع"),
    ],
)
def test_a_style_sheet_of_a_page_says_what_it_says_in_a_file_of_its_own(sheet: str, wanted: str) -> None:
    assert wanted in words(f"<p>shown</p><style>{sheet}</style>")
    assert wanted in " ".join((sheet, *beside([sheet]).lines))


@pytest.mark.parametrize(
    "text",
    [
        r'go("C:\data\1234\beef")',
        r".i{content:'\f101'}",
        r".q{content:'\201C'}",
        r"{content: '\303\251t\303\251'}",
    ],
)
def test_paths_signs_and_bytes_are_no_letters_of_a_style_sheet(text: str) -> None:
    assert not [line for line in beside([text]).lines if "ሴ" in line or "\uf101" in line or "̃" in line]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (r"""<b onclick="alert('\u0627\u0644\u0639')">x</b>""", "الع"),
        ("<b onclick=alert('Falcon')>x</b>", "Falcon"),
        ('<b onclick="say(unescape(&quot;%u0627%u0644%u0639&quot;))">x</b>', "الع"),
        ("""<a href="javascript:alert('%D8%A7%D9%84%D8%B9')">x</a>""", "الع"),
        ("<a href=javascript:alert('Falcon')>x</a>", "Falcon"),
        (r"<!-- \u0627\u0644\u0639 -->", "الع"),
    ],
)
def test_handlers_targets_and_comments_say_it_too(markup: str, wanted: str) -> None:
    assert wanted in words(f"<p>shown</p>{markup}")


def test_a_page_that_its_scripts_write_is_read_from_them_and_that_is_said() -> None:
    for page in (
        "<html><body>{}</body></html>",
        "<html><head><title>Club</title></head><body>{}</body></html>",
    ):
        parsed = read(page.format('<script>React.createElement("p", null, "Falcon")</script>'))
        assert '"Falcon"' in "".join(parsed.text)
        assert ([note.code for note in parsed.notes], parsed.reason) == (
            ["by_script"],
            parsed.notes[0].reason,
        )
    drawn = read(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>put("Falcon")</script></svg>', "image/svg+xml"
    )
    assert '"Falcon"' in "".join(drawn.text)
    assert [note.code for note in drawn.notes] == ["by_script"]


def test_a_page_whose_scripts_lie_elsewhere_names_one() -> None:
    parsed = read('<html><body><script src="app.js"></script></body>')
    assert (list(parsed.text), parsed.reason) == (
        [],
        "read, but the page shows no characters; what scripts put there lies elsewhere: app.js",
    )


def test_code_between_strings_is_no_string() -> None:
    code = "a='';if(b in c){return typeof d}e=\"\";for(var f in g)h(f instanceof k)"
    assert list(said(code)) == []
    assert list(said('f.append("key", "value"); x.className = "big box"')) == []
