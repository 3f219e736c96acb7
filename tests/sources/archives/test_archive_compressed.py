"""Single compressed files, and the tars in them: checks held, every cut seen, what cannot be seen proved."""

import bz2
import gzip
import io
import lzma
import random
import struct
import zlib

import pytest
import zstandard
from archive_samples import SAMPLES
from archive_tools import ARABIC, TEXT, Run, tar_of, tool
from hypothesis import given, settings
from hypothesis.strategies import binary, data, integers, sampled_from

from actionday.model import Damaged, Kind, Source
from actionday.sources.archives import bz2 as bz2_source
from actionday.sources.archives import compress, gz, lz4, xz, zst
from actionday.sources.archives import lzma as lzma_source
from actionday.sources.archives._lz4 import end_of_frames
from actionday.sources.archives._streams import Window
from actionday.testing.context import Alone, Bytes, Glance

ALL: dict[str, Source] = {
    each.SOURCE.name: each.SOURCE for each in (gz, bz2_source, xz, zst, lz4, lzma_source, compress)
}
CHECKED = ("gz", "bz2", "xz", "zst", "lz4")
PACKERS = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
    "lz4": lambda data: tool("lz4", "-c", "-", given=data),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "compress": lambda data: tool("compress", "-c", given=data),
}


@pytest.fixture(params=ALL, ids=str)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(kind: str, data: bytes, name: str = "") -> Run:
    return Run(ALL[kind], name or ALL[kind].sample, data)


def test_one_member_without_the_suffix(kind: str) -> None:
    run = read(kind, SAMPLES[ALL[kind].sample]())
    assert run.contents == {"kestrel.txt": TEXT}
    assert (run.items[0].kind, run.end, run.notes) == (Kind.MEMBER, "", [])


def test_the_members_of_a_tar_come_directly(kind: str) -> None:
    run = read(kind, PACKERS[kind](tar_of({"a.txt": TEXT, "b/c": ARABIC})), "x.tgz")
    assert run.contents == {"a.txt": TEXT, "b/c": ARABIC}
    assert (run.end, run.notes) == ("", [])


def test_a_tar_in_it_is_found_by_its_bytes_and_not_by_its_name() -> None:
    assert read("gz", gzip.compress(tar_of({"a": TEXT})), "notes.txt.gz").names == ["a"]
    assert read("gz", gzip.compress(TEXT), "x.tar.gz").names == ["x.tar"]
    assert read("gz", gzip.compress(bytes(10240)), "x.tar.gz").names == []
    assert read("gz", gzip.compress(bytes(10240)), "x.gz").names == ["x"]


@pytest.mark.parametrize(("name", "member"), [
    ("a.gz", "a"), ("A.GZ", "A"), ("a.tgz", "a.tar"), ("a.svgz", "a.svg"), ("a", "a"), (".gz", ".gz"),
    ("a.gz.gz", "a.gz"),
])  # fmt: skip
def test_the_name_of_the_member(name: str, member: str) -> None:
    assert read("gz", gzip.compress(b"1"), name).names == [member]


def test_what_the_gzip_header_says_is_kept() -> None:
    head = b"\x1f\x8b\x08" + bytes([4 | 8 | 16]) + struct.pack("<I", 1_772_658_849) + b"\0\x03"
    head += struct.pack("<H", 4) + b"AB\0\0" + b"r\xe9seau.txt\0" + b"by hand\0"
    run = read("gz", head + gzip.compress(TEXT)[10:])
    assert run.contents == {"kestrel.txt": TEXT, "comment @27": b"by hand"}
    assert run.items[0].meta == {"original_name": "réseau.txt", "comment": "by hand"}
    assert run.items[0].mtime == "2026-03-04T21:14:09Z"


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "lz4"])
def test_several_streams_are_one_content(kind: str) -> None:
    run = read(kind, PACKERS[kind](TEXT) + PACKERS[kind](ARABIC))
    assert run.contents == {"kestrel.txt": TEXT + ARABIC}
    assert run.notes == []


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "lz4"])
def test_what_lies_behind_is_an_item_and_noted(kind: str) -> None:
    packed = PACKERS[kind](TEXT)
    run = read(kind, packed + b"no stream at all")
    assert run.contents == {"kestrel.txt": TEXT, "behind the end": b"no stream at all"}
    assert run.items[1].runs == ((len(packed), 16),)
    assert run.codes == ["trailing"]
    assert f"16 bytes from byte {len(packed)} on" in run.notes[0].reason


