"""``index.json`` of an OCI image layout: each image as a directory, its layers merged.

Source: OCI image-spec 1.1, ``image-layout.md``, ``image-index.md``, ``manifest.md``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.archives._layered import Image, Layered, decoded, read_json, strings

MANIFESTS = re.compile(rb'"manifests"\s{0,20}:\s{0,20}\[')
VERSION = re.compile(rb'"schemaVersion"\s{0,20}:\s{0,20}2')
NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
DEEPEST = 4
"""Indexes within one another: one for tags, one for platforms."""
MOST = 10_000
CONFIGS = ("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json")


class OciLayout:
    """Images in the order of the index; a place is the image's number, its layer's, and the member's in that."""

    name, sample = "oci-layout", "index.json"
    textual = True
    waits = ALWAYS
    called = (".json",)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for an object with the fields of an index."""
        head = peek.head
        if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] != b"{" or peek.name != "index.json":
            return Claim.NO
        return Claim.STRUCTURE if MANIFESTS.search(head) and VERSION.search(head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield each image's view, and the image behind it. Raises Damaged.

        One that ``manifest.json`` of ``docker save`` beside it tells of is there, and here its description alone.
        """
        told = decoded(read_json(stream), "OCI layout: index.json")
        layered = Layered(around)
        there = _saved(layered)
        for number, (name, each) in enumerate(_manifests(told, layered, around)):
            image = _image(name, each, layered)
            if image is None or image.config in there:
                why = "merged with manifest.json" if image else "no image of a container"
                meta = {**(image.facts if image else _facts(each)), "view": why}
                yield Found(name=name.replace("/", "_"), kind=Kind.DIRECTORY, place=str(number), meta=meta)
            else:
                yield from layered.items(number, image)


def _saved(layered: Layered) -> set[str]:
    """Return the configurations of the images that ``manifest.json`` tells of."""
    stream = layered.file("manifest.json")
    try:
        told = None if stream is None else decoded(read_json(stream), "manifest.json")
    except Damaged:
        return set()
    images = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return {each["Config"] for each in images if isinstance(each.get("Config"), str) and "Layers" in each}


def _manifests(told: Any, layered: Layered, around: Context) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the descriptors of manifests with the name of each, those of indexes within the index among them."""
    if not isinstance(told, dict) or not isinstance(told.get("manifests"), list):
        raise Damaged("OCI layout: index.json lists no manifests")
    left = [("", each, 1) for each in reversed(told["manifests"])]
    count = 0
    while left:
        above, each, depth = left.pop()
        if count == MOST:
            around.note(Loss.PARTS_LIMIT, f"OCI layout: more than {MOST} manifests; the rest is not read")
            return
        if not isinstance(each, dict) or not isinstance(each.get("digest"), str):
            around.note(Loss.DAMAGED, "OCI layout: an entry of the index names no manifest")
            continue
        count += 1
        name = _name(each, above)
        if "index" not in str(each.get("mediaType")) and "manifest.list" not in str(each.get("mediaType")):
            yield name, each
            continue
        inner = layered.json(_blob(each["digest"]), each["digest"])
        manifests = inner.get("manifests") if isinstance(inner, dict) else None
        if depth < DEEPEST and isinstance(manifests, list):
            left += [(name, one, depth + 1) for one in reversed(manifests[:MOST])]
        elif inner is not None:
            around.note(Loss.DAMAGED, f"OCI layout: index {each['digest']} is not gone through")


def _image(name: str, each: Mapping[str, Any], layered: Layered) -> Image | None:
    """Return the image of a manifest, None where it is none, or cannot be had."""
    manifest = layered.json(_blob(each["digest"]), each["digest"])
    if not isinstance(manifest, dict) or not isinstance(config := manifest.get("config"), dict):
        return None
    if config.get("mediaType") not in CONFIGS or not isinstance(config.get("digest"), str):
        return None
    told = manifest.get("layers")
    digests = strings(
        [one.get("digest") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    )
    if any("in-toto" in str(one) for one in (told or ())[:4]):
        return None  # a statement of how an image was made
    return Image(name, _blob(config["digest"]), [_blob(one) for one in digests], digests, _facts(each))


def _name(each: Mapping[str, Any], above: str) -> str:
    notes = each.get("annotations")
    told = [notes[key] for key in NAMES if isinstance(notes.get(key), str)] if isinstance(notes, dict) else []
    platform = each.get("platform")
    of = (
        "-".join(strings([platform.get("os"), platform.get("architecture")]))
        if isinstance(platform, dict)
        else ""
    )
    return told[0] if told else f"{above} {of}".strip() or each["digest"].rpartition(":")[2][:12]


def _facts(each: Mapping[str, Any]) -> dict[str, object]:
    kept = ("digest", "mediaType", "platform", "annotations")
    return {key.lower(): each[key] for key in kept if key in each}


def _blob(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/", 1)


SOURCE = OciLayout()
