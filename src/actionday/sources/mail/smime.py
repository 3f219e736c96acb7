"""Opaque S/MIME signatures and compressed messages: the message lies inside and is an item.

Source: RFC 8551 sections 3.2 (application/pkcs7-mime), 3.5.2 (signed-data) and 3.6 (compressed-data), RFC 5652, 3274.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream
from actionday.sources.mail._cms import COMPRESSED_DATA, HEAD, SIGNED_DATA, carried, signed_content
from actionday.sources.mail._deflated import inflated

NAME, COMPRESSED = "signed", "compressed"


class Smime:
    """``smime.p7m`` with its content inside; a signature apart from its content (``.p7s``) is not opened."""

    name, sample = "smime-signed", "signed.p7m"
    marks = ((0, b"\x30"),)

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for signed or compressed data that carries its content."""
        head = peek.head[:HEAD]
        known = SIGNED_DATA in head[:32] or COMPRESSED_DATA in head[:32]
        ours = head[:1] == b"\x30" and known and carried(head) >= 0
        return Claim.STRUCTURE if ours else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:  # noqa: ARG002
        """Yield the signed content, a message of its own (RFC 8551 section 3.1). Raises Damaged."""

        def read(offset: int, length: int) -> bytes:
            stream.seek(offset)
            return stream.read(length)

        head = read(0, 32)
        compressed = COMPRESSED_DATA in head
        if SIGNED_DATA not in head and not compressed:
            raise Damaged("smime: no signed data")
        runs = signed_content(read, stream.size)
        if runs and compressed:
            yield Found(name=COMPRESSED, kind=Kind.MESSAGE, place="0", read=lambda: inflated(read, runs))
        elif runs:
            yield Found(
                name=NAME, kind=Kind.MESSAGE, place="0", size=sum(length for _, length in runs), runs=runs
            )


SOURCE = Smime()
