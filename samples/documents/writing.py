"""What is written: notices, news and radio schedules, recombined from the language data."""

from dataclasses import dataclass

from samples.dice import Dice
from samples.languages import Language, languages
from samples.made import Made, plain
from samples.network import Network, Station


@dataclass(frozen=True, slots=True)
class Document:
    """A title, paragraphs and a table, all in one language."""

    language: Language
    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The words in reading order, a paragraph or a table row a line."""
        return "\n".join((self.title, *self.paragraphs, *("  ".join(row) for row in self.rows)))


def paragraphs(draw: Dice, tongue: Language, count: int, length: int = 4) -> tuple[str, ...]:
    """Return paragraphs of ``length`` sentences; a sentence comes again only after all the others."""
    wanted, sentences = count * length, list[str]()
    while len(sentences) < wanted:
        sentences += draw.shuffled(tongue.sentences)
    return tuple(tongue.joiner.join(sentences[at : at + length]) for at in range(0, wanted, length))


def notice(draw: Dice, code: str) -> Document:
    """Return a notice to the members."""
    tongue = languages()[code]
    return Document(tongue, tongue.announcement, (*paragraphs(draw, tongue, 2), draw.pick(tongue.slogans)))


def news(draw: Dice, code: str, network: Network) -> Document:
    """Return a piece of the agency's news."""
    tongue = languages()[code]
    byline = f"{network.agency[code]} · {draw.pick(tongue.people)}"
    return Document(
        tongue, draw.pick(tongue.headlines), (byline, *paragraphs(draw, tongue, draw.between(2, 4)))
    )


def schedule(draw: Dice, code: str, station: Station) -> Document:
    """Return the station's schedule: the only kind of text that names its programmes."""
    tongue = languages()[code]
    title = f"{station.names[code]}: {tongue.schedule}"
    return Document(tongue, title, paragraphs(draw, tongue, 1, 3), station.schedules[code])


def as_text(document: Document, encoding: str = "utf-8") -> Made:
    """Return the document as a plain text file, UTF-8 where the encoding lacks a letter."""
    text = document.text + "\n"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
    return plain(text, document.language.code, encoding=encoding)
