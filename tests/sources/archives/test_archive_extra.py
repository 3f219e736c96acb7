"""Fields of archives that readers pass over: extra fields of a zip, headers of an rpm, names of an ar."""

import io
import struct
import zipfile

import pytest
from archive_samples import SAMPLES
from archive_tools import Run

from actionday.model import Claim, Kind
from actionday.pipeline.peek import BytesPeek
from actionday.sources.archives import ar, rpm
from actionday.sources.archives import zip as zips

HIDDEN = b"meet at the old pier instead, says the Kestrel club"
TEXT = b"the schedule of week twelve\n" * 8


def field(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def with_extra(*extras: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        for number, extra in enumerate(extras):
            info = zipfile.ZipInfo(f"{number}.txt")
            info.extra = extra
            writer.writestr(info, TEXT)
    return made.getvalue()


@pytest.mark.parametrize(
    "extra",
    [
        field(0x4B45, HIDDEN),
        field(0xCAFE, HIDDEN),
        field(0x5455, b"\1" + HIDDEN),
        field(0x7075, b"\1\0\0\0\0" + HIDDEN),
        field(0x6375, b"\1\0\0\0\0" + HIDDEN),
        field(0xA220, b"\x28\xa0\0\0" + HIDDEN),
        field(0x4B45, b"")[:2] + b"\xff\0" + HIDDEN,
    ],
    ids=["unknown", "of Java", "behind a time", "a path of another name", "a comment", "room", "without end"],
)
def test_an_extra_field_hides_nothing(extra: bytes) -> None:
    run = Run(zips.SOURCE, "a.zip", with_extra(extra))
    assert any(HIDDEN in bytes(read) for read in run.contents.values())
    assert run.contents["0.txt"] == TEXT
    assert "unclaimed" in run.codes
    assert len({found.place for found in run.items}) == len(run.items)
    for at, found in enumerate(run.items):
        again = Run(zips.SOURCE, "a.zip", with_extra(extra), after=found.place)
        assert again.names == run.names[at + 1 :]


def test_extra_fields_that_writers_make_say_nothing() -> None:
    known = (
        field(0x5455, b"\3" + bytes(range(8)))
        + field(0x7875, b"\1\4" + b"abcd" + b"\4abcd")
        + field(0xCAFE, b"")
    )
    run = Run(zips.SOURCE, "a.zip", with_extra(known + field(0xD935, b"\4\0" + bytes(9)) + bytes(3), b""))
    assert (run.names, run.notes) == (["0.txt", "1.txt"], [])


def test_of_extra_fields_without_end_a_thousand_are_items_and_the_others_counted() -> None:
    run = Run(zips.SOURCE, "a.zip", with_extra(*[field(0x4B45, HIDDEN)] * 1010))
    assert sum("extra field" in name for name in run.names) == 1000
    assert "1010 extra fields" in run.notes[0].reason


def test_data_behind_the_fields_of_a_zip64_end_record_are_an_item() -> None:
    plain = with_extra(b"")
    at = plain.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<H2I", plain, at + 10)
    record = (
        struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44 + len(HIDDEN), 45, 45, 0, 0, count, count, size, start)
        + HIDDEN
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    run = Run(zips.SOURCE, "a.zip", plain[:at] + record + locator + plain[at:])
    assert (run.end, run.contents["0.txt"]) == ("", TEXT)
    assert HIDDEN in run.contents.values()


def test_the_headers_of_an_rpm_are_items() -> None:
    data = SAMPLES["kestrel.rpm"]()
    run = Run(rpm.SOURCE, "kestrel.rpm", data)
    signature, header = run.items[:2]
    ((begin, size),) = signature.runs or ()
    assert (signature.kind, begin, size) == (Kind.SYSTEM, len(b"\xed\xab\xee\xdb"), signature.size)
    assert b"kestrel" in run.contents["header"]
    assert header.runs == ((begin + size, header.size),)
    for name in ("signature", "header"):
        data = run.contents[name]
        assert rpm.SOURCE.claims(BytesPeek(name, Kind.SYSTEM, data, len(data), b"")) is Claim.NO


def test_fields_of_an_ar_that_are_no_numbers_and_long_names_hide_nothing() -> None:
    name = b"a" * 4096 + HIDDEN
    body = name + TEXT
    head = b"#1/%-13d%-12d%-6s%-6d%-8s%-10d`\n" % (len(name), 0, b"pier", 0, b"644", len(body))
    run = Run(ar.SOURCE, "a.a", b"!<arch>\n" + head + body + b"\n" * (len(body) % 2))
    assert not run.end
    assert run.items[0].meta["uid_raw"] == "pier"
    assert HIDDEN in run.contents.values()


def test_a_few_bytes_without_letters_are_said_and_no_item() -> None:
    run = Run(zips.SOURCE, "a.zip", with_extra(field(0x4B45, bytes(range(128, 140)))))
    assert (run.names, run.codes) == (["0.txt"], ["unclaimed"])
