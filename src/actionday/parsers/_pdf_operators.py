"""Words between the operators of a PDF's content, of a map of letters or of a function: none of these draws them.

Source: PDF 1.7 (ISO 32000-1), 7.8.2 (content streams), Annex A (operators), 7.10.5 (functions of type 4), 8.9.7 (inline
images), 9.7.5 (CMaps); Adobe Technical Note 5014 (operators of CMaps).

A reader passes over an operator that it does not know, so that prose within a content is neither drawn nor refused.
"""

import re
from collections.abc import Iterator

from actionday.mime.prose import is_prose
from actionday.parsers._decode import decode
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
SIGN = re.compile(rb"\\[\s\S]|[()]|(?<![^\s\])>])BI(?=[\s/])")
"""What begins and ends a literal string, and what begins an inline image."""
NOT_OURS = re.compile(
    rb"(?>(?:(?:%[^\r\n]*+|<[0-9A-Fa-f\s]*+>|/[^\s()<>\[\]{}/%]*+|[-+.\d]++(?![A-Za-z])|[\[\]{}<>])\s*+)+)"
)
"""Comments, strings in hexadecimal, names, numbers, brackets."""
IMAGE_END = re.compile(rb"\sEI(?!\S)")
MAYBE = re.compile(
    rb"[A-Za-z\x80-\xff]{2}[,.;:!?)\"']{0,3}\s{1,9}[(\"']{0,2}(?!(?:EMC|BDC|BMC|SCN|scn)\b)[A-Za-z\x80-\xff]{3}"
    rb"|[A-Za-z\x80-\xff]{3}(?<!EMC)(?<!BDC)(?<!BMC)(?<!SCN)(?<!scn)[,.;:!?)\"']{0,3}\s{1,9}[(\"']{0,2}[A-Za-z\x80-\xff]{2}"
    rb"|[\x80-\xff]{4}"
)
"""What any prose has; operators of three letters are left out: most contents are gone through no further."""
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f"))
MOST_ODD = 0.05
"""Share of control characters from which what is left is no text, but an image whose end was not found."""


def prose(content: bytes, more: frozenset[bytes] = frozenset()) -> list[str]:
    """Return the passages of two words and more that stand between operators and operands; linear in length.

    ``more`` are operators besides those of contents.
    """
    if not MAYBE.search(content):
        return []
    left = b"\n".join(_outside(content))
    if len(left) - len(left.translate(None, CONTROLS)) > MOST_ODD * len(left):
        return []
    found, words = list[str](), list[bytes]()
    for word in (*NOT_OURS.sub(b" \1 ", left).split(), b"\1"):
        if word != b"\1" and word not in OPERATORS and word not in more:
            words.append(word)
            continue
        if len(words) > 1 or (words and not words[0].isascii()):
            text = _text(b" ".join(words))
            if WORDS.search(text):
                found.append(text)
        words = []
    return found


def _text(raw: bytes) -> str:
    """Return a passage; "" for bytes that are no writing."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        text = "".join(decode(memoryview(raw)).pieces)
        return text if is_prose((text,)) else ""


def _outside(content: bytes) -> Iterator[bytes]:
    """Yield what stands outside of literal strings and inline images."""
    depth = begin = at = 0
    while sign := SIGN.search(content, at):
        at = sign.end()
        if sign[0] == b"(":
            if not depth:
                yield content[begin : sign.start()]
            depth += 1
        elif sign[0] == b")":
            begin = at if depth == 1 else begin
            depth = max(depth - 1, 0)
        elif sign[0] == b"BI" and not depth:
            yield content[begin : sign.start()]
            end = IMAGE_END.search(content, at)
            begin = at = end.end() if end else len(content)
    if not depth:
        yield content[begin:]
