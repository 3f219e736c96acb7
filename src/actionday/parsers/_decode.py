"""Bytes to characters, window by window: Unicode strictly first, then what is declared, then what is likely.

Nothing is dropped: what does not decode becomes U+FFFD and is counted; windows that are no text at all give their
printable runs. Memory is one window of bytes and the text itself.
"""

import codecs
import re
from collections.abc import Iterator

from actionday.mime.eastern import BUDGET, decoded
from actionday.mime.guess import SAMPLE, Guess, escaped
from actionday.mime.labels import document_codec
from actionday.mime.prose import is_prose
from actionday.mime.stretches import spliced, torn
from actionday.mime.wide import BYTE_ORDER_MARKS, is_line, is_utf8, misread, single_bytes, wide
from actionday.parsers._codes import fits, guessed, partly_utf8
from actionday.parsers._decoded import Decoded
from actionday.parsers._mixed import Line
from actionday.parsers._mixed import runs as runs_of_lines
from actionday.parsers._strings import runs

WINDOW = 4 << 20
"""Bytes decoded at once."""
LINE_END_WITHIN = 64 * 1024
"""A window ends at a line end if one lies in its last 64 KiB, so that windows can be decoded apart."""
EAST_ASIAN = ("gb18030", "cp949", "cp950", "cp932", "euc_jp")
MISMARKED = 10
"""Of so many characters behind a mark one may be damaged for the mark to be believed."""
NULS = re.compile("\0+")
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b\x1a"))
RUBBISH = 0.05
"""Share of control characters from which a window is no text: random bytes have 0.09, text has 0."""
UTF_16 = ("utf-16-le", "utf-16-be")


def decode(data: memoryview, declared: str | None = None, window: int = WINDOW) -> Decoded:
    """Return the characters of ``data``. ``declared`` is the label a document gives itself, if it does.

    Never raises for any bytes. A byte-order mark decides; then validity as UTF-8; then a declared encoding that
    fits; then statistics over the first part that is no UTF-8. ``window`` >= 4 bytes.
    """
    start = bytes(data[:SAMPLE])
    for mark, code in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            if _is_false(start[len(mark) :], code):
                return _without_mark(data[len(mark) :], declared, window)
            return _one_or_more(data[len(mark) :], Guess(code, 1.0), window)
    told = declared is not None and b"\0" not in start  # a label that could be read stands in no UTF-16
    found = (None if told else unmarked(start)) or escaped(start)
    if found and not (found in UTF_16 and is_line(start.partition(b"\n")[0])):
        return _one_or_more(data, Guess(found, 0.95), window)
    return _Windows(declared).run(data, window)


def _one_or_more(data: memoryview, guess: Guess, window: int) -> Decoded:
    """Decode in a code that cannot be cut at a line end; line by line where it turns out not to be the only one."""
    result = _streamed(data, guess, window)
    if guess.encoding not in UTF_16 or not (odd := torn(result.pieces)):
        return result
    mixed = _Windows(None).run(data, window)
    return mixed if mixed.others and torn(mixed.pieces) < odd else result


def unmarked(start: bytes) -> str | None:
    """Return UTF-16 or UTF-32 where the first bytes of a content read so without a mark, else None."""
    return wide(start) if _may_be_wide(start) else None


def _is_false(start: bytes, code: str) -> bool:
    """Say whether what stands behind a mark is not in the encoding that it says."""
    if "16" in code:
        return misread(start)
    text = start[:4096].decode(code, "replace")[:-1]
    return text.count("�") * MISMARKED > len(text)


def _without_mark(data: memoryview, declared: str | None, window: int) -> Decoded:
    decoded = decode(data, declared, window)
    decoded.false_mark = True
    return decoded


def _may_be_wide(start: bytes) -> bool:
    """Say whether bytes are worth a look as UTF-16: they hold NULs or control characters, or are text in no other code.

    Two-byte codes of East Asia can look like UTF-16 of another script: what they read strictly is theirs.
    """
    if b"\0" in start or len(start) - len(start.translate(None, CONTROLS)) > RUBBISH * len(start):
        return True
    if start.isascii() or is_utf8(start[: _before_character(start)]):
        return False
    return not any(_reads(start, code) for code in EAST_ASIAN)


def _reads(sample: bytes, code: str) -> bool:
    text = decoded(sample[:4096], code)
    faults = text[:-1].count("�")
    if faults * BUDGET > len(text) or (faults and not is_prose((text,))):
        return False
    return not any(letter < " " and letter not in "\t\n\r\f\v\b\x1b\x1a" for letter in text)


