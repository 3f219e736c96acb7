"""Second looks at pictures, sound and moving pictures whose first bytes are shared by several formats."""

from struct import unpack_from

RIFF_FORMS = {
    b"WAVE": "audio/x-wav",
    b"AVI ": "video/x-msvideo",
    b"WEBP": "image/webp",
    b"RMID": "audio/midi",
    b"ACON": "application/x-navi-animation",
    b"CDDA": "application/x-cda",
    b"sfbk": "audio/x-sfbk",
}
IFF_FORMS = {
    b"AIFF": "audio/x-aiff",
    b"AIFC": "audio/x-aiff",
    b"ILBM": "image/x-ilbm",
    b"8SVX": "audio/x-8svx",
}
BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"hevc": "image/heic-sequence",
    b"mif1": "image/heif",
    b"msf1": "image/heif-sequence",
    b"crx ": "image/x-canon-cr3",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"F4A ": "audio/mp4",
    b"M4V ": "video/x-m4v",
    b"jp2 ": "image/jp2",
}
"""Major brands of ISO/IEC 14496-12 files; any other brand is a film (``3g*`` of a telephone)."""

MPEG_RATES = {0b1111, 0b0000}
"""Bit-rate indexes that a real MPEG audio frame does not have (bad; free format)."""


PICTURES = (b"\x89PNG\r\n\x1a\n", b"\x28\0\0\0")
"""How a picture in an icon begins: a PNG, or the header of a bitmap."""


def riff_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Return the type of the form inside a RIFF file."""
    return RIFF_FORMS.get(head[8:12], "application/x-riff" if len(head) >= 12 else None)


def iff_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Return the type of the form inside an IFF file."""
    return IFF_FORMS.get(head[8:12])


def ftyp_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Return the type told by the major brand, or by a compatible brand for still pictures."""
    length = int.from_bytes(head[:4], "big")
    brand = head[8:12]
    if brand in (b"mif1", b"msf1"):
        compatible = {head[at : at + 4] for at in range(16, min(length, 256), 4)}
        for sure in (b"avif", b"heic", b"heix"):
            if sure in compatible:
                return BRANDS[sure]
    return BRANDS.get(brand) or ("video/3gpp" if brand.startswith(b"3g") else "video/mp4")


def ebml_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Tell WebM from Matroska by the document type in the EBML header."""
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"


def ogg_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Tell sound from film by the codecs that open within the first pages."""
    start = head[:512]
    if b"\x80theora" in start or b"fishead" in start:
        return "video/ogg"
    known = any(mark in start for mark in (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   "))
    return "audio/ogg" if known else "application/ogg"


def asf_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Tell Windows film from sound by the stream type of a stream properties object. Source: ASF 01.20.03, 3.3."""
    video = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
    audio = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
    if video in head:
        return "video/x-ms-wmv"
    return "audio/x-ms-wma" if audio in head else "video/x-ms-asf"


def flash_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Shockwave Flash: a version that existed."""
    return "application/vnd.adobe.flash.movie" if len(head) > 8 and 1 <= head[3] <= 60 else None


def mpeg_audio_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Raw MPEG audio or AAC: a valid frame header, and a second one where the first says it ends."""
    if len(head) < 8 or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS: layer bits are 0
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        return "audio/aac" if length > 7 and head[length : length + 1] == b"\xff" else None
    if head[1] & 0x06 == 0 or head[2] >> 4 in MPEG_RATES or head[2] & 0x0C == 0x0C:
        return None
    return "audio/mpeg" if head[1:3] in head[4:4096] else None


def mpegts_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """MPEG transport stream: sync bytes every 188 bytes."""
    return "video/mp2t" if len(head) >= 565 and all(head[188 * n] == 0x47 for n in range(4)) else None


def bmp_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Windows bitmap: a header size that exists."""
    if len(head) < 26:
        return None
    return "image/bmp" if unpack_from("<I", head, 14)[0] in (12, 16, 40, 52, 56, 64, 108, 124) else None


def icon_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Windows icon: a small count, a reserved byte, and a first picture that lies inside."""
    return "image/vnd.microsoft.icon" if _directory(head, size) else None


def cursor_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Windows cursor: as an icon."""
    return "image/x-win-bitmap" if _directory(head, size) else None


def _directory(head: bytes, size: int) -> bool:
    if len(head) < 22:
        return False
    count, length, at = int.from_bytes(head[4:6], "little"), *unpack_from("<II", head, 14)
    if not 0 < count < 256 or head[9] or at < 6 + 16 * count:
        return False
    return at + length <= size or head.startswith(PICTURES, at)  # one that breaks off shows what begins there


def emf_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Enhanced metafile: its signature at byte 40."""
    return "image/emf" if head.startswith(b" EMF", 40) else None


def jxl_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """JPEG XL without a container: two bytes are thin proof, so text and padding are refused."""
    return "image/jxl" if len(head) > 16 and b"\0" in head[:512] and head[2:8].strip(b"\xff\0") else None


def pnm_type(head: bytes, tail: bytes, size: int) -> str | None:  # noqa: ARG001
    """Portable anymap: width, height (and depth) as decimal numbers, perhaps after comments."""
    lines = [line for line in head[2:512].split(b"\n") if not line.startswith(b"#")]
    words = b" ".join(lines).split(None, 2)[:2]
    if not head[2:3].isspace() or len(words) < 2 or not all(word.isdigit() for word in words):
        return None
    kind = {b"1": "bitmap", b"4": "bitmap", b"2": "graymap", b"5": "graymap"}.get(head[1:2], "pixmap")
    return f"image/x-portable-{kind}"
