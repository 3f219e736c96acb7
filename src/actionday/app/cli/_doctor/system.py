"""The machine: Python, SQLite, the system's libraries, room on disk, memory, fonts."""

import ctypes
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from actionday.app.cli._common import counted, size_of
from actionday.app.cli._doctor.report import Check
from actionday.model import Limits

PYTHON = ((3, 11), (3, 14))
SQLITE = (3, 37, 0)
"""STRICT tables, which the ledger's are, came with 3.37."""
ROOM = 1 << 30
"""Bytes: below this not even a small exhibit's texts and index find room."""
FONTS = {
    "fonts-noto-core": ("he", "th", "bn", "am", "hi"),
    "fonts-noto-cjk": ("zh-cn", "ja", "ko"),
}
"""Fonts by package; those of Latin, Greek, Cyrillic and Arabic come with the pages."""


def system() -> Iterator[Check]:
    """Yield what was found of the machine."""
    yield _python()
    yield _sqlite()
    yield _library(
        "libarchive",
        "libarchive.so.13",
        "libarchive13",
        "archives that it alone reads (see plug-ins) stay unsupported",
    )
    yield _library("libseccomp", "libseccomp.so.2", "libseccomp2", "one of the sandbox's locks (see sandbox)")
    yield _room()
    yield _memory()
    yield _fonts()
    yield _ocr()


def _python() -> Check:
    fits = PYTHON[0] <= sys.version_info < PYTHON[1]
    costs = "" if fits else "Actionday is made for Python 3.11 to 3.13"
    return Check(name="python", ok=fits, found=platform.python_version(), needed=True, costs=costs)


def _sqlite() -> Check:
    fits = sqlite3.sqlite_version_info >= SQLITE
    costs = "" if fits else f"a case needs SQLite {'.'.join(map(str, SQLITE))}"
    return Check(
        name="sqlite", ok=fits, found=sqlite3.sqlite_version, needed=True, costs=costs, package="libsqlite3-0"
    )


def _library(name: str, file: str, package: str, costs: str) -> Check:
    try:
        ctypes.CDLL(file)
    except OSError as error:
        return Check(name=name, ok=False, found=str(error), costs=costs, package=package)
    return Check(name=name, ok=True, found=file, package=package)


def _room() -> Check:
    free = shutil.disk_usage(Path.cwd()).free
    costs = "" if free >= ROOM else "a case needs up to two fifths of its exhibits' size"
    return Check(name="disk", ok=free >= ROOM, found=f"{size_of(free)} free in this folder", costs=costs)


def _memory() -> Check:
    """Compare the machine's memory with what as many workers as cores may use at worst."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cores = os.cpu_count() or 1
    fit = total // Limits().memory - 1  # one for the main process and the system
    says = f"{size_of(total)} for {counted(cores, 'worker')}"
    if fit >= cores:
        return Check(name="memory", ok=True, found=says)
    costs = f"hostile files could use more than there is: ingest with --workers {max(1, fit)}"
    return Check(name="memory", ok=False, found=says, costs=costs)


def _fonts() -> Check:
    if shutil.which("fc-list") is None:
        return Check(name="fonts", ok=True, found="not known here: no fc-list")
    absent = {
        package: missing
        for package, languages in FONTS.items()
        if (missing := [language for language in languages if not _has_font(language)])
    }
    if not absent:
        return Check(name="fonts", ok=True, found="every script that pages are tested with")
    found = f"no font for {', '.join(chain.from_iterable(absent.values()))}"
    costs = "the pages show empty boxes for these; search and exports are as they should be"
    return Check(name="fonts", ok=False, found=found, costs=costs, package=" ".join(absent))


def _ocr() -> Check:
    from actionday.parsers._ocr_models import installed
    from actionday.parsers.ocr import NOT_INSTALLED, PARSER

    languages = installed().languages
    lacks = PARSER.lacks()
    if not lacks:
        return Check(name="ocr", ok=True, found=f"models: {' '.join(languages)}")
    package = "" if lacks == NOT_INSTALLED else "tesseract-ocr-ara tesseract-ocr-eng tesseract-ocr-rus"
    return Check(name="ocr", ok=False, found=lacks, costs="letters in pictures stay queued", package=package)


def _has_font(language: str) -> bool:
    listed = subprocess.run(["fc-list", f":lang={language}", "file"], capture_output=True, check=False)
    return bool(listed.stdout.strip())
