"""OVF descriptors (``.ovf``, in an OVA or beside its disks): each virtual machine as a directory that says what it is.

The disks that it names are files beside it, opened as any other.

Source: DMTF DSP0243 (Open Virtualization Format 1.1 and 2.1), sections 7 to 9.
"""

from collections.abc import Iterator
from xml.parsers import expat

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.images._ovf_facts import Envelope, Machine

SPACES = (b"schemas.dmtf.org/ovf/envelope", b"www.vmware.com/schema/ovf/1/envelope")
LARGEST = 8 << 20
"""Bytes; the descriptor of a machine has some 10,000."""


class Ovf:
    """Virtual machines in the order of the descriptor, whose number is the place."""

    name, sample = "ovf", "guest.ovf"
    textual = True
    waits = ALWAYS
    called = (".ovf",)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for an envelope in one of its name spaces."""
        if not peek.name.endswith(".ovf") or b"Envelope" not in peek.head:
            return Claim.NO
        return Claim.STRUCTURE if any(space in peek.head for space in SPACES) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the machines; files that are named and not beside it are noted. Raises Damaged."""
        if stream.size > LARGEST:
            raise Damaged(f"ovf: a descriptor of {stream.size} bytes, more than {LARGEST}")
        stream.seek(0)
        envelope = _envelope(stream.read(stream.size))
        _beside(envelope, around)
        shared = envelope.shared()
        for number, machine in enumerate(envelope.machines):
            yield _machine(number, machine, shared)
        if not envelope.machines:
            raise Damaged("ovf: the descriptor tells of no virtual machine")


def _envelope(data: bytes) -> Envelope:
    """Return what the descriptor says. Raises Damaged with the line at which it breaks off; entities are refused."""
    reader, envelope = expat.ParserCreate(namespace_separator=" "), Envelope()
    reader.buffer_text = True
    reader.StartElementHandler, reader.EndElementHandler = envelope.begins, envelope.ends
    reader.CharacterDataHandler = envelope.says

    def declared(*_: object) -> None:
        raise Damaged("ovf: the descriptor declares entities, which none does")

    reader.EntityDeclHandler = declared
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        raise Damaged(f"ovf: {expat.ErrorString(error.code)}, line {error.lineno}") from error
    return envelope


def _beside(envelope: Envelope, around: Context) -> None:
    """Note which of the files that the descriptor names are not beside it, or have another size than it says."""
    look = getattr(around, "glance", around.sibling)
    for each in envelope.files.values():
        name = each.get("file", "")
        if not name or "\0" in name or name.startswith("/") or ".." in name.split("/"):
            continue
        try:
            found = look(name)
        except OSError:
            continue  # it is there, and whoever opens it says why it cannot be read
        told = each.get("size", "")
        if found is None:
            around.note(Loss.SEGMENT_MISSING, f"ovf: {name} is named, and not beside the descriptor")
        elif told.isdecimal() and len(told) < 20 and int(told) != found.size:
            around.note(Loss.SEGMENT_SHORT, f"ovf: {name} has {found.size} bytes, the descriptor says {told}")


def _machine(number: int, machine: Machine, shared: dict[str, object]) -> Found:
    meta = {"ovf": {**machine.facts(), **shared}}
    return Found(name=machine.called(number), kind=Kind.DIRECTORY, place=str(number), meta=meta)


SOURCE = Ovf()
