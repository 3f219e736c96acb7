"""WhatsApp's text of any phone: how many messages, whose, when, and what is no chat."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from chat_samples import ARABIC_DIGITS, CANADIAN, GERMAN, IOS, SIGNAL, SPANISH
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.ledger.canonical import parse
from actionday.model import Claim, Kind
from actionday.sources.chats import signal, whatsapp
from actionday.sources.chats._clocks import half_of, hour_of
from actionday.sources.chats._lines import line_of
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import Listing, check_source, listing

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data")) / "chat"


def read(text: str | bytes, around: Any = Alone, source: Any = whatsapp.SOURCE) -> Listing:
    return listing(source, "_chat.txt", text.encode() if isinstance(text, str) else text, around)


def messages(found: Listing) -> list[dict[str, Any]]:
    pairs = zip(found.items, found.contents, strict=True)
    return [parse(body) for item, body in pairs if item.kind is Kind.MESSAGE]


def told(text: str) -> list[tuple[str | None, str | None]]:
    return [(each.get("time"), each.get("sender")) for each in messages(read(text))]


FORMS = [
    ("ios", IOS, [("2021-10-14T15:34:09", "Crew"), ("2021-10-14T15:35:10", "Vera Falk"),
                  ("2021-10-14T15:36:00", "~\u202fOmar"), ("2021-10-15T00:00:00", "Vera Falk"),
                  ("2021-10-15T12:00:01", "\u202a+34 600 000 004\u202c")]),
    ("es", SPANISH, [("2017-06-20T20:28:00", None), ("2017-06-20T20:29:00", "Vera"), ("2017-06-21T00:05:00", "Omar")]),
    ("de", GERMAN, [("2021-08-03T12:30:00", "Vera"), ("2021-08-03T12:31:00", "Omar"), ("2021-08-03T12:32:00", None)]),
    ("fr-CA", CANADIAN, [("2023-12-20T17:46:00", "Vera"), ("2023-12-20T17:47:00", "Omar"),
                         ("2023-12-21T09:00:00", "Vera")]),
    ("ar", ARABIC_DIGITS, [("2021-10-14T15:34:00", None), ("2021-10-14T15:35:00", "عمر"),
                           ("2021-10-15T00:01:00", "فيرا")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [each[1:] for each in FORMS], ids=[each[0] for each in FORMS])
def test_c06_messages_are_counted_and_dated_whatever_the_phone(
    text: str, wanted: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    assert whatsapp.SOURCE.claims(Glance("export.txt", text.encode())) is Claim.STRUCTURE
    assert told(text) == wanted
    (tmp_path / "export.txt").write_text(text)
    check_source(whatsapp.SOURCE, tmp_path / "export.txt")


MORE = {
    "14/10/21 15.34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "2021/10/14 15:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "2021/10/14 下午3:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "2021. 10. 14. 오후 3:34, Vera : x": ("2021-10-14T15:34:00", "Vera"),
    "2021년 10월 14일 오후 3:34, Vera : x": ("2021-10-14T15:34:00", "Vera"),
    "14/10/2021 à 15:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "14.10.2021 klo 15.34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "14.10.2021 г., 15:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "[14.10.21, 15:34:09] Vera: x": ("2021-10-14T15:34:09", "Vera"),
    "14/10/2564 15:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "१४/१०/२१, ३:३४ अपराह्न - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "14-10-2021 15:34 - Vera: x": ("2021-10-14T15:34:00", "Vera"),
    "14/10/21, 3:34 μ.μ. - Vera: x": ("2021-10-14T15:34:00", "Vera"),
}


@pytest.mark.parametrize("line", MORE)
def test_lines_of_further_languages(line: str) -> None:
    assert told(f"{line}\n") == [MORE[line]]


def halves() -> list[tuple[str, str, str]]:
    """Return every day period of a locale whose short time has twelve hours, as CLDR has it."""
    found = []
    for name in locale_identifiers():
        locale = Locale.parse(name)
        if "h" in locale.time_formats["short"].pattern:
            periods = locale.day_periods["format"]["abbreviated"]
            found += [(name, half, periods[half]) for half in ("am", "pm") if half in periods]
    return found


PHONES = "en es ar zh ko ja hi ur bn fa tr el sq ms pa gu mr ta te kn ml so am he th id sw af fil vi bg"
"""Languages that WhatsApp has and whose clocks may have twelve hours."""


def test_day_periods_of_the_languages_whatsapp_has_are_known() -> None:
    unknown = {
        (name, half, word)
        for name, half, word in halves()
        if name.partition("_")[0] in PHONES.split() and half_of(word) != half
    }
    assert unknown == set()


def test_hours_of_twelve() -> None:
    assert [hour_of(hour, "am") for hour in (12, 1, 11)] == [0, 1, 11]
    assert [hour_of(hour, "pm") for hour in (12, 1, 11)] == [12, 13, 23]
    assert [hour_of(hour, "night") for hour in (12, 1, 7, 11)] == [0, 1, 19, 23]
    assert (hour_of(15, "pm"), hour_of(0, "am"), hour_of(15, "")) == (15, 0, 15)


def test_lines_between_belong_to_the_message_and_colons_stay() -> None:
    found = messages(read(IOS))
    assert found[1]["text"] == "Ten o'clock\r\nand not later:\r\n\r\n12/1 is a day"
    assert found[4]["text"] == "نعم: الأحد"
    assert (
        messages(read(GERMAN))[2] | {"service": True, "text": "Vera hat Omar entfernt"}
        == messages(read(GERMAN))[2]
    )


def test_each_message_lies_where_it_says_and_all_bytes_are_in_one() -> None:
    items = [item for item in read(IOS).items if item.kind is Kind.MESSAGE]
    ends = [item.meta["offset"] + item.meta["length"] for item in items]
    assert [item.meta["offset"] for item in items] == [0, *ends[:-1]]
    assert ends[-1] == len(IOS.encode())


def test_files_are_named_with_whether_they_are_there_or_were_left_out() -> None:
    around = Alone("_chat.txt", beside={"00000003-PHOTO-2021-10-14-15-36-00.jpg": b""})
    found = read(IOS, lambda _: around)
    assert found.items[3].meta["files"] == [{"path": "00000003-PHOTO-2021-10-14-15-36-00.jpg", "there": True}]
    assert messages(found)[3]["media"] == [{"kind": "file", "missing": "image omitted"}]
    spanish = read(SPANISH)
    assert spanish.items[2].meta["files"] == [{"path": "IMG-20170620-WA0001.jpg", "missing": True}]
    assert messages(spanish)[1]["text"].endswith("\nla foto")
    assert messages(spanish)[2]["media"] == [{"kind": "file", "missing": "<Multimedia omitido>"}]


def test_the_order_of_day_and_month_is_decided_from_the_whole_file() -> None:
    early = "".join(f"{day}/{month}/21, 10:00 - Vera: x\n" for month, day in ((1, 2), (2, 3), (3, 4)))
    assert told(early + "25/4/21, 10:00 - Omar: y\n")[0][0] == "2021-01-02T10:00:00"
    late = early.replace("21, ", "2021, ")
    assert told(late + "4/25/2021, 10:00 - Omar: y\n")[0][0] == "2021-02-01T10:00:00"
    assert told(late + "25/4/2021, 10:00 - Omar: y\n")[0][0] == "2021-01-02T10:00:00"


def test_an_order_that_cannot_be_told_is_said() -> None:
    around = Alone("_chat.txt")
    found = read(
        "3/4/2021, 10:00 - Vera: x\n3/4/2021, 10:01 - Omar: y\n5/5/2021, 9:00 - Omar: z\n", lambda _: around
    )
    assert [note.code for note in around.notes] == ["date_order"]
    assert "read as day, month, year" in around.notes[0].reason
    assert "date_order" not in found.items[0].meta
    reasons = [item.meta["date_reason"] for item in found.items[1:]]
    assert ["other way round" in each for each in reasons] == [True, True, False]


def test_a_day_that_no_calendar_has_keeps_its_message() -> None:
    found = read("41/40/1400, 10:00 - Vera: x\n41/40/1400, 10:01 - Omar: y\n")
    assert [(each.get("time"), each["text"]) for each in messages(found)] == [(None, "x"), (None, "y")]
    assert found.items[1].meta["date_reason"] == "its day cannot be told"


TEXTS = {
    "laravel": "[2021-10-14 15:34:09] local.ERROR: Undefined: x\n[2021-10-14 15:34:10] local.INFO: y: z\n"
    * 3,
    "python": "2021-10-14 15:34:09,123 - root - INFO - started: x\n2021-10-14 15:34:10,124 - root - INFO - y: z\n"
    * 3,
    "program": "[14/10/2021 15:34:09] sshd: x\n[14/10/2021 15:34:10] kernel: y\n" * 5,
    "minutes": "14/10/2021, 15:34 - eth0: up\n14/10/2021, 15:35 - eth0: down\n" * 5,
    "diary": "14.10.2021\n15:34 - Vera came.\n\n15.10.2021, 10:00 - she went\n",
    "table": "14/10/2021,15:34,Vera,x\n14/10/2021,15:35,Omar,y\n",
    "begun later": "Dear all,\n14/10/2021, 15:34 - Vera: x\n14/10/2021, 15:35 - Omar: y\n",
    "one person": "14/10/2021, 15:34 - Vera: x\n14/10/2021, 15:36 - Vera: y\n",
    "rota": "2026-06-01 10:00:00 host[1]: x\n2026-06-02 10:00:00 host[1]: y\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_only_looks_like_a_chat_stays_a_text(name: str) -> None:
    peek = Glance("notes.txt", TEXTS[name].encode())
    assert (whatsapp.SOURCE.claims(peek), signal.SOURCE.claims(peek)) == (Claim.NO, Claim.NO)


@settings(max_examples=200, deadline=None)
@given(integers(0, len(IOS.encode()) - 1), integers(0, 30), binary(max_size=6))
def test_any_damage_leaves_no_byte_out(at: int, gone: int, put: bytes) -> None:
    data = IOS.encode()[:at] + put + IOS.encode()[at + gone :]
    found = read(data)
    if found.items:
        covered = sum(
            item.meta.get("length", 0) if item.runs is None else item.size or 0 for item in found.items
        )
        assert covered == len(data) or not data[: len(data) - covered].strip(b"\r\n")
    else:
        assert found.end


@settings(max_examples=200, deadline=None)
@given(binary(max_size=80))
def test_no_line_raises(data: bytes) -> None:
    for begin in (b"", b"[14/10/2021, 3:", b"14.10.21, 15:34 - "):
        line_of(begin + data, 0)


def test_signal_is_read_the_same_way() -> None:
    assert signal.SOURCE.claims(Glance("signal.txt", SIGNAL.encode())) is Claim.STRUCTURE
    assert whatsapp.SOURCE.claims(Glance("signal.txt", SIGNAL.encode())) is Claim.NO
    found = messages(read(SIGNAL, source=signal.SOURCE))
    assert [(each["time"], each["sender"], each["text"]) for each in found] == [
        ("2019-12-24T12:23:00", "Vera Falk", "Ten"),
        ("2020-01-17T21:49:00", "Omar", "Eleven\nor twelve"),
        ("2020-01-18T01:02:00", "Vera Falk", "no"),
    ]


KNOWN = [*(f"whatsapp/test_{each}.txt" for each in ("[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "mmddyyyy_12hrs")),
         "signal/test_export.txt"]  # fmt: skip


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data at {DATA}")
@pytest.mark.parametrize("name", KNOWN)
def test_known_answers(name: str) -> None:
    path = DATA / "chat-miner" / name
    source = signal.SOURCE if "signal" in name else whatsapp.SOURCE
    assert source.claims(Glance(path.name, path.read_bytes())) is Claim.STRUCTURE
    found = [each for each in messages(read(path.read_bytes(), source=source)) if "sender" in each]
    wanted = json.loads((path.parent / "target.json").read_bytes())
    wanted.sort(key=lambda each: each["timestamp"])
    found.sort(key=lambda each: each["time"])
    assert [(each["time"], each["sender"], " ".join(each["text"].split())) for each in found] == [
        (each["timestamp"], each["author"], " ".join(each["message"].split())) for each in wanted
    ]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data at {DATA}")
@pytest.mark.parametrize(
    ("name", "count", "order"), [("lorem", 500, "day, month, year"), ("pokemon", 20, "day, month, year")]
)
def test_known_counts(name: str, count: int, order: str) -> None:
    found = read((DATA / "whatstk" / f"{name}.txt").read_bytes())
    assert (len(messages(found)), found.items[0].meta["date_order"]) == (count, order)
