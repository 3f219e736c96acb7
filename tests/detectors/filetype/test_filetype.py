"""The type of a content from its bytes: known answers for each family, and what must not be taken for another."""

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, lists, sampled_from

from actionday.detectors.filetype import _text, identify_type
from actionday.detectors.filetype._identify import FAMILIES
from actionday.detectors.filetype._signatures import AT_AN_OFFSET, AT_THE_END, SIGNATURES

HEAD, TAIL = 128 * 1024, 64 * 1024
OOXML = "application/vnd.openxmlformats-officedocument."
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODF = "application/vnd.oasis.opendocument.text"


def kind(content: bytes) -> str:
    return identify_type(content[:HEAD], content[-TAIL:], len(content))


def packed(*names: str, stored: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        if stored:
            file.writestr(zipfile.ZipInfo("mimetype"), stored)
        for name in names:
            file.writestr(name, "x" * 100)
    return out.getvalue()


def tar(content: bytes = b"") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        member = tarfile.TarInfo("a.txt")
        member.size = len(content)
        file.addfile(member, io.BytesIO(content))
    return out.getvalue()


def elf(kind_: int, order: str = "<") -> bytes:
    return (
        b"\x7fELF\x02"
        + (b"\x01" if order == "<" else b"\x02")
        + bytes(10)
        + struct.pack(f"{order}HH", kind_, 62)
        + bytes(60)
    )


def exe() -> bytes:
    return b"MZ\x90\0\x03\0\0\0" + bytes(52) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(100)


def boxed(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", len(body) + 4) + body + bytes(64)


KNOWN = {
    "empty": (b"", "inode/x-empty"),
    "zip": (packed("a.txt"), "application/zip"),
    "empty zip": (packed(), "application/zip"),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), f"{OOXML}wordprocessingml.document"),
    "docm": (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
             "application/vnd.ms-word.document.macroEnabled.12"),
    "xlsx": (packed("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"), f"{OOXML}spreadsheetml.sheet"),
    "xlsb": (packed("[Content_Types].xml", "xl/workbook.bin"), XLSB),
    "pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), f"{OOXML}presentationml.presentation"),
    "odt": (packed("content.xml", stored=ODF), ODF),
    "epub": (packed("OEBPS/a.xhtml", stored="application/epub+zip"), "application/epub+zip"),
    "jar": (packed("META-INF/MANIFEST.MF", "a/B.class"), "application/java-archive"),
    "apk": (packed("META-INF/MANIFEST.MF", "AndroidManifest.xml"), "application/vnd.android.package-archive"),
    "a liar's mimetype": (packed("a", stored="no type at all"), "application/zip"),
    "tar": (tar(), "application/x-tar"),
    "tar of a text": (tar(b"The kestrel club meets at ten in the great hall.\n" * 50), "application/x-tar"),
    "tar without a mark at its end, cut": (tar(b"words and words\n" * 99)[:700], "application/x-tar"),
    "gzip": (gzip.compress(b"x" * 99), "application/gzip"),
    "bzip2": (bz2.compress(b"x" * 99), "application/x-bzip2"),
    "xz": (lzma.compress(b"x" * 99), "application/x-xz"),
    "lzma": (lzma.compress(b"x" * 99, format=lzma.FORMAT_ALONE), "application/x-lzma"),
    "zstd": (b"\x28\xb5\x2f\xfd\x24\x05" + bytes(20), "application/zstd"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(24), "application/x-7z-compressed"),
    "rar 5": (b"Rar!\x1a\x07\x01\0" + bytes(20), "application/vnd.rar"),
    "deb": (b"!<arch>\ndebian-binary   1410122664", "application/vnd.debian.binary-package"),
    "static library": (b"!<arch>\n/               0 ", "application/x-archive"),
    "cpio": (b"070701" + b"0" * 104, "application/x-cpio"),
    "E01": (b"EVF\x09\x0d\x0a\xff\0\x01\x01\0\0\0", "application/x-ewf"),
    "QCOW2": (b"QFI\xfb\0\0\0\x03" + bytes(96), "application/x-qemu-disk"),
    "VMDK, sparse": (b"KDMV\x01\0\0\0" + bytes(500), "application/x-vmdk-disk"),
    "VMDK, descriptor": (b"# Disk DescriptorFile\nversion=1\n", "application/x-vmdk-disk"),
    "VHDX": (b"vhdxfile" + bytes(100), "application/x-vhdx-disk"),
    "VDI": (b"<<< Oracle VM VirtualBox Disk Image >>>\n".ljust(64, b"\0") + b"\x7f\x10\xda\xbe" + bytes(99),
            "application/x-vdi-disk"),
    "fixed VHD, by its end": (bytes(4096) + b"conectix" + bytes(504), "application/x-vhd-disk"),
    "DMG, by its end": (bytes(4096) + b"koly" + bytes(508), "application/x-apple-diskimage"),
    "ISO 9660": (bytes(32769) + b"CD001\x01" + bytes(5000), "application/x-iso9660-image"),
    "MBR": (bytes(446) + b"\x80\0\0\0\x83" + bytes(11) + bytes(48) + b"\x55\xaa" + bytes(512),
            "application/x-raw-disk-image"),
    "LUKS": (b"LUKS\xba\xbe\0\x02" + bytes(500), "application/x-luks-volume"),
    "BitLocker": (b"\xeb\x58\x90-FVE-FS-\0\x02" + bytes(500), "application/x-bitlocker-volume"),
    "NTFS": (b"\xeb\x52\x90NTFS    \0\x02" + bytes(500), "application/x-raw-disk-image"),
    "PST": (b"!BDN" + bytes(60), "application/vnd.ms-outlook-pst"),
    "TNEF": (b"\x78\x9f\x3e\x22\x01\0" + bytes(60), "application/vnd.ms-tnef"),
    "WARC": (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "application/warc"),
    "ELF program": (elf(2), "application/x-executable"),
    "ELF library, big-endian": (elf(3, ">"), "application/x-sharedlib"),
    "ELF core": (elf(4), "application/x-coredump"),
    "PE": (exe(), "application/vnd.microsoft.portable-executable"),
    "Mach-O": (b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(40), "application/x-mach-binary"),
    "universal Mach-O": (b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(40), "application/x-mach-binary"),
    "Java class": (b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(40), "application/java-vm"),
    "pyc of 3.11": (b"\xa7\r\r\n" + bytes(12) + b"\xe3", "application/x-bytecode.python"),
    "WebAssembly": (b"\0asm\x01\0\0\0", "application/wasm"),
    "TrueType": (b"\0\x01\0\0\0\x0c\0\x80\0\x03\0\x40GDEF" + bytes(40), "font/ttf"),
    "WOFF2": (b"wOF2\0\x01\0\0" + bytes(40), "font/woff2"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    "PDF behind a printer's lines": (b"\x1b%-12345X@PJL\n%PDF-1.4\n1 0 obj\nstartxref\n", "application/pdf"),
    "RTF": (b"{\\rtf1\\ansi hello}", "application/rtf"),
    "PostScript": (b"%!PS-Adobe-3.0\n", "application/postscript"),
    "MP4": (boxed(b"isom", b"mp42"), "video/mp4"),
    "QuickTime": (boxed(b"qt  "), "video/quicktime"),
    "M4A": (boxed(b"M4A "), "audio/mp4"),
    "HEIC": (boxed(b"heic", b"mif1"), "image/heic"),
    "AVIF by a compatible brand": (boxed(b"mif1", b"avif"), "image/avif"),
    "3GP": (boxed(b"3gp5"), "video/3gpp"),
    "WebM": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(40), "video/webm"),
    "Matroska": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", "video/x-matroska"),
    "Vorbis": (b"OggS\0\x02" + bytes(22) + b"\x01vorbis" + bytes(30), "audio/ogg"),
    "Theora": (b"OggS\0\x02" + bytes(22) + b"\x80theora" + bytes(30), "video/ogg"),
    "AVI": (b"RIFF\x10\0\0\0AVI LIST", "video/x-msvideo"),
    "WebP": (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    "MP3 without tags": ((b"\xff\xfb\x90\x64" + bytes(413)) * 3, "audio/mpeg"),
    "transport stream": ((b"\x47\x40\0\x10" + bytes(184)) * 4, "video/mp2t"),
    "bitmap": (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(40), "image/bmp"),
    "portable pixmap": (b"P6\n# made by hand\n2 2\n255\n" + bytes(12), "image/x-portable-pixmap"),
    "a song called BM": (b"BM is a band from the north", "text/plain"),
    "a text on P6 buses": (b"P6 buses leave at ten", "text/plain"),
    "a text on MZ": (b"MZ motorcycles of Zschopau were cheap.\n" * 9, "text/plain"),
    "git pack": (b"PACK\0\0\0\x02\0\0\0\x01", "application/x-git-pack"),
    "noise": (bytes((at * 167 + 13) % 256 for at in range(5000)), "application/octet-stream"),
    "zeros": (bytes(5000), "application/octet-stream"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_known_types(name: str) -> None:
    content, wanted = KNOWN[name]
    assert kind(content) == wanted


def test_sqlite_and_its_log(tmp_path: Path) -> None:
    base = tmp_path / "a.db"
    with sqlite3.connect(base) as db:
        db.execute("pragma journal_mode=wal")
        db.execute("create table t (x)")
        db.commit()
        assert kind((tmp_path / "a.db-wal").read_bytes()) == "application/x-sqlite-wal"
    assert kind(base.read_bytes()) == "application/vnd.sqlite3"


def test_a_document_in_a_large_zip_is_told_by_its_central_directory() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr("media/film.bin", bytes(300_000))
        file.writestr("[Content_Types].xml", "x")
        file.writestr("ppt/presentation.xml", "x")
        file.comment = b"c" * 60_000
    assert kind(out.getvalue()) == f"{OOXML}presentationml.presentation"


@pytest.mark.parametrize(
    ("streams", "wanted"),
    [
        (("WordDocument", "1Table"), "application/msword"),
        (("Workbook",), "application/vnd.ms-excel"),
        (("Book",), "application/vnd.ms-excel"),
        (("PowerPoint Document", "Current User"), "application/vnd.ms-powerpoint"),
        (("__properties_version1.0", "__nameid_version1.0"), "application/vnd.ms-outlook"),
        (("EncryptionInfo", "EncryptedPackage"), "application/x-ooxml-encrypted"),
        (("Anything",), "application/x-ole-storage"),
    ],
)
@pytest.mark.parametrize("sector", [1, 100])
def test_compound_files_are_told_by_their_streams(streams: tuple[str, ...], wanted: str, sector: int) -> None:
    """Wherever the directory lies within what is seen."""
    names = ["Root Entry", *streams]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HB", 2 * len(name) + 2, 5 if at == 0 else 2)
        + bytes(61)
        for at, name in enumerate(names)
    ).ljust(512, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(22)
        + b"\x09\0\x06\0"
        + bytes(14)
        + struct.pack("<I", sector)
    )
    assert kind(header.ljust(512, b"\0") + bytes(512 * sector) + directory + bytes(512)) == wanted


def test_a_compound_file_whose_directory_is_scattered_is_told_by_a_name_elsewhere() -> None:
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0\x06\0" + bytes(14) + struct.pack("<I", 1)
    )
    far = bytes(40 * 512) + "__properties_version1.0\0".encode("utf-16-le") + bytes(512)
    assert kind(header.ljust(512, b"\0") + far) == "application/vnd.ms-outlook"


@pytest.mark.parametrize("row", SIGNATURES, ids=lambda row: row[1] + " " + ascii(row[0]))
def test_every_signature_is_reachable_and_named_like_a_type(row: tuple[bytes, str]) -> None:
    mark, mime = row
    if mime.startswith("?"):
        assert mime in FAMILIES
    else:
        assert kind(mark + bytes(2048)) == mime


def test_every_offset_table_names_a_type_or_a_family() -> None:
    names = [mime for *_, mime in (*AT_AN_OFFSET, *AT_THE_END)]
    assert all(mime in FAMILIES if mime.startswith("?") else mime.count("/") == 1 for mime in names)


@settings(max_examples=300, deadline=None)
@given(binary(max_size=300), integers(0, len(SIGNATURES) - 1))
def test_any_bytes_behind_any_signature_have_a_type(content: bytes, row: int) -> None:
    whole = SIGNATURES[row][0] + content
    found = kind(whole)
    assert found.count("/") == 1
    assert found == kind(whole)


@settings(max_examples=100, deadline=None)
@given(integers(0, len(KNOWN) - 1), integers(0, 600))
def test_any_cut_of_a_known_content_has_a_type(row: int, cut: int) -> None:
    assert kind(list(KNOWN.values())[row][0][:cut]).count("/") == 1


def test_a_name_is_never_asked_and_tail_may_be_missing() -> None:
    content = json.dumps({"a": 1}).encode()
    assert identify_type(content, b"", len(content)) == "application/json"


PIECES = lists(sampled_from([
    b"Text of a line. ", b"\n", b"\x1b$)C", b"\x0e", b"\x0f", b"\x0312,4", b"\x02bold\x02", b"\x03", b"\x04FF0000", b"\x7f",
    "\u00e9\u4e2d".encode(), b"\xe9\xa0", b"\x01\x05", b"a" * 200,
]), max_size=12)  # fmt: skip


@given(PIECES)
def test_what_has_no_control_character_needs_no_look_for_chats(pieces: list[bytes]) -> None:
    window = b"".join(pieces)
    plain = window.translate(None, b"\x0e\x0f") if _text.KOREAN in window else window
    plain = _text.CHAT_CODES.sub(b"", plain) if _text.CHAT.search(plain) else plain
    if window == window.translate(None, _text.CONTROLS):
        assert plain == window
