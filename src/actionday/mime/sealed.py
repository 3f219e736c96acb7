"""Is a part encrypted? By its place in the message and, for S/MIME, by the content type in its first bytes.

Source: RFC 3156 section 4 (PGP/MIME), RFC 8551 sections 3.2.2 and 3.3, RFC 5652 section 3 (content types of CMS).
"""

from collections.abc import Callable

from actionday.mime.structure import Part
from actionday.mime.transfer import decoded

_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_OPEN_KINDS = ("signed-data", "certs-only", "compressed-data")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")


def sealed(part: Part, encoding: str, read: Callable[[int, int], bytes]) -> str:
    """Return how the part is encrypted, or "" if it is not."""
    if part.within == "encrypted" and part.type.value != "application/pgp-encrypted":
        return "PGP/MIME"
    if part.type.value not in _SMIME:
        return ""
    kind = part.type.text(b"smime-type").lower()
    if kind in _OPEN_KINDS:
        return ""
    start, _ = decoded(read(part.start, min(512, part.end - part.start)), encoding)
    open_kind = _SIGNED_DATA in start[:64] or _COMPRESSED in start[:64]
    return "" if open_kind and not kind else "S/MIME"
