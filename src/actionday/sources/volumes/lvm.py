"""LVM2: physical volumes are put together to their group, whose logical volumes are opened.

Source: LVM2, ``lib/format_text/layout.h`` and ``lib/label/label.h``; lvm(8).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actionday.model import Claim, Context, Damaged, Found, ItemError, Kind, Part, Peek, Stream, Unsupported
from actionday.sources.volumes._lvm_group import Group
from actionday.sources.volumes._lvm_label import LABEL, Label, Metadata, label_at, label_of, metadata_of
from actionday.sources.volumes._lvm_text import Section, number, parsed
from actionday.sources.volumes._signs import unwrapped


class Lvm:
    """Members of a volume group."""

    name, sample = "lvm2", "lvm2.raw"
    binary = True
    marks = tuple((at, LABEL) for at in range(0, 2048, 512))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a label in one of the first four sectors."""
        return unwrapped(peek, Claim.STRUCTURE if label_at(peek.head) is not None else Claim.NO)

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Yield nothing: it is a part of its group, and opened with the others. Raises Damaged."""
        label = label_of(stream)
        if label is None:
            raise Damaged("LVM2 physical volume: its label cannot be read")
        if not label.sound:
            around.note(
                "checksum", "LVM2 physical volume: the checksum of its label is not that of its bytes"
            )
        newest = _newest(stream, label, around)
        facts: dict[str, object] = {"uuid": label.uuid}
        if newest is not None:
            facts |= {"group": newest.name, "group_uuid": newest.facts.get("id"), "seqno": newest.seqno}
        around.acquired({"lvm2": facts})
        around.member(
            self.name, str(newest.facts.get("id", "")) if newest else "", newest.name if newest else ""
        )
        yield from ()


class Told(NamedTuple):
    """What one text says of a group."""

    name: str
    facts: Section
    seqno: int


def _newest(stream: Stream, label: Label, around: Context) -> Told | None:
    """Return what the newest text of a physical volume says, None where none can be read; notes what cannot."""
    found: list[Told] = []
    for each in metadata_of(stream, label):
        try:
            found.append(_told(each))
        except Damaged as error:
            around.note("damaged", f"metadata area at byte {each.at}: {error}")
            continue
        if not each.sound:
            around.note("checksum", f"metadata area at byte {each.at}: its checksum is not that of its bytes")
    return max(found, key=lambda each: each.seqno, default=None)


def _told(text: Metadata) -> Told:
    whole = parsed(text.text)
    name = next((key for key, each in whole.items() if isinstance(each, dict)), None)
    if name is None:
        raise Damaged("LVM2 metadata: it names no group")
    return Told(name, whole[name], number(whole[name], "seqno", 0))


class Volumes:
    """The logical volumes of a group."""

    size = 0

    def __init__(self, group: Group) -> None:
        self._group = group
        self.volumes = [_found(group, name) for name in group.names()]

    def volume(self, place: str) -> Stream:
        """Return a volume by its name. Raises Damaged or Unsupported."""
        return self._group.volume(place)


def _found(group: Group, name: str) -> Found:
    try:
        return Found(name=name, kind=Kind.VOLUME, place=name, size=group.size(name))
    except ItemError as error:
        return Found(name=name, kind=Kind.VOLUME, place=name, status=error.status, reason=str(error))


class Groups:
    """Groups out of their physical volumes."""

    name, sample = "lvm2", "lvm2.raw"

    def assemble(self, parts: Sequence[Part], of: str, around: Context) -> Volumes:
        """Return the group's volumes; those on what is missing raise NotThere where they are read."""
        disks: dict[str, Stream] = {}
        newest: Told | None = None
        for part in parts:
            if (label := label_of(part.stream)) is None:
                continue
            if label.uuid in disks:
                around.note(
                    "member_twice", f"{part.path}: physical volume {label.uuid} like another: it is not used"
                )
            disks.setdefault(label.uuid, part.stream)
            told = _newest(part.stream, label, around)
            if told is not None and (newest is None or told.seqno > newest.seqno):
                newest = told
        if newest is None:
            which = f"LVM2 volume group {of}" if of else f"LVM2 physical volume {', '.join(sorted(disks))}"
            raise Unsupported(f"{which}: no metadata of its group can be read")
        group = Group(newest.facts, disks)
        around.acquired({"lvm2": {"group": newest.name, "uuid": newest.facts.get("id"), "seqno": newest.seqno,
                                  "members": [part.path for part in parts]}})  # fmt: skip
        if missing := group.missing():
            spared = group.all_there()
            for each in missing:
                said = f"volume group {newest.name}: {each} is missing"
                around.note(*(("degraded", f"{said}: what it held is read from the others") if spared
                              else ("range_missing", said)))  # fmt: skip
        for code, reason in group.told():
            around.note(code, f"volume group {newest.name}: {reason}")
        return Volumes(group)


SOURCE = Lvm()
ASSEMBLY = Groups()
