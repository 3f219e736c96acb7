"""Web pages.

Source: HTML Living Standard, sections 4 and 3.2.6 (lang and dir).
"""

from html import escape

from samples.documents.writing import Document
from samples.languages import Language
from samples.made import Made, made

TAGS = {"arb": "ar", "ben": "bn", "deu": "de", "ell": "el", "eng": "en", "fra": "fr", "heb": "he", "ind": "id",
        "jpn": "ja", "kor": "ko", "pes": "fa", "rus": "ru", "spa": "es", "tha": "th", "tur": "tr", "ukr": "uk",
        "urd": "ur", "zho": "zh-Hans"}  # fmt: skip


def tag(language: Language) -> str:
    """Return the language's BCP 47 tag."""
    return TAGS[language.code]


def as_html(document: Document, links: tuple[str, ...] = (), encoding: str = "utf-8") -> Made:
    """Return the document as a page; letters that the encoding lacks become character references."""
    page = "\n".join(_lines(document, links, encoding))
    data = page.encode(encoding, "xmlcharrefreplace")
    return made(data, "text/html", language=document.language.code, text=document.text)


def _lines(document: Document, links: tuple[str, ...], encoding: str) -> list[str]:
    direction = "rtl" if document.language.right_to_left else "ltr"
    return [
        "<!DOCTYPE html>",
        f'<html lang="{tag(document.language)}" dir="{direction}"><head><meta charset="{encoding}">',
        f"<title>{escape(document.title)}</title><link rel=stylesheet href=/style.css></head><body>",
        f"<h1>{escape(document.title)}</h1>",
        *(f"<p>{escape(paragraph)}</p>" for paragraph in document.paragraphs),
        *_table(document),
        *(f'<p><a href="{escape(link)}"><img src="/kestrel.png" alt=""></a></p>' for link in links),
        "</body></html>\n",
    ]


def _table(document: Document) -> list[str]:
    if not document.rows:
        return []
    rows = (f"<tr><td>{escape(time)}</td><td>{escape(name)}</td></tr>" for time, name in document.rows)
    return ["<table>", *rows, "</table>"]