@pytest.mark.parametrize("kind", ["gz", "xz"])
def test_zeros_behind_are_padding(kind: str) -> None:
    run = read(kind, PACKERS[kind](TEXT) + bytes(512))
    assert (run.contents, run.notes) == ({"kestrel.txt": TEXT}, [])


@pytest.mark.parametrize("zeros", [1, 512, 300_000])
@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "lzma"])
def test_a_stream_behind_padding_is_read_too(kind: str, zeros: int) -> None:
    zeros += -zeros % 4  # what xz asks for
    run = read(kind, PACKERS[kind](TEXT) + bytes(zeros) + PACKERS[kind](ARABIC))
    assert run.contents == {"kestrel.txt": TEXT + ARABIC}
    assert run.codes == ([] if kind == "xz" else ["padding"])


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz"])
def test_what_lies_behind_padding_is_an_item_and_noted(kind: str) -> None:
    run = read(kind, PACKERS[kind](TEXT) + bytes(512) + b"no stream at all")
    assert run.contents == {"kestrel.txt": TEXT, "behind the end": b"no stream at all"}
    assert run.codes == ["trailing"]


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst", "lz4"])
def test_what_lies_behind_a_compressed_tar_or_a_content_nobody_reads_is_an_item(kind: str) -> None:
    packed = PACKERS[kind](tar_of({"a.txt": TEXT}))
    assert read(kind, packed + b"no stream at all").contents["behind the end"] == b"no stream at all"
    stream = Bytes(PACKERS[kind](TEXT) + b"no stream at all")
    unread = [found.name for found in ALL[kind].items(stream, Alone(f"kestrel.txt.{kind}"))]
    assert unread == ["kestrel.txt", "behind the end"]


WHOLE = {kind: PACKERS[kind](TEXT + bytes(range(256)) * 3) for kind in ("gz", "bz2", "xz", "zst", "lzma")}


@settings(max_examples=200, deadline=None)
@given(data())
def test_every_cut_is_noticed(data) -> None:  # type: ignore[no-untyped-def]
    kind = data.draw(integers(0, len(WHOLE) - 1).map(list(WHOLE).__getitem__))
    cut = data.draw(integers(1, len(WHOLE[kind]) - 1))
    if kind == "lzma" and cut >= len(WHOLE[kind]) - 5:
        return  # what the range coder has not yet used: the content is whole
    assert read(kind, WHOLE[kind][:cut]).noticed()


@pytest.mark.tools
def test_every_cut_of_lz4_is_noticed() -> None:
    packed = PACKERS["lz4"](TEXT)
    for cut in range(4, len(packed)):
        assert read("lz4", packed[:cut]).noticed(), cut


@pytest.mark.tools
def test_a_cut_of_compress_between_two_codes_cannot_be_seen() -> None:
    """The format has neither end mark nor check: what is there is a whole file of its own, only shorter."""
    packed = PACKERS["compress"](TEXT)
    unseen = [cut for cut in range(4, len(packed)) if not read("compress", packed[:cut]).noticed()]
    assert unseen
    for cut in unseen:
        content = read("compress", packed[:cut]).contents["kestrel.txt"]
        assert isinstance(content, bytes)
        assert TEXT.startswith(content)


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
def test_a_cut_between_two_streams_cannot_be_seen(kind: str) -> None:
    """What is left is a whole file of its own."""
    first = PACKERS[kind](TEXT)
    run = read(kind, (first + PACKERS[kind](ARABIC))[: len(first)])
    assert (run.contents, run.noticed()) == ({"kestrel.txt": TEXT}, False)


