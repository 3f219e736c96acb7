"""``config.v2.json`` of a container of Docker on a disk: the container as a directory, with what it saw.

Source: moby, ``container/container.go`` (Container), ``container/state.go`` (State), ``daemon/graphdriver/overlay2``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.model.plugin import ALWAYS
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.archives._layer_view import View, item
from actionday.sources.archives._layered import MOST_NAMES, decoded, facts_of, read_json
from actionday.sources.archives._overlay_store import Store, named

STATE = re.compile(rb'"State"\s{0,20}:\s{0,20}\{')
DRIVER = re.compile(rb'"Driver"\s{0,20}:\s{0,20}"')
IDENTIFIER = re.compile(rb'"ID"\s{0,20}:\s{0,20}"[0-9a-f]{64}"')
UP = "../../"
"""From ``containers/ID`` to the folder of Docker."""
MOST_MOUNTS = 1000
MOUNT = ("Source", "Destination", "Name")


class DockerContainer:
    """Entries of the view, then the container; a place is the layer's number and the entry's in it."""

    name, sample = "docker-container", "config.v2.json"
    textual = True
    waits = ALWAYS
    called = ("config.v2.json",)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for an object with the fields of a container."""
        head = peek.head
        if peek.name != "config.v2.json" or head.lstrip(b" \t\r\n")[:1] != b"{":
            return Claim.NO
        fields = STATE.search(head) and DRIVER.search(head) and IDENTIFIER.search(head)
        return Claim.STRUCTURE if fields else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what the container saw, and the container behind it. Raises Damaged."""
        told = decoded(read_json(stream), "docker: config.v2.json")
        identifier = told.get("ID") if isinstance(told, dict) else None
        if not isinstance(identifier, str):
            raise Damaged("docker: config.v2.json tells of no container")
        name = str(told.get("Name") or "").strip("/").replace("/", "_") or identifier[:12]
        meta, driver = _facts(told, identifier), told.get("Driver")
        if driver != "overlay2":
            around.note("unsupported", f"docker: {name}: layers of {driver!s:.40} are not merged here")
            yield Found(name=name, kind=Kind.DIRECTORY, place="container", meta=meta)
            return
        store = Store(around, UP)
        config = store.image(str(told.get("Image")))
        layers, absent = store.image_layers(config)
        own = store.own_layers(identifier)
        if absent or not config or not own:
            lacks = [
                *(["the configuration of its image"] if not config else []),
                *([counted(len(absent), "layer") + " of its image"] if absent else []),
                *(["its own layer"] if not own else []),
            ]
            around.note(
                Loss.DAMAGED, f"docker: {name}: not there: {', '.join(lacks)}; the view is without it"
            )
        layers += own
        view, labels = View(), named(layers)
        for layer in range(len(layers), 0, -1):
            if len(view) > MOST_NAMES:
                around.note(
                    Loss.PARTS_LIMIT,
                    f"docker: {name}: layer {layer} and those below hold more than is listed",
                )
                break
            for found, path, above in view.layer(layer, store.members(layers[layer - 1])):
                entry = item(found, f"{name}/{path}", f"{layer}/{found.place}", above, layer, labels)
                yield _said(entry)
        meta |= {"layers": labels, "whiteouts": view.whiteouts, "own_layers": len(own)}
        yield Found(name=name, kind=Kind.DIRECTORY, place="container", meta=meta)


def _said(entry: Found) -> Found:
    """Return an entry with the reason that its kind has: rows of a file system tell facts alone."""
    if entry.kind is Kind.SYMLINK:
        return replace(entry, status=Status.UNSUPPORTED, reason=LINK_LEFT)
    if entry.kind is Kind.SPECIAL:
        return replace(entry, status=Status.UNSUPPORTED, reason=never_opened("special file"))
    return entry


def _facts(told: Mapping[str, Any], identifier: str) -> dict[str, object]:
    """Return what a container's configuration says: image, times, state, command, mounts."""
    config, state = (each if isinstance(each := told.get(key), dict) else {} for key in ("Config", "State"))
    times = {
        "created": told.get("Created"),
        "started": state.get("StartedAt"),
        "finished": state.get("FinishedAt"),
    }
    texts = {"image": config.get("Image"), "image_id": told.get("Image"), "hostname": config.get("Hostname"),
             "driver": told.get("Driver"), "log": told.get("LogPath"), **times}  # fmt: skip
    facts: dict[str, object] = {"id": identifier, **facts_of({"config": config})}
    facts |= {key: value[:1000] for key, value in texts.items() if isinstance(value, str) and value}
    facts["running"] = state.get("Running") is True
    mounts = told.get("MountPoints")
    if isinstance(mounts, dict) and mounts:
        kept = [each for each in list(mounts.values())[:MOST_MOUNTS] if isinstance(each, dict)]
        facts["mounts"] = [
            {
                key.lower(): each[key][:1000]
                for key in ("Source", "Destination", "Name")
                if isinstance(each.get(key), str)
            }
            for each in kept
        ]
    return facts


SOURCE = DockerContainer()
