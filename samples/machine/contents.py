"""What the disks hold: a folder of the Kestrel club, the same in every sample."""

import os
from pathlib import Path

CLOCK = 1_772_359_200
"""2026-03-01 10:00 UTC, when all of it was last written."""
SPARSE = 1 << 20


def log() -> bytes:
    """Return 300 KiB of which no two sectors are alike, so that a chunk in a wrong place is noticed."""
    lines = (f"{number:05d} the kestrel hovers over field {number * 7919 % 9973}\n" for number in range(7200))
    return "".join(lines).encode()[: 300 << 10]


FILES: dict[str, bytes] = {
    "readme.txt": b"The Kestrel club meets on Thursdays at the weir.\n",
    "empty": b"",
    "log/hovering.txt": log(),
    "برامج/أخبار.txt": "نشرة نادي العوسق: لقاء يوم الخميس\n".encode(),
    "новости/пустельга.txt": "Клуб пустельги встречается по четвергам.\n".encode(),
    "tail.bin": bytes(range(256)) * 20 + b"k",
}  # fmt: skip


HOLES = b"before the hole\n".ljust(SPARSE, b"\0") + b"behind the hole\n"


def tree() -> dict[str, bytes]:
    """Return every file of the folder by its path."""
    return {**FILES, "holes.bin": HOLES}


def few() -> dict[str, bytes]:
    """Return what lies on a small volume (``small`` in ``guest.sh``)."""
    whole = {name: FILES[name] for name in ("readme.txt", "empty", "tail.bin")}
    return {**whole, "hovering.txt": FILES["log/hovering.txt"][:20_000]}


def write(into: Path) -> None:
    """Write the folder: its files, one with a hole, and a link."""
    for name, data in FILES.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o640 if name == "tail.bin" else 0o644)
    with (into / "holes.bin").open("wb") as file:
        file.write(b"before the hole\n")
        file.seek(SPARSE)
        file.write(b"behind the hole\n")
    (into / "link.txt").symlink_to("log/hovering.txt")
    for path in [*into.rglob("*"), into]:
        os.utime(path, (CLOCK, CLOCK), follow_symlinks=False)