@settings(max_examples=200, deadline=None)
@given(
    binary(max_size=60),
    sampled_from([b"\x04\x22\x4d\x18\x64\x40\xa7", b"\x02\x21\x4c\x18", b"\x50\x2a\x4d\x18"]),
)
def test_no_lie_of_a_frame_leads_the_walk_out_of_the_stream(rest: bytes, mark: bytes) -> None:
    stored = mark + rest
    told: list[tuple[int, int]] = []
    assert (
        0
        <= end_of_frames(Window(Bytes(stored), 0, len(stored)), len(stored), lambda _, *at: told.append(at))
        <= len(stored)
    )
    assert all(0 <= start <= start + length <= len(stored) for start, length in told)


LZ4_WAYS = (["-BX"], ["--no-frame-crc"], ["--content-size"], ["-B4", "-BD"], ["-l"])


@pytest.mark.tools
@pytest.mark.parametrize("way", LZ4_WAYS, ids=" ".join)
def test_what_lies_behind_and_between_frames_of_lz4_is_an_item(way: list[str]) -> None:
    packed = tool("lz4", "-c", *way, "-", given=TEXT * 2000)
    assert (read("lz4", packed).names, read("lz4", packed).codes) == (["kestrel.txt"], [])
    run = read("lz4", packed + b"no frame at all")
    assert run.contents == {"kestrel.txt": TEXT * 2000, "behind the end": b"no frame at all"}
    assert run.codes == ["trailing"]
    if way == ["-l"]:
        return  # of a legacy frame whose end nothing marks libarchive takes any more for its own
    skipped = b"\x53\x2a\x4d\x18" + len(ARABIC).to_bytes(4, "little") + ARABIC
    run = read("lz4", packed + skipped + packed)
    assert list(run.contents.values()) == [TEXT * 4000, ARABIC]
    assert run.codes == ["unclaimed"]


def test_the_last_bytes_of_lzma_do_not_change_the_content() -> None:
    """What the range coder has not yet used when the end mark comes out."""
    for left in range(1, 5):
        run = read("lzma", WHOLE["lzma"][:-left])
        assert run.noticed() or run.contents == read("lzma", WHOLE["lzma"]).contents


def test_a_changed_byte_of_zstd_without_checksum_cannot_be_seen() -> None:
    compressor = zstandard.ZstdCompressor(level=1, write_checksum=False)
    packed = bytearray(compressor.compress(bytes(random.Random(1).randbytes(500))))  # stored as it is
    packed[100] ^= 1
    assert not read("zst", bytes(packed)).noticed()