def _streamed(data: memoryview, guess: Guess, window: int) -> Decoded:
    """Decode with an incremental decoder: for codes in which a window cannot be cut at a line end."""
    result = Decoded(encoding=guess.encoding, confidence=guess.confidence)
    decoder = codecs.getincrementaldecoder(guess.encoding)("replace")
    for at in range(0, len(data), window):
        piece = decoder.decode(bytes(data[at : at + window]), at + window >= len(data))
        result.replaced += piece.count("�")
        if guess.encoding in UTF_16:
            piece, count = single_bytes(piece, guess.encoding)
            result.in_pairs += count
        _keep(result, piece)
    return result


def _keep(result: Decoded, piece: str) -> None:
    if "\0" in piece:  # padding of torn logs, records of /proc: a line end, however long the run
        piece = NULS.sub("\n", piece)
    if piece:
        result.pieces.append(piece)


def windows(data: memoryview, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield ``(offset, bytes)`` of about ``size`` bytes each, cut at a line end, else before a character."""
    at = 0
    while at < len(data):
        window = bytes(data[at : at + size])
        if at + size < len(data):
            cut = window.rfind(b"\n", max(1, size - LINE_END_WITHIN)) + 1
            if cut > 1 and window[cut - 2] and data[at + cut] == 0:
                cut += 1  # the second byte of a line feed in UTF-16
            window = bytes(data[at : at + (cut or _before_character(window))])
        yield at, window
        at += len(window)


def _before_character(window: bytes) -> int:
    """Return a cut at most three bytes before the end that leaves no UTF-8 sequence in two."""
    for back in range(1, min(4, len(window))):
        if window[-back] >= 0xC0:
            return len(window) - back
        if window[-back] < 0x80:
            break
    return len(window)


class _Windows:
    """Decodes window by window; at the first one that is no UTF-8 it settles what to do with such windows."""

    def __init__(self, declared: str | None) -> None:
        self.result = Decoded()
        self.declared = document_codec(declared) if declared else ""
        self.settled: Guess | None = None
        self.line: Line
        """What is known of single lines, where they are not all in UTF-8."""
        self.by_line = False
        self.others_seen = False
        """Whether a window before held UTF-8 that is no ASCII."""

    def run(self, data: memoryview, size: int) -> Decoded:
        for at, raw in windows(data, size):
            window = self._narrow(raw)
            try:
                piece = window.decode("utf-8")
                self.others_seen = self.others_seen or not window.isascii()
            except UnicodeDecodeError as error:
                piece = self._other(raw, window, at, error.start)
            _keep(self.result, piece)
        return self.result

    def _narrow(self, window: bytes) -> bytes:
        """Return a window with its lines of UTF-16 as UTF-8."""
        if b"\0" not in window or (mended := spliced(window)) is None:
            return window
        self.result.others |= mended.codes
        return mended.data

    def _other(self, raw: bytes, window: bytes, at: int, bad: int) -> str:
        if len(window) - len(window.translate(None, CONTROLS)) > RUBBISH * len(window):
            if self.result.rubbish_from is None:
                self.result.rubbish_from = at
            return runs(raw)  # which finds UTF-16 itself, and no UTF-8
        if self.settled is None:
            self._settle(window[max(0, window.rfind(b"\n", 0, bad)) :])
        return self._lines(window) if self.by_line else self._whole(window)

    def _settle(self, sample: bytes) -> None:
        """Decide, on what begins at the first line that is no UTF-8, how such windows are read."""
        sample = sample[:SAMPLE]
        if self.declared and self.declared != "utf-8" and fits(sample, self.declared):
            self.settled = Guess(self.declared, 0.9)
        else:
            lines = [line for line in sample.split(b"\n") if not is_utf8(line)]
            self.settled = guessed(lines, sample)
            self.by_line = self.others_seen or partly_utf8(sample)
        self.line = Line(self.settled.encoding)
        if not self.by_line:
            self.result.encoding, self.result.confidence = self.settled.encoding, self.settled.confidence

    def _whole(self, window: bytes) -> str:
        return "".join(self._run(code, lines) for code, lines in runs_of_lines(window, self.line))

    def _run(self, code: str, lines: bytes) -> str:
        """Return lines in the code that was settled, or in another one."""
        assert self.settled is not None
        if code:
            self.result.others.add(code)
        piece = decoded(lines, code or self.settled.encoding)
        self.result.replaced += piece.count("�")
        return piece

    def _lines(self, window: bytes) -> str:
        return "".join(map(self._line, window.splitlines(keepends=True)))

    def _line(self, line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("utf-8", "replace")
        bad = text.count("�")
        good = sum(1 for letter in text if letter > "\x7f") - bad
        if self.settled is None or good >= bad * 2:  # UTF-8 with a damaged place, not another encoding
            self.result.replaced += bad
            return text
        code = self.line.other(line) or self.settled.encoding
        self.result.others.add(code)
        text = line.decode(code, "replace")
        self.result.replaced += text.count("�")
        return text
