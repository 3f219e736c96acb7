"""A content of any kind that breaks off is a loss, wherever it does; a whole one is none."""

import struct
import subprocess
from pathlib import Path

import pytest
import whole_samples as samples
from whole_samples import SAMPLES

from actionday.detectors.filetype import identify_type
from actionday.detectors.whole import Content, not_whole
from actionday.detectors.whole._looks import LOOKS
from actionday.model import Limits, Loss, Note
from actionday.parsers import Parsers
from actionday.pipeline.examine import Examiner
from actionday.pipeline.reading import body_of

CUTS = 30
HEADS = {"ico": 120, "film.gif": 20, "page.psd": 40, "page.woff": 40, "page.ttf": 60, "tune.mid": 20, "key.pem": 40,
         "song.aac": 1000, "note.mp3": 840, "counted.mp3": 840}  # fmt: skip
"""Bytes without which nothing tells what a content is, where they are not a tenth of it."""
SEEN = {Loss.BROKEN_OFF, Loss.CHECKSUM}


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    return Examiner(Parsers.load(), Limits())


def said(data: bytes) -> Note | None:
    """Return what is said of a content by its own type."""
    return not_whole(
        identify_type(data[: 128 << 10], data[-65536:], len(data)), data, data[-65536:], len(data)
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_content_that_breaks_off_is_one_loss_wherever_it_does(name: str, examiner: Examiner) -> None:
    whole = SAMPLES[name]
    sound = examiner.content(body_of(iter([whole]), Limits()))
    assert not [note for note in sound.notes if note.code in SEEN]
    first = max(len(whole) // 10, HEADS.get(name, 24))
    for step in range(CUTS):
        end = first + (len(whole) - 1 - first) * step // (CUTS - 1)
        found = examiner.content(body_of(iter([whole[:end]]), Limits()))
        told = [note for note in found.notes if note.code == Loss.BROKEN_OFF]
        assert len(told) == 1, f"{name}, {end} of {len(whole)}: {found.content.mime} {found.notes}"
        assert "breaks off" in told[0].reason


def test_an_ogg_is_not_whole_at_any_byte_before_its_last() -> None:
    """One that ended within the table of a page's segments, one byte of it there, was taken for whole."""
    whole = SAMPLES["note.opus"]
    look = LOOKS["audio/ogg"]
    assert look(Content(whole, whole, len(whole))) is None
    assert [end for end in range(1, len(whole)) if not look(Content(whole[:end], whole[:end], end))] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    "name", ["png", "film.gif", "jpeg", "tone.wav", "late.mp4", "note.opus", "page.psd", "notes.sqlite"]
)
def test_what_was_appended_is_no_loss(name: str) -> None:
    assert said(SAMPLES[name] + b"words behind the end of it, appended by hand") is None


def test_every_byte_of_a_png_that_is_not_what_was_written_is_said() -> None:
    whole = SAMPLES["png"]
    for at in range(8, len(whole), 97):
        altered = said(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert altered is not None and altered.code in (Loss.CHECKSUM, Loss.BROKEN_OFF, Loss.DAMAGED), at
    first = whole.index(b"IDAT") + 20
    found = said(whole[:first] + bytes([whole[first] ^ 1]) + whole[first + 1 :])
    assert found is not None and found.reason == (
        f"PNG: the checksum of the chunk at byte {whole.index(b'IDAT') - 4} differs: its bytes are not those that were written"
    )


def test_every_byte_of_an_ogg_that_is_not_what_was_written_is_said() -> None:
    whole = samples.ogg()
    for at in range(4, len(whole), 7):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        told = said(bytes(changed))
        assert told is not None, at
        assert told.code in SEEN, at
    changed = bytearray(whole)
    changed[-5] ^= 1
    last = whole.rindex(b"OggS")
    assert said(bytes(changed)) == Note(
        Loss.CHECKSUM,
        f"Ogg: the checksum of the page at byte {last} differs: its bytes are not those that were written",
    )


def test_a_film_without_the_box_that_says_what_it_holds_broke_off() -> None:
    whole = SAMPLES["late.mp4"]
    found = said(whole[: whole.index(b"moov") - 4])
    assert (
        found is not None
        and found.reason == "MP4: it breaks off: the box that says what it holds (moov) is not there"
    )


def test_a_recording_in_a_pipe_tells_no_length_and_a_live_film_only_that_of_its_parts() -> None:
    wav = bytearray(SAMPLES["tone.wav"])
    wav[4:8] = wav[40:44] = b"\xff" * 4
    assert said(bytes(wav)) is None and said(bytes(wav[:900])) is None
    live = samples.matroska(live=True)
    assert said(live) is None
    assert said(live[:-50]) is not None
    parts = live.split(b"\x1f\x43\xb6\x75")
    assert said(b"\x1f\x43\xb6\x75".join(parts[:-1])) is None  # behind a whole part nobody can tell


def test_json_lines_show_half_a_line_and_not_that_lines_are_missing() -> None:
    lines = [f'{{"id": {n}, "text": "the pier"}}\n'.encode() for n in range(50)]
    whole = b"".join(lines)
    assert said(whole) is None and said(whole[:-1]) is None
    for cut in range(len(lines[0]) + 1, len(whole)):
        found = said(whole[:cut])
        assert (found is None) == (whole[:cut].endswith((b"}", b"}\n"))), cut


def test_html_does_not_tell_its_end(examiner: Examiner) -> None:
    page = (
        b"<!DOCTYPE html><html><head><title>t</title></head><body>"
        + b"<p>the pier</p>" * 20
        + b"</body></html>"
    )
    for cut in range(60, len(page), 7):
        assert not [
            note
            for note in examiner.content(body_of(iter([page[:cut]]), Limits())).notes
            if note.code in SEEN
        ]


def test_a_log_of_a_database_that_ends_within_a_frame(tmp_path: Path) -> None:
    log = samples.write_ahead(tmp_path)
    assert said(log) is None
    assert said(log[:-100]) is not None


@pytest.mark.parametrize("name", SAMPLES)
def test_of_a_content_that_is_not_all_held_only_what_is_sure_is_said(name: str) -> None:
    whole = SAMPLES[name]
    mime, held = identify_type(whole, whole[-65536:], len(whole)), len(whole) // 2
    assert not_whole(mime, whole[:held], whole[-64:], len(whole)) is None
    if name in ("early.mp4", "tone.wav", "notes.sqlite", "packed.tiff", "program"):
        assert not_whole(mime, whole[:held], whole[-200:-100], len(whole) - 100) is not None


@pytest.mark.parametrize("mime", LOOKS)
def test_no_bytes_raise(mime: str) -> None:
    for whole in SAMPLES.values():
        for data in (
            whole[:1],
            whole[:7],
            whole[:30],
            whole[:200],
            whole[:64] + b"\xff" * 400,
            whole[:300][::-1],
        ):
            not_whole(mime, data, data, len(data))


def test_debians_own_programs_fonts_pictures_and_texts_are_whole() -> None:
    listed = subprocess.run(["dpkg-query", "-L", "libc6", "python3-minimal", "fonts-dejavu-core", "adwaita-icon-theme"],
                            capture_output=True, text=True, check=False).stdout.split("\n")  # fmt: skip
    files = [each for each in map(Path, listed) if each.is_file() and not each.is_symlink()]
    if not files:
        pytest.skip("looks at files of Debian packages: none are installed here")
    assert not [(each, found) for each in files if (data := each.read_bytes()) and (found := said(data))]


def test_hostile_tables_that_lie_one_over_the_other_cost_no_more_than_their_bytes() -> None:
    import time

    collection = b"ttcf\0\1\0\0" + struct.pack(">I", 60000) + struct.pack(">I", 12) * 60000
    collection = collection[:16] + b"\xff\xff" + collection[18:]
    begun = time.process_time()
    said(collection)
    tiff = b"II*\0\x08\0\0\0" + (struct.pack("<H", 9000) + struct.pack("<HHII", 273, 4, 20000, 8) * 9000) * 2
    not_whole("image/tiff", tiff, tiff, len(tiff))
    assert time.process_time() - begun < 2


def test_a_flac_that_counts_nothing_shows_half_a_frame_alone() -> None:
    whole = samples.flac(counted=False)
    frame = len(whole) - len(samples.flac(5, counted=False))
    for lacks in range(3 * frame):
        assert (said(whole[: len(whole) - lacks]) is None) == (lacks % frame == 0), lacks


def test_xml_with_a_fault_that_breaks_off_is_a_loss_as_well(examiner: Examiner) -> None:
    """Backups of telephones write halves of characters as they stand: no parser goes on behind them."""
    whole = (
        b'<?xml version="1.0"?>\n<smses count="9">'
        + b'<sms body="&#55357;&#56832; the pier" />\n' * 9
        + b"</smses>\n"
    )
    for cut in (*range(80, len(whole) - 3, 7), len(whole) - 4):
        codes = {note.code for note in examiner.content(body_of(iter([whole[:cut]]), Limits())).notes}
        assert Loss.BROKEN_OFF in codes, cut
    sound = examiner.content(body_of(iter([whole]), Limits()))
    assert not [note for note in sound.notes if note.code in SEEN]
    begun = whole.replace(b"<smses", b"<!-- <old> --><smses")
    assert not [n for n in examiner.content(body_of(iter([begun]), Limits())).notes if n.code in SEEN]
    closed = examiner.content(body_of(iter([b'<?xml version="1.0"?>\n<a b="&#55357;"/>']), Limits()))
    assert not [note for note in closed.notes if note.code in SEEN]