@settings(max_examples=150, deadline=None)
@given(data())
def test_a_flipped_bit_gives_no_other_content_unseen(data) -> None:  # type: ignore[no-untyped-def]
    kind = data.draw(integers(0, 3).map(("gz", "bz2", "xz", "zst").__getitem__))
    packed = bytearray(WHOLE[kind])
    packed[data.draw(integers(0, len(packed) - 1))] ^= 1 << data.draw(integers(0, 7))
    run = read(kind, bytes(packed))
    assert run.noticed() or run.contents == read(kind, WHOLE[kind]).contents


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
def test_a_damaged_tar_inside_gives_what_comes_before(kind: str) -> None:
    noise = bytes(hash_byte for index in range(40_000) for hash_byte in (index * index % 251, index % 241))
    packed = PACKERS[kind](tar_of({"a": TEXT, "b": noise * 8, "c": TEXT}))
    run = read(kind, packed[: len(packed) * 2 // 3])
    assert run.noticed()
    assert kind != "gz" or run.contents["a"] == TEXT


def test_what_comes_before_a_broken_code_is_kept() -> None:
    words = bytes(random.Random(3).choices(b"kestrel radio", k=700_001))
    deflate = zlib.compressobj(wbits=31)
    packed = deflate.compress(words) + deflate.flush(zlib.Z_FULL_FLUSH) + b"\x07" * 50  # no block has type 3
    (found,) = gz.SOURCE.items(Bytes(packed), Alone("a.gz"))
    assert found.read is not None
    reader, got = found.read(), b""
    with pytest.raises(Damaged, match=r"gzip: .*invalid block type"):
        while piece := reader.read(1000):
            got += piece
    assert words.startswith(got)
    assert len(words) - len(got) < 64


def test_a_wrong_crc_loses_nothing_but_trust() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    (found,) = gz.SOURCE.items(Bytes(bytes(packed)), Alone("a.gz"))
    assert found.read is not None
    reader = found.read()
    assert reader.read(len(TEXT) + 1) == TEXT
    with pytest.raises(Damaged, match="CRC or length differs"):
        reader.read(1)


def test_the_check_behind_the_end_mark_of_a_tar_is_read() -> None:
    packed = bytearray(gzip.compress(tar_of({"a": TEXT})))
    packed[-6] ^= 1
    assert "gzip" in read("gz", bytes(packed), "x.tgz").end


MAGICS = {"gz": b"\x1f\x8b\x08", "bz2": b"BZh9", "xz": b"\xfd7zXZ\0", "zst": b"\x28\xb5\x2f\xfd",
          "lz4": b"\x04\x22\x4d\x18", "compress": b"\x1f\x9d\x90"}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(binary(max_size=400))
def test_noise_behind_a_magic_ends_in_an_issue(noise: bytes) -> None:
    for kind, magic in MAGICS.items():
        run = read(kind, magic + noise)
        assert kind == "compress" or run.noticed()


def test_zstd_frames_that_want_too_much_are_refused_by_name() -> None:
    params = zstandard.ZstdCompressionParameters(window_log=28, write_content_size=False)
    compressor = zstandard.ZstdCompressor(compression_params=params).compressobj()
    packed = compressor.compress(TEXT) + compressor.flush()
    assert "OverLimit" in str(read("zst", packed).contents["kestrel.txt"])
    trained = zstandard.train_dictionary(4096, [TEXT[index : index + 300] for index in range(0, 2000, 7)] * 5)
    with_dictionary = zstandard.ZstdCompressor(dict_data=trained).compress(TEXT)
    assert "dictionary" in str(read("zst", with_dictionary).contents["kestrel.txt"])


def test_skippable_frames_are_passed() -> None:
    run = read("zst", b"\x50\x2a\x4d\x18\x03\0\0\0abc" + PACKERS["zst"](TEXT))
    assert run.contents == {"kestrel.txt": TEXT}


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
def test_no_call_gives_more_than_a_few_blocks(kind: str) -> None:
    packed = PACKERS[kind](bytes(64 << 20))
    stream, around = Bytes(packed), Alone("zeros.gz")
    (found,) = ALL[kind].items(stream, around)
    assert found.read is not None
    with found.read() as reader:
        assert len(reader.read(100)) == 100
        held = reader.peek(1)  # type: ignore[attr-defined]
        assert held == b"\0"
        assert len(reader._chunk) <= 1 << 20  # type: ignore[attr-defined]
        assert sum(map(len, iter(lambda: reader.read(1 << 20), b""))) == (64 << 20) - 100


def test_claims_are_by_bytes() -> None:
    for kind, source in ALL.items():
        for other in WHOLE:
            assert bool(source.claims(Glance("x.bin", WHOLE[other]))) == (kind == other)
    assert not gz.SOURCE.claims(Glance("x.gz", b"no gzip"))
    assert not bz2_source.SOURCE.claims(Glance("BZh notes", b"BZhappy notes of the club"))


def test_a_content_may_be_read_again() -> None:
    stream = Bytes(gzip.compress(TEXT))
    (found,) = gz.SOURCE.items(stream, Alone("a.gz"))
    assert found.read is not None
    assert [found.read().read(), found.read().read()] == [TEXT, TEXT]
    assert io.BytesIO(TEXT).read() == TEXT
