"""Mailboxes of other times, and mail that an editor saved as UTF-16: the same messages."""

import mailbox
from io import BytesIO

import pytest
from mail_samples import SAMPLES, attached, kept, plain

from actionday.mime import line_ends
from actionday.model import Claim, Found, Kind, Source, Status
from actionday.sources.mail import babyl, cr, eml, emlx, mbox, message, mmdf, wide
from actionday.testing.context import Alone, Bytes, Glance, content

MESSAGES = (plain(1), attached())
WANTED = [each.as_bytes() for each in MESSAGES]
UNFOLDED = [body.replace(b";\n ", b"; ").rstrip() for body in WANTED]  # as the library's mailboxes have them
MMDF, BABYL = kept(mailbox.MMDF, *MESSAGES), kept(mailbox.Babyl, *MESSAGES)
WIDE = WANTED[1].decode().encode("utf-16")


def read(source: Source, data: bytes, after: str | None = None) -> tuple[list[Found], list[bytes], Alone]:
    around = Alone("m", after=after)
    stream = Bytes(data)
    found = list(source.items(stream, around))
    return found, [content(item, stream) for item in found], around


def test_the_messages_of_an_mmdf_mailbox() -> None:
    found, bodies, around = read(mmdf.SOURCE, MMDF)
    unquoted = [body.partition(b"\n")[2].replace(b"\n>From ", b"\nFrom ") for body in bodies]
    assert [body.rstrip() for body in unquoted] == UNFOLDED
    assert not around.notes
    assert [item.kind for item in found] == [Kind.MESSAGE] * 2
    assert read(mmdf.SOURCE, MMDF, after=found[0].place)[1] == bodies[1:]


def test_the_messages_of_a_babyl_mailbox_with_the_header_that_came() -> None:
    found, bodies, around = read(babyl.SOURCE, BABYL)
    assert bodies[0].startswith(b"BABYL OPTIONS:")
    assert [body.rstrip() for body in bodies[1:]] == UNFOLDED
    assert not around.notes
    assert read(babyl.SOURCE, BABYL, after=found[1].place)[1] == bodies[2:]


def test_a_header_that_is_shown_otherwise_than_it_came_is_an_item() -> None:
    data = BABYL.replace(b"*** EOOH ***\n", b"*** EOOH ***\nX-Word: pier\n", 1)
    found, bodies, _ = read(babyl.SOURCE, data)
    assert found[2].name.endswith("header as shown")
    assert b"pier" in bodies[2]
    assert bodies[1].rstrip(b"\n") == WANTED[0].rstrip(b"\n")


@pytest.mark.parametrize(
    ("source", "data"), [(mmdf.SOURCE, MMDF), (babyl.SOURCE, BABYL)], ids=["mmdf", "babyl"]
)
def test_every_cut_within_a_message_is_noticed(source: Source, data: bytes) -> None:
    whole = read(source, data)[0]
    starts = {int(item.place) for item in whole if item.place.isdigit()}
    for cut in range(min(starts) + 8, len(data) - 2):
        found, _, around = read(source, data[:cut])
        cut_off = any(item.status is Status.UNREADABLE or item.name.endswith("behind") for item in found)
        told = cut_off or around.notes
        assert told or len(found) < len(whole), cut
        assert told or any(0 <= cut - start <= 12 for start in starts), cut


