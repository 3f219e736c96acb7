"""Directory records of ISO 9660 with what Rock Ridge adds to them, and Joliet's names.

Source: ECMA-119, 9.1 (directory record); IEEE P1281 (SUSP) 5.1, 5.3; IEEE P1282 (RRIP) 4.1.1 to 4.1.6, 4.1.5.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from actionday.sources.filesystems._calendar import Stamp
from actionday.sources.filesystems._iso_lengths import begins, entries, numbers
from actionday.sources.filesystems._iso_times import NOT_SET, recorded, rock_ridge
from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._tsk_bytes import Missing, Reader, u16, u32, whole
from actionday.sources.filesystems._tsk_runs import BadMap

SECTOR = 2048
VERSION = re.compile(rb"\.?;\d{1,5}$")
LARGEST_DIRECTORY, MOST_CONTINUED, MOST_DESCRIPTORS = 64 << 20, 64, 64
CUT = b""
"""Stands for the fields that are not gone through."""
DIRECTORY, MORE = 2, 0x80


@dataclass(slots=True)
class Record:
    """One directory record."""

    at: int
    """The byte of the stream at which it begins."""
    extent: int
    size: int
    flags: int
    interleaved: bool
    name: bytes
    time: Stamp
    use: bytes
    rock: "Rock"
    parts: list[tuple[int, int]] = field(default_factory=list)
    """(block, bytes) of each extent of a file that has several."""
    contradiction: str = ""
    """What a record tells in two ways, each number being there with its lowest and with its highest byte first."""


@dataclass(slots=True)
class Rock:
    """What Rock Ridge says of an entry."""

    name: bytes | None = None
    target: bytes | None = None
    mode: int | None = None
    links: int = 0
    uid: int = 0
    gid: int = 0
    modified: Stamp = NOT_SET
    child: int | None = None
    relocated: bool = False
    packed: bool = False
    cut: bool = False
    """Whether more of it is told, in more continuation areas than are followed."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One of the trees of a disc: where it begins and how its names are written."""

    label: str
    root: bytes
    block: int
    joliet: bool
    rock: bool
    skip: int = 0
    table: tuple[int, int] = (0, 0)
    """Where its path table lies (block) and how many bytes it has: every directory once more, without its files."""


def trees(reader: Reader, first: int = 16, lost: list[str] | None = None) -> list[Tree]:
    """Return the trees of the session whose descriptors begin in sector ``first``, the one that tells most first.

    ``lost`` takes up why descriptors cannot be had. Raises Missing where that leaves no tree.
    """
    found, missing = list[Tree](), list[Missing]()
    for number in range(first, first + MOST_DESCRIPTORS):
        try:
            raw = whole(reader, number * SECTOR, SECTOR)
        except Missing as error:
            missing.append(error)
            continue
        if raw[1:6] != b"CD001" or raw[0] == 255:
            break
        joliet = raw[0] == 2 and raw[88:91] in (b"%/@", b"%/C", b"%/E")
        if raw[0] == 1 or joliet:
            found.append(_tree(reader, raw, joliet))
    if missing and not found:
        raise missing[0]
    if lost is not None:
        lost += [f"{each}" for each in missing]
    return sorted(found, key=lambda tree: (not tree.rock, not tree.joliet))


def _tree(reader: Reader, raw: bytes, joliet: bool) -> Tree:
    encoded = raw[40:72]
    label = encoded.decode("utf-16-be", "replace") if joliet else encoded.decode("latin-1")
    table = u32(raw, 140), u32(raw, 132)
    plain = Tree(label.strip(" \0"), raw[156:190], u16(raw, 128) or SECTOR, joliet, rock=False, table=table)
    if joliet:
        return plain
    use = _first_use(reader, plain, u32(raw, 158))
    skip = use.find(b"SP\x07\x01\xbe\xef")
    return plain if skip < 0 else replace(plain, rock=True, skip=use[skip + 6])


def _first_use(reader: Reader, tree: Tree, extent: int) -> bytes:
    """Return the system use field of the root's own record (b"" where it is damaged)."""
    try:
        found = records(reader, tree, extent, SECTOR)
        return next((each.use for each in found if isinstance(each, Record)), b"")
    except Missing:
        return b""


def directories(reader: Reader, tree: Tree) -> list[tuple[int, bytes]]:
    """Return (extent, path) of every directory of the path table, the root first. Raises Missing.

    Source: ECMA-119, 9.4 (path table record), 6.9.1 (their order: a directory comes behind its parent).
    """
    block, size = tree.table
    raw = reader.at(block * tree.block, min(size, LARGEST_DIRECTORY))
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 8 <= len(raw) and raw[at]:
        length, extent, above = raw[at], u32(raw, at + 2), u16(raw, at + 6)
        name = raw[at + 8 : at + 8 + length]
        if not 1 <= above <= max(1, len(found)) or at + 8 + length > len(raw):
            raise Missing(f"the path table is damaged at its byte {at}")
        if tree.joliet:
            name = name.decode("utf-16-be", "replace").encode()
        path = found[above - 1][1] if found else b""
        found.append((extent, (path + b"/" + name if path else name) if found else b""))
        at += 8 + length + length % 2
    _bounded("path table", size)
    return found


