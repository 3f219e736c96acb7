"""RPM packages: the files in the payload, whatever compresses it.

Source: RPM file format (rpm.org, "RPM V4 Package Format"): lead, signature, header, cpio payload.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream, Unsupported
from actionday.model.streams import read_at
from actionday.sources.archives._codecs import decoder
from actionday.sources.archives._cpiowalk import Walk
from actionday.sources.archives._rpmdigests import compare
from actionday.sources.archives._streams import Body, Window
from actionday.sources.archives._tape import Disk, Unpacked

_LEAD, _LEAD_BYTES = b"\xed\xab\xee\xdb", 96
_HEADER = b"\x8e\xad\xe8\x01"


class Rpm:
    """Lead and signature, the header (description, scripts, changes), then members in the order of the payload.

    A member's ``place`` is a byte of the unpacked payload.
    """

    name, sample = "rpm", "kestrel.rpm"
    binary = True
    marks = ((0, _LEAD),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE with lead and signature header, MAGIC with the lead alone."""
        if not peek.head.startswith(_LEAD):
            return Claim.NO
        return Claim.STRUCTURE if peek.head[_LEAD_BYTES:].startswith(_HEADER) else Claim.MAGIC

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the files; raises Damaged when a header is missing, Unsupported for an unknown payload.

        Digests that the package carries are compared with its bytes.
        """
        signature = _header_end(stream, _LEAD_BYTES)
        signature += -signature % 8  # what fills it up is part of it: the header begins with its mark
        start = _header_end(stream, signature)
        # the lead goes with the signature without its mark, by which that would be taken for a package itself
        for name, at, end in (("signature", len(_LEAD), signature), ("header", signature, start)):
            yield Found(name=name, kind=Kind.SYSTEM, place=name, size=end - at, runs=((at, end - at),))
        head = read_at(stream, start, 512)
        payload = Window(stream, start, max(0, stream.size - start))
        if head.startswith((b"07070X", b"BZ0")) or not head:
            what = "ends behind its headers" if not head else f"payload {head[:6]!r}"
            raise Damaged(f"rpm: {what}") if not head else Unsupported(f"rpm: {what} is not read")
        unpack = decoder(head)
        if around.after is None:
            compare(stream, _LEAD_BYTES, signature + -signature % 8, start, around)
        tape = Unpacked(Body(unpack(payload, around.note))) if unpack else Disk(stream, start)
        yield from Walk(tape, around.note).members()


def _header_end(stream: Stream, at: int) -> int:
    head = read_at(stream, at, 16)
    if len(head) < 16 or not head.startswith(_HEADER):
        raise Damaged(f"rpm: no header at byte {at}")
    entries, data = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
    end = at + 16 + 16 * entries + data
    if end > stream.size:
        raise Damaged(f"rpm: ends inside the header at byte {at}")
    return end


SOURCE = Rpm()