def test_bytes_between_messages_are_an_item() -> None:
    _, bodies, around = read(
        mmdf.SOURCE, MMDF.replace(b"\1\1\1\1\n\1\1\1\1\n", b"\1\1\1\1\nold pier\n\1\1\1\1\n", 1)
    )
    assert b"old pier\n" in bodies
    assert [note.code for note in around.notes] == ["unclaimed"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_mail_saved_as_utf16_has_its_attachments(codec: str) -> None:
    data = WIDE.decode("utf-16").encode(codec)
    assert wide.SOURCE.claims(Glance("m", data)) is Claim.STRUCTURE
    assert not eml.SOURCE.claims(Glance("m", data))
    (found,), (body,), _ = read(wide.SOURCE, data)
    assert (found.kind, found.meta["subject"]) == (Kind.MESSAGE, attached()["Subject"])
    names = [item.name for item in message.SOURCE.items(Bytes(body), Alone("m"))]
    assert names == [item.name for item in message.SOURCE.items(Bytes(WANTED[1]), Alone("m"))]
    box = kept(mailbox.mbox).decode().encode(codec)
    (found,), (body,), _ = read(wide.SOURCE, box)
    assert len(list(mbox.SOURCE.items(Bytes(body), Alone("m")))) == 2


def test_other_texts_in_utf16_are_not_opened() -> None:
    for text in (
        "Dear crew,\n\nFrom now on the rota begins at ten.\n" * 9,
        "<html><body>hello</body></html>" * 9,
    ):
        assert not wide.SOURCE.claims(Glance("m", text.encode("utf-16")))


def test_sections_without_the_line_behind_their_header_take_linear_time() -> None:
    found, _, _ = read(babyl.SOURCE, b"BABYL OPTIONS:\n" + b"\x1f\x0c\n1,,\nSubject: a\n\nhi\n" * 20_000)
    assert len(found) == 20_001


def test_the_options_of_a_babyl_mailbox_are_a_text() -> None:
    options = read(babyl.SOURCE, BABYL)[1][0]
    assert babyl.SOURCE.claims(Glance("m", BABYL)) is Claim.STRUCTURE
    assert babyl.SOURCE.claims(Glance("options", options)) is Claim.NO


@pytest.mark.parametrize("name", ["mbox", "mmdf", "babyl", "emlx", "eml", "before"])
def test_mail_whose_lines_end_in_cr_has_its_messages_and_attachments(name: str) -> None:
    data, opener = {
        "mbox": (kept(mailbox.mbox, *MESSAGES), mbox.SOURCE),
        "mmdf": (MMDF, mmdf.SOURCE),
        "babyl": (BABYL, babyl.SOURCE),
        "emlx": (SAMPLES["message.emlx"](), emlx.SOURCE),
        "eml": (WANTED[1], message.SOURCE),
        "before": (b"\n\n" + WANTED[1], message.SOURCE),
    }[name]
    old = data.replace(b"\n", b"\r")
    for source in (mbox, mmdf, emlx, babyl, eml):
        assert not source.SOURCE.claims(Glance("m", old)), "a tie"
    assert cr.SOURCE.claims(Glance("m", old)) is Claim.STRUCTURE
    assert not cr.SOURCE.claims(Glance("m", data))
    assert not cr.SOURCE.claims(Glance("m", data.replace(b"\n", b"\r\n")))
    (found,), (body,), around = read(cr.SOURCE, old)
    assert body == data.lstrip(b"\n")
    assert around.notes[0].code == "line_ends"
    assert found.kind is (Kind.MESSAGE if opener is message.SOURCE else Kind.MEMBER)
    assert opener.claims(Glance("m", body, found.kind)) is Claim.STRUCTURE


def test_a_line_end_of_two_characters_stays_one_wherever_a_block_ends() -> None:
    data = b"\r\r\n" * 300_001 + b"a\r"
    for begin in range(3):
        wanted = b"\r\r\n"[begin:] + b"\n\r\n" * 300_000 + b"a\n"
        wanted = wanted.replace(b"\r\r\n", b"\n\r\n", 1) if begin == 0 else wanted
        assert line_ends.mended(BytesIO(data[begin:])).read() == wanted


def test_other_texts_with_cr_are_not_opened() -> None:
    for text in (
        b"Dear crew,\r\rFrom now on the rota begins at ten.\r" * 9,
        b"a: b\rc: d\r\r",
        b"\r" * 9_000,
        b"\r",
        b"",
    ):
        assert not cr.SOURCE.claims(Glance("m", text))


def test_a_mailbox_with_cr_that_only_quotes_line_feeds_in_its_body_is_opened() -> None:
    box = (
        kept(mailbox.mbox, *MESSAGES)
        .replace(b"\n", b"\r")
        .replace(b"begins at ten.\r", b"begins at ten.\r\n", 1)
    )
    assert cr.SOURCE.claims(Glance("m", box)) is Claim.STRUCTURE
    _, (body,), _ = read(cr.SOURCE, box)
    assert len(list(mbox.SOURCE.items(Bytes(body), Alone("m")))) == 2
