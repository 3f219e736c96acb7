"""Images of containers as items: a directory for each, its merged view, and what its configuration says.

Source: OCI image-spec 1.1, ``config.md``; moby, ``image/spec/spec.md`` (Docker Image Specification v1.2).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from actionday.model import Context, Damaged, Found, ItemError, Kind, Loss, Stream
from actionday.model.counted import counted
from actionday.sources.archives._layer_tape import LayerTape
from actionday.sources.archives._layer_view import View, item

LARGEST = 8 << 20
"""Bytes of a manifest or configuration; the registries take 4 MiB."""
MOST_LAYERS = 512
"""Docker makes 127 at most."""
MOST_NAMES = 1_000_000
"""Names of one view that are held, some 200 MB; an image of a distribution has 10,000."""
MOST_WALKS = 256
"""Times that layers are gone through, for each of which a manifest tells: many images share their lowest."""
MOST_FACTS, LONGEST_FACT = 200, 1000
SHA256 = "sha256:"


class Image(NamedTuple):
    """An image as a manifest tells of it. ``digests``: of the file of each layer, "" where nobody tells."""

    name: str
    config: str
    layers: Sequence[str]
    digests: Sequence[str]
    facts: Mapping[str, object]


class Layered:
    """The files that lie beside a manifest, and what of them was proved."""

    def __init__(self, around: Context) -> None:
        self._around = around
        glance: Callable[[str], Stream | None] = getattr(around, "glance", around.sibling)
        self._look = glance
        self._by_diff: dict[str, str] = {}
        self._walks: dict[str, int] = {}

    def file(self, path: str) -> Stream | None:
        """Return a file by its path from the manifest's folder, None where it is not there or no path below it."""
        parts = path.split("/")
        if not path or "\0" in path or any(each in ("", ".", "..") for each in parts):
            return None
        try:
            found = self._look(path)
        except (OSError, ItemError):
            return None
        return None if path in getattr(self._around, "outside", ()) else found

    def json(self, path: str, digest: str = "") -> Any:
        """Return what a JSON file beside the manifest holds, None where it cannot be had: then that is noted."""
        stream = self.file(path)
        if stream is None:
            self._around.note(Loss.DAMAGED, f"{path}: named by the manifest, and not beside it")
            return None
        data = read_json(stream)
        if digest.startswith(SHA256) and hashlib.sha256(data).hexdigest() != digest.removeprefix(SHA256):
            self._around.note(Loss.DIGEST, f"{path}: has not the digest {digest} by which it is named")
        try:
            return decoded(data, path)
        except Damaged as error:
            self._around.note(Loss.DAMAGED, str(error))
            return None

    def items(self, number: int, image: Image) -> Iterator[Found]:
        """Yield the entries of an image's view, then the image."""
        digest = SHA256 + name[:64] if len(name := image.config.rpartition("/")[2]) in (64, 69) else ""
        config = self.json(image.config, digest)
        config = config if isinstance(config, dict) else {}
        rootfs = config.get("rootfs")
        diffs = strings(rootfs.get("diff_ids") if isinstance(rootfs, dict) else None)
        name, around = image.name.replace("/", "_") or "image", self._around
        layers = image.layers[:MOST_LAYERS]
        if len(layers) < len(image.layers):
            around.note(
                Loss.PARTS_LIMIT, f"{name}: has {len(image.layers)} layers, {MOST_LAYERS} are read", name
            )
        if diffs and len(diffs) != len(layers):
            said = f"{counted(len(diffs), 'layer')} in its configuration, {len(layers)} in the manifest"
            around.note(Loss.DAMAGED, f"{name}: {said}", name)
        view, told = View(), list[dict[str, object]]()
        for layer in range(len(layers), 0, -1):
            diff = diffs[layer - 1] if layer <= len(diffs) else ""
            own = image.digests[layer - 1] if layer <= len(image.digests) else ""
            facts: dict[str, object] = {
                "layer": layer,
                "file": layers[layer - 1],
                "digest": own,
                "diff_id": diff,
            }
            told.append({key: value for key, value in facts.items() if value})
            for found, path, above in self._layer(name, view, layer, layers, own, diff, told[-1]):
                place = f"{number}/{layer}/{found.place}"
                yield item(found, f"{name}/{path}", place, above, layer, layers)
        meta = {**image.facts, **facts_of(config), "layers": told[::-1], "whiteouts": view.whiteouts}
        created = config.get("created")
        meta |= {"created": created} if isinstance(created, str) else {}
        yield Found(name=name, kind=Kind.DIRECTORY, place=str(number), meta=meta)

    def _layer(self, name: str, view: View, layer: int, layers: Sequence[str], own: str, diff: str,
               told: dict[str, object]) -> Iterator[Any]:  # fmt: skip
        around, path = self._around, layers[layer - 1]
        called = f"{name}: layer {layer} of {len(layers)} ({path})"
        stream = self.file(path)
        if stream is None and diff in self._by_diff:
            stream = self.file(self._by_diff[diff])  # a link to the same layer of another image
        if stream is None:
            around.note(Loss.DAMAGED, f"{called} is not beside the manifest: the view is without it", name)
            return
        self._walks[path] = self._walks.get(path, 0) + 1
        if self._walks[path] > MOST_WALKS or len(view) > MOST_NAMES:
            around.note(Loss.PARTS_LIMIT, f"{called} is not gone through: it holds more than is listed", name)
            return
        tape = LayerTape(stream)
        yield from view.layer(layer, tape.members())
        if tape.damage:
            around.note(Loss.DAMAGED, f"{called}: {tape.damage}: the view may lack what lies behind", name)
        try:
            found = tape.digests()
        except (ItemError, OSError) as error:
            around.note(Loss.DAMAGED, f"{called}: {error}", name)
            return
        wrong = [each for each, is_ in zip((own, diff), found, strict=True) if each and each != SHA256 + is_]
        for each in wrong:
            around.note(Loss.DIGEST, f"{called}: has not the digest {each} that the image tells of it", name)
        told["proved"] = bool(own or diff) and not wrong
        if diff and not wrong:
            self._by_diff.setdefault(diff, path)


