"""WARC: bodies decoded, digests checked, every break named and read past."""

import gzip
import hashlib
import io
import random
from base64 import b32encode

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from
from warcio.archiveiterator import ArchiveIterator
from web_samples import DATE, PAGE, SITE, arc_file, chunked, http, raw_deflate, record, warcio_file

from actionday.model import Claim, Damaged, Found, Kind, Loss, Note, Status
from actionday.sources.web import arc, warc
from actionday.testing.context import Alone, Bytes, Glance
from actionday.testing.sources import listing


class Run:
    """One reading, with its notes."""

    def __init__(
        self, data: bytes, source: warc.Warc | arc.Arc = warc.SOURCE, after: str | None = None
    ) -> None:
        contexts: list[Alone] = []

        def around(name: str) -> Alone:
            contexts.append(Alone(name, after=after))
            return contexts[-1]

        made = listing(source, "x.warc", data, around, limit=1 << 62)
        self.items, self.contents, self.end = made.items, made.contents, made.end
        self.notes: list[Note] = contexts[0].notes

    @property
    def noticed(self) -> bool:
        return bool(self.end or self.notes or any(isinstance(each, str) for each in self.contents))

    def codes(self, index: int = 0) -> list[str]:
        return [note.code for note in self.items[index].notes] + [note.code for note in self.notes]


def one(block: bytes, **fields: str) -> tuple[Found, bytes | str, Run]:
    run = Run(record(block, **fields))
    return run.items[0], run.contents[0], run


def sha1(data: bytes) -> str:
    return f"sha1:{b32encode(hashlib.sha1(data).digest()).decode()}"


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
def test_the_records_warcio_writes(packed: bool) -> None:
    run = Run(warcio_file(packed=packed))
    assert (run.end, run.notes) == ("", [])
    info, response, request, revisit, resource = run.items
    assert [each.meta["type"] for each in run.items] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "resource",
    ]
    assert run.contents[-1] == PAGE  # what follows a coding is an item between them
    assert response.meta["status"] == 200
    assert response.meta["headers"] == {"content-type": "text/html; charset=utf-8", "server": "nginx"}
    assert response.meta["digest"] == "passed"
    assert response.meta["raw_sha256"] == hashlib.sha256(gzip.compress(PAGE, mtime=0)).hexdigest()
    assert response.mtime == DATE
    assert response.name == f"{int(response.place):012d} {SITE}"
    assert run.contents[2] == b"GET / HTTP/1.1\r\nHost: kestrel.example\r\n\r\n"
    assert request.meta["digest"] == "passed"
    assert run.contents[4] == PAGE
    assert (resource.runs is None) == packed
    assert info.kind is Kind.RECORD
    assert revisit.kind is Kind.REVISIT


def test_a_large_record_is_not_held_and_reads_the_same() -> None:
    noise = random.Random(7).randbytes(3_200_000)
    block = http(
        chunked(gzip.compress(noise), 70_000), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")
    )
    for data in (
        record(block) + record(http(PAGE)),
        gzip.compress(record(block)) + gzip.compress(record(http(PAGE))),
    ):
        run = Run(data)
        assert run.contents == (noise, PAGE)
        assert (run.end, run.notes) == ("", [])
    plain = gzip.compress(record(http(noise), warc_payload_digest=sha1(noise)))
    run = Run(plain)
    assert (run.contents, run.items[0].meta["digest"]) == ((noise,), "passed")
    cut = Run(plain[:-20_000] + gzip.compress(record(http(PAGE))))
    assert cut.end
    assert cut.contents[-1] == PAGE


# --- W01: lengths that are wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [-1, 1, -7, 40, -300, 5000])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_wrong_content_length_ends_neither_the_file_nor_its_neighbours(wrong: int, packed: bool) -> None:
    blocks = [http(PAGE + name.encode()) for name in "abc"]
    lengths = [len(blocks[0]), len(blocks[1]) + wrong, len(blocks[2])]
    records = [
        record(block, uri=SITE + str(at), content_length=str(lengths[at])) for at, block in enumerate(blocks)
    ]
    run = Run(b"".join(map(gzip.compress, records)) if packed else b"".join(records))
    assert [found.meta["uri"] for found in run.items] == [SITE + "0", SITE + "1", SITE + "2"]
    assert (run.contents[0], run.contents[2]) == (PAGE + b"a", PAGE + b"c")
    assert run.contents[1] == PAGE + b"b"
    assert "by its header, a record begins elsewhere" in run.end
    assert "damaged" in run.codes(1)


