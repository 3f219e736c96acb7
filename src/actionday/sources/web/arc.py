"""ARC and ARC.gz, what web archives wrote before WARC: every record is an item.

Source: Internet Archive, "Arc File Format" 1.0 (1996), version blocks 1 and 2.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.model.names import text_of
from actionday.sources.archives._gzip import MAGIC
from actionday.sources.web._beginnings import first_bytes
from actionday.sources.web._block import Block, Form
from actionday.sources.web._item import Record
from actionday.sources.web._reading import Header, Reading
from actionday.sources.web._tape import Tape

# URL, address, 14 digits of time, media type, [five fields of version 2,] length
_LINE = re.compile(rb"([a-zA-Z][a-zA-Z0-9+.-]*:[^ \n]{1,2000}) ([0-9a-fA-F.:]{1,45}) (\d{14}) ([^ \n]{1,200})"
                   rb"((?: [^ \n]{1,500}){0,5}) (\d{1,15})\r?\n")  # fmt: skip
FORM = Form(
    "arc", lambda data: _LINE.match(data) is not None, re.compile(rb"\n" + _LINE.pattern), _LINE, b"\n"
)


class Arc:
    """Records in file order, the version block first; ``place`` is the byte of the record or its gzip member."""

    name, sample = "arc", "kestrel.arc.gz"
    marks = ((0, b"filedesc:"), (0, MAGIC))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a version block, also behind gzip."""
        first = first_bytes(peek.head)
        return Claim.STRUCTURE if first.startswith(b"filedesc:") and FORM.starts(first) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the records behind ``around.after``; see ``Warc.items``."""
        yield from Reading(stream, around, FORM, header).records()


def header(tape: Tape, data: bytes, place: str) -> Header | str:
    """Read the header that ``data`` begins, move behind it; see ``Reader``."""
    found = _LINE.match(data)
    if found is None:
        return tape.failure or f"arc: no header at byte {place}"
    tape.skip(found.end())
    fields = [each.decode("utf-8", "backslashreplace") for each in found.groups()]
    return Header(int(found[6]), lambda block: _record(place, fields, block))


def _record(place: str, fields: list[str], block: Block) -> Record:
    uri, address, time, media, others, _ = fields
    facts: dict[str, object] = {"ip": address, "content_type": media}
    facts |= {"header": others.split()} if others.strip(" -") else {}
    date = f"{time[:4]}-{time[4:6]}-{time[6:8]}T{time[8:10]}:{time[10:12]}:{time[12:]}Z"
    first = uri.startswith("filedesc:")
    return Record(
        place=place, kind="arcinfo" if first else "response", uri=text_of(uri.encode())[0], date=date, block=block,
        http=uri.lower().startswith("http"), facts=facts,
    )  # fmt: skip


SOURCE = Arc()
