"""The samples of the archive sources, made by the usual writers."""

import binascii
import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory

import pytest
import zstandard
from archive_tools import ARABIC, TEXT, tar_of, tool

from compound_files import compound

MEMBERS = {"schedule.txt": TEXT, "أخبار/جدول.txt": ARABIC, "empty": b"", "noise.bin": bytes(range(256)) * 9}


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 3, 4, 21, 14, 8))
            info.compress_type, info.external_attr = method, 0o644 << 16
            archive.writestr(info, data)
    return made.getvalue()


DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
PLAIN = ("schedule.txt", "noise.bin", "empty")
OUT = "out.archive"


def made(*command: str, names: bool = False, members: dict[str, bytes] = MEMBERS) -> bytes:
    """Return what a tool makes of the members, in ``OUT`` or (``names`` go in) on its standard output."""
    with TemporaryDirectory() as folder:
        for name, data in members.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        given = "\n".join(members).encode() + b"\n" if names else None
        printed = tool(*command, given=given, where=Path(folder))
        return printed if names else Path(folder, OUT).read_bytes()


SPEC = """Name: kestrel
Version: 1
Release: 1
Summary: Kestrel radio
License: none
BuildArch: noarch
%description
Kestrel radio
%install
mkdir -p %{buildroot}/opt/kestrel
cp SOURCE/* %{buildroot}/opt/kestrel/
ln -s ../../etc/passwd %{buildroot}/opt/kestrel/link
%files
/opt/kestrel
"""


def rpm(payload: str) -> bytes:
    """Return a package whose payload is compressed as ``payload`` says (``w6.xzdio``, ``w19.zstdio`` …)."""
    with TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "in").mkdir()
        for name in PLAIN:
            (top / "in" / name).write_bytes(MEMBERS[name])
        (top / "kestrel.spec").write_text(SPEC.replace("SOURCE", str(top / "in")))
        tool("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {top}", "--define", f"_binary_payload {payload}",
             top / "kestrel.spec")  # fmt: skip
        return next((top / "RPMS").rglob("*.rpm")).read_bytes()


def rar() -> bytes:
    """Return a RAR archive of the test data: nobody else but its maker may write the format."""
    path = DATA / "archives" / "test-documents.rar"
    if not path.exists():
        pytest.skip(f"no RAR archive at {path}")
    return path.read_bytes()


