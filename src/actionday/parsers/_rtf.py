"""Every text of a rich text file, shown or not: hidden runs, annotations, fields, unknown destinations, objects.

Source: Rich Text Format 1.9.1: Conventions of an RTF reader, Font table, Fields, Objects, Special characters, Unicode
RTF.

The library reads what a page shows. What this finds besides it stands at the end of the text.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._legible import passages
from actionday.parsers._rtf_aside import Aside, is_data
from actionday.parsers._rtf_changes import CHANGING, changed
from actionday.parsers._tracked import Run, State, before, now, paragraphs
from actionday.parsers._unread import Beside

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
SILENT = frozenset(
    b"fonttbl colortbl stylesheet listtable listoverridetable rsidtbl generator pict themedata colorschememapping"
    b" datastore latentstyles xmlnstbl mmathPr filetbl pgptbl blipuid panose falt leveltext levelnumbers sn objclass"
    b" listname wgrffmtfilter fchars lchars listtext pntext bkmkstart bkmkend company revtbl background"
    b" shprslt nonshppict pgdsctbl".split()
)
"""Destinations of styles, lists, pictures and second copies of shapes and list labels for old readers: ``Aside`` looks
through them for what is no name of programs."""
ENDS = frozenset(b"par line cell row tab sect page nestcell nestrow column lbr".split())
CHARACTERS = {
    b"emspace": "\u2003", b"enspace": "\u2002", b"qmspace": "\u2005", b"emdash": "\u2014", b"endash": "\u2013",
    b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d",
    b"zwbo": "\u200b", b"zwnbo": "\u2060", b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
"""Words that are characters."""
SIGNS = {
    b"~": "\xa0",
    b"-": "",
    b"_": "-",
    b"*": "\n",
    b"\n": "\n",
    b"\r": "\n",
    b"\t": "\t",
    b"|": "|",
    b":": ":",
}
UNKNOWN = re.compile(
    rb"\\(?:[\\{}]|(emspace|enspace|qmspace|zwbo|zwnbo|zwj|zwnj)(?![a-zA-Z0-9-]) ?|([~_])"
    rb"|(lbr[0-3](?![0-9])|(?:lbr|column|page|nestcell|sect)(?![a-zA-Z0-9-])) ?)"
)
"""What the library takes for nothing, or for what it is not."""
SKIPPED = re.compile(rb"\\uc(\d{1,3})")
"""How many characters stand for one of Unicode, for readers that do not know it."""
CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253",
            162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
            238: "cp1250"}  # fmt: skip
FONT = re.compile(rb"\\f(\d{1,5})(?=[\\ {])[^{};]{0,300}?\\fcharset(\d{1,3})")
PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
OBJECT = re.compile(rb"\\(?:[\\{}]|(objdata)(?![a-zA-Z]))")
"""An object's data, and escaped signs, behind which a word is text."""
LINE = re.compile(r"\n")
STORE = re.compile(rb"\\datastore\b\s?([0-9a-fA-F\s]{16,})")
"""Parts of a package, in hexadecimal: what programs keep with a document."""
TAG = re.compile(r"<[^<>]{0,1000}>")
BYTES = re.compile(rb"(?<!\\)\\bin(\d{1,9}) ?")
BRACE = re.compile(rb"\\[\\{}]|[{}]")
HEAD = 1 << 20
DEEPEST = 1000


class _State:
    """What holds within a group."""

    __slots__ = ("change", "font", "silent", "skipped")

    def __init__(self, font: int, skipped: int, change: State, *, silent: bytes) -> None:
        self.font, self.skipped, self.change, self.silent = font, skipped, change, silent


def all_texts(data: memoryview, beside: Beside) -> list[Note]:
    """Put every line of the file into ``beside``; never raises.

    The objects in it are counted: each is an item, of the source ``rtf``.
    """
    raw = without_bytes(bytes(data))
    aside = Aside()
    read = list(runs(raw, aside))
    for line in now(read).split("\n"):
        beside.line(line)
    for paragraph in paragraphs(read, LINE):
        for wording in before(paragraph):
            for line in wording.split("\n"):
                beside.line(line)
    for line in aside.lines:
        beside.line(line)
    for found in STORE.finditer(raw):
        for line in _passages(_unhexed(found[1])):
            beside.line(TAG.sub(" ", line))
    notes, cut = [], open_groups(raw)
    if held := OBJECT.findall(raw).count(b"objdata"):
        some = (
            "an object in it: an item of its own"
            if held == 1
            else f"{held} objects in it: items of their own"
        )
        notes.append(Note("embedded_object", some))
    if cut:
        groups = counted(cut, "group is", "groups are")
        notes.insert(
            0, Note(Loss.BROKEN_OFF, f"RTF: ends at byte {len(data)}, where {groups} open: it was cut off")
        )
    return notes


def _unhexed(written: bytes) -> bytes:
    digits = written.translate(None, b" \t\r\n")
    return unhexlify(digits[: len(digits) & ~1])


