"""``manifest.json`` of ``docker save``: each image as a directory, its layers merged.

The tar, or the folder, that it lies in is opened as any other, and every layer with it: the bytes are items there.

Source: moby, ``image/tarexport/tarexport.go`` (manifestItem), ``image/spec/spec.md``, "Combined Image JSON + Filesystem
Changeset Format".
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Loss, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.archives._layered import Image, Layered, decoded, read_json, strings

CONFIG = re.compile(rb'"Config"\s{0,20}:\s{0,20}"')
LAYERS = re.compile(rb'"Layers"\s{0,20}:\s{0,20}(?:\[|null)')
MOST_IMAGES = 10_000


class DockerSave:
    """Images in the order of the manifest; a place is the image's number, its layer's, and the member's in that."""

    name, sample = "docker-save", "manifest.json"
    textual = True
    waits = ALWAYS
    called = (".json",)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a list of objects with the fields of a manifest."""
        head = peek.head
        if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] != b"[" or not peek.name.endswith(
            ".json"
        ):
            return Claim.NO
        return Claim.STRUCTURE if CONFIG.search(head) and LAYERS.search(head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield each image's view, and the image behind it. Raises Damaged."""
        told = decoded(read_json(stream), "docker save: manifest.json")
        if not isinstance(told, list):
            raise Damaged("docker save: manifest.json is no list of images")
        layered = Layered(around)
        if len(told) > MOST_IMAGES:
            around.note(Loss.PARTS_LIMIT, f"docker save: {len(told)} images, {MOST_IMAGES} are read")
        for number, each in enumerate(told[:MOST_IMAGES]):
            if not isinstance(each, dict) or not isinstance(each.get("Config"), str):
                around.note(Loss.DAMAGED, f"docker save: entry {number} of the manifest tells of no image")
                continue
            tags, config = strings(each.get("RepoTags")), each["Config"]
            name = tags[0] if tags else config.rpartition("/")[2][:12]
            layers = strings(each.get("Layers"))
            yield from layered.items(number, Image(name, config, layers, _named(layers), {"tags": tags}))


def _named(layers: list[str]) -> list[str]:
    """Return the digests that are the names of layers' files, as Docker writes them since version 25."""
    names = [each.removeprefix("blobs/sha256/") for each in layers]
    return [
        f"sha256:{name}" if name != each and len(name) == 64 else ""
        for name, each in zip(names, layers, strict=True)
    ]


SOURCE = DockerSave()
