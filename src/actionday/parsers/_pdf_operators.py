"""Words that stand in a PDF's content, in a map of letters or in a function, and that nothing there draws.

Source: PDF 1.7 (ISO 32000-1), 7.2.3 (comments), 7.8.2 (content streams), Annex A (operators), 7.10.5 (functions of
type 4), 8.9.7 (inline images), 9.4.3 (operators that show text), 9.7.5 (CMaps), 14.6 (marked content); Adobe Technical
Notes 5014 (operators of CMaps), 5001 (comments that structure a document).

A reader passes over an operator that it does not know, so that prose within a content is neither drawn nor refused;
over comments and strings that no operator takes as well.
"""

import re

from actionday.mime.prose import is_prose
from actionday.parsers._decode import decode
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_names import ADDRESS, names_in
from actionday.parsers._pdf_parts import parts
from actionday.parsers._unread import WORDS

OPERATORS = frozenset(
    b"b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q"
    b" Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y"
    b" ' \" true false null R".split()
)
OF_MAPS = frozenset(
    b"findresource begin end def dup dict pop put get currentdict defineresource usecmap usefont known"
    b" begincmap endcmap begincodespacerange endcodespacerange beginbfchar endbfchar beginbfrange endbfrange"
    b" begincidchar endcidchar begincidrange endcidrange beginnotdefchar endnotdefchar beginnotdefrange"
    b" endnotdefrange beginusematrix endusematrix beginrearrangedfont endrearrangedfont readonly array string"
    b" index exch bind load exec".split()
)
OF_FUNCTIONS = frozenset(
    b"abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate and"
    b" bitshift eq ge gt le lt ne not or xor if ifelse copy dup exch index pop roll".split()
)
OF_OBJECTS = frozenset(b"obj endobj stream endstream xref trailer startxref n".split())
NOT_OURS = re.compile(
    rb"(?>(?:(?:<[0-9A-Fa-f\s]*+>|/[^\s()<>\[\]{}/%]*+|[-+.\d]++(?![A-Za-z])|[\[\]{}<>])\s*+)+)"
)
"""Strings in hexadecimal, names, numbers, brackets."""
MAYBE = re.compile(
    rb"[A-Za-z\x80-\xff]{2}[,.;:!?)\"']{0,3}\s{1,9}[(\"']{0,2}(?!(?:EMC|BDC|BMC|SCN|scn)\b)[A-Za-z\x80-\xff]{3}"
    rb"|[A-Za-z\x80-\xff]{3}(?<!EMC)(?<!BDC)(?<!BMC)(?<!SCN)(?<!scn)[,.;:!?)\"']{0,3}\s{1,9}[(\"']{0,2}[A-Za-z\x80-\xff]{2}"
    rb"|[\x80-\xff]{4}"
)
"""What any prose has; operators of three letters are left out: most contents are gone through no further."""
ADDRESSED = (b"@", b"://", b".onion", b".i2p")
"""One of which any address has: sought as plain bytes, at a tenth of the price."""
CODED = re.compile(rb"/[^\s()<>\[\]{}/%#]*#[2-9A-Fa-f]")
"""A name with signs that names do not have as they are."""
BLANK_TO_PDFIUM = re.compile(rb"/[^\s()<>\[\]{}/%]*[\x80\xff]")
LITERALS = re.compile(rb"\((?>(?:[^()\\]++|\\[\s\S])*)\)")
"""Strings without parentheses in them: without these most objects have no word."""
FIGURES = re.compile(rb"<[0-9A-Fa-f\s]{8}")
FIGURED = re.compile(
    rb"(?:[46][1-9A-Fa-f]|[57][0-9Aa]){2}20(?:[46][1-9A-Fa-f]|[57][0-9Aa]){2}|<[Ff][Ee][Ff][Ff]"
)
"""Two words in figures, or the mark of UTF-16."""
PACKED_IMAGE = re.compile(rb"(?<![^\s\])>])BI\s[^()]{0,400}?/F(?:ilter)?\s*[/\[]")
WORD = re.compile(r"[^\W\d_]{3}")
STRUCTURE = re.compile(
    rb"!PS-Adobe[^\r\n]*|%(?:(?:Begin|End|Include)(?:Comments|Resource|Prolog|Setup)|Document\w+|Title|Version|EOF)\b[^\r\n]*|%\+[^\r\n]*"
)
"""Comments by which maps of letters say what they are."""
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f"))
MOST_ODD = 0.05
"""Share of control characters from which what is left is no text, but an image whose end was not found."""


