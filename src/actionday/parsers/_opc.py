"""Which part of an office package is the document, and which parts its relationships reach.

Source: ECMA-376 part 2 (OPC), 6.2.2 (part names are compared without case), 6.5 (relationships, their targets
resolved as RFC 3986 references against the part they are of).
"""

import posixpath
from collections.abc import Mapping
from pyexpat import ExpatError
from typing import NamedTuple
from urllib.parse import unquote

from actionday.mime.expat import create
from actionday.parsers._package import Package

ROOT = "_rels/.rels"
DOCUMENT = "officeDocument"
MOST = 100_000
"""Relationships followed; a workbook of 10,000 sheets has 30,000."""


class Relationship(NamedTuple):
    """``kind`` is the last word of the type's URI; ``target`` a part's name, or what stands there if external."""

    kind: str
    target: str
    external: bool
    identifier: str = ""


class Relations(NamedTuple):
    """The main part ("" where no relationship names one that exists) and all parts that can be reached, in order."""

    main: str
    reached: dict[str, str]
    """Each part with the kind of the relationship that leads to it first."""
    damaged: str
    """Why the relationships could not be followed whole, or ""."""
    absent: Mapping[str, str] = {}
    """Parts that relationships within the package name and the package lacks, each with its kind."""


def relations(package: Package) -> Relations:
    """Follow the relationships from the package's root; never raises for damage."""
    reached: dict[str, str] = {}
    absent: dict[str, str] = {}
    main, damaged, seen = "", "", 0
    waiting = [""]
    while waiting and seen < MOST:
        source = waiting.pop(0)
        found, why = relationships(package, source)
        damaged = damaged or why
        for each in found:
            seen += 1
            part = "" if each.external else package.known(each.target)
            if part and not main and not source and each.kind == DOCUMENT:
                main = part
            if part and part not in reached:
                reached[part] = each.kind
                waiting.append(part)
            elif not part and not each.external:
                absent.setdefault(each.target, each.kind)
    return Relations(main, reached, damaged, absent)


def relationships(package: Package, source: str) -> tuple[list[Relationship], str]:
    """Return the relationships of a part ("" for the package), and why they are damaged, or ""."""
    folder, _, base = source.rpartition("/")
    name = package.known(posixpath.join(folder, "_rels", f"{base}.rels"))
    if not name:
        return [], ""
    found: list[Relationship] = []

    def start(element: str, given: dict[str, str]) -> None:
        if element.rpartition(":")[2] == "Relationship" and "Target" in given:
            kind = given.get("Type", "").rstrip("/").rpartition("/")[2]
            external = given.get("TargetMode", "").lower() == "external"
            target = given["Target"] if external else resolved(folder, given["Target"])
            found.append(Relationship(kind, target, external, given.get("Id", "")))

    try:
        xml, why = package.salvaged(name)
        expat = create(xml)
        expat.StartElementHandler = start
        expat.Parse(xml, True)
    except (ExpatError, ValueError) as error:
        return found, f"{name}: {error}"
    return found, f"{name}: {why}" if why else ""


def resolved(folder: str, target: str) -> str:
    """Return the part that a target within the package means, without fragment, escapes and dots."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
