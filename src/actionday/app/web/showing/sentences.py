"""Reasons in the reader's language: a sentence that the record holds is known again by its form.

The record keeps its English sentence, and the ledger vouches for it. What is listed here is shown translated, with its
figures and names as they stand; anything else, and what a library says, is shown as it is and marked as English.
"""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from actionday.app.web.showing.forms import Form, filled, fits, forms
from actionday.app.web.showing.names import visible
from actionday.app.web.signs import mark
from actionday.model.counted import grouped

SENTENCES = (
    mark("no parser for %(type)s"),
    mark("no parser for %(type)s; what is readable in it is kept as text"),
    mark("its hash is in %(sets)s"),
    mark("a picture: letters in it wait for OCR"),
    mark("a recording: what is said waits for speech recognition"),
    mark("a film: what is said waits for speech recognition, letters in its pictures wait for OCR"),
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
    mark("%(format)s: it breaks off: %(what)s is not there"),
    mark(
        "%(format)s: it breaks off: by its own structure it has %(end)s bytes or more, and %(count)s are there"
    ),
    mark("%(format)s: it breaks off: it ends within a value, where brackets or quotation marks are open"),
    mark("%(format)s: it breaks off: its last line, from byte %(start)s on, ends within a value"),
    mark("nothing but zeros: %(bytes)s bytes"),
)
"""Those met most, each as the code that writes it has it; ``%(name)s`` stands for what it says there.

What stands for ``bytes`` is a figure, shown with its thousands parted.
"""
PARTS = (
    mark("the line with which mysqldump ends"),
    mark("the line with which pg_dump ends"),
    mark("the line that ends its last block"),
    mark("the box that says what it holds (moov)"),
    mark("the box that says what it holds (meta)"),
    mark("its codestream"),
    mark("its end marker"),
    mark("its end mark"),
    mark("its trailer"),
    mark("its header"),
    mark("its directory"),
    mark("a track that its header counts"),
)
"""What may not be there: stands for ``what`` in one of them."""
FORMS = forms(SENTENCES)


def reason(text: str, translate: Callable[[str], str]) -> Markup:
    """Return a reason as a page shows it: translated where it is known, else marked as the English that it is."""
    return said(text, FORMS, translate)


def said(text: str, known: Iterable[Form], translate: Callable[[str], str]) -> Markup:
    """Return a sentence of one of the forms as ``reason`` does; what stands for ``what`` is translated too."""
    for form in known:
        translated = translate(form.sentence)
        if translated != form.sentence and (found := fits(form, text)) is not None:
            if "what" in found:
                found["what"] = translate(found["what"])
            return Markup("<bdi>{}</bdi>").format(filled(translated, found, _placed))
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(visible(text))


def _placed(place: str, text: str) -> Markup:
    """Return what stands for a place: a figure of bytes with its thousands parted."""
    plain = place == "bytes" and text.isdecimal()
    return Markup('<bdi dir="ltr">{}</bdi>').format(grouped(int(text)) if plain else visible(text))
