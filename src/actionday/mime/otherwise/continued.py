r"""Words that a program's continuation of a line parts: ``\`` at its end, ``^`` in batch files.

Source: POSIX.1-2024, Shell, 2.2.1; C17 (ISO/IEC 9899), 5.1.1.2, phase 2; ECMA-262, 12.9.4 (LineContinuation); Windows,
``cmd /?``. Both are taken out with the end of the line; a blank at the beginning of the next one stays and parts words.
A path of Windows with its drive or server may end so, too: that is none.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import FOREIGN, Seen, Sign
from actionday.mime.otherwise.spelling import Reading

END = re.compile(r"\\(?<=\w\\)(?<!\\[nrtbvf0]\\)\r?\n(?=\w)|\^(?<=\w\^)\r?\n(?=\w)")
"""Not behind the end of a line that is written as an escape."""
BEFORE = 200
PATH = re.compile(r"(?:\b[A-Za-z]:|\\\\[\w.-]+)\\[^\s\"'<>|*?]*\Z")
SIGN = Sign((f"A-Za-z0-9_{FOREIGN}", "\\\\\\^", "\r\n"), rare=True)


class Continued:
    """A word that goes on at the beginning of the next line."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each end of a line that does not part what stands around it."""
        for found in END.finditer(text):
            start, end = found.span()
            if found[0][0] == "^" or not PATH.search(text[max(0, start - BEFORE) : start]):
                yield Reading(start, end, "")


SPELLING = Continued()
