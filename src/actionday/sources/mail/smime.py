"""Opaque S/MIME signatures: the message that was signed lies inside the signature and is an item.

Source: RFC 8551 sections 3.2 (application/pkcs7-mime) and 3.5.2 (signed-data), RFC 5652.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream
from actionday.sources.mail._cms import HEAD, SIGNED_DATA, carried, signed_content

NAME = "signed"


class Smime:
    """``smime.p7m`` with its content inside; a signature apart from its content (``.p7s``) is not opened."""

    name, sample = "smime-signed", "signed.p7m"

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for signed data that carries its content."""
        head = peek.head[:HEAD]
        ours = head[:1] == b"\x30" and SIGNED_DATA in head[:32] and carried(head) >= 0
        return Claim.STRUCTURE if ours else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:  # noqa: ARG002
        """Yield the signed content, a message of its own (RFC 8551 section 3.1). Raises Damaged."""

        def read(offset: int, length: int) -> bytes:
            stream.seek(offset)
            return stream.read(length)

        if SIGNED_DATA not in read(0, 32):
            raise Damaged("smime: no signed data")
        runs = signed_content(read, stream.size)
        if runs:
            yield Found(
                name=NAME, kind=Kind.MESSAGE, place="0", size=sum(length for _, length in runs), runs=runs
            )


SOURCE = Smime()
