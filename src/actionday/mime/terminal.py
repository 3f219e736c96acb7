r"""What a terminal shows of a text, and beside it what it is told and does not show.

Source: ECMA-48, 5.4 (control sequences), 5.6 (control strings), 8.3 (what they do); XTerm Control Sequences (titles and
link targets behind ``ESC ]``); ``grotty(1)`` (letters struck twice are bold, over an underscore underlined).
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ESCAPE, BACK = "\x1b", "\b"
SEQUENCE = re.compile(
    "\x1b(?:"
    "\\[[0-?]*+[ -/]*+([@-~])"
    "|[\\]PX^_](?:[0-9]{1,4};)?([^\x07\x1b\n]*+)(?:\x07|\x1b\\\\)"
    "|[()*+][0-9A-Z]|#[3-8]|[78=>]|[DEHMNOZc](\\w*+)"
    ")"
)
"""A control sequence with its last byte; a control string with what it says; other escapes, with the word behind."""
PLACED = dict.fromkeys("ABEFHJSTdf", "\n") | dict.fromkeys("CDGIZ`a", " ")
"""Sequences that go elsewhere: to another line, or within it. All others leave what follows where it is."""
LINE_END = re.compile("[\r\n]")
CLIPBOARD = "\x1b]52;"
"""XTerm Control Sequences, "Operating System Commands", Ps = 5 2."""
CONTROLS = dict.fromkeys((*range(32), 127), " ")
ERASED = re.compile("\b[\b ]*")
UNDERLINE = "_"


class Screen(NamedTuple):
    """The pieces of a text as they are shown, and what is hidden in it, each once."""

    pieces: tuple[str, ...]
    hidden: tuple[str, ...]


def screen(pieces: Iterable[str]) -> Screen:
    """Return a text without what colours and moves it; a text that has none of it costs a search for two signs."""
    hidden: dict[str, None] = {}
    return Screen(tuple(_shown(piece, hidden) for piece in pieces), tuple(hidden))


def _shown(piece: str, hidden: dict[str, None]) -> str:
    if ESCAPE in piece:
        piece = SEQUENCE.sub(lambda found: _undone(found, hidden), piece)
    return "".join(_overstruck(piece, hidden)) if BACK in piece else piece


def _overstruck(piece: str, hidden: dict[str, None]) -> Iterator[str]:
    """Yield a text with its struck lines as they are seen. Each line is looked for once, however long others are."""
    done = 0
    while (back := piece.find(BACK, done)) >= 0:
        start = max(piece.rfind("\n", done, back), piece.rfind("\r", done, back), done - 1) + 1
        ended = LINE_END.search(piece, back)
        end = ended.start() if ended else len(piece)
        yield piece[done:start]
        yield _struck(piece[start:end], hidden)
        done = end
    yield piece[done:]


def _undone(found: re.Match[str], hidden: dict[str, None]) -> str:
    last, said, word = found.groups()
    if said and (line := said.strip("; ")):
        hidden[_copied(line) if found[0].startswith(CLIPBOARD) else line] = None
    if word:  # what no terminal takes for an escape is a word with its first letter
        hidden[found[0][1:]] = None
    return PLACED.get(last, "") if last else word or ""


def _copied(line: str) -> str:
    """Return what is put into the clipboard, which stands as base64 behind the clipboard's name; else the line."""
    try:
        text = b64decode(line.rpartition(";")[2], validate=True).decode()
    except ValueError:
        return line
    return " ".join(text.translate(CONTROLS).split()) or line


def _struck(line: str, hidden: dict[str, None]) -> str:
    """Return a line with its letters struck one over the other as they are seen."""
    cells: list[str] = []
    at, erased = 0, False
    for letter in line:
        if letter == BACK:
            at = max(0, at - 1)
            continue
        if at == len(cells):
            cells.append(letter)
        elif letter != UNDERLINE or cells[at] == " ":
            erased = erased or (letter != cells[at] and cells[at].isalnum())
            cells[at] = letter
        at += 1
    if erased:
        hidden[" ".join(ERASED.sub(" ", line).split())] = None
    return "".join(cells)