def records(reader: Reader, tree: Tree, extent: int, size: int) -> Iterator[Record | BadMap]:
    """Yield the records of a directory in order, ``.`` and ``..`` too; joins the extents of one file.

    A sector that cannot be had, or is damaged from a record on, is told, and what follows it is read.
    Raises Missing where the directory cannot be read.
    """
    start = extent * tree.block
    if start >= reader.size:
        raise Missing(f"byte {start} lies beyond the end")
    waiting: Record | None = None
    for record in _each(reader, tree, start, min(size, LARGEST_DIRECTORY)):
        if isinstance(record, BadMap):
            yield record
            continue
        if waiting is not None and waiting.name == record.name:
            waiting.parts.append((record.extent, record.size))
            waiting.size += record.size
            waiting.contradiction = waiting.contradiction or record.contradiction
        else:
            if waiting is not None:  # its last extent stands in what cannot be had
                yield waiting
            waiting = record
        if not record.flags & MORE:
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting
    _bounded("directory", size)


def _bounded(what: str, size: int) -> None:
    """Raises Missing for more than ``LARGEST_DIRECTORY`` bytes, of which the others were not read."""
    if size > LARGEST_DIRECTORY:
        raise Missing(f"a {what} of {size} bytes: the first {LARGEST_DIRECTORY} were read")


def _each(reader: Reader, tree: Tree, start: int, size: int) -> Iterator[Record | BadMap]:
    lost = NamesLost(reader)
    for sector in range(start, start + size, SECTOR):  # records do not cross sectors
        length = min(SECTOR, start + size - sector)
        raw = lost.read(min(length, reader.size - sector) if sector < reader.size else length, sector)
        if sector == start and raw and not begins(raw):
            raise Missing(f"byte {start}: a directory begins with its own record")
        for at, entry in entries(raw, sector, lost):
            try:
                yield _record(reader, tree, at, entry)
            except (Missing, ValueError) as error:  # what continues it, or a name that is none
                lost.damaged(f"the record at byte {at}: {error}")
    yield from lost.told()


def _record(reader: Reader, tree: Tree, at: int, entry: bytes) -> Record:
    name = entry[33 : 33 + entry[32]]
    use = entry[33 + entry[32] + (1 - entry[32] % 2) :]
    rock = _rock(reader, tree, use[tree.skip :]) if tree.rock else Rock()
    extent, size, contradiction = numbers(reader, tree.block, entry)
    record = Record(
        at,
        extent,
        size,
        entry[25],
        bool(entry[26]),
        _named(tree, name, rock),
        recorded(entry[18:25]),
        use,
        rock,
    )
    record.parts.append((extent, size))
    record.contradiction = contradiction
    return record


def _named(tree: Tree, name: bytes, rock: Rock) -> bytes:
    if name in (b"\0", b"\1"):
        return b"." if name == b"\0" else b".."
    if rock.name is not None:
        return rock.name
    if tree.joliet:
        text = re.sub(r";\d{1,5}$", "", name.decode("utf-16-be", "surrogatepass"))
        return text.encode("utf-8", "surrogatepass")
    return VERSION.sub(b"", name)


def _fields(reader: Reader, tree: Tree, use: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (signature, body) of system use entries, continuation areas followed; a last ``CUT`` where not all are."""
    for _ in range(MOST_CONTINUED):
        following: tuple[int, int, int] | None = None
        at = 0
        while at + 4 <= len(use) and use[at + 2] >= 4:
            sign, body = use[at : at + 2], use[at + 4 : at + use[at + 2]]
            at += use[at + 2]
            if sign == b"ST":
                break
            if sign == b"CE" and len(body) >= 24:
                following = u32(body, 0), u32(body, 8), u32(body, 16)
            else:
                yield sign, body
        if following is None:
            return
        block, offset, length = following
        use = reader.at(block * tree.block + offset, min(length, SECTOR))
        if length > SECTOR:
            yield CUT, b""
    yield CUT, b""


def _rock(reader: Reader, tree: Tree, use: bytes) -> Rock:
    rock = Rock()
    target: list[bytes] = []
    for sign, body in _fields(reader, tree, use):
        if sign == b"NM" and body and not body[0] & 6:
            rock.name = (rock.name or b"") + body[1:]
        elif sign == b"PX" and len(body) >= 32:
            rock.mode, rock.links, rock.uid, rock.gid = (u32(body, at) for at in (0, 8, 16, 24))
        elif sign == b"SL":
            target.append(_components(body[1:]))
        elif sign == b"TF" and body:
            rock.modified = rock_ridge(body)
        elif sign == b"CL" and len(body) >= 4:
            rock.child = u32(body, 0)
        elif sign == b"RE":
            rock.relocated = True
        elif sign == b"ZF":
            rock.packed = True
        elif sign == CUT:
            rock.cut = True
    if target:
        rock.target = _joined(target)
    return rock


def _components(body: bytes) -> bytes:
    """Return the parts of a link, each with the ``/`` that follows it unless it is continued."""
    parts, at = b"", 0
    while at + 2 <= len(body):
        flags, length = body[at], body[at + 1]
        text = {2: b".", 4: b"..", 8: b""}.get(flags & 14, body[at + 2 : at + 2 + length])
        parts += text if flags & 1 else text + b"/"
        at += 2 + length
    return parts


def _joined(parts: list[bytes]) -> bytes:
    whole_link = b"".join(parts)
    return whole_link if whole_link == b"/" else whole_link.removesuffix(b"/")
