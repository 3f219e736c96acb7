"""Documents for the tests of the index, and the shortest way to search some texts."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from actionday.storage.index import Document, Index
from actionday.storage.index.normalise import normalise

PLAIN = Document(
    item="", seq=1, exhibit="S-01", path="", name="", kind="file", status="parsed", mime="text/plain", year=2024,
    sha256=None, languages=("eng",), script="Latn", body=(), alt=(), modified=None,
)  # fmt: skip


def document(number: int, text: str, **changes: object) -> Document:
    """Return the document of a text in a file of its own."""
    terms = normalise(text)
    made = replace(
        PLAIN, item=f"{number:032x}", path=f"srv/texts/{number:06d}.txt", name=f"{number:06d}.txt",
        sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), body=(terms.body.encode(),), alt=(terms.alt.encode(),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def index_of(folder: Path, documents: Iterable[Document]) -> Index:
    """Return a new index that holds the documents, committed at the highest seq."""
    held = list(documents)
    index = Index.open(folder, heap_bytes=15 << 20, writable=True)
    index.add(held)
    index.commit(max((each.seq for each in held), default=0))
    return index


class Texts:
    """An index of a few texts that answers with the texts themselves."""

    def __init__(self, folder: Path, texts: Iterable[str]) -> None:
        self.texts = list(texts)
        self.index = index_of(folder, [document(number, text) for number, text in enumerate(self.texts)])

    def found(self, query: str) -> list[str]:
        """Return the texts a query finds, in the order of the hits."""
        page = self.index.search(query, limit=1000)
        assert page.total == len(page.hits)
        return [self.texts[int(hit.item, 16)] for hit in page.hits]

    def __enter__(self) -> "Texts":
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()


def pages(index: Index, query: str, size: int, **options: object) -> Iterator[list[str]]:
    """Yield the items of each page until one is empty."""
    offset = 0
    while items := [hit.item for hit in index.search(query, limit=size, offset=offset, **options).hits]:  # type: ignore[arg-type]
        yield items
        offset += size
