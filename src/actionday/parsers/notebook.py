"""Notebooks: text, code and output of the cells, in order; behind them what else the file says.

Source: nbformat 4.5 (and 3), format description.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from actionday.model import Limits, Note, Parsed
from actionday.model.loss import is_loss
from actionday.parsers._decode import decode
from actionday.parsers._embedded import as_text, from_base64
from actionday.parsers._unread import Beside
from actionday.parsers.html import visible
from actionday.parsers.text import finished, unescaped

ENCODED = re.compile(r"(?:image|audio|video|font)/|application/(?!json|javascript)|text/html")
"""Kinds of output that are bytes, or read as what they are."""
PAGE, DRAWING, ATTACHMENTS = "text/html", "image/svg+xml", "attachments"
SETTINGS = frozenset({"id", "cell_type", "output_type", "execution_state", "codemirror_mode", "pygments_lexer",
                      "nbconvert_exporter", "file_extension", "mimetype", "language", "name", "version"})  # fmt: skip
JOINED = frozenset({"source", "input", "text", "traceback"})
MARKED_UP = ("text/markdown", "text/latex")
ESCAPES = re.compile(r"\x1b\[[0-9;]{0,20}m")
"""Colours of a terminal, in tracebacks."""
DEEPEST = 200
"""Values within values that are gone into; real notebooks have some ten. More are counted."""


class Notebook:
    """Cells of a notebook; one that is no JSON is read as plain text, and that is said."""

    name, version = "notebook", 1
    mimes = ("application/x-ipynb+json",)
    samples = ("cells.ipynb",)

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the cells, a blank line between them."""
        decoded = decode(data[: limits.text])
        text = "".join(decoded.pieces)
        notes: tuple[Note, ...] = ()
        beside = Beside()
        try:
            decoded.pieces = ["\n\n".join(_cells(msgspec.json.decode(text), beside))]
            notes = beside.notes()
        except (msgspec.DecodeError, RecursionError) as error:
            decoded.pieces = [unescaped(text)]
            notes = (Note("not_json", f"notebook: {error}; read as plain text"),)
        parsed = finished(decoded, len(data), limits)
        reason = parsed.reason or next((note.reason for note in notes if is_loss(note.code)), "")
        return Parsed(text=parsed.text, meta=parsed.meta, reason=reason, notes=(*parsed.notes, *notes))


def _cells(notebook: Any, beside: Beside) -> Iterator[str]:
    if not isinstance(notebook, dict):
        return
    shown = list(_shown(notebook))
    _walk(notebook, beside, 0)
    yield from (*shown, beside.lines(shown))


def _shown(notebook: dict[str, Any]) -> Iterator[str]:
    sheets = [notebook, *(sheet for sheet in _list(notebook.get("worksheets")) if isinstance(sheet, dict))]
    for cell in (cell for sheet in sheets for cell in _list(sheet.get("cells"))):
        if isinstance(cell, dict):
            yield _joined(cell.get("source") or cell.get("input"))
            for output in _list(cell.get("outputs")):
                yield from _output(output)


def _walk(value: Any, beside: Beside, depth: int, key: str = "") -> None:
    """Put every string into ``beside`` that is not shown: notes, tags, results of other kinds, whatever is added."""
    if isinstance(value, dict) and depth < DEEPEST:
        for name, each in value.items():
            if key == ATTACHMENTS and isinstance(each, dict):
                _attached(each, beside)
            elif name == DRAWING:
                beside.keep(visible(_joined(each)))
            elif not ENCODED.match(name):
                _walk(each, beside, depth + 1, name)
            elif name != PAGE:
                beside.embedded[name] += 1
    elif isinstance(value, list) and depth < DEEPEST:
        joined = key in JOINED or "/" in key  # one text in pieces, which may end within a word
        for each in [_joined(value)] if joined and all(isinstance(each, str) for each in value) else value:
            _walk(each, beside, depth + 1, key)
    elif isinstance(value, str) and key not in SETTINGS:
        for line in ESCAPES.sub("", value).splitlines():
            beside.word("", line)
    elif value and isinstance(value, dict | list):
        beside.left_out += 1


def _attached(bundle: dict[str, Any], beside: Beside) -> None:
    """Take what is attached to a cell, by kind: bytes in base64, which may be a text."""
    for kind, value in bundle.items():
        content = from_base64(_joined(value)) or b""
        text = "" if kind.startswith("image/") and kind != DRAWING else as_text(content)
        if kind == DRAWING or text:
            beside.keep(visible(text or _joined(value)) if kind == DRAWING else text)
        elif kind.startswith("text/"):
            beside.keep(_joined(value))
        else:
            beside.embedded[kind] += 1


def _output(output: Any) -> Iterator[str]:
    if not isinstance(output, dict):
        return
    bundle = output.get("data")
    bundle = bundle if isinstance(bundle, dict) else {}
    page = _joined(bundle.get("text/html"))
    error = ": ".join(filter(None, (_joined(output.get("ename")), _joined(output.get("evalue")))))
    values = [output.get("text"), bundle.get("text/plain"), *(bundle.get(kind) for kind in MARKED_UP)]
    for value in (*values, visible(page) if page else "", error, output.get("traceback")):
        if text := ESCAPES.sub("", _joined(value)):
            yield text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


PARSER = Notebook()
