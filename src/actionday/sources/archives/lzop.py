"""Lzop: one content, or the members of the tar in it; backups of Proxmox VE are packed so (``.vma.lzo``).

Source: lzop 1.04, ``src/lzop.c``.
"""

from collections.abc import Mapping

from actionday.sources.archives._lzop import MAGIC, unlzop
from actionday.sources.archives._single import Compressed

SUFFIXES: Mapping[str, str] = {".lzo": "", ".tzo": ".tar"}
SOURCE = Compressed("lzop", unlzop, lambda head: head.startswith(MAGIC), SUFFIXES, beginnings=(MAGIC,))
