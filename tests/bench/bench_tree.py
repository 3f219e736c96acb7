"""What the fixture of this folder is."""

from pathlib import Path
from typing import NamedTuple

from bench.image import Made


class Tree(NamedTuple):
    """A tree with a text, a binary, an empty file, one whose name is not UTF-8, and a link that is not taken."""

    root: Path
    image: Made
    truth: dict[str, str]
