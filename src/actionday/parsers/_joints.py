"""Words that stand against each other in markup with nothing but tags between: as one word, and as several.

Source: HTML Living Standard, 3.2.5.2.5 (phrasing content), 4.5 (text-level semantics), 15.3 (how elements are shown);
SVG 2, 11.2 (``tspan``). A browser shows them without a blank unless a style sheet parts them:
"``<b>K</b>estrel``" is one word, "``<span>nick</span><span>message</span>``" are two, and no markup says which. Both
readings can be searched.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Literal, NamedTuple

LETTERS = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
                     r"\u0900-\u0dff\u0f00-\u0fff\u1ab0-\u1aff\u200c\u200d])*")  # fmt: skip
UNPARTED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Scripts without blanks between words: there a word is found wherever its letters follow each other."""
NEAR = "0-9A-Za-z\x80-\U0010ffff"
BOXES = (
    "address|article|aside|blockquote|body|button|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|header|hgroup|hr|iframe|legend|li|listing|main"
    "|menu|meter|nav|noframes|object|ol|optgroup|option|output|p|plaintext|pre|progress|rp|rt|search|section|select"
    "|summary|table|tbody|td|textarea|tfoot|th|thead|time|tr|ul|video|audio|canvas|xmp"
)
"""Elements that are not phrasing content, those that are shown in a box of their own, and data: they end a word."""
APART = re.compile(rf"<(?=/?(?:{BOXES})[\s>/])", re.IGNORECASE)
"""Their tags, some of which the library knows.

Source: HTML Living Standard, 3.2.5.2.5 (phrasing content), 15.3 and 15.5."""
CERTAIN = re.compile(rf"</?(?:{BOXES}|br|img|input|embed|area)[\s>/]", re.IGNORECASE)
TAG = r"(?:/?[A-Za-z][^<>]*>|!--(?:-?>|[^<>]*-->))"
JOINT = re.compile(rf"<(?<=[{NEAR};]<){TAG}(?>(?:<{TAG}){{0,63}})(?=[{NEAR}&])")
"""Tags and comments between letters, as many as anybody writes: what they are is looked for in all of them."""
DRAWN = re.compile(r"</?(?:desc|foreignobject|math|svg|text|title)[\s>/]", re.IGNORECASE)
"""Texts of drawings and formulas, each at a place of its own."""
SHOWN_AS = r"display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)\b"
DISPLAY, DISPLAY_IN_CAPITALS = re.compile(SHOWN_AS), re.compile(SHOWN_AS, re.IGNORECASE)
"""A box of its own; letters of one word are often boxes within the line."""
STATED = re.compile(r"<[a-z][^<>]*?\sstyle\s*=\s*[\"']?[^\"'<>]*\Z", re.IGNORECASE)
"""A tag up to what its own style says."""
OWN = r"(?:a|label|[a-z]\w*-[\w.-]*)"
BESIDE = re.compile(rf"</{OWN}\s*>.*?<[a-z]|</[^<>]*>.*?<{OWN}[\s/>]", re.IGNORECASE | re.DOTALL)
"""Links, labels, and elements that the page's own program shows, beside another element: seldom one word."""
SIBLINGS = re.compile(r"</[^<>]*>.*<[a-z]", re.IGNORECASE | re.DOTALL)
PART = 3
"""Letters from which the end of a word may be a word, where an element begins or ends within it: "bus</a>es" is one."""
LONGEST = 200
"""Letters of a word; what is longer is cut in the index too."""
FEW = 6
"""Pieces up to which three neighbours are read as one word as well: "``nick``" beside "``mes<b>s</b>age``"."""


class Joint(NamedTuple):
    """What lies between two words, ``text[start:end]``."""

    start: int
    end: int
    apart: bool = False
    """The text has a blank there."""
    within: bool = False
    """An element begins or ends there and none stands beside it."""


def parted(page: str) -> str:
    """Return a page with a blank where what stands against each other is hardly one word."""
    return JOINT.sub(_parted, _boxes(page))


def _boxes(page: str) -> str:
    """Return a page with a blank before each element that says itself that it is a box."""
    capitals = "DISPLAY" in page
    if not capitals and "display" not in page:
        return page
    parts, floor, looked = [], 0, 0
    for found in (DISPLAY_IN_CAPITALS if capitals else DISPLAY).finditer(page):
        at = page.rfind("<", looked, found.start())
        if at >= 0 and STATED.match(page[at : found.start()]):
            parts.append(page[floor:at])
            floor = at
        looked = found.end()
    return " ".join((*parts, page[floor:]))


