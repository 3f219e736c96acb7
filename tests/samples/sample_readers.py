"""Independent readers: none of them is the product's, none made the forms."""

import bz2
import email
import email.policy
import gzip
import io
import lzma
import mailbox
import os
import re
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

Entry = tuple[str, bytes | None]  # path and content; none where the reader gives a name only


def tool(*command: str | Path) -> bytes:
    words = [str(part) for part in command]
    return subprocess.run(words, check=True, capture_output=True, env={**os.environ, "TZ": "UTC"}).stdout


def flat(source: Path, work: Path) -> Path:
    """Return the image as raw bytes on disk."""
    if source.suffix == ".dd" or source.suffix == ".iso":
        return source
    raw = work / f"{source.stem}.raw"
    if source.suffix == ".E01":
        tool("ewfexport", "-u", "-q", "-f", "raw", "-t", work / source.stem, source)
    else:
        tool("qemu-img", "convert", "-O", "raw", source, raw)
    return raw


def partitions(raw: Path) -> list[int]:
    """Return the first sectors of the partitions, as sleuthkit reads the table."""
    rows = re.findall(rb"^\d+:\s+\d+(?::\d+)?\s+(\d+)\s+\d+\s+\d+", tool("mmls", "-a", raw), re.M)
    return [int(row) for row in rows]


def sleuthkit(raw: Path, sector: int = 0) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield (state, path, content) of every entry; state is file, deleted or link."""
    listing = tool("fls", "-r", "-p", "-o", str(sector), raw)
    pattern = rb"^([rl\-])/([rl\-]) (\* )?([\d\-]+)(?:\(realloc\))?:\t(.*)$"
    for kind, _, gone, address, name in re.findall(pattern, listing, re.M):
        path = name.decode("utf-8", "backslashreplace")
        if path.startswith("$") or path.endswith("(Volume Label Entry)"):
            continue  # the file system's own
        if gone:
            yield "deleted", path, None
        elif kind == b"l":
            yield "link", path, None
        else:
            yield "file", path, tool("icat", "-o", str(sector), raw, address.decode())


def modified(raw: Path, sector: int) -> dict[str, int]:
    """Return when each file was last written, as sleuthkit reads it, in seconds of the epoch."""
    listing = tool("fls", "-r", "-p", "-m", "", "-o", str(sector), raw).decode("utf-8", "backslashreplace")
    rows = (line.split("|") for line in listing.splitlines())
    return {row[1].removeprefix("/"): int(row[8]) for row in rows}


def listed(archive: Path) -> dict[str, int]:
    """Return when each file was last written, as 7-Zip reads it, in seconds of the epoch."""
    blocks = tool("7zz", "l", "-ba", "-slt", archive).decode().strip().split("\n\n")
    rows = (dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line) for block in blocks)
    return {row["Path"]: moment(row["Modified"]) for row in rows if row.get("Modified")}


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text.split(".")[0] + "+00:00").timestamp())


def inside(name: str, data: bytes) -> Iterator[Entry]:
    """Yield what a container holds, by Python's own readers; nothing for what is none."""
    suffix = Path(name).suffix
    if suffix in {".gz", ".bz2", ".xz"}:
        opener = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}[suffix]
        yield Path(name).stem, opener(data)
    elif suffix == ".zip":
        yield from zipped(data)
    elif suffix == ".mbox":
        yield from letters(data)


def zipped(data: bytes) -> Iterator[Entry]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            yield info.filename, None if info.flag_bits & 1 else archive.read(info)


def letters(data: bytes) -> Iterator[Entry]:
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "box"
        path.write_bytes(data)
        box = mailbox.mbox(path)
        yield from ((str(key), box.get_bytes(key)) for key in range(len(box)))
        box.close()


def attachments(data: bytes) -> dict[str, bytes]:
    letter = email.message_from_bytes(data, policy=email.policy.default)
    return {part.get_filename() or "": part.get_payload(decode=True) for part in letter.iter_attachments()}


def tarred(path: Path) -> Iterator[tuple[str, str, bytes | None]]:
    with tarfile.open(path) as archive:
        for info in archive:
            file = archive.extractfile(info) if info.isfile() else None
            yield "link" if info.issym() else "file", info.name, file.read() if file else None
