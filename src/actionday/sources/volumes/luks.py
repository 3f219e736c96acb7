"""LUKS 1 and 2: the disk within, opened by a secret of the case.

Source: "LUKS On-Disk Format Specification" 1.2.3; "LUKS2 On-Disk Format Specification" 1.1.3.
"""

from collections.abc import Iterator, Mapping

from actionday.model import Claim, Context, Damaged, Encrypted, Loss, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.volumes._enciphered import Enciphered, Part
from actionday.sources.volumes._luks_header import MAGIC, SECOND, SIZES, Header, Proof, Segment, header_of
from actionday.sources.volumes._luks_slots import Keyring
from actionday.sources.volumes._secret import fitting
from actionday.sources.volumes._sectors import Unknown, deciphered
from actionday.sources.volumes._signs import unwrapped

SECOND_PLACES = tuple(at for at in SIZES if at < 128 << 10)
"""Where LUKS 2 keeps its second header, as far as the first bytes of a stream reach."""
KNOWN = ("online-reencrypt", "offline-reencrypt")
"""How requirements begin with which it can be read all the same."""


class Luks:
    """Linux unified key setup."""

    name, sample = "luks", "luks.raw"
    binary = True
    marks = ((0, MAGIC), *((at, SECOND) for at in SECOND_PLACES))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the header, MAGIC for the second one alone."""
        if peek.head[:6] == MAGIC:
            return unwrapped(peek, Claim.STRUCTURE, table=False)
        second = peek.size > SECOND_PLACES[0] and any(
            peek.head[at : at + 6] == SECOND for at in SECOND_PLACES
        )
        return unwrapped(peek, Claim.MAGIC if second else Claim.NO, table=False)

    def open(self, stream: Stream, around: Context, /) -> Stream:
        """Return the disk. Raises Encrypted where no secret fits, Damaged, Unsupported for what is not deciphered."""
        head = header_of(stream)
        what = f"luks: LUKS {head.version} volume {head.uuid}"
        facts = _facts(head)
        around.acquired({"luks": facts})
        for note in head.notes:
            around.note("backup", note)
        _readable(head, what, bool(around.secrets))
        try:
            parts = self._parts(stream, head, what, around, facts)
        except (Unknown, ValueError) as error:
            raise Unsupported(f"{what}: {error}: not deciphered here") from error
        if _changing(head):
            around.note(
                "reencryption", f"{what}: it was being enciphered anew, each part is read as it is now"
            )
        disk = Enciphered(stream, around.name, parts, what)
        if not disk.size:
            raise Damaged(f"{what}: its header alone, without data (a detached header, or the file is cut)")
        return disk

    def _parts(
        self, stream: Stream, head: Header, what: str, around: Context, facts: dict[str, object]
    ) -> list[Part]:
        """Return the parts of the disk. Raises Encrypted, Unknown or ValueError."""
        keys: Mapping[Proof, bytes] = {}
        if any(each.encryption for each in head.segments):
            ring = Keyring(stream, head, around)
            number, keys = fitting(around, what, ring.opens)
            around.acquired({"luks": facts | {"secret": number, "key_slots": ring.slots}})
        return list(_parts(stream, head, keys, what, around))


def _facts(head: Header) -> dict[str, object]:
    facts: dict[str, object] = {"version": head.version, "uuid": head.uuid}
    if head.label:
        facts["label"] = head.label
    facts["cipher"] = ", ".join(dict.fromkeys(each.encryption or "none" for each in head.segments))
    return facts


def _changing(head: Header) -> bool:
    return any(ask.startswith(KNOWN) for ask in head.asks)


def _readable(head: Header, what: str, secrets: bool) -> None:
    """Raise Unsupported for what nobody here reads with any key; without one it is first of all encrypted."""
    odd = [each for each in head.asks if not each.startswith(KNOWN)]
    whole = [f"integrity {each.integrity}" for each in head.segments if each.integrity]
    if not head.segments:
        raise Damaged(f"{what}: its header names no data")
    if not (odd or whole):
        return
    why = f"{what}: it asks for {', '.join((*odd, *whole))}, which nobody here reads"
    if not secrets:
        raise Encrypted(why)
    raise Unsupported(why)


def _parts(
    stream: Stream, head: Header, keys: Mapping[Proof, bytes], what: str, around: Context
) -> Iterator[Part]:
    for each in head.segments:
        unit = each.unit if each.encryption else 512
        there = max(0, stream.size - each.at)
        size = there // unit * unit if each.size is None else each.size
        if each.size is None and there % unit:
            odd = counted(there % unit, "byte")
            around.note("unclaimed", f"{what}: {odd} behind the last whole sector are no part of it")
        elif size > there:
            around.note(Loss.SHORT, f"{what}: {size} bytes of data are due, {there} are there")
        yield _part(each, size, keys)


def _part(each: Segment, size: int, keys: Mapping[Proof, bytes]) -> Part:
    if each.changing and each.encryption:
        return Part(
            each.at, size, 0, None, "it was being enciphered anew here: which sectors were is not known"
        )
    if not each.encryption:
        return Part(each.at, size, 0, None)
    (key,) = (key for proof, key in keys.items() if each.name in proof.segments)
    return Part(each.at, size, each.tweak, deciphered(each.encryption, key, each.unit))


IMAGE = Luks()
