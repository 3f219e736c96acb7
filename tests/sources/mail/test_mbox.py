"""Mailboxes: the very bytes of each message, four dialects, resume at an offset, every cut noticed."""

import mailbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from
from mail_samples import SAMPLES, attached, boxed, plain

from actionday.mime.sniff import from_line, is_mailbox
from actionday.model import Claim, Damaged, Found, Kind, Limits, Status
from actionday.parsers.mail import PARSER
from actionday.sources.mail.mbox import SOURCE
from actionday.testing.context import Alone, Bytes, Glance, content
from actionday.testing.sources import check_source

LINE = b"From vera@kestrel.example Mon Jun  1 10:00:00 2026\n"
BOX = SAMPLES["mailbox.mbox"]()


def found(data: bytes, after: str | None = None) -> list[Found]:
    return list(SOURCE.items(Bytes(data), Alone("box", after=after)))


def bodies(data: bytes) -> list[bytes]:
    return [content(item, Bytes(data)) for item in found(data)]


def test_the_contract_of_sources(tmp_path: Path) -> None:
    (tmp_path / SOURCE.sample).write_bytes(BOX)
    check_source(SOURCE, tmp_path / SOURCE.sample)


def test_messages_are_those_of_the_standard_library_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(BOX)
    box = mailbox.mbox(tmp_path / "box")
    assert bodies(BOX) == [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118


def test_name_and_place_are_the_offset_of_the_from_line() -> None:
    items = found(BOX)
    assert [item.place for item in items] == [str(at) for at in range(len(BOX)) if BOX.startswith(LINE, at)]
    assert [item.name for item in items] == [f"{int(item.place):012d}" for item in items]


def test_what_the_listing_says_of_a_message() -> None:
    item = found(BOX)[0]
    assert (item.kind, item.mtime) == (Kind.MESSAGE, "2026-06-02T08:00:00Z")
    assert item.meta == {
        "envelope_sender": "vera@kestrel.example",
        "envelope_date": "Mon Jun  1 10:00:00 2026",
        "subject": "Rota 1",
        "sender": "Vera Falk <vera@kestrel.example>",
        "date_raw": "Tue, 02 Jun 2026 10:00:00 +0200",
        "date_reason": None,
    }


def test_m01_from_at_the_start_of_a_body_line_is_no_message() -> None:
    body = b"Hello\n\nFrom now on we meet at ten.\n\nFrom Monday 10:00 to Friday 2026\nbye\n"
    data = LINE + b"Subject: x\n\n" + body + b"\n" + LINE + b"Subject: y\n\nz\n"
    assert bodies(data) == [b"Subject: x\n\n" + body, b"Subject: y\n\nz\n"]


def test_m01_a_git_patch_in_a_body_is_no_message() -> None:
    patch = (
        b"From " + b"0a" * 20 + b" Mon Sep 17 00:00:00 2001\nFrom: A <a@b.example>\nSubject: [PATCH]\n\n---\n"
    )
    data = LINE + b"Subject: x\n\nsee:\n\n" + patch
    assert len(found(data)) == 1


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("gap", [0, 1], ids=["mboxcl2 without blank line", "with blank line"])
def test_a_content_length_that_ends_at_a_from_line_covers_unquoted_ones(end: bytes, gap: int) -> None:
    inside = (LINE + b"Subject: not a message\n\ntext\n").replace(b"\n", end)
    first = b"Subject: x" + end + b"Content-Length: %d" % len(inside) + end * 2 + inside
    data = (
        LINE.replace(b"\n", end)
        + first
        + end * gap
        + LINE.replace(b"\n", end)
        + b"Subject: y"
        + end * 2
        + b"z"
        + end
    )
    assert bodies(data) == [first, b"Subject: y" + end * 2 + b"z" + end]
    assert [note.code for note in found(data)[0].notes] == ["from_line_inside"]


def test_a_content_length_that_ends_nowhere_is_refused_and_said() -> None:
    first = b"Subject: x\nContent-Length: 3\n\nlonger than three\n"
    data = LINE + first + b"\n" + LINE + b"Subject: y\n\nz\n"
    assert bodies(data)[0] == first
    assert [note.code for note in found(data)[0].notes] == ["content_length"]


def test_mboxrd_quoting_stays_as_it_is_stored() -> None:
    first = b"Subject: x\n\n>From the start\n>>From before\n"
    assert bodies(LINE + first + b"\n" + LINE + b"Subject: y\n\n")[0] == first


@pytest.mark.parametrize(
    ("between", "first"),
    [
        (b"", b"Subject: x\n\nbody\n"),
        (b"\n", b"Subject: x\n\nbody\n"),
        (b"\r\n", b"Subject: x\n\nbody\n"),
        (b"\n\n", b"Subject: x\n\nbody\n\n"),
    ],
)
def test_one_blank_line_before_the_next_from_line_belongs_to_no_message(between: bytes, first: bytes) -> None:
    data = LINE + b"Subject: x\n\nbody\n" + between + LINE + b"Subject: y\n\nz\n"
    assert bodies(data)[0] == first


def test_a_message_without_a_body_keeps_the_blank_line_of_its_header() -> None:
    data = LINE + b"Subject: x\n\n" + LINE + b"Subject: y\n\n\n" + LINE + b"Subject: z\n\n"
    assert bodies(data) == [b"Subject: x\n\n", b"Subject: y\n\n", b"Subject: z\n\n"]


def test_a_from_line_with_nothing_behind_it_is_unreadable() -> None:
    *_, last = found(BOX + LINE)
    assert (last.status, last.reason) == (Status.UNREADABLE, "mbox: nothing behind the From_ line")


def test_lost_bytes_before_the_first_message_are_said() -> None:
    around = Alone("box")
    assert len(list(SOURCE.items(Bytes(b"torn line\n" + BOX), around))) == 3
    assert [note.reason for note in around.notes] == ["mbox: 10 bytes before the first From_ line"]
    with pytest.raises(Damaged):
        list(SOURCE.items(Bytes(b"From now on\n"), Alone("box")))


def test_a_long_mailbox_goes_on_behind_any_message_without_reading_what_lies_before() -> None:
    class Counted(Bytes):
        lowest = 1 << 60

        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.lowest = min(self.lowest, offset)
            return super().seek(offset, whence)

    data = BOX * 400
    places = [item.place for item in found(data)]
    stream = Counted(data)
    rest = list(SOURCE.items(stream, Alone("box", after=places[900])))
    assert [item.place for item in rest] == places[901:]
    assert stream.lowest == int(places[900])


@given(lists(integers(1, 3000), min_size=1, max_size=6), sampled_from([1, 2, 61]))
@settings(max_examples=40, deadline=None)
def test_messages_of_any_length_are_split_the_same_in_any_block(lengths: list[int], block: int) -> None:
    texts = [
        b"Subject: %d\n\n" % number + b"From x\n" * (length // 7) for number, length in enumerate(lengths)
    ]
    data = b"".join(LINE + text + b"\n" for text in texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("actionday.mime.window.BLOCK", block * 64)
        patch.setattr("actionday.mime.window.Window.__init__.__defaults__", (block * 64,))
        assert bodies(data) == texts


def noticed(data: bytes) -> bool:
    """Whether a mailbox, read as the pipeline reads it, says that something is missing."""
    try:
        items = found(data)
    except Damaged:
        return True
    return any(item.reason or _parsed(content(item, Bytes(data))) for item in items)


def _parsed(message: bytes) -> bool:
    parsed = PARSER.parse(memoryview(message), "message/rfc822", Limits())
    return bool(parsed.reason)


def test_every_cut_is_noticed_but_between_messages_and_behind_a_line_of_a_plain_body() -> None:
    data = boxed([plain(1), attached()])
    second = data.index(LINE, 1)
    first_body = data.index(b"\n\n") + 2
    closed = data.rindex(b"--") + 2  # behind the last delimiter only line breaks are left
    seen = [cut for cut in range(1, len(data)) if noticed(data[:cut])]
    unseen = sorted(set(range(1, len(data))) - set(seen))
    allowed = {cut for cut in range(first_body, second + 1) if data[cut - 1 : cut] == b"\n"}
    assert set(unseen) == allowed | set(range(closed, len(data)))


@pytest.mark.parametrize(
    ("name", "data", "claim"),
    [
        ("inbox", BOX, Claim.STRUCTURE),
        ("x.mbox", b"From now on\n\nwe meet\n", Claim.NO),
        ("x.mbox", b"", Claim.NO),
        (
            "0001-fix.patch",
            b"From " + b"0a" * 20 + b" Mon Sep 17 00:00:00 2001\nFrom: a@b\nDate: x\n\n",
            Claim.NO,
        ),
    ],
)
def test_a_mailbox_is_known_by_its_structure(name: str, data: bytes, claim: Claim) -> None:
    assert SOURCE.claims(Glance(name, data)) is claim
    assert SOURCE.claims(Glance(name, data, Kind.MESSAGE)) is Claim.NO


@pytest.mark.parametrize("filler", [b"\nFrom ", b"\nFrom a Mon", b"\n" + LINE + b"not a header\n", b"\n\n"])
def test_hostile_mailboxes_take_linear_time(filler: bytes) -> None:
    data = LINE + b"Subject: x\n\n" + filler * (2_000_000 // len(filler))
    assert len(found(data)) == 1


def test_many_wrong_content_lengths_take_linear_time() -> None:
    message = LINE + b"Subject: x\nContent-Length: 900000\n\nbody\n\n"
    items = found(message * 20_000)
    assert len(items) == 20_000


SECOND = (
    b"From: e@f.example\nTo: c@d.example\nSubject: two\nMessage-ID: <2@x>\nMIME-Version: 1.0\n"
    b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nc2Vjb25k\n"
)
LOOSE_LINES = [
    b"From e@f\n", b"From e@f Tue Mar  3 10:00:00\n", b"From e@f\tTue Mar  3 10:00:00 2020\n", b"From Eve\n",
    b'From "Eve Foo" Tue Mar  3 10:00:00 2020\n', b"From e@f tue mar  3 10:00:00 2020\r\n", b"From e@f yesterday\n",
]  # fmt: skip


@pytest.mark.parametrize("line", LOOSE_LINES)
def test_a_from_line_with_any_date_begins_a_message_where_a_header_of_mail_is_behind_it(line: bytes) -> None:
    first = b"From: a@b.example\nSubject: one\n\nhello\n"
    for data, number in (
        (LINE + first + b"\n" + line + SECOND, 1),
        (line + SECOND + b"\n" + LINE + first, 0),
    ):
        assert is_mailbox(data) or data.startswith(b"From Eve\n")  # alone, that is a line of somebody else
        assert bodies(data)[number] == SECOND
        place = data.index(line)
        noted = [note for note in found(data)[number].notes if note.code == "from_line"]
        assert bool(noted) == (from_line(line) is None)
        assert all(f"byte {place} " in note.reason for note in noted)


@pytest.mark.parametrize("before", [b"said: ", b"text\n", b"x\n>"])
def test_a_body_that_quotes_a_mail_is_not_cut(before: bytes) -> None:
    quoted = b"\n" + before + b"From e@f\n" + SECOND
    for body in (quoted, b"\nFrom now on\n\n" + SECOND, b"\nFrom e@f\nwe heard:\n" + SECOND):
        assert bodies(LINE + b"From: a@b.example\nSubject: one\n\n" + body + b"\n" + LINE + SECOND) == [
            b"From: a@b.example\nSubject: one\n\n" + body, SECOND,
        ]  # fmt: skip


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\r\n", b"exported by somebody\n"])
def test_what_stands_before_the_first_from_line_hides_no_message(before: bytes) -> None:
    data = before + LINE + SECOND + b"\n" + LINE + SECOND
    assert SOURCE.claims(Glance("box", data)) is Claim.STRUCTURE
    assert bodies(data) == [SECOND, SECOND]
    assert found(data)[0].meta.get("before_first") == ("exported by somebody" if b"some" in before else None)
