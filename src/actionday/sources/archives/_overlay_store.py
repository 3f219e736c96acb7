"""Docker's folder on a disk: which layers an image or a container is made of, and what lies in each.

Source: moby, ``layer/filestore.go`` (``layerdb``: chain IDs, ``cache-id``, ``mounts``), ``image/fs.go`` (``imagedb``),
``daemon/graphdriver/overlay2``; OCI image-spec 1.1, ``config.md``, "Layer ChainID"; Linux, ``overlayfs.rst``
(whiteouts and opaque directories).
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from actionday.model import Context, Damaged, Found, ItemError, Kind, Stream
from actionday.sources.archives._layer_view import OPAQUE, WHITEOUT
from actionday.sources.archives._layered import decoded, read_json, strings

HEX = re.compile(r"[0-9a-f]{64}")
CACHE = re.compile(r"[0-9a-z]{1,128}(?:-init)?")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
LONGEST_ID = 256
WHITE = "0:0"
SHOWN = frozenset({Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK, Kind.SPECIAL})
MOST_LAYERS = 512

Below = Callable[[str], Iterator[Any]]


class Store:
    """The folder of Docker, seen from a file ``up`` of which leads to it; files are asked for by their paths in it."""

    def __init__(self, around: Context, up: str) -> None:
        self._around, self._up = around, up
        self._look: Callable[[str], Stream | None] = getattr(around, "glance", around.sibling)
        self._below: Below = getattr(around, "below", lambda _: iter(()))

    def text(self, path: str) -> str:
        """Return a short text that stands in a file, "" where it is not there."""
        try:
            stream = self._look(self._up + path)
            if stream is None or stream.size > LONGEST_ID:
                return ""
            stream.seek(0)
            return stream.read(stream.size).decode("ascii").strip()
        except (OSError, ItemError, UnicodeDecodeError):
            return ""

    def image(self, digest: str) -> dict[str, Any]:
        """Return the configuration of an image, nothing where it is not there or none."""
        if not DIGEST.fullmatch(digest):
            return {}
        try:
            stream = self._look(f"{self._up}image/overlay2/imagedb/content/{digest.replace(':', '/')}")
            found = {} if stream is None else decoded(read_json(stream), digest)
        except (OSError, Damaged, ItemError):
            return {}
        return found if isinstance(found, dict) else {}

    def image_layers(self, config: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Return the folders of an image's layers, the lowest first, and the chain IDs of those that are not there."""
        rootfs = config.get("rootfs")
        found, absent, chain = list[str](), list[str](), ""
        for diff in strings(rootfs.get("diff_ids") if isinstance(rootfs, dict) else None)[:MOST_LAYERS]:
            chain = f"sha256:{hashlib.sha256(f'{chain} {diff}'.encode()).hexdigest()}" if chain else diff
            folder = self.text(f"image/overlay2/layerdb/{chain.replace(':', '/', 1)}/cache-id")
            if DIGEST.fullmatch(chain) and CACHE.fullmatch(folder):
                found.append(f"overlay2/{folder}/diff")
            else:
                absent.append(chain)
        return found, absent

    def own_layers(self, container: str) -> list[str]:
        """Return the folders of a container's own layers: what was set up for it, and above that what it wrote."""
        mount = f"image/overlay2/layerdb/mounts/{container}"
        names = (
            [self.text(f"{mount}/{each}") for each in ("init-id", "mount-id")]
            if HEX.fullmatch(container)
            else []
        )
        return [f"overlay2/{each}/diff" for each in names if CACHE.fullmatch(each)]

    def members(self, folder: str) -> Iterator[Found]:
        """Yield what lies in a layer's folder, whiteouts by the names that they have in an archive."""
        for number, each in enumerate(self._below(self._up + folder)):
            if each.kind not in SHOWN:
                continue
            try:
                told = msgspec.json.decode(each.meta)
            except msgspec.DecodeError:
                told = {}
            meta = told if isinstance(told, dict) else {}
            place, kind = str(number), Kind(each.kind)
            if (
                kind is Kind.SPECIAL
                and meta.get("device") == WHITE
                and meta.get("type") == "character device"
            ):
                above, _, name = each.path.rpartition("/")
                yield Found(name=f"{above}/{WHITEOUT}{name}".removeprefix("/"), kind=Kind.FILE, place=place)
                continue
            yield Found(name=each.path, kind=kind, place=place, size=each.size, mtime=each.mtime, meta=meta)
            overlay = meta.get("overlay")
            if isinstance(overlay, dict) and overlay.get("opaque") == "y":
                yield Found(name=f"{each.path}/{OPAQUE}", kind=Kind.FILE, place=place)


def named(layers: Sequence[str]) -> list[str]:
    """Return what layers are called where an entry says which one it is of."""
    return [each.removesuffix("/diff") for each in layers]
