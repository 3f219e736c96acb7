"""Names, paths, single values out of evidence: every character visible, none of them able to do anything.

Source: Unicode Standard Annex 9 (bidirectional controls), 44 (general categories), UTR 36 (spoofing).
"""

import re
import unicodedata

from markupsafe import Markup, escape

from actionday.model.counted import thin

LONGEST = 4000
"""Characters of one name that are shown; file systems stop at 255 bytes, archives do not."""
HEAD, TAIL, SLACK = 240, 60, 40
"""Characters of both ends of a name in a list, and how many more are shown all the same: a file system's 255 are."""
STACKED = 4
"""Marks that one letter may carry; more of them are drawn over the lines above."""
LABELS = {
    "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u00ad": "SHY", "\ufeff": "BOM",
    "\u2060": "WJ", "\u00a0": "NBSP", "\u2028": "LSEP", "\u2029": "PSEP", "\t": "TAB", "\n": "LF", "\r": "CR",
    "\u3164": "HANGUL FILLER", "\u115f": "HANGUL FILLER", "\u1160": "HANGUL FILLER", "\uffa0": "HANGUL FILLER",
    "\u2800": "BLANK",
}  # fmt: skip
KEPT = "\u200c\u200d\u00a0\t\n\r"
"""Unseen, and of use in what is typed: joiners, and what a field takes as a space."""
BREAK = Markup("/<wbr>")
BYTE = re.compile(r"(\\x[0-9a-f]{2})")


def label(char: str) -> str | None:
    """Return what a character is shown as when it would not be seen, None for all others."""
    if char in LABELS:
        return LABELS[char]
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Cn", "Co") or (category == "Zs" and char != " "):
        return f"U+{ord(char):04X}"
    return None


def chip(word: str) -> Markup:
    """Return a labelled chip."""
    return Markup('<span class="ctl">{}</span>').format(word)


def name(text: str) -> Markup:
    """Return a name or path, left to right, so that its extension stays at the end."""
    return Markup('<bdi dir="ltr" class="name">{}</bdi>').format(visible(text))


def short_name(text: str) -> Markup:
    """Return a name for a list or a heading: of a very long one both ends, and how much is between them.

    One name of an archive would else fill a screen, and push away what the page is about. The item has all of it.
    """
    left = len(text) - HEAD - TAIL
    if left <= SLACK:
        return name(text)
    parts = (visible(text[:HEAD]), chip(f"+{left}"), visible(text[-TAIL:]))
    return Markup('<bdi dir="ltr" class="name">{}</bdi>').format(Markup(" ").join(parts))


def plain(text: str) -> str:
    """Return text for where no markup can stand (a title, an attribute), everything unseen in brackets."""
    return "".join(char if (word := label(char)) is None else f"[{word}]" for char in text[:LONGEST])


def typed(text: str) -> str:
    """Return what a person typed as it may stand in a field again: nothing unseen in it, joiners of letters aside."""
    return "".join(" " if char in "\t\n\r" else char for char in text if char in KEPT or label(char) is None)


def visible(text: str, figures: bool = False) -> Markup:
    """Return text with everything unseen as chips, stacked marks counted, and spaces at its edges seen.

    ``figures``: it is a sentence of ours, and what parts the thousands of a figure in it is no chip.
    """
    cut = len(text) - LONGEST
    text = text[:LONGEST]
    edges = {at for at in (0, len(text) - 1) if text[at : at + 1] == " "}
    parts: list[Markup] = []
    plain: list[str] = []
    stacked, kept = 0, thin(text) if figures else frozenset[int]()
    for at, char in enumerate(text):
        stacked = stacked + 1 if unicodedata.category(char) == "Mn" else 0
        word = None if at in kept else "SP" if at in edges else label(char)
        if stacked > STACKED:
            if stacked == STACKED + 1:
                word = f"+{_run(text, at)} marks"
            else:
                continue
        if word is None:
            plain.append(char)
            continue
        parts += [_bytes("".join(plain)), chip(word)]
        plain.clear()
    parts.append(_bytes("".join(plain)))
    if cut > 0:
        parts.append(chip(f"+{cut}"))
    return Markup("").join(parts)


def _run(text: str, at: int) -> int:
    """Return how many marks stand in a row from ``at`` on."""
    end = at
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return end - at


def _bytes(text: str) -> Markup:
    """Return text in which bytes that are no UTF-8 (``\\xNN``) stand out, and which may break after a slash."""
    return Markup("").join(
        Markup('<span class="byte">{}</span>').format(piece)
        if BYTE.fullmatch(piece)
        else escape(piece).replace("/", BREAK)
        for piece in BYTE.split(text)
    )


def domain(text: str) -> Markup:
    """Return a domain name, its Punycode beside when it mixes scripts or is not ASCII."""
    shown = name(text)
    if text.isascii():
        return shown
    try:
        ascii_form = text.encode("idna").decode()
    except UnicodeError:
        return shown
    return Markup('{} <code dir="ltr" class="puny">{}</code>').format(shown, ascii_form)
