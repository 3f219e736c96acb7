"""XMP: what people wrote about a picture, by the names that other formats have for it.

Source: ISO 16684-1, 7 (RDF), 8 (Dublin Core, XMP Rights); IPTC Photo Metadata 2024.1; Exif for XMP (CIPA DC-010).
"""

import re
from pyexpat import ExpatError

from actionday.mime.expat import create
from actionday.parsers._tags import Tags

NAMES = {
    "title": "title", "creator": "author", "description": "description", "subject": "keywords", "rights": "copyright",
    "publisher": "company", "contributor": "contributors", "usercomment": "comment", "owner": "owner", "lens": "lens",
    "serialnumber": "camera_serial", "model": "camera_model", "make": "camera_make",
}  # fmt: skip
OF_PROGRAMS = re.compile(
    r"documentid|instanceid|toolkit|xmptk|about$|resourceref|uuid|version|digest|colormode|iccprofile|history|derivedfrom"
    r"|manifest|crs:|^xmlns|parsetype|^xml:|stevt|stref",
    re.IGNORECASE,
)  # fmt: skip
"""Names of identifiers, of what a program did and of how it is set up."""
WORD = re.compile(r"\w")
CONTAINERS = frozenset({"rdf:li", "rdf:alt", "rdf:seq", "rdf:bag", "rdf:description", "rdf:value"})


def xmp(packet: bytes, tags: Tags) -> None:
    """Take the values of a packet; behind a fault nothing is taken, what came before stays."""
    inside: list[str] = []
    parts: list[str] = []

    def take(name: str, value: str) -> None:
        value = value.strip()
        if WORD.search(value) and not any(map(OF_PROGRAMS.search, (*inside, name))):
            local = name.rpartition(":")[2]
            tags.add(NAMES.get(local.lower()) or tags.key(local), value)

    def start(name: str, attributes: dict[str, str]) -> None:
        end_text()
        inside.append(name)
        for field, value in attributes.items():
            take(field, value)

    def end_text() -> None:
        value = "".join(parts)
        parts.clear()
        if value.strip() and inside:
            take(next((each for each in reversed(inside) if each.lower() not in CONTAINERS), ""), value)

    def end(_: str) -> None:
        end_text()
        inside.pop()

    expat = create(packet)
    expat.buffer_text = True
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = parts.append
    expat.CommentHandler = lambda said: tags.own("xmp_comment", said.encode())
    try:
        expat.Parse(packet, True)
    except (ExpatError, ValueError):
        end_text()
        if expat.ErrorByteIndex >= 0:
            behind = re.sub(rb"<[^<>]*>", b"\0", packet[expat.ErrorByteIndex :])
            tags.stray("XMP (behind a fault of its markup)", behind)