OPC = {
    "[Content_Types].xml": b"<Types/>",
    "_rels/.rels": b'<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": b"<w:document xmlns:w='w'><w:p><w:t>body</w:t></w:p></w:document>",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    for kind, data in (
        (b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
)
STASH = {"word/media/picture.bin": bytes(range(256)), "stash/schedule.txt": TEXT}


def uuencoded(name: str, content: bytes) -> bytes:
    """Return a content as uuencode writes it."""
    lines = (binascii.b2a_uu(content[at : at + 45], backtick=True) for at in range(0, len(content), 45))
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


def pdf_of(*objects: bytes, tail: bytes = b"") -> bytes:
    """Return a PDF of these objects, the first of which is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(places) + 1, table, len(places) + 1, tail, len(out))


def pdf_stream(entries: bytes, content: bytes, *, packed: bool = True) -> bytes:
    """Return an object of a PDF that is a stream."""
    stored = zlib.compress(content) if packed else content
    said = b"/Filter/FlateDecode" if packed else b""
    return b"<<%s%s/Length %d>>\nstream\n%s\nendstream" % (entries, said, len(stored), stored)


PAGES = (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>")
ATTACHED = (
    b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>>>", *PAGES,
    b"<</Type/Filespec/F(plan.txt)/UF<FEFF0070006C0061006E00200627002E007400780074>/EF<</F 5 0 R>>>>",
    pdf_stream(b"/Type/EmbeddedFile", TEXT),
)  # fmt: skip
"""A PDF with one file in its list of attachments."""


def packaged(name: bytes, content: bytes) -> bytes:
    """Return what Windows's packager writes for a file into a document."""
    came = b"C:\\Desk\\" + name + b"\0"
    body = pack("<H", 2) + name + b"\0" + came + pack("<HHI", 0, 3, len(came)) + came
    return pack("<I", len(body) + 4 + len(content)) + body + pack("<I", len(content)) + content


OBJECTS = {
    "WordDocument": b"\xec\xa5" + bytes(5000),
    "0Table": bytes(200),
    "ObjectPool": {
        "_1": {"\x01Ole10Native": packaged(b"plan.txt", TEXT), "\x03ObjInfo": bytes(6)},
        "_2": {"Workbook": TEXT * 3, "inner": {"deep": ARABIC, "large": TEXT * 4}},
    },
    "Hidden": TEXT,
}
"""A document with a packed file, an embedded workbook, and a stream of nobody."""


def ole_one(
    name: bytes, native: bytes, *, topic: bytes = b"", behind: bytes = pack("<II", 0x501, 0)
) -> bytes:
    """Return an embedded object as OLE 1.0 writes it, with a presentation of none behind it."""
    said = b"".join(
        pack("<I", len(each) + 1) + each + b"\0" if each else bytes(4) for each in (name, topic, b"")
    )
    return pack("<II", 0x501, 2) + said + pack("<I", len(native)) + native + behind


def rtf_of(*objects: bytes) -> bytes:
    """Return a rich text file with objects whose data stands in lines of 64 letters."""
    hexed = (binascii.hexlify(each, b"\n", -32) for each in objects)
    held = b"".join(rb"{\object\objemb{\*\objdata " + each + rb"}{\result shown}}" for each in hexed)
    return rb"{\rtf1\ansi a letter\par " + held + rb"\par its end}"


SAMPLES: dict[str, Callable[[], bytes]] = {
    "kestrel.tar": lambda: tar_of(MEMBERS),
    "kestrel.zip": lambda: zip_of(MEMBERS),
    "behind the gap @300": lambda: bytes(212) + tar_of(MEMBERS),
    "appended.png": lambda: PNG + zip_of(MEMBERS),
    "attached.pdf": lambda: pdf_of(*ATTACHED),
    "objects.rtf": lambda: rtf_of(ole_one(b"Package", packaged(b"plan.txt", TEXT)[4:])),
    "objects.doc": lambda: compound(OBJECTS),
    "stash.docx": lambda: zip_of(OPC | STASH),
    "kestrel.txt.gz": lambda: gzip.compress(TEXT, mtime=1_772_658_849),
    "kestrel.txt.bz2": lambda: bz2.compress(TEXT),
    "kestrel.txt.xz": lambda: lzma.compress(TEXT),
    "kestrel.txt.lzma": lambda: lzma.compress(TEXT, lzma.FORMAT_ALONE),
    "kestrel.txt.zst": lambda: zstandard.ZstdCompressor(write_checksum=True).compress(TEXT),
    "kestrel.txt.lz4": lambda: tool("lz4", "-c", "-", given=TEXT),
    "kestrel.txt.z": lambda: tool("compress", "-c", given=TEXT),
    "kestrel.uue": lambda: uuencoded("kestrel.txt", TEXT),
    "kestrel.cpio": lambda: made("cpio", "-o", "-H", "newc", "--quiet", names=True),
    "kestrel.deb": lambda: made("ar", "rcS", OUT, *PLAIN),
    "kestrel.7z": lambda: made("7zz", "a", "-bd", OUT, *PLAIN),
    "kestrel.7z.001": lambda: made("7zz", "a", "-bd", OUT, *PLAIN)[:200],
    "kestrel.cab": lambda: made("gcab", "-c", "-z", OUT, *PLAIN),
    "kestrel.rpm": lambda: rpm("w6.xzdio"),
    "kestrel.rar": rar,
}
"""By the name that each source gives as its ``sample``; a maker skips where its tool is missing."""
