r"""The pass over a text for the signs of all spellings never says no where a spelling would find something."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.mime.otherwise import (
    chats,
    codings,
    continued,
    controls,
    dumped,
    entities,
    escapes,
    hidden,
    hosts,
    hyphens,
    mojibake,
    percent,
    quoted,
    seven,
    sixtyfour,
    spellings,
    unseen,
    words,
)
from actionday.mime.otherwise import watch as watching
from actionday.mime.otherwise.layer import WATCH
from actionday.mime.otherwise.runs import LEAST, runs
from actionday.mime.otherwise.signs import ROW, Seen

RUNS = re.compile(rf"[A-Za-z0-9+/]{{{LEAST},}}")
KNOWN = [
    *(escapes.RUN, percent.RUN, entities.RUN, words.RUN, seven.RUN, quoted.RUN, quoted.ASCII, quoted.QUICK),
    *(
        chats.RUN,
        controls.OCTAL,
        controls.CARET,
        controls.META,
        hyphens.PARTED,
        hosts.LABEL,
        mojibake.WESTERN,
    ),
    *(dumped.BARE, dumped.MARKED, dumped.LINE),
    *(continued.END, hidden.TAGS, re.compile(f"[{hidden.BYTES}]")),
    *(sixtyfour.CALLED, sixtyfour.LOGIN, RUNS),
]
PARTS = [
    *[
        "\\u00e9",
        "\\x41\\x42\\x43",
        "\\320\\277",
        "\\nword",
        "\\\\nword",
        "\\u{434}",
        "\\U00000434",
        "\\0\\Zab",
        "%D8%A7",
        "%2541",
        "%u0627",
        "a%20bc",
    ],
    *[
        "&#1575;",
        "&amp;#x627;",
        "&uuml;",
        "=?utf-8?B?2KfZhNiz?=",
        "xn--mgbh0fb",
        "XN--MNCHEN-3YA",
        "+BicGRAYz-",
        "+APwA3w-",
        "dn: a\nb",
        "dn:",
    ],
    *[
        "=D8=A7",
        "=C3=\n=BC",
        "=0D=0A",
        '=3D"a',
        "=20=\n",
        "=20=\r\n",
        "[31mword",
        "\\e[1;31mword",
        "^[[mword",
        "#033[m",
        "[m",
        "[٣mw",
        "[٣1mw",
        "[1;٣mw",
    ],
    *[
        "\x02a\x02",
        "\x0304word",
        "\x04ff8800x",
        "\x0f",
        "#012a",
        "#302#251",
        "#3",
        "#0",
        "^Ia",
        "^M\n",
        "^M",
        "^H^H",
        "M-CM-$",
        "M-^C",
        "M-",
        "é-\nab",
        "ab- \nab",
    ],
    *[
        "ab\xad\nab",
        "ab\\\nab",
        "6b 65 73 74 72 65 6c 73",
        "6b,65,73,74,72,65,6c,73",
        "0x6b, 0x65, 0x73, 0x74, 0x72, 0x65, 0x6c, 0x73",
        "\\x6b, \\x65, \\x73, \\x74, \\x72, \\x65, \\x6c, \\x73",
        "00000000: 6b65 7374 7265 6c73  kestrels",
        "é^\r\né",
        "ab‐\r\nab",
        "ab-",
        "\u202eshalom\u202c",
        "kㅤe",
        "a\ufeffb",
        "a\u200bb",
        "\U000e006b\U000e0065",
        "\U000e015b\U000e0155\ufe0f",
        "Ã©",
        "Ð¿Ñ€",
        "РєРѕС‚РµРё",
        "ط§ظ„",
        "Â\xa0",
    ],
    *[
        "INSERT INTO ",
        "COPY ",
        "\\\\x616263646566",
        "0x616263646566",
        "'616263646566'",
        "msg=audit(",
        "name=6162636465",
    ],
    *[
        "atob('a2VzdHJlbA==')",
        "base64_decode('a2VzdHJlbA==')",
        'Base64.decode("a2VzdHJlbA")',
        "Basic YTpiYzpkZWY=",
    ],
    *[
        "kind: Secret\n",
        "\n  a: a2VzdHJlbA==\n",
        "dGhlIGtlc3RyZWwgbGVhdmVzIGF0IG5vb24=",
        "746865206b65737472656c206c65617665",
        "a/b",
    ],
]
WHOLE = [
    "INSERT INTO t VALUES (0x6b65737472656c);",
    "COPY t FROM stdin;\n\\\\x6b65737472656c\n",
    "msg=audit(1): name=6B65737472656C",
    "kind: Secret\ndata:\n  a: a2VzdHJlbA==\n",
    "dn: cn=a\ncn:: a2VzdHJlbA==\n",
    "ab^M\nab^M\nab^Mcd",
    "ab^I^Icd^I^Ief",
    *(f"\u202d{'שלום'[::-1]}\u202c", *(f"k{filler}e" for filler in unseen.FILLERS)),
    *(bytes(word.encode()).decode("cp1256") for word in ("ابا", "لم")),
]
PARTS += WHOLE
LETTERS = st.text("\\u%&=?+#^M-HI[1;m64bxnd:\"'(. \r\n\x02\x03aé٣\u2010\u00adРط§", max_size=12)
TEXTS = st.lists(st.one_of(st.sampled_from(PARTS), LETTERS, st.text(max_size=3)), max_size=12).map("".join)


@pytest.fixture(params=[5, 1 << 14], ids="{} letters a window".format)
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(watching, "WINDOW", request.param)
    return int(request.param)


@pytest.mark.usefixtures("window")
@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_whoever_would_find_something_is_asked_with_all_that_it_looks_for(text: str) -> None:
    asked = {id(spelling): seen for spelling, seen in WATCH.asked(text)}
    long = [found.span() for found in RUNS.finditer(text)]
    for spelling in spellings.ALL:
        seen = asked.get(id(spelling))
        found = list(spelling.readings(text, Seen(frozenset(spelling.signs), long)))
        assert found == (list(spelling.readings(text, seen)) if seen else [])
        assert not seen or list(seen.runs) == long


@pytest.mark.parametrize("pattern", KNOWN, ids=lambda pattern: pattern.pattern[:20])
@pytest.mark.parametrize("size", [0, 13, 14, 15, 16])
def test_a_sign_is_seen_wherever_it_stands(
    pattern: re.Pattern[str], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "WINDOW", 16)
    text = next(
        part for part in PARTS if pattern.search(part if isinstance(pattern.pattern, str) else part.encode())
    )
    plain = {id(spelling) for spelling, _ in WATCH.asked("a word")}
    alone = {id(spelling) for spelling, _ in WATCH.asked(text)}
    assert alone > plain
    assert alone <= {id(spelling) for spelling, _ in WATCH.asked(" " * size + text)}


CODED = st.one_of(
    *(st.text(kind, min_size=28, max_size=130) for kind in ("abcdefABCDEF", "aG/", "aB0g+", "aQRx5Z"))
)


@settings(max_examples=300, deadline=None)
@given(CODED, st.text("abc/Z0", max_size=9))
def test_no_run_is_left_out_that_may_be_of_figures_or_of_base64(run: str, before: str) -> None:
    text = f"{before}.{run}.b0"
    span = (len(before) + 1, len(before) + 1 + len(run))
    beginning = run[: sixtyfour.LOOKED_AT]
    kinds = all(any(map(kind, beginning)) for kind in (str.isupper, str.islower, str.isdigit))
    figures, letters = codings._parted(text, [span])
    assert figures == ([span] if set(run) <= set(codings.HEXADECIMAL) else [])
    assert list(sixtyfour._likely(text, letters)) == (
        [span] if not figures and (kinds or set(beginning[::4]) <= set(sixtyfour.ASCII)) else []
    )


@pytest.mark.parametrize("letters", ["", "a", "plain words, and nothing else.\n" * 2000, "слово " * 9000])
def test_of_a_text_without_signs_no_spelling_is_asked(letters: str) -> None:
    assert list(WATCH.asked(letters)) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 40), st.sampled_from([26, 27, 28, 200])), max_size=12))
def test_runs_are_found_wherever_they_begin(lengths: list[int]) -> None:
    pairs = b"\0".join(b"\1" * length for length in lengths)
    assert runs(pairs) == [(run.start(), run.end() + 1) for run in re.finditer(b"\1{27,}", pairs)]


ROWS = [
    "48 65 6c 6c 6f 20 4b 65",
    "48  65  6c  6c  6f  20",
    "4865 6c6c 6f20 4b65",
    "48656c6c 6f204b65 7374726c",
]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("before", ["", ".", " ", "\n  "])
def test_a_row_of_bytes_in_figures_is_seen_wherever_it_stands(row: str, before: str) -> None:
    needles = (*dumped.LISTED, *dumped.IN_GROUPS)
    assert any(needle in row.encode().translate(dumped.KINDS) for needle in needles)
    for at in (*range(4), *range(watching.WINDOW - 40, watching.WINDOW + 40)):
        for behind in ("", "Z"):
            asked = {id(spelling): seen for spelling, seen in WATCH.asked("z" * at + before + row + behind)}
            assert ROW in asked[id(dumped.SPELLING)].signs


@pytest.mark.parametrize("length", [27, 28, 29, 60])
def test_a_run_is_seen_whole_at_the_end_of_a_window(length: int) -> None:
    for at in range(watching.WINDOW - 70, watching.WINDOW + 5):
        text = f"{'.' * at}{'k' * length}."
        found = [span for spelling, seen in WATCH.asked(text) for span in seen.runs]
        assert found == ([(at, at + length)] if length >= LEAST else [])


def test_no_two_signs_share_a_bit_that_are_not_said_to() -> None:
    own = {sign for spelling in spellings.ALL for sign in spelling.signs if not (sign.rare or sign.like)}
    assert len({WATCH._bits[sign] for sign in own}) == len(own)


BYTE_BY_BYTE = [
    "0x41",
    "\\x42",
    "'0x43'",
    '"\\x44"',
    "0x41, ",
    "\\x42, ",
    "'\\x43'\n  ",
    "0x44 ",
    "x4",
    "0",
    "'",
    "\\",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(BYTE_BY_BYTE), min_size=6, max_size=40).map("".join))
def test_bytes_with_marks_are_found_as_by_an_expression_over_all_of_the_text(text: str) -> None:
    kinds = text.encode("latin-1", "replace").translate(dumped.KINDS)
    found = [each.span() for each in dumped._marked(text, kinds)]
    assert found == [each.span() for each in dumped.MARKED.finditer(text)]
