"""The contract of every source and image: run over what is registered, and by third parties over theirs.

``check_source(source, sample)`` raises AssertionError with the promise that is broken. A sample is a small file
made by a real writer, holding at least one item.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from actionday.model import Claim, Found, Image, ItemError, Kind, Source, Status
from actionday.model.plugin import NAME_CHARACTERS, Peek
from actionday.testing.context import Alone, Bytes, Glance, content

Around = Callable[[str], Alone]
"""Makes the context of a stream by its name; a test may give one with companions or siblings."""

_CUTS = 60


def check_module(plugin: Source | Image) -> None:
    """Check what the registry asks: a name, a sample, and the standard named in the module."""
    module = sys.modules[type(plugin).__module__]
    defining = [each for each in _modules_with(plugin) if "Source:" in (each.__doc__ or "")]
    assert defining or "Source:" in (module.__doc__ or ""), (
        f"{plugin.name}: the module names no standard (Source:)"
    )
    assert NAME_CHARACTERS.fullmatch(plugin.name), f"{plugin.name!r} is no plug-in name"
    assert plugin.sample, f"{plugin.name}: names no sample"


def _modules_with(plugin: object) -> Iterator[object]:
    for module in list(sys.modules.values()):
        if plugin in (getattr(module, "SOURCE", None), getattr(module, "IMAGE", None)):
            yield module


def check_source(source: Source, sample: Path, around: Around = Alone, kind: Kind = Kind.FILE) -> None:
    """Check one source against its sample: claims, order, places, and every damage answered by an issue."""
    check_module(source)
    data = sample.read_bytes()
    check_claims(source, Glance(sample.name, data, kind))
    first, again = (listing(source, sample.name, data, around) for _ in range(2))
    assert first.items, f"{source.name}: no items in {sample.name}"
    assert first == again, f"{source.name}: two runs differ"
    check_items(source, first.items)
    check_reading(source, sample.name, data, around)
    for cut in sorted({len(data) * step // _CUTS for step in range(_CUTS)}):
        listing(source, sample.name, data[:cut], around)  # raises nothing but an ItemError, which it keeps
    for at in range(7, len(data), max(1, len(data) // _CUTS)):
        listing(source, sample.name, data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :], around)


def check_claims(source: Source | Image, peek: Peek) -> None:
    """Check that the sample is claimed, and that nothing and noise are not, nor do they raise."""
    assert source.claims(peek) is not Claim.NO, f"{source.name}: does not claim {peek.name}"
    asked = not getattr(source, "binary", False) or b"\0" in peek.head or b"\0" in peek.tail
    assert asked, f"{source.name}: is binary, and would not be asked about {peek.name}"
    assert _marked(source, peek.head), (
        f"{source.name}: would not be asked about {peek.name}: it has no mark of its"
    )
    for data in (b"", b"\0", bytes(4096), bytes(range(256)) * 20, b"plain text\n" * 50):
        claimed = source.claims(Glance("noise", data))
        assert claimed is Claim.NO, f"{source.name}: claims {data[:12]!r}… as {claimed.name}"
    for cut in range(0, min(600, len(peek.head))):
        begun = Glance(peek.name, peek.head[:cut], peek.kind)
        assert source.claims(begun) is Claim.NO or _marked(source, begun.head), (
            f"{source.name}: claims {peek.name} cut to {cut} bytes, which have no mark of its"
        )


def _marked(plugin: Source | Image, head: bytes) -> bool:
    """Say whether a plug-in is asked about what begins so, by the marks it names."""
    marks: Sequence[tuple[int, bytes]] = getattr(plugin, "marks", ())
    return not marks or any(head.startswith(mark, at) for at, mark in marks)


class Listing(msgspec.Struct, frozen=True):
    """What came out of one run: items, contents read (or why not), and how it ended."""

    items: tuple[Found, ...]
    contents: tuple[bytes | str, ...]
    end: str


def listing(
    source: Source, name: str, data: bytes, around: Around = Alone, *, limit: int = 1 << 20
) -> Listing:
    """Return the items of a source with up to ``limit`` bytes of each content, and the ItemError at its end."""
    stream, items, contents, end = Bytes(data), [], [], ""
    try:
        for found in source.items(stream, around(name)):
            items.append(msgspec.structs.replace(found, read=None))
            contents.append(_content(found, stream, limit))
    except ItemError as error:
        end = f"{error.code}: {error}"
    return Listing(tuple(items), tuple(contents), end)


def _content(found: Found, stream: Bytes, limit: int) -> bytes | str:
    if found.size is not None and found.size > limit and found.read is None:
        return f"{found.size} bytes, not read"
    try:
        if found.read is None:
            return content(found, stream)
        with found.read() as reader:
            return b"".join(_upto(reader.read, limit))
    except (ItemError, OSError, EOFError) as error:
        return f"{type(error).__name__}: {error}"


def _upto(read: Callable[[int], bytes], limit: int) -> Iterator[bytes]:
    while limit > 0 and (data := read(min(limit, 1 << 16))):
        limit -= len(data)
        yield data


def check_items(source: Source, items: Sequence[Found]) -> None:
    """Check what holds for every item of every source."""
    places = [found.place for found in items]
    assert len(set(places)) == len(places), f"{source.name}: two items share a place"
    for found in items:
        where = f"{source.name}: {found.name!r}"
        msgspec.json.encode(dict(found.meta))  # raises where a fact is no JSON
        assert found.runs is None or found.read is None, f"{where} tells its content twice"
        if found.status is not None and found.status is not Status.PARSED:
            assert found.reason, f"{where} is {found.status} without a reason"
        if found.raw is not None:
            assert "\\x" in found.name, f"{where} keeps raw bytes, but its name shows none"
        assert found.mtime is None or found.mtime.endswith("Z"), f"{where} has a time without zone"
        assert found.size is None or found.size >= 0, f"{where} has a negative size"


def check_reading(source: Source, name: str, data: bytes, around: Around = Alone) -> None:
    """Check that an undamaged sample gives what it declares, also when contents are not read in between."""
    whole = listing(source, name, data, around, limit=1 << 62)
    for found, read in zip(whole.items, whole.contents, strict=True):
        if found.size is not None and found.status is None and not isinstance(read, str):
            assert found.kind is Kind.DIRECTORY or len(read) == found.size, (
                f"{source.name}: {found.name!r} declares {found.size} bytes"
            )
    unread = [msgspec.structs.replace(found, read=None) for found in source.items(Bytes(data), around(name))]
    assert unread == list(whole.items), f"{source.name}: what is listed depends on what is read"
    if len(whole.items) > 1:
        check_resume(source, name, data, around, whole.items)


def check_resume(source: Source, name: str, data: bytes, around: Around, items: Sequence[Found]) -> None:
    """Check that a run behind any place gives the rest, or all: never an item less."""
    for index, found in enumerate(items):
        context = around(name)
        context.after = found.place
        rest = [msgspec.structs.replace(each, read=None) for each in source.items(Bytes(data), context)]
        expected = list(items[index + 1 :])
        assert rest in (expected, list(items)), (
            f"{source.name}: behind {found.place!r} come {len(rest)} items"
        )
