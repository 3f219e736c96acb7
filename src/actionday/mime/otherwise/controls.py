r"""Control characters as logs and viewers write them: ``#012`` of rsyslog, ``^I`` and ``M-C`` of ``cat -v`` and vis.

Source: rsyslog, "$EscapeControlCharactersOnReceive" and "$Escape8BitCharactersOnReceive" (a sign and three octal
digits); ``cat(1)`` with ``-v``, ``vis(3)`` (``^`` and ``M-`` notation, a backslash before it in some forms).

They stick to the words beside them. A colour of a style sheet and the anchor of a regular expression look alike.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise import percent
from actionday.mime.otherwise.bytewise import utf8
from actionday.mime.otherwise.signs import ANY, FOREIGN, Seen, Sign
from actionday.mime.otherwise.spelling import Reading, in_a_word

OCTAL = re.compile(r"#(?:0[0-3]|1[0-7]|[23][0-7])[0-7](?>(?:#[0-3][0-7]{2})*)")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?(?![0-9A-Za-z_])")
LOGGED = re.compile(r"#01[125](?:#01[125]|(?![0-9A-Fa-f]{3})[A-Za-z]|$)", re.MULTILINE)
"""What no style sheet has: ends of lines in a row, before a letter, or at the end of the line."""
CARET = re.compile(
    r"\^(?<![\s\"'`/(|\[{,=^]\^)[HIJKLM@](?>(?:\\?\^[HIJKLM@])*)((?=\w))?|^(?>(?:\^I)+)((?=\w))", re.MULTILINE
)
CARETS = re.compile(r"\^(?:M$|(?<=\w\^)I\w)", re.MULTILINE)
FEWEST = 2
"""Signs of a viewer in a text of which one can be chance: ``x^Iy`` is a formula, too."""
_META = r"M-(?:\\?\^[@-_?]|[ -~])"
META = re.compile(rf"{_META}(?>(?:\\?{_META})+)")
BYTE = re.compile(r"\\?M-(\\?\^)?(.)", re.DOTALL)

IN_OCTAL = Sign(("#", "03", "0-7"), like=percent.SIGN)
IN_CARETS = Sign(
    ("M", "-", ANY),
    ("\\^", "M", "\n"),
    ("\\^", "I", f"\\w{FOREIGN}"),
    ("\\^", "H", "\\^"),
)


class Octal:
    """Control characters, and bytes beyond ASCII, as rsyslog keeps them."""

    signs = (IN_OCTAL,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run; of ends of lines it tells where a word stands behind it."""
        logged = LOGGED.search(text) is not None
        for found in OCTAL.finditer(text):
            start, end = found.span()
            raw = bytes(int(code, 8) for code in found[0].split("#")[1:])
            said = utf8(raw)
            if said is None or (COLOUR.match(text, start) and not logged):
                continue
            if said.isascii():
                if logged and max(raw) < ord(" "):
                    yield Reading(start, end, " ", text[end : end + 1].isalnum())
            elif len(raw) > 1:
                yield Reading(start, end, said, in_a_word(text, start, end, said))


class Carets:
    """Control characters, and bytes beyond ASCII, as a viewer shows them."""

    signs = (IN_CARETS,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run that sticks to a word, where there are several; and what is UTF-8."""
        if ("^" in text and len(CARETS.findall(text)) >= FEWEST) or "^H^H" in text:
            for found in CARET.finditer(text):
                if found.lastindex:  # a run before no word is gone through once, too
                    yield Reading(found.start(), found.end(), " ")
        if "M-" in text:
            for found in META.finditer(text):
                said = utf8(bytes(map(_byte, BYTE.findall(found[0]))))
                if said:
                    yield Reading(*found.span(), said, in_a_word(text, *found.span(), said))


def _byte(code: tuple[str, str]) -> int:
    caret, sign = code
    return 0x80 | (ord(sign) ^ 0x40 if caret else ord(sign))


SPELLINGS = (Octal(), Carets())
