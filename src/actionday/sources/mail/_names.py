"""What an attachment is called: its file name as the message gives it, else its place and its type.

Source: RFC 2183 section 2.3, RFC 2231; names are kept literally, however hostile.
"""

from actionday.mime.body import disposition, named, names
from actionday.mime.structure import Part

_SUFFIXES = {
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "text/x-vcard": "vcf",
    "text/vcard": "vcf", "text/css": "css", "text/rfc822-headers": "txt", "image/png": "png",
    "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/bmp": "bmp", "image/tiff": "tif",
    "image/svg+xml": "svg", "image/webp": "webp", "audio/mpeg": "mp3", "audio/x-wav": "wav", "audio/ogg": "ogg",
    "video/mp4": "mp4", "application/pdf": "pdf", "application/zip": "zip", "application/msword": "doc",
    "application/json": "json", "application/xml": "xml", "text/xml": "xml", "application/rtf": "rtf",
    "application/pkcs7-mime": "p7m", "application/x-pkcs7-mime": "p7m", "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s", "application/pgp-signature": "asc", "application/ms-tnef": "dat",
    "application/pgp-encrypted": "asc", "message/rfc822": "eml", "message/global": "eml",
    "message/delivery-status": "txt", "message/disposition-notification": "txt", "message/feedback-report": "txt",
}  # fmt: skip


def name_of(part: Part) -> tuple[str, bytes | None]:
    """Return the decoded file name, else ``part-1.2.png``; and its bytes if they are no UTF-8."""
    placed = disposition(part.fields)
    given = named(placed, part.type)
    stored = placed.literal(b"filename") if placed.text(b"filename") else part.type.literal(b"name")
    if given and stored and not stored.isascii():
        return literal(stored)
    return given or f"part-{part.path}.{_SUFFIXES.get(part.type.value, 'bin')}", None


def other_names(part: Part, name: str) -> list[str]:
    """Return the further names that a part gives itself beside ``name``, as another mail program shows it."""
    return [each for each in names(part)[1:] if each != name]


def literal(stored: bytes) -> tuple[str, bytes | None]:
    """Return a name of raw bytes as text, undecodable ones as ``\\xNN``, and then the bytes."""
    try:
        return stored.decode(), None
    except UnicodeDecodeError:
        return stored.decode("utf-8", "backslashreplace"), stored
