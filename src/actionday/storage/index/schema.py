"""The fields of the index and how a document fills them.

``body`` and ``alt`` are the text, ``meta`` and ``meta_alt`` the content's metadata, ``own`` and ``own_alt`` the item's,
``name`` and ``name_alt`` words of its name, ``path`` components of its path, the others whole values; what is
``fast`` can be counted, sorted or ranged. Nothing is stored but ``record``: texts are in the objects.
"""

from functools import lru_cache

import tantivy

from actionday.storage.index.document import Document, Record, record, unpacked
from actionday.storage.index.fields import type_words
from actionday.storage.index.normalise import normalise
from actionday.storage.index.turned import turned

VERSION = 7  # of this file's fields and of ``document``: an index made by others is rebuilt
SORTED_ONLY = "sorted-only"  # the tokenizer of ``place``: its words need no posting lists
NO_TIME = -(1 << 62)  # sorts behind every real time

FURTHER = 2
"""``first`` of a reading whose content has others: a query that finds it has to look at each hit to count contents."""


def schema() -> tantivy.Schema:
    """Return the fields; see the module."""
    build = tantivy.SchemaBuilder()
    build.add_text_field("body", tokenizer_name="whitespace")
    build.add_text_field("alt", tokenizer_name="whitespace", index_option="freq")
    for said in ("meta", "own", "name"):
        build.add_text_field(said, tokenizer_name="whitespace")
        build.add_text_field(f"{said}_alt", tokenizer_name="whitespace", index_option="basic")
    build.add_text_field("path", tokenizer_name="whitespace")
    build.add_text_field("type", tokenizer_name="whitespace", index_option="basic")
    for value in ("exhibit", "lang", "script", "kind", "status", "mime"):
        build.add_text_field(value, fast=True, tokenizer_name="raw", index_option="basic")
    build.add_text_field("place", fast=True, tokenizer_name=SORTED_ONLY, index_option="basic")
    build.add_unsigned_field("content", fast=True)
    build.add_unsigned_field("group", fast=True, indexed=True)
    build.add_unsigned_field("item", indexed=True)
    for number in ("first", "year", "seq", "serial"):
        build.add_unsigned_field(number, fast=True)
    build.add_integer_field("modified", fast=True)
    build.add_bytes_field("record", stored=True)
    return build.build()


def register(index: tantivy.Index) -> None:
    """Tell an opened index the tokenizer of ours that its schema names."""
    nothing = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(1)).build()
    )
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()
    index.register_tokenizer(SORTED_ONLY, nothing)
    index.register_fast_field_tokenizer(SORTED_ONLY, whole)


def stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Record:
    """Return what was stored of a document."""
    data = searcher.doc(address).get_first("record")
    return unpacked(data if isinstance(data, bytes) else bytes(data or ()))


def content_number(sha256: str) -> int:
    """Return the number that stands for a content: the first 64 bits of its SHA-256."""
    return int(sha256[:16], 16)


def item_number(item: str) -> int:
    """Return the number by which an item's document is found to be replaced: the first 64 bits of its id."""
    return int(item[:16], 16)


def of_item(fields: tantivy.Schema, item: str) -> tantivy.Query:
    """Return the query that finds an item's document."""
    return tantivy.Query.term_query(fields, "item", item_number(item))


def group_number(text_digest: bytes) -> int:
    """Return the number that documents with the same content and text share."""
    return int.from_bytes(text_digest[:8], "big")


def path_words(path: str) -> str:
    """Return one word a path component, whatever characters it has."""
    return " ".join(map(_component, path.split("/")))


@lru_cache(maxsize=1 << 14)
def _component(name: str) -> str:
    return "_".join(normalise(name).body.split()) or "_"


@lru_cache(maxsize=1 << 12)
def _folder_words(folder: str) -> str:
    """Return ``path_words`` of a folder: files come a folder at a time."""
    return path_words(folder)


@lru_cache(maxsize=1 << 10)
def _types(mime: str) -> str:
    return _clean(" ".join(type_words(mime)))


def _path(path: str, name: str, body: str) -> str:
    """Return ``path_words`` of a path, given the words of a name, which is nearly always its last component."""
    folder, slash, last = path.rpartition("/")
    component = "_".join(body.split()) or "_" if last == name else _component(last)
    return f"{_folder_words(folder)} {component}" if slash else component


def filled(document: Document, serial: int, group: int, first: bool, digest: bytes) -> tantivy.Document:
    """Return the document as tantivy takes it."""
    new = tantivy.Document()
    if document.body:
        new.add_text("body", b" ".join(document.body).decode())  # as one value: phrases reach over pieces
    if document.alt:
        new.add_text("alt", b" ".join(document.alt).decode())
    for said, (words, seconds) in (("meta", document.meta), ("own", document.own)):
        for value in words:
            new.add_text(said, value.decode())  # each by itself: phrases do not reach from one to the next
        if seconds:
            new.add_text(f"{said}_alt", b" ".join(seconds).decode())
    name = normalise(document.name)
    new.add_text("name", name.body)
    for other in turned(document.name):
        new.add_text("name", normalise(other).body)
    if name.alt:
        new.add_text("name_alt", name.alt)
    new.add_text("path", _path(document.path, document.name, name.body))
    kept = record(document, digest)
    _add_values(new, document, kept)
    new.add_unsigned("serial", serial)
    new.add_unsigned("group", group)
    new.add_unsigned("item", item_number(document.item))
    new.add_unsigned("first", (FURTHER if document.otherwise else 1) if first and document.sha256 else 0)
    new.add_bytes("record", kept.packed())
    return new


def _add_values(new: tantivy.Document, document: Document, kept: Record) -> None:
    for field, value in (
        ("exhibit", document.exhibit),
        ("kind", document.kind),
        ("status", document.status),
        ("mime", document.mime),
        ("script", document.script),
        ("place", kept.place()),
    ):
        if value:
            new.add_text(field, value if value.isascii() else _clean(value))
    if types := _types(document.mime):
        new.add_text("type", types)
    for language in document.languages:
        new.add_text("lang", language)
    if document.sha256:
        new.add_unsigned("content", content_number(document.sha256))
    if document.year is not None:
        new.add_unsigned("year", max(0, document.year))
    new.add_integer("modified", NO_TIME if document.modified is None else document.modified)
    new.add_unsigned("seq", document.seq)


def _clean(value: str) -> str:
    """Return the value without lone surrogates, which tantivy cannot hold."""
    return value.encode("utf-8", "backslashreplace").decode()
