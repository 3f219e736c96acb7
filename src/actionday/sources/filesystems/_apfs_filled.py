"""Files of APFS and their attributes as items: where their content lies, or what unpacks and deciphers it."""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday import model
from actionday.model import Damaged, Found, Kind, Status
from actionday.model.attributes import is_systems
from actionday.sources.filesystems._apfs_content import (
    FOREIGN,
    Content,
    Held,
    Memory,
    Reading,
    content_of,
    opened,
    value_of,
)
from actionday.sources.filesystems._apfs_decmpfs import ATTRIBUTE, FORK, Compressed, header_of
from actionday.sources.filesystems._apfs_records import COMPRESSED, DATALESS, Inode, Stream, Xattr
from actionday.sources.filesystems._apfs_volume import State
from actionday.sources.filesystems._doubts import doubted
from actionday.sources.filesystems._streams import Name, beside
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap, Run

TARGET = b"com.apple.fs.symlink"
LONGEST_HEADER = 1 << 20
DATA_LEFT = "its content was moved to a server, and is not here"
DIFFERS = "the checksum of the node with its attributes differs"


def file(state: State, inode: Inode, item: Found, meta: dict[str, object]) -> tuple[Found, list[Run]]:
    """Return the item of a file, and where bytes lie behind its size; what is known is added to ``meta``."""
    packed = inode.attribute(ATTRIBUTE) if inode.flags & COMPRESSED else None
    item = replace(item, size=inode.size)
    try:
        if packed is not None:
            return _packed(state, inode, packed, item, meta), []
        if inode.flags & DATALESS:
            return replace(item, status=Status.UNSUPPORTED, reason=DATA_LEFT), []
        if inode.stream is None:
            return replace(item, runs=()), []
        content = content_of(state, inode.stream)
    except (BadMap, Missing) as error:
        return replace(item, status=Status.UNREADABLE, reason=f"apfs: {error}"), []
    plain = not content.foreign and not content.parts
    beyond = content.runs.behind(inode.size, state.blocks.size) if plain else []
    return _filled(state, content, item, inode.stream), beyond


def _filled(state: State, content: Content, item: Found, stream: Stream) -> Found:
    if content.foreign:
        return replace(item, status=Status.ENCRYPTED, reason=f"apfs: {FOREIGN}")
    if content.parts:
        item = replace(item, read=Reading(state, content, stream.size))
    else:
        item = replace(item, runs=tuple(content.runs.cut(stream.size)))
    return doubted(item, content.why) if content.why else item


def _packed(state: State, inode: Inode, packed: Xattr, item: Found, meta: dict[str, object]) -> Found:
    header = header_of(stored(state, packed, LONGEST_HEADER))
    item = replace(item, size=header.size)
    meta["compression"] = header.way or f"type {header.kind}"
    if not header.way:
        return replace(item, status=Status.UNSUPPORTED, reason=f"apfs: {header.why}")
    fork = inode.attribute(FORK)
    if header.forked and fork is None:
        raise BadMap("its content is in a resource fork, which is not there")
    return replace(item, read=Compressed(header, lambda: _fork(state, fork)))


def _fork(state: State, fork: Xattr | None) -> model.Stream:
    """Return a resource fork. Raises Damaged."""
    if fork is None:
        raise Damaged("apfs: there is no resource fork")
    try:
        return Memory(value_of(state, fork, fork.size)) if fork.stream is None else opened(state, fork.stream)
    except (BadMap, Missing) as error:
        raise Damaged(f"apfs: its resource fork: {error}") from error


def attributes(state: State, inode: Inode, name: Name, found: Found) -> Iterator[Found]:
    """Yield the extended attributes of a file, but for those that are its content or its target."""
    packed = inode.flags & COMPRESSED and _forked(state, inode)
    for count, each in enumerate(inode.attributes):
        if each.name in (TARGET, *((ATTRIBUTE,) if inode.flags & COMPRESSED else ())) or is_systems(
            each.name
        ):
            continue
        if packed and each.name == FORK:
            continue
        text, raw = beside(found, b":" + each.name)
        item = Found(name=text, raw=raw, kind=Kind.STREAM, place=f"{name.place}:x{count}", size=each.size,
                     meta={"attribute": True})  # fmt: skip
        try:
            item = _lies(state, each, item)
        except (BadMap, Missing) as error:
            yield replace(item, status=Status.UNREADABLE, reason=f"apfs: {error}")
            continue
        yield item if each.item.node.trusted else doubted(item, DIFFERS)


def _lies(state: State, each: Xattr, item: Found) -> Found:
    if each.stream is not None:
        return _filled(state, content_of(state, each.stream), item, each.stream)
    place = each.item.node.place
    if place.cipher is None:
        at = place.block * state.blocks.size + each.at
        return replace(item, runs=((at, each.size),) if each.size else ())
    return replace(item, read=Held(stored(state, each, each.size)))


def _forked(state: State, inode: Inode) -> bool:
    """Say whether the resource fork is what the file is compressed into."""
    packed = inode.attribute(ATTRIBUTE)
    try:
        return packed is not None and header_of(stored(state, packed, LONGEST_HEADER)).forked
    except (BadMap, Missing):
        return False


def stored(state: State, each: Xattr, most: int) -> bytes:
    """Return the value of an attribute. Raises BadMap or Missing."""
    try:
        return value_of(state, each, most)
    except Damaged as error:
        raise BadMap(f"{error}") from error
