"""Words that stand in code of a page without being prose: strings of scripts, remarks, comments.

Source: HTML Living Standard, 4.12.1 (script) and 13.1.6 (comments); ECMA-262, 12.4 and 12.9.4; CSS Syntax 3, 4.3.2.

A password, an address or a name is one word, and a script of its own file is text whole. They are found, and have no
voice in which language a page is in.
"""

import re
from collections.abc import Iterator

from actionday.parsers._code_tokens import tokens
from actionday.parsers._embedded import unescaped
from actionday.parsers._page_code import codes_of, template_of
from actionday.parsers._said_in_code import SEEN, unmarked
from actionday.parsers._unread import Beside

LONGEST = 4096
"""Characters of a word; what is longer is data in base64, which is looked into elsewhere, or code without blanks."""
OWN = 1 << 18
"""Characters of a drawing's script that somebody wrote for it: LibreOffice puts 450 KB of its own into each."""
NUMBER = re.compile(r"(?<![\w.#-])\d{6,30}(?![\w.-])")
"""Of a telephone, an account, a time."""
REMARK = re.compile(r"/\*(.*?)(?:\*/|\Z)", re.DOTALL)


def code_words(page: str, words: Beside) -> None:
    """Put into ``words`` what a part of a page says in code: one pass over it."""
    for code in codes_of(page):
        if code["comment"] is not None:
            said = iter((code["comment"],))
        elif code["style"] is not None:
            said = (remark[1] for remark in REMARK.finditer(code["style"]))
        else:
            said = _of_script(code["script"]) if not template_of(code) else iter(())
        for value in said:
            _lines(value, words)


def script_words(script: str, words: Beside) -> None:
    """Put into ``words`` what the script of a drawing says, unless it is one of the program that made the drawing."""
    for value in _of_script(script) if len(script) <= OWN else ():
        _lines(value, words)


def _of_script(script: str) -> Iterator[str]:
    for token in tokens(script):
        yield unescaped(token.written) if token.kind == "'" else token.written
    yield from NUMBER.findall(script)


def _lines(value: str, words: Beside) -> None:
    if not SEEN.search(value) or words.known(value):
        return
    for line in unmarked(value).splitlines():
        if len(line) > LONGEST:
            line = " ".join(word for word in line.split() if len(word) <= LONGEST)
        if SEEN.search(line):
            words.keep(line.strip(" \t*/"))
