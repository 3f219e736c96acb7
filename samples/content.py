"""What several exhibits share: the web pages, the pictures, and bulk text for the large form."""

from collections.abc import Iterator

from samples.dice import Dice
from samples.documents import media
from samples.documents.html import as_html
from samples.documents.writing import Document, news, notice, paragraphs, schedule
from samples.languages import languages
from samples.made import Made, Place, lazily
from samples.network import Network, Station

# Pages of older sites in the encodings of their day; the rest is UTF-8.
OLD_PAGES = {
    "rus": "windows-1251",
    "arb": "windows-1256",
    "jpn": "shift_jis",
    "deu": "iso-8859-1",
    "zho": "gb18030",
}
BULK = 64 << 10  # characters a bulk text aims at: long, as the archives of news desks are


def dice(network: Network, *labels: str | int) -> Dice:
    """Return the chance of one corner of the network."""
    return Dice("kestrel", network.seed, *labels)


def station_of(network: Network, code: str) -> Station:
    """Return the station that speaks this language."""
    return next(station for station in network.stations if code in station.names)


def schedule_document(network: Network, code: str) -> Document:
    """Return the one schedule of a language: the same words wherever it lies."""
    return schedule(dice(network, "schedule text", code), code, station_of(network, code))


def pages(network: Network, site: str) -> dict[str, Made]:
    """Return a site's pages by path: for each of its languages a start page and two pieces of news."""
    draw = dice(network, "site", site)
    codes = sorted(draw.some(list(languages()), 7))
    found = {}
    for code in codes:
        encoding = OLD_PAGES.get(code, "utf-8") if draw.below(2) else "utf-8"
        found[f"{code}/index.html"] = as_html(
            notice(draw, code), tuple(f"/{code}/news-{n}.html" for n in (1, 2))
        )
        found[f"{code}/news-1.html"] = as_html(news(draw, code, network), encoding=encoding)
        found[f"{code}/news-2.html"] = as_html(news(draw, code, network))
    return found


def schedule_page(network: Network, code: str) -> Made:
    """Return the schedule as a page."""
    return as_html(schedule_document(network, code))


def pictures(network: Network, count: int) -> dict[str, Made]:
    """Return pictures and the edited copies of the first, by file name."""
    drawn = [media.drawing(dice(network, "picture", number)) for number in range(count)]
    found = {f"kestrel-{number}.png": media.as_png(image) for number, image in enumerate(drawn)}
    return found | {f"kestrel-0-{name}": content for name, content in media.edited(drawn[0]).items()}


def bulk(network: Network, size: int, folder: str) -> Iterator[Place]:
    """Yield text files of one language each until ``size`` bytes are reached: the large form's weight."""
    codes, number, left = list(languages()), 0, size
    while left > 0:
        code = codes[number % len(codes)]
        content = _archive(dice(network, "bulk", folder, number), code)
        yield Place(f"{folder}/{number // 500:04d}/{code}-{number:06d}.txt", content)
        left -= content.size
        number += 1


def _archive(draw: Dice, code: str) -> Made:
    tongue = languages()[code]
    length = sum(map(len, tongue.sentences)) * 4 // len(tongue.sentences)
    count = draw.between(BULK // length // 2, BULK // length)

    def recipe() -> bytes:
        return "\n\n".join(paragraphs(draw.of("text"), tongue, count)).encode()

    return lazily(recipe, "text/plain", language=code)
