"""The words of markup within a PDF: of XMP, of the parts of an XFA form, of rich text.

Source: PDF 1.7 (ISO 32000-1), 14.3.2 (metadata streams), 12.7.8 (XFA), 12.7.3.4 (rich text); ISO 16684-1 (XMP), 7.3
(packets).
"""

import re
from pyexpat import ExpatError

from actionday.mime.expat import create
from actionday.parsers._decode import decode
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone_to
from actionday.parsers._pdf_objects import MOST
from actionday.parsers._unread import MARK, Beside

PROGRAMS = frozenset(
    {"creatortool", "producer", "toolkit", "softwareagent", "action", "conformance", "format", "xmptk"}
)
OF_PROGRAMS = (
    "xpacket",
    "renderCache",
    "templateDesigner",
    "formServer",
    "originalXFAVersion",
    "acrobat",
    "PDFTargetVersion",
)
"""Beginnings of instructions around a packet of XMP and of designers of forms, who keep what they drew."""
TAG = re.compile(r"<[^<>]*>")
METADATA = re.compile(rb"/Type\s*/Metadata\b|/Subtype\s*/XML\b")
HEAD = 4096
"""Bytes of a dictionary that are looked at."""


def markup(xml: bytes, beside: Beside) -> None:
    """Take the words of XMP or of a part of a form; of comments, instructions and behind a fault what is prose."""
    if not xml:
        return
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name.rpartition(":")[2].lower())
        for key, value in attributes.items():
            if key.rpartition(":")[2].lower() not in PROGRAMS:
                beside.word(key, value)

    def text(value: str) -> None:
        if not PROGRAMS.intersection(inside[-4:]) and not value.isspace():
            for line in value.splitlines():
                beside.word(inside[-1] if inside else "", line)

    def aside(said: str) -> None:
        for line in said.splitlines():
            beside.look("", line)

    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = start
    expat.EndElementHandler = lambda _: inside.pop()
    expat.CharacterDataHandler = text
    expat.CommentHandler = aside
    expat.ProcessingInstructionHandler = lambda target, said: (
        None if target.startswith(OF_PROGRAMS) else aside(said)
    )
    try:
        expat.Parse(xml, True)
    except ExpatError:
        expat.buffer_text = False
        behind = "".join(decode(memoryview(xml[expat.ErrorByteIndex :])).pieces)
        for line in TAG.sub("\n", behind).splitlines():
            beside.look("", line)


def of_metadata(body: bytes, budget: Budget) -> list[str]:
    """Return the words of an object that is XMP, none of any other."""
    if not METADATA.search(body, 0, HEAD):
        return []
    beside = Beside()
    markup(undone_to(body, MOST, budget).content, beside)
    return beside.lines([]).removeprefix(MARK).splitlines()
