"""Training examples: pieces of a class's texts of every length, worn as text is worn in use."""

import random
import unicodedata
from dataclasses import dataclass, field

from counts import Text

SNIPPET = 30  # characters at most, as short messages and captions are
# (share, sources in order of preference, form)
RECIPE = (
    (0.26, ("train", "declaration"), "snippet"),
    (0.16, ("train", "declaration"), "whole"),
    (0.09, ("train", "declaration"), "words"),
    (0.03, ("settings", "train", "declaration"), "words"),
    (0.05, ("code", "declaration", "help", "messages"), "snippet"),
    (0.03, ("settings", "declaration", "help", "messages"), "snippet"),
    (0.08, ("messages", "fortunes", "help", "manuals"), "snippet"),
    (0.06, ("fortunes", "help", "manuals", "messages"), "whole"),
    (0.17, ("frequency", "train"), "listed"),
    (0.07, ("words", "frequency", "train"), "listed"),
)
STRIPPED, STRANGER = 0.03, 0.12  # without diacritics; with a foreign name in it
OFTEN_STRIPPED = {"yor": 0.4, "ibo": 0.3, "lin": 0.3, "bam": 0.15, "vie": 0.08, "kmr": 0.08}  # as on the web
NAMES = tuple(
    """
    google facebook twitter whatsapp telegram youtube instagram microsoft windows android iphone
    samsung reuters london paris berlin moscow washington new york john smith maria muhammad ahmed
    ali hassan ivan peter anna david michael linux server apple amazon tiktok covid nato euro
    manchester united real madrid san francisco
    """.split()  # noqa: SIM905
)


@dataclass(slots=True)
class Sampler:
    """Draws examples of one class, the same for the same seed."""

    sources: dict[str, Text]
    label: str
    spaceless: bool
    dice: random.Random
    rank: str
    drawn_from: str = ""  # the source of the latest example
    totals: dict[str, list[float]] = field(default_factory=dict)

    def draw(self) -> str:
        """Return one example."""
        roll = self.dice.random()
        for share, wanted, form in RECIPE:
            roll -= share
            if roll < 0:
                source = self._source(wanted)
                self.drawn_from = source.source
                return self._worn(self._form(source, form))
        raise ValueError("the recipe's shares do not add up to one")

    def _source(self, wanted: tuple[str, ...]) -> Text:
        for name in (*wanted, "declaration", "messages", *self.sources):
            if name in self.sources:
                return self.sources[name]
        raise LookupError("a class without text")

    def _form(self, source: Text, form: str) -> str:
        if form == "listed" and source.source in ("frequency", "words"):
            return " ".join(self._weighted(source) for _ in range(self.dice.choice((1, 2, 2, 2, 3))))
        line = self.dice.choice(source.lines)
        if form == "whole":
            return line
        if self.spaceless:
            length = self.dice.randint(2, 6) if form in ("words", "listed") else self.dice.randint(6, SNIPPET)
            start = self.dice.randrange(max(1, len(line) - length))
            return line[start : start + length]
        return self._span(line.split(), form)

    def _span(self, words: list[str], form: str) -> str:
        start = self.dice.randrange(len(words)) if words else 0
        count = self.dice.choice((1, 2, 2, 3)) if form in ("words", "listed") else 12
        chosen = words[start : start + 1]
        for word in words[start + 1 : start + count]:
            if len(" ".join(chosen)) + len(word) >= SNIPPET:
                break
            chosen.append(word)
        return " ".join(chosen)

    def _weighted(self, source: Text) -> str:
        if source.source == "words":
            return self.dice.choice(source.lines)
        if source.source not in self.totals:
            total, sums = 0.0, []
            for weight in source.weights:
                total += float(weight) ** 0.7  # flatter than use: rarer words have to be learnt too
                sums.append(total)
            self.totals[source.source] = sums
        return self.dice.choices(source.lines, cum_weights=self.totals[source.source])[0]

    def _worn(self, text: str) -> str:
        if self.label[-4:] != "Latn":
            return text
        if self.dice.random() < OFTEN_STRIPPED.get(self.label[:3], STRIPPED):
            parts = unicodedata.normalize("NFD", text)
            text = "".join(letter for letter in parts if not unicodedata.combining(letter))
        if len(text) > SNIPPET // 2 and self.dice.random() < STRANGER:
            words = text.split(" ")
            words.insert(self.dice.randrange(len(words) + 1), self.dice.choice(NAMES))
            text = " ".join(words)
        return text
