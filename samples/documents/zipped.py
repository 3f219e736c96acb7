"""Zip files whose bytes are a function of their members."""

import zipfile
from io import BytesIO

BORN = (2026, 3, 1, 8, 0, 0)  # the one time of all members


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip file; stored by default, as deflate's output differs between zlib builds."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, BORN)
            info.external_attr, info.create_system, info.compress_type = 0o100644 << 16, 3, method
            archive.writestr(info, data)
    return out.getvalue()