def prose(content: bytes, more: frozenset[bytes] = frozenset()) -> list[str]:
    """Return what ``prose_to`` does, without a word on what is beyond."""
    return prose_to(content, Budget(), more)[0]


def prose_to(content: bytes, budget: Budget, more: frozenset[bytes] = frozenset()) -> tuple[list[str], bool]:
    """Return the passages of two words and more that stand where nothing draws them, and whether some are not read.

    These are words between operators and operands, comments, strings that no operator shows, names, and inline images
    that are text, within the ``budget``. ``more`` are operators besides those of contents. Linear in length.
    """
    if not _may_have(content):
        return [], False
    held = parts(content, budget)
    left = bytes(held.outside)
    found = [*bare(left, more), *filter(None, map(_said, held.comments)), *names_in(left)]
    found += held.unshown(left, budget)
    images, cut = held.of_images(budget)
    return [*found, *images], cut or held.cut


def between(code: bytes, budget: Budget) -> tuple[list[str], list[str], bool]:
    """Return the passages of two words and more that stand between the values of objects, and comments that are prose.

    Last, whether some are not read, being beyond the ``budget``. Names are read where PDFium has them, but for those
    that it ends in their middle.
    """
    without = code if b"%" in code else LITERALS.sub(b" ", code)
    if not (MAYBE.search(without) or is_addressed(without)):
        return [], [], False
    held = parts(code, budget)
    left = bytes(held.outside)
    words = [*bare(left, OF_OBJECTS), *(names_in(left) if BLANK_TO_PDFIUM.search(left) else ())]
    return words, [*filter(None, map(_said, held.comments))], held.cut


def is_addressed(code: bytes) -> bool:
    """Say whether a code may have an address in it."""
    return any(each in code for each in ADDRESSED)


def _may_have(content: bytes) -> bool:
    if MAYBE.search(content) or b"%" in content or (b"#" in content and CODED.search(content)):
        return True
    if is_addressed(content):
        return True
    figures = FIGURES.search(content) is not None and FIGURED.search(content) is not None
    return figures or (b"BI" in content and PACKED_IMAGE.search(content) is not None)


def bare(left: bytes, more: frozenset[bytes]) -> list[str]:
    """Return the passages that are neither operators nor operands, strings and comments being taken out."""
    addressed = is_addressed(left)
    if not (addressed or MAYBE.search(left)) or len(left) - len(
        left.translate(None, CONTROLS)
    ) > MOST_ODD * len(left):
        return []
    found, words = list[str](), list[bytes]()
    for word in (*NOT_OURS.sub(b" \1 ", left).split(), b"\1"):
        if word != b"\1" and word not in OPERATORS and word not in more:
            words.append(word)
            continue
        if len(words) > 1 or (words and (addressed or not words[0].isascii())):
            text = _text(b" ".join(words))
            if WORDS.search(text) or (addressed and ADDRESS.search(text)):
                found.append(text)
        words = []
    return found


def _said(comment: bytes) -> str:
    """Return a comment without its sign where it holds a word, "" for others."""
    text = "" if STRUCTURE.fullmatch(comment) else _text(comment).strip()
    return text if WORD.search(text) and text.isprintable() else ""


def _text(raw: bytes) -> str:
    """Return a passage; "" for bytes that are no writing."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        text = "".join(decode(memoryview(raw)).pieces)
        return text if is_prose((text,)) else ""
