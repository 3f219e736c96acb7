"""The document as text formats that people write by hand or programs print; each from its own small writer."""

import json
import plistlib
import quopri
from xml.sax.saxutils import escape, quoteattr

from parser_source import ARABIC, HEADING, LAST, LATIN, ROWS, TITLE

LINES = (HEADING, LATIN, ARABIC, *(" | ".join(row) for row in ROWS), LAST)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _vcard() -> str:
    notes = "".join(f"NOTE:{line.replace(',', chr(92) + ',')}\r\n" for line in LINES)
    printable = quopri.encodestring(ARABIC.encode()).decode().replace("\n", "\r\n")
    coded = f"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{printable}\r\n"
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{TITLE}\r\n{notes}{coded}END:VCARD\r\n"


def _calendar() -> str:
    body = "\\n".join(line.replace(",", "\\,") for line in LINES)
    folded = "\r\n ".join(body[at : at + 40] for at in range(0, len(body), 40))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDESCRIPTION:{folded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def _xml_items(element: str, inner: str) -> str:
    return "".join(f"<{element}><{inner}>{escape(line)}</{inner}></{element}>" for line in LINES)


XML = '<?xml version="1.0" encoding="UTF-8"?>'
ATOM, KML, GPX = (
    "http://www.w3.org/2005/Atom",
    "http://www.opengis.net/kml/2.2",
    "http://www.topografix.com/GPX/1/1",
)

TEXTS: dict[str, tuple[str, str]] = {
    "plain.txt": ("text/plain", "\n".join(LINES)),
    "service.log": ("text/plain", "".join(f"2026-06-0{n} 10:00:00 host[1]: {x}\n" for n, x in enumerate(LINES, 1))),
    "table.tsv": ("text/plain", "".join("\t".join(row) + "\n" for row in ROWS) + "\n".join(LINES)),
    "settings.ini": ("text/plain", "[a]\n" + "".join(f"k{n}={x}\n" for n, x in enumerate(LINES))),
    "settings.toml": ("text/plain", "[a]\n" + "".join(f"k{n} = {_quoted(x)}\n" for n, x in enumerate(LINES))),
    "values.yaml": ("application/yaml", "%YAML 1.2\n---\n" + "".join(f"- '{x}'\n" for x in LINES)),
    "values.json": ("application/json", json.dumps({"lines": LINES}, ensure_ascii=False)),
    "escaped.json": ("application/json", json.dumps({"lines": LINES}, ensure_ascii=True)),
    "values.jsonl": ("application/x-ndjson", "".join(json.dumps({"x": x}, ensure_ascii=False) + "\n" for x in LINES)),
    "place.geojson": ("application/geo+json", json.dumps({"type": "FeatureCollection", "features": LINES})),
    "dump.sql": ("application/sql", "-- MySQL dump 10.13\n" + "".join(f"INSERT INTO t VALUES ('{x}');\n" for x in LINES)),
    "run.sh": ("text/x-shellscript", "#!/bin/sh\n" + "".join(f"echo '{x}'\n" for x in LINES)),
    "run.py": ("text/x-python", "#!/usr/bin/env python3\n" + "".join(f"print({x!r})\n" for x in LINES)),
    "run.pl": ("text/x-perl", "#!/usr/bin/perl -w\n" + "".join(f"print q({x});\n" for x in LINES)),
    "run.js": ("text/javascript", "#!/usr/bin/env node\n" + "".join(f"say('{x}')\n" for x in LINES)),
    "page.php": ("text/x-php", "<?php\n" + "".join(f"echo '{x}';\n" for x in LINES)),
    "style.css": ("text/plain", "".join(f".c{n}:before {{ content: '{x}' }}\n" for n, x in enumerate(LINES))),
    "main.c": ("text/plain", "#include <stdio.h>\n" + "".join(f"/* {x} */\n" for x in LINES)),
    "page.tex": ("text/x-tex", "\\documentclass{article}\n" + "".join(f"{x}\n\n" for x in LINES)),
    "tool.1": ("text/troff", ".TH KESTREL 1\n" + "".join(f".PP\n{x}\n" for x in LINES)),
    "change.diff": ("text/x-diff", "diff --git a/x b/x\n" + "".join(f"+{x}\n" for x in LINES)),
    "people.ldif": ("text/x-ldif", "dn: cn=a\n" + "".join(f"description: {x}\n" for x in LINES)),
    "film.srt": ("application/x-subrip", "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{x}\n\n" for n, x in enumerate(LINES, 1))),
    "film.vtt": ("text/vtt", "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n{x}\n\n" for n, x in enumerate(LINES))),
    "start.desktop": ("application/x-desktop", "[Desktop Entry]\n" + "".join(f"Comment={x}\n" for x in LINES)),
    "link.url": ("application/x-mswinurl", "[InternetShortcut]\n" + "".join(f"URL={x}\n" for x in LINES)),
    "letters.po": ("text/plain", "".join(f"msgid {_quoted(str(n))}\nmsgstr {_quoted(x)}\n" for n, x in enumerate(LINES))),
    "people.vcf": ("text/vcard", _vcard()),
    "dates.ics": ("text/calendar", _calendar()),
    "cells.ipynb": ("application/x-ipynb+json", json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": [f"{x}\n" for x in LINES]}]})),
    "feed.rss": ("application/rss+xml", f"{XML}<rss version='2.0'><channel>{_xml_items('item', 'title')}</channel></rss>"),
    "feed.atom": ("application/atom+xml", f"{XML}<feed xmlns='{ATOM}'>{_xml_items('entry', 'summary')}</feed>"),
    "map.kml": ("application/vnd.google-earth.kml+xml", f"{XML}<kml xmlns='{KML}'>{_xml_items('Placemark', 'name')}</kml>"),
    "way.gpx": ("application/gpx+xml", f"{XML}<gpx xmlns='{GPX}'>{_xml_items('wpt', 'desc')}</gpx>"),
    "outline.opml": ("text/x-opml", f"{XML}<opml><body>" + "".join(
        f"<outline text={quoteattr(x)}/>" for x in LINES) + "</body></opml>"),
    "drawing.svg": ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'>" + "".join(
        f"<text>{escape(x)}</text>" for x in LINES) + "</svg>"),
    "list.plist": ("application/x-plist", plistlib.dumps({"lines": list(LINES)}).decode()),
    "wiki.xml": ("application/x-mediawiki+xml", f"{XML}<mediawiki>{_xml_items('page', 'text')}</mediawiki>"),
    "terms.xlf": ("application/xliff+xml", f"{XML}<xliff>{_xml_items('trans-unit', 'target')}</xliff>"),
    "any.xml": ("application/xml", f"{XML}<list>{_xml_items('entry', 'line')}</list>"),
}  # fmt: skip
"""Name → MIME type that its bytes prove, and the text; written in UTF-8."""
