"""Names in a PDF that are prose: names as values, keys of dictionaries, operands of contents.

Source: PDF 1.7 (ISO 32000-1), 7.3.5 (names: written with ``#`` and two figures, meant as UTF-8), 8.6.6 (colourants),
9.5 (fonts), 14.7.2 (structure types).

A word of the format's vocabulary has neither blanks nor letters beyond ASCII. Names of fonts, colours and styles have
such and are no text: these are read from ``LONG`` words on.
"""

import re
from collections.abc import Iterator

from actionday.mime.prose import is_prose
from actionday.parsers._unread import WORDS

CODE = re.compile(r"#([0-9A-Fa-f]{2})")
ODD = re.compile(rb"/([^\s()<>\[\]{}/%#@\x80-\xff]*+(?:#[0-9A-Fa-f]{2}|[@\x80-\xff])[^\s()<>\[\]{}/%]*+)"
                 rb"(\s*+(?:[-+.\d]+\s+Tf|cs|CS|scn|SCN|B[DM]C|<<\s*+/MCID)?)")  # fmt: skip
"""A name that may be prose, and what says that it is one of a font, a colour or a style."""
ADDRESS = re.compile(
    r"[^\s@]{1,64}@[\w-]{1,64}\.\w{2}|[a-z][a-z+]{1,12}://\S{3}|\b[\w-]{2,64}\.(?:onion|i2p)\b"
)
REGISTRIES = re.compile(r"https?://(?:www\.)?(?:color\.org|iec\.ch)\S*")
"""Addresses of those who keep lists of conditions of printing: in any document for archives."""
LONG = 5
SCRIPT = re.compile("[\u0370-\u1dff\u2c00-\ud7ff]")
"""Letters that no byte stands for: such a string was written as Unicode."""
BLANKS = re.compile(r"\s+")
OF_LOOKS = frozenset(
    ("BaseFont", "FontName", "FontFamily", "Font", "ColorSpace", "CS", "Separation", "DeviceN", "Colorants", "Process",
     "Components", "S", "C", "RoleMap", "RoleMapNS", "ClassMap", "Differences", "Encoding", "CharProcs", "Name",
     "MixingHints", "Solidities", "DotGain", "SeparationColorNames", "DeviceColorant", "Registry", "RegistryName",
     "OutputConditionIdentifier", "CharSet", "Panose")
)  # fmt: skip
"""Keys behind which names of fonts, glyphs, colours and styles stand."""


def plain(name: str) -> str:
    """Return a name, written as Latin-1 and without its ``#``, as what it is meant: UTF-8 if it is that."""
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name


def prosaic(text: str) -> bool:
    """Say whether a string is two words and more, letters that no identifier has, or an address, and nothing else."""
    if not (WORDS.search(text) or ADDRESS.search(text)) or not BLANKS.sub("", text).isprintable():
        return False
    return text.isascii() or SCRIPT.search(text) is not None or is_prose((text,))


def speaks(name: str, *, of_looks: bool) -> bool:
    """Say whether a name is prose; ``of_looks`` says that it stands where those of fonts, colours and styles do."""
    if not prosaic(name) or REGISTRIES.fullmatch(name):
        return False
    return not of_looks or len(name.split()) >= LONG or ADDRESS.search(name) is not None


def names_in(left: bytes) -> Iterator[str]:
    """Yield the names of a content that are prose."""
    if b"#" not in left and b"@" not in left and left.isascii():
        return
    for each in ODD.finditer(left):
        name = plain(CODE.sub(_coded, each[1].decode("latin-1")))
        if speaks(name, of_looks=bool(each[2].strip())):
            yield name


def _coded(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