def _parted(joint: re.Match[str]) -> str:
    return f" {joint[0]}" if _kind(joint[0]) in ("beside", "drawn") else joint[0]


@lru_cache(maxsize=1 << 12)
def _kind(tags: str) -> Literal["certain", "drawn", "beside", "siblings", "within"]:
    """Return what tags between letters say of them."""
    if CERTAIN.search(tags) or tags != _boxes(tags):
        return "certain"
    if DRAWN.search(tags):
        return "drawn"
    if BESIDE.search(tags):
        return "beside"
    return "siblings" if SIBLINGS.search(tags) else "within"


def readings_of(page: str) -> Iterator[str]:
    """Yield the other readings of the words of a page (without its scripts) whose parts are elements."""
    yield from readings(page, _joints(page), markup=True)


def _joints(page: str) -> Iterator[Joint]:
    for found in JOINT.finditer(page):
        kind = _kind(found[0])
        if kind not in ("certain", "drawn"):
            yield Joint(found.start(), found.end(), kind == "beside", kind == "within")


def readings(text: str, joints: Iterable[Joint], *, markup: bool = False) -> Iterator[str]:
    """Yield what the words at the joints are in the readings that the text does not have in their place.

    ``markup``: references stand for letters in it.
    """
    for words, run in _runs(text, joints, markup=markup):
        yield from _said(*_without_parts(words, run))


def _runs(text: str, joints: Iterable[Joint], *, markup: bool) -> Iterator[tuple[list[str], list[Joint]]]:
    """Yield what stands against each other, and the joints between."""
    words: list[str] = []
    run: list[Joint] = []
    floor = 0
    for joint in joints:
        between = _plain(text[floor : joint.start], markup=markup) if words else ""
        if words and not _is_letters(between):
            yield words, run
            words, run = [], []
        before = between if words else _before(text, floor, joint.start, markup=markup)
        behind = _behind(text, joint.end, markup=markup)
        floor = joint.end
        if not before or not behind or _is_told(before[-1], behind[0], apart=joint.apart):
            if words:
                yield words, run
            words, run = [], []
            continue
        if words:
            words.append(behind)
        else:
            words = [before, behind]
        run.append(joint)
    if words:
        yield words, run


def _is_told(before: str, behind: str, *, apart: bool) -> bool:
    """Say whether two letters tell what they are: of scripts without blanks, or a number beside a link."""
    if UNPARTED.match(before) or UNPARTED.match(behind):
        return True
    return apart and before.isdigit() != behind.isdigit()


def _without_parts(words: Sequence[str], run: Sequence[Joint]) -> tuple[list[str], list[Joint]]:
    """Return words and joints, with what is too short for a word of its own put to what it belongs to."""
    kept, joints = [words[0]], []
    for word, joint in zip(words[1:], run, strict=True):
        if joint.within and (_is_part(kept[-1]) or _is_part(word)):
            kept[-1] += word
        else:
            kept.append(word)
            joints.append(joint)
    return kept, joints


def _is_part(word: str) -> bool:
    return len(word) < PART and not word.isdigit()


def _said(words: Sequence[str], run: Sequence[Joint]) -> Iterator[str]:
    """Yield the words of a run parted and joined, where it does not stand so; of three and more some of them joined."""
    if not run:
        return
    if not all(joint.apart for joint in run) and max(map(len, words)) > 1:
        yield " ".join(words)
    if any(joint.apart for joint in run) and sum(map(len, words)) <= LONGEST:
        yield "".join(words)
    if len(words) > 2 and max(map(len, words)) > 1:
        yield from map("".join, pairwise(words))
    if 3 < len(words) <= FEW:
        yield from map("".join, zip(words, words[1:], words[2:], strict=False))


def _plain(text: str, *, markup: bool) -> str:
    return unescape(text) if markup and "&" in text else text


def _is_letters(text: str) -> bool:
    return len(text) <= LONGEST and LETTERS.fullmatch(text) is not None


def _before(text: str, floor: int, at: int, *, markup: bool) -> str:
    around = _plain(text[max(floor, at - LONGEST) : at], markup=markup)[::-1]
    found = LETTERS.match(around)
    return found[0][::-1] if found else ""


def _behind(text: str, at: int, *, markup: bool) -> str:
    found = LETTERS.match(_plain(text[at : at + LONGEST].partition("<")[0] if markup else text[at : at + LONGEST],
                                 markup=markup))  # fmt: skip
    return found[0] if found else ""