def test_a_missing_blank_line_is_noted() -> None:
    first = record(http(PAGE))
    run = Run(first[:-2] + record(http(PAGE + b"2")))
    assert run.contents == (PAGE, PAGE + b"2")
    assert (run.codes(), run.end) == (["line_ends"], "")


def test_a_record_without_length_ends_where_the_next_begins() -> None:
    run = Run(record(http(PAGE), content_length="many") + record(http(PAGE + b"2")))
    assert run.contents == (PAGE, PAGE + b"2")
    assert "has no length" in run.end


def test_bytes_between_records_are_counted() -> None:
    between = b"#" * 6000
    run = Run(record(http(PAGE)) + between + record(http(PAGE + b"2")))
    assert [each[-1:] for each in run.contents] == [PAGE[-1:], b"2"]
    assert "6000 bytes from byte" in run.end


# --- W02: revisits ------------------------------------------------------------------------------------------


def test_a_revisit_points_to_its_target_and_is_no_empty_file() -> None:
    found, content, _ = one(
        http(b""), kind="revisit", uri=SITE + "again", warc_refers_to_target_uri=SITE, warc_refers_to_date=DATE,
        warc_payload_digest=sha1(PAGE), warc_profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    )  # fmt: skip
    assert (found.kind, found.status, found.runs, found.size) == (
        Kind.REVISIT,
        Status.UNSUPPORTED,
        None,
        None,
    )
    assert found.meta["refers_to_uri"] == SITE
    assert found.meta["refers_to_date"] == DATE
    assert found.meta["payload_digest"] == sha1(PAGE)
    assert found.reason == f"revisit: the content is that of {SITE} of {DATE}, {sha1(PAGE)}"
    assert content == b""


def test_a_revisit_without_digest_says_so() -> None:
    found, _, _ = one(b"", kind="revisit")
    assert found.reason == f"revisit: the content is that of {SITE}, which is not named by a digest"


# --- W03: bodies --------------------------------------------------------------------------------------------

CODED = {
    "gzip": gzip.compress(PAGE), "x-gzip": gzip.compress(PAGE), "deflate": __import__("zlib").compress(PAGE),
    "zstd": zstandard.ZstdCompressor().compress(PAGE), "br": brotli.compress(PAGE), "identity": PAGE,
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
}  # fmt: skip


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("in_chunks", [True, False], ids=["chunked", "whole"])
def test_bodies_come_without_chunks_and_codings(coding: str, in_chunks: bool) -> None:
    raw = chunked(CODED[coding], 37) if in_chunks else CODED[coding]
    fields = (("Content-Encoding", coding), *([("Transfer-Encoding", "chunked")] if in_chunks else []))
    found, content, run = one(http(raw, *fields))
    assert content == PAGE
    assert not run.noticed
    if in_chunks or coding != "identity":
        assert found.meta["raw_sha256"] == hashlib.sha256(raw).hexdigest()
        assert found.size is None
    else:
        assert found.runs is not None


def test_raw_deflate_as_some_servers_send_it() -> None:
    assert one(http(raw_deflate(PAGE), ("Content-Encoding", "deflate")))[1] == PAGE


