"""What is known of an item, as lines for a terminal: what was told here, then what its container and it itself say."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from actionday.app.cli._acquired import facts_of, of_disk, of_images
from actionday.app.cli._common import counted, grouped, printable

if TYPE_CHECKING:
    from actionday.access.items import Item
    from actionday.access.shown import Shown

Facts = list[tuple[str, str]]
NOT_READ = (
    "free space, what is left of a file's last block (of both, files in one piece and text are read where the items "
    "$Unallocated and $Slack are parsed), and the tables of a file system as bytes (its journal, "
    "directories and indexes)"
)
"""Of a disk: files are read, deleted ones too."""
LACKING = "what lies in parts of a disk that cannot be had or listed"
"""Comes before it, where a disk is not whole."""
OPEN = "what was not gone through yet (files too)"
"""Comes before both, where the exhibit is not gone through to its end."""
UNFINISHED = ", NOT gone through to its end: more may be in it than is told here"
SO_FAR = ", as far as it was gone through: not all that is in it may be in the case yet"
"""Of an item that holds others, in such an exhibit."""
PERSON = {"name", "address"}


def lines_of(shown: "Shown") -> Iterator[str]:
    """Yield the lines: facts, then under the headings of its page metadata and what could not be done."""
    content = shown.content
    yield from _lines(_facts(shown))
    groups = {
        "Of the acquisition": list(_acquisition(shown)),
        "Of the images in it": list(of_images(shown.item.exhibit, shown.within)),
        "Of the item": list(_metadata(_own(shown))),
        "Of the content": list(_metadata(content.meta if content else {})),
        "What could not be done with it": list(_issues(shown, failures=True)),
        "What was noted of it": list(_issues(shown, failures=False)),
    }
    for heading, facts in groups.items():
        if facts:
            yield ""
            yield heading
            yield from (f"  {line}" for line in _lines(facts))


def _issues(shown: "Shown", *, failures: bool) -> Iterator[tuple[str, str]]:
    """Yield the lines of the issue log about an item, those that tell a failure, or the others."""
    found = (each for each in shown.issues if each.failure is failures)
    yield from ((f"{each.code} ({each.stage})", printable(each.reason)) for each in found)


def _lines(facts: Facts) -> Iterator[str]:
    width = max((len(name) for name, _ in facts), default=0)
    return (f"{name:{width}}  {value}" for name, value in facts)


def _facts(shown: "Shown") -> Facts:
    item, content = shown.item, shown.content
    why = f": {printable(item.reason)}" if item.reason else ""
    so_far = SO_FAR if shown.unfinished and item.opened else ""
    facts = [
        ("exhibit", f"{printable(item.exhibit)}{UNFINISHED if shown.unfinished else ''}"),
        ("path", printable(item.path)),
        ("place", printable(shown.place.said) if item.parent else ""),
        ("id", item.id),
        ("kind", item.kind),
        ("status", f"{state_of(item)}{so_far}{why}"),
        ("size", "" if item.size is None else f"{grouped(item.size)} B{_files(shown)}"),
        ("changed", item.mtime or ""),
    ]
    if shown.disk:
        facts.append(("not read", not_read(not_whole=shown.not_whole, unfinished=shown.unfinished)))
    if content is not None:
        facts += [
            ("type", printable(content.mime)),
            ("SHA-256", content.sha256),
            ("SHA-1", content.sha1),
            ("MD5", content.md5),
            ("places", f"{grouped(shown.places)} in this case" if shown.places > 1 else ""),
            ("read by", printable(content.parser or "")),
            ("language", _language(shown)),
        ]
    return [(name, value) for name, value in facts if value]


def _files(shown: "Shown") -> str:
    """Return of how many files an exhibit's size is the sum, and how many were not given; "" of one file."""
    sources = shown.acquired.sources if shown.acquired else []
    beside = sum(not each.named for each in sources)
    more = f", {grouped(beside)} of them found beside" if beside else ""
    return f" in {counted(len(sources), 'file')}{more}" if len(sources) > 1 else ""


def _acquisition(shown: "Shown") -> Iterator[tuple[str, str]]:
    """Yield how an exhibit was acquired and what its imager told; of an image in one, its hashes beside ours."""
    if shown.acquired is None:
        yield from of_disk(shown.imaged)
        return
    yield from facts_of(shown.acquired)
    for name, value in shown.acquired.facts.items():
        if isinstance(value, dict):
            yield from _metadata({f"{name}: {key}": each for key, each in value.items()})
        else:
            yield from _metadata({name: value})


def _own(shown: "Shown") -> Mapping[str, Any]:
    """Return the item's metadata, of an exhibit without what is said of its acquisition in the same words."""
    told = shown.acquired.facts if shown.acquired else {}
    return {key: value for key, value in shown.item.meta.items() if key not in told or told[key] != value}


def not_read(*, not_whole: bool, unfinished: bool = False) -> str:
    """Return what of disks is not read, of some that are ``not_whole`` too, or in an exhibit that is ``unfinished``."""
    return ", ".join([*([OPEN] if unfinished else []), *([LACKING] if not_whole else []), NOT_READ])


def of_disks(names: str, *, not_whole: bool, unfinished: bool = False) -> str:
    """Return what a run and a proof say of the disks in the exhibits ``names``: what of them is not read."""
    which = ", NOT gone through to the end" if unfinished else ""
    return f"not read of disks (in {names}{which}): {not_read(not_whole=not_whole, unfinished=unfinished)}"


def state_of(item: "Item") -> str:
    """Return the status of an item in words; of one with losses, that it has them."""
    return f"{item.status}, with losses" if item.not_whole else item.status


def _language(shown: "Shown") -> str:
    content = shown.content
    if content is None or content.language is None:
        return ""
    parts = [
        f"{content.language}, a guess" if shown.item.is_guess else content.language,
        content.script or "",
        "" if content.confidence is None else f"{content.confidence:.2f}",
        counted(content.characters or 0, "character"),
    ]
    return ", ".join(filter(None, parts))


def _metadata(meta: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a name and a value a line; what is unknown or empty is left out, of several values each has its line."""
    for name, value in meta.items():
        label = printable(str(name))
        for text in filter(None, map(_text, value if isinstance(value, list) else [value])):
            yield label, printable(text)
            label = ""


def _text(value: object) -> str:
    """Return a value as a person writes it, "" for what says nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict() if value.keys() == PERSON:
            return _person(value)
        case dict():
            return "; ".join(f"{key}: {text}" for key, each in value.items() if (text := _text(each)))
        case list():
            return ", ".join(filter(None, map(_text, value)))
        case _:
            return str(value)


def _person(person: Mapping[str, object]) -> str:
    name, address = (str(person[key] or "") for key in ("name", "address"))
    return f"{name} <{address}>" if name and address else name or address
