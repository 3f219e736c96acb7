"""What a query cannot find, in sentences: what has no text, type, hash or time, what is in folders not listed."""

from collections.abc import Iterator, Mapping

from actionday.app.cli._common import counted, grouped


def unsearched(states: Mapping[str, int]) -> Iterator[str]:
    """Yield what to say of items without a text, by status; nothing where there is none."""
    if states:
        yield (
            f"Without a text that words could find: {_items(states)}, nor is a language or script of theirs known; "
            "name: and path: find them"
        )


def in_part(number: int) -> Iterator[str]:
    """Yield what to say of items of whose text a part alone is there; nothing where there is none."""
    if number:
        left, them = counted(number, "item"), "it" if number == 1 else "them"
        yield (
            f"With a part of the text alone: {left}, of those that the filters of this query leave (damaged, cut off, "
            f"or stopped by a limit); what stands in the rest of {them} no words find"
        )


def unhashed(states: Mapping[str, int]) -> Iterator[str]:
    """Yield what to say of items of which neither type nor hash is known, by status; nothing where there is none."""
    if states:
        yield (
            f"Without a type and a SHA-256 that are known: {_items(states)}; type: and sha256: find none of them, and "
            "behind NOT leave none of them out"
        )


def _items(states: Mapping[str, int]) -> str:
    each = ", ".join(f"{grouped(count)} {status}" for status, count in states.items())
    return f"{counted(sum(states.values()), 'item')} of this case ({each})"


def undated(number: int) -> Iterator[str]:
    """Yield what to say of items without a time of their last change; nothing where there is none."""
    if number:
        yield (
            f"Without a time of the last change: {counted(number, 'item')} of this case; year: finds none of them, "
            "and behind NOT leaves none of them out"
        )


def unlisted(number: int) -> Iterator[str]:
    """Yield what to say of folders and volumes that were not listed to their end; nothing where there is none."""
    if number:
        what, its = ("folder or volume", "it") if number == 1 else ("folders or volumes", "them")
        yield (
            f"{grouped(number)} {what} could not be listed, or not to the end: what else is in {its} cannot be found"
        )
