"""Reasons in the reader's language: a sentence that the record holds is known again by its form.

The record keeps its English sentence, and the ledger vouches for it. What is listed here is shown translated, with its
figures and names as they stand; anything else, and what a library says, is shown as it is and marked as English.
"""

import re
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from actionday.app.web.showing.names import visible
from actionday.app.web.showing.numbers import grouped
from actionday.app.web.signs import mark

SENTENCES = (
    mark("no parser for %(type)s"),
    mark("no parser for %(type)s; what is readable in it is kept as text"),
    mark("a picture: letters in it wait for OCR"),
    mark("a recording: what is said waits for speech recognition"),
    mark("symbolic link: not followed"),
    mark("no partition table, file system or container recognised"),
    mark("longer than %(read)s bytes: of %(size)s the first %(part)s were read"),
    mark("the container ends at byte %(end)s, %(count)s bytes at %(start)s were due"),
    mark("the reader took longer than %(time)s s"),
    mark("%(count)s place is no %(encoding)s: shown as U+FFFD"),
    mark("%(count)s places are no %(encoding)s: shown as U+FFFD"),
    mark("%(format)s: ends at byte %(end)s, too early (after %(count)s bytes)"),
    mark("%(format)s: encrypted (%(cipher)s)"),
    mark("%(format)s: needs a password"),
    mark("deleted; where it lay is free"),
    mark("deleted; its only byte lies where another file is now"),
    mark("deleted; of its first %(count)s bytes %(used)s lie where other files are now"),
    mark("deleted; of its first %(count)s bytes %(used)s lies where other files are now"),
    mark("deleted; assumes that its clusters followed one another; where it lay is free"),
    mark(
        "deleted; of its first %(count)s bytes %(used)s lie in clusters in use now, "
        "by another file or under its new name"
    ),
    mark(
        "deleted; assumes that its clusters followed one another; of its first %(count)s bytes %(used)s lie in "
        "clusters in use now, by another file or under its new name"
    ),
    mark("deleted; its clusters may have been used again"),
    mark(
        "deleted directory; where it lay is in use, maybe under its new name: only removed names stand below"
    ),
    mark("deleted; the blocks its inode last led to, of a size that is not kept; where they lie is free"),
    mark(
        "deleted; the blocks its inode last led to, of a size that is not kept; of their first %(count)s bytes "
        "%(used)s lie where other files are now"
    ),
    mark("deleted; where it lay is free, by an older copy of its inode in the journal"),
    mark(
        "deleted; where it lay is told by an older copy of its inode in the journal; of its first %(count)s bytes "
        "%(used)s lie where other files are now"
    ),
    mark("deleted; kept in its record"),
    mark("deleted; kept in its inode"),
    mark("deleted; kept in an older copy of its inode in the journal"),
    mark("deleted; nothing of where its content lay is kept"),
    mark("deleted; another name leads to its inode now, so that its content can no longer be told"),
    mark("deleted; its inode was used again since, so that its content can no longer be told"),
    mark("deleted directory: what it still lists stands below it"),
    mark("deleted while it was open: whole"),
    mark("in use, but no directory that could be read names it"),
    mark("a removed name of a file that is still there: listed under the name it has"),
    mark("its name looks removed, but its inode is in use and no other name leads to it"),
    mark("deleted; whether where it lay was used again since is not known"),
    mark(
        "deleted; the blocks its inode last led to, of a size that is not kept; where they lie cannot be looked up"
    ),
    mark("deleted: only an earlier session of the disc lists it; what it held is whole"),
    mark("a label: the name of the volume, no file"),
    mark("the list of bad clusters"),
    mark("%(type)s: not followed"),
    mark("%(type)s: never opened"),
    mark("encrypted by NTFS (EFS)"),
    mark("encrypted by the file system"),
    mark("nothing but zeros: %(bytes)s bytes"),
)
"""Those met most, each as the code that writes it has it; ``%(name)s`` stands for what it says there.

What stands for ``bytes`` is a figure, shown with its thousands parted.
"""
PLACE = re.compile(r"%\((\w+)\)s")
BOUNDED = re.compile(r"[^\n]{1,300}")
"""What a place may hold: whatever is longer is no sentence of this kind."""


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = PLACE.split(sentence)
    made = (f"(?P<{part}>{BOUNDED.pattern}?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile("".join(made))


Forms = tuple[tuple[str, re.Pattern[str]], ...]


def forms(sentences: Iterable[str]) -> Forms:
    """Return each sentence with its form.

    The one with most words of its own is first: what another leaves to a place would hold the rest of it.
    """
    return tuple(
        (sentence, _pattern(sentence))
        for sentence in sorted(sentences, key=lambda each: -len(PLACE.sub("", each)))
    )


FORMS = forms(SENTENCES)


def reason(text: str, translate: Callable[[str], str]) -> Markup:
    """Return a reason as a page shows it: translated where it is known, else marked as the English that it is."""
    return said(text, FORMS, translate)


def said(text: str, forms: Forms, translate: Callable[[str], str]) -> Markup:
    """Return a sentence of one of the forms as ``reason`` does; what stands for ``what`` is translated too."""
    for sentence, form in forms:
        translated = translate(sentence)
        if translated != sentence and (found := form.fullmatch(text)):
            places = found.groupdict()
            if "what" in places:
                places["what"] = translate(places["what"])
            pieces = PLACE.split(translated)
            shown = (
                Markup('<bdi dir="ltr">{}</bdi>').format(_placed(piece, places[piece]))
                if n % 2
                else escape(piece)
                for n, piece in enumerate(pieces)
            )
            return Markup("<bdi>{}</bdi>").format(Markup("").join(shown))
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(visible(text))


def _placed(place: str, text: str) -> Markup | str:
    """Return what stands for a place: a figure of bytes with its thousands parted."""
    return grouped(int(text)) if place == "bytes" and text.isdecimal() else visible(text)