def read_json(stream: Stream) -> bytes:
    """Return the bytes of a JSON file. Raises Damaged where it is larger than any that is read."""
    if stream.size > LARGEST:
        raise Damaged(f"container image: its JSON has {stream.size} bytes, more than {LARGEST}")
    stream.seek(0)
    return stream.read(stream.size)


def decoded(data: bytes, path: str) -> Any:
    """Return what JSON holds. Raises Damaged."""
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Damaged(f"{path}: no whole JSON: {error}") from error


def strings(value: object) -> list[str]:
    """Return the texts of a list, none where it is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def facts_of(config: Mapping[str, Any]) -> dict[str, object]:
    """Return what a configuration says: platform, author, command, variables, labels, history."""
    facts: dict[str, object] = {
        key: text[:LONGEST_FACT]
        for key in ("architecture", "os", "author", "docker_version", "variant")
        if isinstance(text := config.get(key), str) and text
    }
    own = config.get("config")
    own = own if isinstance(own, dict) else {}
    for key in ("Env", "Cmd", "Entrypoint"):
        if values := strings(own.get(key)):
            facts[key.lower()] = [each[:LONGEST_FACT] for each in values[:MOST_FACTS]]
    for key in ("WorkingDir", "User"):
        if isinstance(value := own.get(key), str) and value:
            facts[key.lower()] = value[:LONGEST_FACT]
    for key in ("ExposedPorts", "Volumes"):
        if isinstance(value := own.get(key), dict) and value:
            facts[key.lower()] = [each[:LONGEST_FACT] for each in list(value)[:MOST_FACTS]]
    if isinstance(labels := own.get("Labels"), dict) and labels:
        kept = list(labels.items())[:MOST_FACTS]
        facts["labels"] = {key[:LONGEST_FACT]: str(value)[:LONGEST_FACT] for key, value in kept}
    if isinstance(history := config.get("history"), list) and history:
        facts["history"] = [
            {key: value[:LONGEST_FACT] for key, value in each.items() if isinstance(value, str)}
            for each in history[:MOST_FACTS]
            if isinstance(each, dict)
        ]
    return facts
