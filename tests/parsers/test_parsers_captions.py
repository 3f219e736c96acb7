"""What people wrote about a picture is metadata: Exif, IPTC, XMP, comments and texts of any format."""

import struct
import zlib

import pytest
from parser_pictures import SIZE, picture
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from actionday.model import Limits
from actionday.parsers._tags import MOST
from actionday.parsers.picture import PARSER
from steps import steps

ARABIC = "اجتماع خلف الطاحونة"
XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Core">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmpMM:DocumentID="uuid:0f" photoshop:City="Marrowby">'
    f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{ARABIC}</rdf:li></rdf:Alt></dc:description>'
    "<dc:subject><rdf:Bag><rdf:li>mill</rdf:li><rdf:li>radio</rdf:li></rdf:Bag></dc:subject>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()
TOLD = {"description": ARABIC, "keywords": "mill\nradio", "tag_city": "Marrowby"}


def read(content: bytes, kind: str) -> dict[str, object]:
    return dict(PARSER.parse(memoryview(content), f"image/{kind.lower()}", Limits()).meta)


def told(content: bytes, kind: str) -> dict[str, object]:
    meta = read(content, kind)
    assert (meta["width"], meta["height"]) == SIZE
    assert "Some Core" not in str(meta)
    assert "uuid" not in str(meta)
    return {key: meta.get(key) for key in TOLD}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_xmp(kind: str) -> None:
    assert told(picture(kind, xmp=XMP), kind) == TOLD


def test_xmp_of_tiff_and_png() -> None:
    assert told(picture("TIFF", tiffinfo={700: XMP}), "TIFF") == TOLD
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    assert told(picture("PNG", pnginfo=info), "PNG") == TOLD


def test_a_broken_packet_gives_what_comes_before_its_fault() -> None:
    assert told(picture("JPEG", xmp=XMP[:-40]), "JPEG") == TOLD


def test_exif_texts_in_all_their_codings() -> None:
    tags = Image.Exif()
    tags[0x010E], tags[0x013B], tags[0x8298] = "the mill", "Mira Vale", "Kestrel"
    tags[0x9C9C], tags[0x9C9E] = f"{ARABIC}\0".encode("utf-16-le"), "one;two\0".encode("utf-16-le")
    tags.get_ifd(0x8769)[0xA431] = "K2-0099"
    tags.get_ifd(0x8825).update(
        {1: "N", 2: (48.0, 6.0, 0.0), 3: "E", 4: (11.0, 30.0, 0.0), 0x1C: b"ASCII\0\0\0Old Mill"}
    )
    meta = read(picture("JPEG", exif=tags), "JPEG")
    wanted = {"description": "the mill", "author": "Mira Vale", "copyright": "Kestrel", "comment": ARABIC,
              "keywords": "one;two", "camera_serial": "K2-0099", "place": "48.1, 11.5\nOld Mill"}  # fmt: skip
    assert {key: meta.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + ARABIC.encode("utf-16-le"),
        b"UNICODE\0" + ARABIC.encode("utf-16-be"),
        b"\0" * 8 + ARABIC.encode(),
    ],
)
def test_a_user_s_comment(comment: bytes) -> None:
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9286] = comment
    assert read(picture("JPEG", exif=tags), "JPEG")["comment"] == ARABIC


def data_set(record: int, field: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, field, len(value)) + value


def with_iptc(*sets: bytes) -> bytes:
    block = b"".join(sets)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    body = b"Photoshop 3.0\0" + b"8BIM\x04\x25\0\0\0\0\0\x02ab" + resource
    content = picture("JPEG")
    return content[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + content[2:]


def test_iptc_with_and_without_its_marker() -> None:
    marked = with_iptc(
        data_set(1, 90, b"\x1b%G"), data_set(2, 120, ARABIC.encode()), data_set(2, 80, b"Mira")
    )
    meta = read(marked, "JPEG")
    assert (meta["description"], meta["author"]) == (ARABIC, "Mira")
    old = with_iptc(data_set(2, 90, "Düne".encode("cp1252")), data_set(2, 25, b"a"), data_set(2, 25, b"b"))
    meta = read(old, "JPEG")
    assert (meta["city"], meta["keywords"]) == ("Düne", "a\nb")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_texts_of_png_before_and_behind_the_picture() -> None:
    info = PngInfo()
    info.add_text("Title", "the mill", zip=True)
    info.add_itxt("Comment", ARABIC, zip=True)
    content = picture("PNG", pnginfo=info)
    late = chunk(b"tEXt", b"Safe House\0behind it") + chunk(b"tEXt", b"Author\0" + ARABIC.encode())
    meta = read(content[:-12] + late + content[-12:], "PNG")
    assert (meta["title"], meta["comment"], meta["tag_safe_house"]) == ("the mill", ARABIC, "behind it")
    assert meta["author"] == ARABIC


def test_comments_of_gif_and_jpeg() -> None:
    gif = picture("GIF", comment=ARABIC.encode())
    second = b"\x21\xfe\x06second\0"
    meta = read(gif[:-1] + second + gif[-1:], "GIF")
    assert meta["comment"] == f"{ARABIC}\nsecond"
    jpeg = picture("JPEG", comment="first")
    more = b"\xff\xfe" + struct.pack(">H", 8) + b"second"
    assert read(jpeg[:2] + more + jpeg[2:], "JPEG")["comment"] == "first\nsecond"


@pytest.mark.parametrize(
    ("kind", "tail"),
    [("GIF", b"\x21\xfe" + b"\x01x" * 200_000), ("JPEG", b""), ("PNG", chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000))))],
)  # fmt: skip
def test_comments_without_end_are_bounded(kind: str, tail: bytes) -> None:
    content = picture(kind)
    if kind == "JPEG":
        content = content[:2] + (b"\xff\xfe\xff\xff" + b"x" * 65533) * 100 + content[2:]
    else:
        content = content[: -1 if kind == "GIF" else -12] + tail
    found: list[dict[str, object]] = []
    assert steps(lambda: found.append(read(content, kind))) < 5 * len(content)
    assert len(str(found[0])) < MOST + 1000
