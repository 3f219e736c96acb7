"""A small case that was really ingested: scripts, a mail, a picture, archives, damage, hostile names."""

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

from made_case import ARABIC, CHINESE, ENGLISH, FACTS, HEBREW
from PIL import Image

from actionday.storage.case import Case
from actionday.testing.hostile import CAPTIONS, MAIL, NAMES

ENCRYPTED = 0x1


def evidence(folder: Path) -> None:
    """Write the files of the exhibit."""
    for name, text in (("arabic", ARABIC), ("hebrew", HEBREW), ("chinese", CHINESE), ("english", ENGLISH)):
        (folder / f"{name}.txt").write_text(text * 20, "utf-8")
    (folder / "copy of arabic.txt").write_text(ARABIC * 20, "utf-8")
    (folder / "captions.txt").write_text("\n".join(CAPTIONS), "utf-8")
    (folder / "message.eml").write_bytes(MAIL)
    Image.radial_gradient("L").resize((320, 240)).convert("RGB").save(folder / "poster.png")
    with zipfile.ZipFile(folder / "pages.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("site/index.html", f"<title>Kestrel</title><p>{ENGLISH}</p>")
    (folder / "sealed.zip").write_bytes(_sealed())
    (folder / "nothing.txt").write_bytes(b"")
    whole = gzip.compress((ENGLISH * 500).encode(), mtime=0)
    (folder / "cut.log.gz").write_bytes(whole[: len(whole) // 2])
    for number, name in enumerate(NAMES):
        plain = name.replace("/", "").replace("\\x00", "")
        if plain not in ("", ".", "..") and len(plain.encode()) < 255:
            (folder / plain).write_text(f"hostile name {number}\n")


def _sealed() -> bytes:
    """Return a zip whose only member says that it is encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("plan.txt", "not to be read")
    data = bytearray(out.getvalue())
    data[6] |= ENCRYPTED
    data[data.index(b"PK\x01\x02") + 8] |= ENCRYPTED
    return bytes(data)


def ingest(folder: Path, source: Path) -> dict[str, str]:
    """Ingest the evidence into a case in ``folder``; return the ids of its items by path."""
    evidence(source)
    Case.create(folder, FACTS).close()
    run = [
        sys.executable,
        "-m",
        "actionday.app.cli.main",
        "ingest",
        str(folder),
        str(source),
        "--exhibit",
        "S-11",
    ]
    done = subprocess.run([*run, "--workers", "1"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    case = Case.open(folder)
    found = {path: item.hex() for item, path in case.database.execute("SELECT id, path FROM items")}
    case.close()
    return found
