"""Gzip: one content, or the members of the tar in it.

Source: RFC 1952 (GZIP file format 4.3).
"""

from collections.abc import Mapping

from actionday.sources.archives._gzip import MAGIC, gunzip, header
from actionday.sources.archives._resumed import GZIP
from actionday.sources.archives._single import Compressed


def _facts(head: bytes) -> tuple[int | None, Mapping[str, object]]:
    found = header(head)
    if found is None:
        return None, {}
    meta = {key: text for key, text in (("original_name", found.name), ("comment", found.comment)) if text}
    return found.mtime or None, meta


SOURCE = Compressed(
    "gz", gunzip, lambda head: head.startswith(MAGIC + b"\x08"),
    {".gz": "", ".tgz": ".tar", ".svgz": ".svg", ".taz": ".tar", ".z": ""}, _facts, telling=gunzip,
    beginnings=(MAGIC,), again=GZIP,
)  # fmt: skip