def test_a_body_that_is_not_as_its_head_says_is_given_as_it_is() -> None:
    found, content, run = one(http(PAGE, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")))
    assert content == PAGE
    assert run.codes() == ["not_chunked", "not_encoded"]
    assert found.meta["raw_sha256"] == hashlib.sha256(PAGE).hexdigest()


def test_wrong_chunk_sizes_are_named_with_their_byte() -> None:
    raw = chunked(PAGE, 100).replace(b"64\r\n", b"60\r\n", 1)
    _, content, _ = one(http(raw, ("Transfer-Encoding", "chunked")))
    assert content == "Damaged: http: no chunk size at byte 100 of the body"


def test_a_chunked_body_without_its_last_chunk_is_not_whole() -> None:
    _, content, _ = one(http(chunked(PAGE)[:-5], ("Transfer-Encoding", "chunked")))
    assert str(content).startswith("Damaged: http: ends without its last chunk,")


def test_an_unknown_coding_is_named() -> None:
    _, content, run = one(http(PAGE, ("Content-Encoding", "sdch")))
    assert (content, run.codes()) == (PAGE, ["coding"])


@settings(max_examples=60, deadline=None)
@given(binary(max_size=600), sampled_from(["gzip", "deflate", "br", "zstd", ""]), sampled_from([True, False]))
def test_noise_as_a_body_never_raises_another_error(noise: bytes, coding: str, in_chunks: bool) -> None:
    fields = [("Content-Encoding", coding)] * bool(coding) + [("Transfer-Encoding", "chunked")] * in_chunks
    run = Run(record(http(noise, *fields)) + record(http(PAGE)))
    assert run.contents[-1] == PAGE  # what follows a coding is an item between them


# --- digests, truncation, names -----------------------------------------------------------------------------


@pytest.mark.parametrize("digest", [sha1(PAGE), f"sha256:{hashlib.sha256(PAGE).hexdigest()}",
                                    f"sha-256:{b32encode(hashlib.sha256(PAGE).digest()).decode().rstrip('=')}",
                                    f"MD5:{hashlib.md5(PAGE).hexdigest().upper()}"])  # fmt: skip
def test_digests_pass_or_fail(digest: str) -> None:
    found, _, run = one(http(PAGE), warc_payload_digest=digest)
    assert (found.meta["digest"], run.codes()) == ("passed", [])
    found, _, run = one(http(PAGE + b"!"), warc_payload_digest=digest)
    assert (found.meta["digest"], run.codes()) == ("failed", ["digest_differs"])


@pytest.mark.parametrize("digest", ["", "crc32:00", "sha1:zz", "sha1:" + "A" * 31])
def test_digests_nobody_can_check_are_not_checked(digest: str) -> None:
    assert one(http(PAGE), warc_payload_digest=digest)[0].meta["digest"] == "not checked"


def test_a_digest_over_the_body_without_its_chunks_passes() -> None:
    fields = ("Transfer-Encoding", "chunked")
    assert one(http(chunked(PAGE), fields), warc_payload_digest=sha1(PAGE))[0].meta["digest"] == "passed"
    assert (
        one(http(chunked(PAGE), fields), warc_payload_digest=sha1(chunked(PAGE)))[0].meta["digest"]
        == "passed"
    )


def test_what_the_archiver_left_out_is_noted() -> None:
    _, _, run = one(http(PAGE, ("Content-Length", "5000")), warc_truncated="length")
    assert run.codes() == ["truncated", "short_body"]


def test_a_response_that_is_no_http_is_given_whole() -> None:
    found, content, _ = one(b"20260304\nkestrel.example. 60 IN A 192.0.2.7\n", uri="dns:kestrel.example",
                            content_type="text/dns")  # fmt: skip
    assert content == b"20260304\nkestrel.example. 60 IN A 192.0.2.7\n"
    assert found.name == "000000000000 dns:kestrel.example"
    assert one(b"no head", content_type="application/http")[2].codes() == ["no_http_head"]


def test_folded_fields_and_bytes_that_are_no_utf8() -> None:
    data = record(http(PAGE), uri="http://kestrel.example/caf\udce9") if False else record(http(PAGE))
    data = data.replace(
        b"WARC-Target-URI: http://kestrel.example/\r\n", b"WARC-Target-URI:\r\n http://x/\xe9\r\n"
    )
    assert Run(data).items[0].name == "000000000000 http://x/\\xe9"


def test_odd_dates_are_kept_raw() -> None:
    run = Run(record(http(PAGE)).replace(DATE.encode(), b"yesterday"))
    assert (run.items[0].mtime, run.items[0].meta["mtime_raw"]) == (None, "yesterday")


# --- damage -------------------------------------------------------------------------------------------------

PACKED, UNPACKED = warcio_file(), warcio_file(packed=False)
STARTS = {
    kind: {int(found.place) for found in Run(data).items} for kind, data in (("gz", PACKED), ("", UNPACKED))
}


@settings(max_examples=250, deadline=None)
@given(integers(1, len(PACKED) - 1))
def test_every_cut_inside_a_gzipped_record_is_noticed(cut: int) -> None:
    assert Run(PACKED[:cut]).noticed == (cut not in STARTS["gz"])


@settings(max_examples=250, deadline=None)
@given(integers(1, len(UNPACKED) - 1))
def test_every_cut_inside_a_record_is_noticed(cut: int) -> None:
    assert Run(UNPACKED[:cut]).noticed == (cut not in STARTS[""])


def test_every_cut_of_a_record_over_several_members_is_noticed() -> None:
    data = record(http(PAGE)) + record(http(PAGE))
    packed = gzip.compress(data[:300]) + gzip.compress(data[300:])
    for cut in range(1, len(packed)):
        assert Run(packed[:cut]).noticed, cut
    assert [found.place for found in Run(packed).items] == [
        "0",
        f"{len(gzip.compress(data[:300]))}+{len(data) // 2 - 300}",
    ]


@settings(max_examples=100, deadline=None)
@given(integers(0, 2), integers(0, 10_000), integers(1, 255))
def test_a_broken_member_leaves_its_neighbours_readable(which: int, at: int, flip: int) -> None:
    members = [
        gzip.compress(record(http(PAGE + name), uri=SITE + name.decode()), mtime=0)
        for name in (b"a", b"b", b"c")
    ]
    broken = bytearray(members[which])
    at = 10 + at % (len(broken) - 10)
    broken[at] ^= flip
    members[which] = bytes(broken)
    run = Run(b"".join(members))
    assert run.noticed
    whole = {name: PAGE + name.encode() for index, name in enumerate("abc") if index != which}
    read = {
        str(found.meta["uri"])[-1:]: content for found, content in zip(run.items, run.contents, strict=True)
    }
    assert {name: read[name] for name in whole} == whole


@settings(max_examples=150, deadline=None)
@given(integers(0, len(UNPACKED) - 1), integers(1, 255))
def test_a_flipped_byte_never_ends_the_file_unseen(at: int, flip: int) -> None:
    data = bytearray(UNPACKED)
    data[at] ^= flip
    run = Run(bytes(data))
    assert run.noticed or len(run.items) == 5


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
def test_a_resume_goes_on_behind_its_place(packed: bool) -> None:
    data = warcio_file(packed=packed)
    whole = Run(data)
    for index, found in enumerate(whole.items):
        assert Run(data, after=found.place).items == whole.items[index + 1 :]
    several = gzip.compress(record(http(PAGE)) * 3)
    middle = Run(several).items[1]
    assert [found.place for found in Run(several, after=middle.place).items] == [Run(several).items[2].place]


def test_what_only_looks_like_a_member_is_passed_over() -> None:
    noise = b"\x1f\x8b\x08" * 400 + gzip.compress(b"no record") + b"\x1f\x8b\x08\x00"
    run = Run(gzip.compress(record(http(PAGE)))[:-4] + noise + gzip.compress(record(http(PAGE + b"2"))))
    assert run.contents[-1] == PAGE + b"2"
    assert run.end


def test_a_header_without_end_does_not_hold_the_file() -> None:
    run = Run(record(http(PAGE)) + b"WARC/1.0\r\nX: " + b"y" * 3_000_000)
    assert run.contents == (PAGE,)
    assert "has no end" in run.end


def test_the_payloads_are_those_of_warcio() -> None:
    theirs = [
        each.content_stream().read()
        for each in ArchiveIterator(io.BytesIO(PACKED))
        if each.rec_type == "response"
    ]
    assert theirs == [content for found, content in zip(Run(PACKED).items, Run(PACKED).contents, strict=True)
                      if found.meta["type"] == "response"]  # fmt: skip


def test_claims_are_by_bytes_behind_gzip_too() -> None:
    for name, data, claim in (("x", PACKED, Claim.STRUCTURE), ("x", UNPACKED, Claim.STRUCTURE),
                              ("x.warc", b"WARC/notes of the club", Claim.NO),
                              ("x.gz", gzip.compress(PAGE), Claim.NO), ("x", b"\x1f\x8b", Claim.NO)):  # fmt: skip
        assert warc.SOURCE.claims(Glance(name, data)) is claim


# --- ARC ----------------------------------------------------------------------------------------------------


def test_the_records_of_an_arc() -> None:
    run = Run(arc_file(), arc.SOURCE)
    assert (run.end, run.notes) == ("", [])
    version, page = run.items
    assert (version.meta["type"], run.contents[1]) == ("arcinfo", PAGE)
    assert (page.mtime, page.meta["status"], page.meta["ip"]) == (DATE, 200, "192.0.2.7")
    assert page.name.endswith(" " + SITE)


def test_every_cut_of_an_arc_is_noticed() -> None:
    data = arc_file()
    second = int(Run(data, arc.SOURCE).items[1].place)
    for cut in range(1, len(data)):
        assert Run(data[:cut], arc.SOURCE).noticed == (cut != second), cut


def test_a_stream_is_never_written() -> None:
    stream = Bytes(UNPACKED)
    list(warc.SOURCE.items(stream, Alone("x")))
    assert stream.getvalue() == UNPACKED


HIDDEN = b"afterlastchunk hidden words"


def left_over(block: bytes, **fields: str) -> list[bytes | str]:
    return list(Run(record(block, **fields)).contents[1:])


@pytest.mark.parametrize(
    "trailer", [b"", b"X-Digest: 1\r\nExpires: never\r\n"], ids=["plain", "trailer fields"]
)
def test_bytes_behind_the_last_chunk_are_an_item_of_their_own(trailer: bytes) -> None:
    raw = chunked(PAGE)[:-2] + trailer + b"\r\n"
    block = http(raw + HIDDEN, ("Transfer-Encoding", "chunked"))
    found, content, run = one(block)
    assert (content, run.contents[1]) == (PAGE, HIDDEN)
    assert run.items[1].place == found.place + "~"
    assert [note.code for note in run.items[1].notes] == ["trailing"]
    assert left_over(http(raw, ("Transfer-Encoding", "chunked"))) == []


def test_of_a_response_without_content_what_follows_is_there() -> None:
    _, content, run = one(http(b"0\r\n\r\n" + HIDDEN, ("Transfer-Encoding", "chunked")))
    assert (content, run.contents[1]) == (b"", HIDDEN)


def test_what_stands_where_a_chunk_should_is_an_item() -> None:
    raw = chunked(PAGE, 100)[: 104 + 2] + HIDDEN
    assert left_over(http(raw, ("Transfer-Encoding", "chunked"))) == [HIDDEN]


def test_a_body_that_is_not_chunked_is_given_once() -> None:
    assert left_over(http(PAGE, ("Transfer-Encoding", "chunked"))) == []


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_resume_within_a_record_goes_on_with_its_rest(packed: bool) -> None:
    block = http(b"0\r\n\r\n" + HIDDEN, ("Transfer-Encoding", "chunked"))
    each = [gzip.compress(record(block)) if packed else record(block) for _ in range(3)]
    whole = Run(b"".join(each))
    assert len(whole.items) == 6
    for index, found in enumerate(whole.items):
        rest = Run(b"".join(each), after=found.place).items
        assert [item.place for item in rest] == [item.place for item in whole.items[index + 1 :]]


def packed_as(coding: str) -> bytes:
    return raw_deflate(PAGE) if coding == "raw deflate" else CODED[coding]


BEHIND_CODING = ["gzip", "x-gzip", "deflate", "raw deflate", "zstd", "br"]


@pytest.mark.parametrize("coding", BEHIND_CODING)
@pytest.mark.parametrize("in_chunks", [True, False], ids=["chunked", "whole"])
def test_bytes_behind_a_coded_body_are_an_item(coding: str, in_chunks: bool) -> None:
    raw, fields = packed_as(coding) + HIDDEN, [("Content-Encoding", coding.removeprefix("raw "))]
    if in_chunks:
        raw, fields = chunked(raw, 37), [*fields, ("Transfer-Encoding", "chunked")]
    found, content, run = one(http(raw, *fields))
    assert (content, run.contents[1:]) == (PAGE, (HIDDEN,))
    assert (run.codes(), [note.code for note in run.items[1].notes]) == ([], ["trailing"])
    assert (run.items[1].place, run.items[1].size) == (f"{found.place}~1", len(HIDDEN))


def test_bytes_behind_each_of_several_codings_and_the_last_chunk_are_items() -> None:
    inner = gzip.compress(PAGE, mtime=0) + b"behind the gzip"
    block = http(
        chunked(brotli.compress(inner) + b"behind the brotli") + b"behind the chunks",
        ("Content-Encoding", "gzip, br"),
        ("Transfer-Encoding", "chunked"),
    )
    run = Run(record(block) + record(http(PAGE)))
    assert run.contents == (PAGE, b"behind the chunks", b"behind the brotli", b"behind the gzip", PAGE)
    assert [found.place for found in run.items[:4]] == ["0", "0~", "0~1", "0~2"]
    for index, found in enumerate(run.items):
        rest = Run(record(block) + record(http(PAGE)), after=found.place)
        assert rest.items == run.items[index + 1 :]
        assert rest.contents == run.contents[index + 1 :]


@pytest.mark.parametrize("padding", [b"\0" * 700, b"\r\n", b"\r\n\r\n\0"])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_padding_behind_a_coded_body_is_nothing(coding: str, padding: bytes) -> None:
    _, content, run = one(http(CODED[coding] + padding, ("Content-Encoding", coding)))
    assert (content, len(run.items), run.end) == (PAGE, 1, "")


@pytest.mark.parametrize("size", [1, 262_100, 262_144, 3_000_000])
def test_a_brotli_body_that_gives_more_than_a_piece_is_read_to_its_end(size: int) -> None:
    letters = bytes(random.Random(size).choices(b"abcdef", k=size))
    for plain in (letters, b"a" * 3 * size):
        raw = brotli.compress(plain, quality=4)
        assert one(http(raw, ("Content-Encoding", "br")))[2].contents == (plain,)
        behind = one(http(raw + HIDDEN, ("Content-Encoding", "br")))[2]
        assert behind.contents == (plain, HIDDEN)


def test_what_comes_before_a_damage_in_a_brotli_body_is_kept() -> None:
    plain = bytes(random.Random(1).choices(b"abcdef", k=900_000))
    raw = bytearray(brotli.compress(plain, quality=4))
    raw[len(raw) * 2 // 3 :] = b"\xff" * 4000
    (found,) = warc.SOURCE.items(Bytes(record(http(bytes(raw), ("Content-Encoding", "br")))), Alone("x"))
    assert found.read is not None
    reader = found.read()
    kept = reader.read(1 << 30)
    assert 400_000 < len(kept) < 900_000
    assert plain.startswith(kept[:500_000])
    with pytest.raises(Damaged, match="brotli"):
        reader.read(1)


WRITTEN = {
    "page": PAGE,
    "a script that begins as an empty brotli body": b";(function () { var kestrel = 1; })();\n",
    "a line that begins as zlib does": b"x^2 + y^2 = z^2, says the kestrel\n" * 3,
    "a short word": b"kestrel",
    "an old alphabet": "Расписание передач на воскресенье, улица Ленина, дом 5, и так далее".encode("cp1251"),
    "a picture": b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + random.Random(2).randbytes(3000),
    "a portable document": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + random.Random(3).randbytes(3000),
}


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip", "x-gzip", "zstd"])
@pytest.mark.parametrize("what", WRITTEN)
def test_a_body_under_a_coding_it_does_not_have_is_read_as_it_is(what: str, coding: str) -> None:
    plain = WRITTEN[what]
    _, content, run = one(http(plain, ("Content-Encoding", coding)))
    assert (content, len(run.items)) == (plain, 1)
    assert run.codes() == ["not_encoded"]


def test_two_codings_a_body_does_not_have_are_both_named() -> None:
    _, content, run = one(http(PAGE, ("Content-Encoding", "br, deflate")))
    assert (content, run.codes()) == (PAGE, ["not_encoded", "not_encoded"])


@pytest.mark.parametrize("coding", ["br", "deflate"])
def test_a_body_of_which_nothing_can_be_unpacked_is_kept_and_said_to_be_lost(coding: str) -> None:
    noise = b"\xff\xff\x00\x01" + random.Random(4).randbytes(5000)
    _, content, run = one(http(noise, ("Content-Encoding", coding)))
    assert content == noise
    assert run.codes() == [Loss.UNDECODED]


def test_more_codings_than_anybody_names_are_not_all_undone_and_cost_little() -> None:
    _, content, run = one(http(PAGE, ("Content-Encoding", ", ".join(["br"] * 3000))))
    assert content == PAGE
    assert run.codes().count("not_encoded") == 8
    assert "coding" in run.codes()


def test_a_body_in_a_revisit_is_an_item() -> None:
    block = http(HIDDEN)
    run = Run(record(block, kind="revisit"))
    assert run.contents[-1] == HIDDEN


@pytest.mark.parametrize("name", ["a.warc.gz", "evidence.bin"])
def test_a_damaged_first_member_hides_no_later_record(name: str) -> None:
    data = bytearray(warcio_file(packed=True))
    data[20] ^= 0x55
    damaged = bytes(data)
    assert warc.SOURCE.claims(Glance(name, damaged)) is Claim.STRUCTURE
    whole, rest = Run(warcio_file(packed=True)), Run(damaged)
    assert rest.end
    assert len(rest.items) >= len(whole.items) - 1


def test_every_field_of_a_record_and_of_the_answer_is_kept() -> None:
    block = (
        b"HTTP/1.1 200 meet at the pier\r\nContent-Type: text/html\r\nX-Word: one\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
        b"Content-Length: 2\r\nConnection: close\r\n\r\nhi"
    )
    found, _, run = one(block, **{"WARC-Kestrel-Note": "old pier", "Content-Length-Kestrel": "x"})
    assert not run.end
    assert {"Warc-Kestrel-Note: old pier", "Content-Length-Kestrel: x"} <= set(found.meta["header"])  # type: ignore[call-overload]
    assert found.meta["http_header"] == ["HTTP/1.1 200 meet at the pier", "X-Word: one", "set-cookie: b=2"]


@pytest.mark.parametrize("last", ["X-Word: old pier", "X-Word: " + "w" * 300_000 + " old pier", "X-Pier:"])
def test_no_field_of_a_record_or_an_answer_is_dropped_however_many_stand_before(last: str) -> None:
    before = "".join(f"X-H{each}: v kw{each}\r\n" for each in range(10_000))
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{before}{last}\r\n\r\nhi".encode()
    found = one(block)[0]
    assert found.meta["http_header"][-1] == last  # type: ignore[index]
    stored = record(b"hi").replace(b"Content-Length", f"{before}{last}\r\nContent-Length".encode(), 1)
    own = Run(stored).items[0].meta["header"]
    assert isinstance(own, list)
    assert own[-1] == last
    assert len(own) >= 10_001


def test_trailer_fields_and_what_stands_beside_chunks_are_kept_whole() -> None:
    fields = b"".join(b"X-T%d: %b\r\n" % (each, b"w" * 90) for each in range(60)) + b"X-Word: old pier\r\n"
    chunks = b"".join(b"1;e=%d\r\nx\r\n" % each for each in range(12_000)) + b"1;old pier\r\nx\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailer, beside = left_over(head + chunks + b"0\r\n" + fields + b"\r\n")
    assert trailer == fields.strip()
    assert isinstance(beside, bytes)
    assert beside.endswith(b"\nold pier")
    assert len(beside.split(b"\n")) == 12_001


def test_a_page_is_read_by_the_charset_that_its_server_named_too() -> None:
    text = "Ґанок її, їжак і ґава"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x-mac-ukrainian\r\n\r\n"
    run = Run(record(head + text.encode("mac_cyrillic")))
    assert run.contents[0] == text.encode("mac_cyrillic")
    assert [each.decode("utf-8-sig") for each in run.contents[1:]] in ([text], [])  # type: ignore[union-attr]
    page = "<p>قرب الميناء".encode("utf-7")
    again = Run(record(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-7\r\n\r\n" + page))
    assert again.contents[1].decode("utf-8-sig") == "<p>قرب الميناء"  # type: ignore[union-attr]
    assert len({found.place for found in again.items}) == 2
    declared = b'<meta charset="utf-7">' + page
    assert (
        len(
            Run(record(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-7\r\n\r\n" + declared)).items
        )
        == 1
    )


def test_what_stands_beside_chunks_is_an_item() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"2;word=meet\r\nhi\r\n0\r\nX-Trailer: the old pier\r\n\r\n"
    run = Run(record(head + body))
    assert run.contents == (b"hi", b"word=meet")
    assert "the old pier" in run.notes[0].reason
    assert run.items[1].name.endswith("beside the chunks")


def member(data: bytes, *, name: bytes = b"", comment: bytes = b"", extra: bytes = b"") -> bytes:
    flags = (4 if extra else 0) | (8 if name else 0) | (16 if comment else 0)
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6)
    head += len(extra).to_bytes(2, "little") + extra if extra else b""
    head += b"".join(text + b"\0" for text in (name, comment) if text)
    return head + gzip.compress(data, mtime=0)[10:]


SAID = b"meet at the old pier, says the Kestrel club"


def test_names_and_comments_of_gzip_members_are_facts_and_extra_fields_items() -> None:
    rows = [record(http(PAGE), uri=f"{SITE}{at}") for at in range(4)]
    data = (
        member(rows[0], name=b"x.warc", extra=b"sl\x08\0" + bytes(8))
        + member(rows[1], comment=SAID, extra=b"KE\4\0abcd")
        + member(rows[2][:50], name=SAID)
        + member(rows[2][50:])  # without a name: one that begins no record has no item that could tell it
        + member(rows[3], comment=SAID * 200)
    )
    run = Run(data)
    beside = [
        (found.name.partition(" @")[0], body)
        for found, body in zip(run.items, run.contents, strict=True)
        if found.kind is Kind.MEMBER
    ]
    assert beside == [
        ("extra field", b"KE\4\0abcd"),
        ("comment", SAID * 200),
    ]
    facts = [found.meta for found in run.items if found.kind is not Kind.MEMBER]
    assert [fact.get("original_name") for fact in facts] == ["x.warc", None, SAID.decode(), None]
    assert [fact.get("comment") for fact in facts] == [None, SAID.decode(), None, None]
    assert [note.code for note in run.notes] == ["unclaimed"] * 2
    assert len({found.place for found in run.items}) == len(run.items) == 6
    for at, found in enumerate(run.items):
        if not found.place.startswith("+"):  # behind one of these, all is gone through again and dropped
            assert Run(data, after=found.place).items == run.items[at + 1 :]


ORIGIN = "<urn:uuid:00000000-0000-4000-8000-000000000001>"


def segmented(block: bytes, cuts: list[int], **fields: str) -> list[bytes]:
    """Return one record in segments, as section 7.2 of the standard has it; ``fields`` go into the first."""
    ends = [*cuts, len(block)]
    made = [record(block[: ends[0]], warc_segment_number="1", **fields)]
    for number, (begin, end) in enumerate(zip(cuts, ends[1:], strict=True), 2):
        own = {"warc_segment_number": str(number), "warc_segment_origin_id": ORIGIN}
        total = {"warc_segment_total_length": str(len(block))} if end == len(block) else {}
        made.append(record(block[begin:end], "continuation", content_type="", **own, **total))
    return made


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_segments_of_one_record_are_joined(packed: bool, order: tuple[int, ...]) -> None:
    body = gzip.compress(PAGE, mtime=0)
    block = http(chunked(body), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    made = segmented(block, [40, 150], warc_payload_digest=sha1(chunked(body)))
    data = b"".join(gzip.compress(made[at], mtime=0) if packed else made[at] for at in order)
    run = Run(data + (gzip.compress(record(b"x")) if packed else record(b"x")))
    whole = next(each for each in run.items if "segments" in each.meta)
    assert run.contents[run.items.index(whole)] == PAGE
    assert (whole.meta["segments"], whole.meta["digest"], whole.place[-2:]) == (3, "passed", "~s")
    assert len({each.place for each in run.items}) == len(run.items)
    assert not any(note.code in ("segments_apart", Loss.DIGEST) for each in run.items for note in each.notes)
    assert "segments_apart" not in [note.code for note in run.notes]


@pytest.mark.parametrize("bare", ["WARC-Record-ID", "Warc-Segment-Origin-Id", ""], ids=str)
def test_segments_are_joined_where_one_writer_leaves_out_the_brackets(bare: str) -> None:
    made = b"".join(segmented(http(PAGE), [100, 300]))
    for name in (bare,) if bare else ("WARC-Record-ID", "Warc-Segment-Origin-Id"):
        assert f"{name}: {ORIGIN}".encode() in made
        made = made.replace(f"{name}: {ORIGIN}".encode(), f"{name}: {ORIGIN[1:-1]}".encode())
    run = Run(made)
    (whole,) = [each for each in run.items if "segments" in each.meta]
    assert run.contents[run.items.index(whole)] == PAGE
    assert whole.meta["id"] == (
        ORIGIN if bare == "Warc-Segment-Origin-Id" else ORIGIN[1:-1]
    )  # as it was written


def test_segments_larger_than_is_held_are_joined() -> None:
    block = http(random.Random(5).randbytes(3 << 20))
    run = Run(b"".join(gzip.compress(each, 1) for each in segmented(block, [1_500_000])))
    assert run.contents[-1] == block.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_missing_segment_is_named(gone: int) -> None:
    made = segmented(http(PAGE), [100, 300])
    there = ", ".join(str(number) for number in (1, 2, 3) if number != gone + 1)
    run = Run(b"".join(made[:gone] + made[gone + 1 :]))
    assert [(note.code, note.reason) for note in run.notes] == [
        (
            "segments_apart",
            f"warc: segments of {ORIGIN} from byte 0 on are not joined: here are {there} and no others",
        )
    ]
    assert not any("segments" in each.meta for each in run.items)


def test_segments_whose_lengths_do_not_add_up_say_so() -> None:
    made = segmented(http(PAGE), [100])
    run = Run(b"".join(made).replace(b"Total-Length: ", b"Total-Length: 9"))
    assert any(
        "bytes by the last one" in note.reason or "by the last one" in note.reason
        for note in run.items[-1].notes
    )


def test_names_of_more_gzip_members_of_one_record_than_are_held_are_counted() -> None:
    whole = record(http(PAGE * 400))
    named, step = bytearray(), max(1, len(whole) // 2500)
    for number, at in enumerate(range(0, len(whole), step)):
        made = io.BytesIO()
        with gzip.GzipFile(f"a long name of weir number {number}", "wb", fileobj=made, mtime=0) as member:
            member.write(whole[at : at + step])
        named += made.getvalue()
    run = Run(bytes(named))
    (lost,) = [note.reason for note in run.notes if note.code == Loss.PARTS_LIMIT]
    assert "further comments, names and fields of gzip members are no items" in lost
    assert int(lost.split()[1]) + sum("weir" in found.name or "@" in found.name for found in run.items) > 2000