def _passages(content: bytes) -> list[str]:
    readable = passages(memoryview(content), "")
    return "".join(readable.text).split("\n") if readable else []


def without_bytes(raw: bytes) -> bytes:
    """Return a file without the bytes that stand in it as they are: pictures, which no word ends."""
    parts, at = [], 0
    for found in BYTES.finditer(raw):
        if at <= found.start() and found.end() + int(found[1]) <= len(raw):
            parts.append(raw[at : found.start()])
            at = found.end() + int(found[1])
    return b"".join((*parts, raw[at:])) if parts else raw


def open_groups(raw: bytes) -> int:
    """Return how many groups are open where a file ends; more than none: it was cut off."""
    depth = 0
    for brace in BRACE.findall(raw):
        depth = depth + 1 if brace == b"{" else max(0, depth - 1) if brace == b"}" else depth
    return depth


def known(raw: bytes) -> bytes:
    """Return a file in which the library finds the characters, and the ends of lines, that it does not know."""
    counts = set(SKIPPED.findall(raw)) or {b"1"}
    stand_in = {b"0": b" ", b"1": b"?"}.get(*counts) if len(counts) == 1 else None

    def told(found: re.Match[bytes]) -> bytes:
        word, sign, end = found.groups()
        if end:
            return {b"nestcell": rb"\tab\nestcell ", b"sect": rb"\par\sect "}.get(end, rb"\par ")
        if sign or (word and word[:2] != b"zw"):
            return rb"\'2d" if sign == b"_" else rb"\'20"
        return rb"\u%d%b" % (ord(CHARACTERS[word]), stand_in) if word and stand_in else found[0]

    return UNKNOWN.sub(told, raw)


def texts(raw: bytes) -> Iterator[str]:
    """Yield the texts of all destinations but the silent ones, a line end where a paragraph or a group ends."""
    return (run.text for run in runs(raw))


def runs(raw: bytes, aside: Aside | None = None) -> Iterator[Run]:
    """Yield the same, with what tracked changes made of it; ``aside`` takes what the silent ones say."""
    aside = aside or Aside()
    page = PAGE.search(raw, 0, HEAD)
    base = f"cp{int(page[1])}" if page else "cp1252"
    fonts = {int(number): CHARSETS.get(int(charset), base) for number, charset in FONT.findall(raw[:HEAD])}
    state, stack, skip = _State(-1, 1, "", silent=b""), [], 0
    held = bytearray()
    for token in TOKEN.finditer(raw):
        word, number, code, sign, brace, plain = token.groups()
        if code or (plain and not is_data(state.silent, plain)):
            piece = bytes.fromhex(code.decode()) if code else plain
            piece, skip = piece[skip:], max(0, skip - len(piece))
            held += piece
            continue
        if held:
            said = _decoded(held, fonts.get(state.font, base))
            if state.silent:
                aside.add(state.silent, said)
            else:
                yield Run(state.change, said)
            held.clear()
        if brace == b"{":
            stack.append(state)
            deep = b"deep" if len(stack) > DEEPEST else b""
            state = _State(state.font, state.skipped, state.change, silent=state.silent or deep)
        elif brace:
            aside.end()
            if not state.silent:
                yield Run(state.change, "\n" if word in ENDS else "")
            state = stack.pop() if stack else state
        elif word:
            if word == b"u" and number:
                skip = state.skipped
                if state.silent:
                    aside.add(state.silent, _letter(int(number)))
                else:
                    yield Run(state.change, _letter(int(number)))
            elif word in SILENT or word == b"objdata":
                state.silent = word
            elif word == b"f" and number:
                state.font = int(number)
            elif word == b"uc" and number:
                state.skipped = min(abs(int(number)), 8)
            elif word in CHANGING:
                state.change = changed(state.change, word, number)
            elif word in CHARACTERS and not state.silent:
                yield Run(state.change, CHARACTERS[word])
            elif (word in ENDS and not state.silent) or (word in DESTINATIONS and not state.silent):
                yield Run(state.change, "\n")
        elif sign and not state.silent:
            yield Run(state.change, SIGNS.get(sign, sign.decode("latin-1") if sign in b"\\{}" else ""))
    if state.silent:
        aside.add(state.silent, _decoded(held, fonts.get(state.font, base)))
    else:
        yield Run(state.change, _decoded(held, fonts.get(state.font, base)))
    aside.end()


DESTINATIONS = frozenset(
    b"fldinst fldrslt footnote header headerl headerr headerf footer footerl footerr footerf annotation atnid atnauthor"
    b" title subject author doccomm keywords operator shptxt sv shpinst object result field v".split()
)
"""Words that begin another text: what stands before them ends there."""


def _letter(number: int) -> str:
    """Return a UTF-16 unit as a letter; halves of pairs are joined when the text is stored."""
    return chr(number & 0xFFFF)


def _decoded(held: bytearray, codec: str) -> str:
    try:
        return held.decode(codec, "replace")
    except LookupError:
        return held.decode("cp1252", "replace")
