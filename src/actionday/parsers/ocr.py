"""Letters in pictures, and on pages of PDF that state no text, recognised by Tesseract: the work of the slow lane.

Source: none; Tesseract 5 and its models (tessdata). What is recognised is no statement of the document: parser, models
and confidence stand with it.
"""

from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec

from actionday.model import Around, Limits, Loss, Note, Parsed, Waits
from actionday.model.loss import MODEL_MISSING
from actionday.parsers._ocr_engine import KILLED_AFTER, Engine, Line
from actionday.parsers._ocr_models import OF_SCRIPT, Chosen, Models, chosen, installed
from actionday.parsers._ocr_pages import Picture, of_pdf, of_picture

PDF = "application/pdf"
NOT_INSTALLED = "the extra ocr of actionday is not installed"
NO_MODELS = "no language data of Tesseract is installed (Debian: tesseract-ocr-ara and the like)"
NO_LETTERS = "OCR found no letters"
TOO_SMALL = "too small to hold letters that could be read"


class Recognition:
    """Reads with the models of the languages around a content; where there are none, of the script it shows."""

    name, version, slow = "ocr", 1, "ocr"
    mimes = ("image/*", PDF)
    samples = ("scan.tiff",)

    def lacks(self) -> str:
        """Return what is not there for any picture to be read."""
        if find_spec("tesserocr") is None:
            return NOT_INSTALLED
        return "" if installed().languages else NO_MODELS

    @cached_property
    def _models(self) -> Models:
        return installed()

    @cached_property
    def _engine(self) -> Engine:
        return Engine(self._models)

    def read(
        self,
        data: memoryview,
        mime: str,
        limits: Limits,  # noqa: ARG002 - those of a page are the reader's own
        around: Around,
        beat: Callable[[float], None],
    ) -> Parsed:
        """Return the lines of all pages, each page a piece. Raises Waits for a model that is not there, Damaged."""
        beat(KILLED_AFTER)
        models: Chosen | None = None
        lines: list[Line] = []
        pieces: list[str] = []
        notes: list[Note] = []
        looked = 0
        for each in of_pdf(data) if mime == PDF else of_picture(data):
            beat(KILLED_AFTER)
            if each.note is not None:
                notes.append(each.note)
            if each.image is None or _is_even(each):
                continue
            looked += 1
            models = models or self._chosen(each, around)
            page = self._engine.page(each.image, models.names)
            if not page.whole:
                notes.append(
                    Note(Loss.PAGE_DAMAGED, f"page {each.number}: OCR did not come to its end in time")
                )
            if page.lines:
                pieces.append("\n".join(line.text for line in page.lines) + "\n\n")
                lines += page.lines
        if not looked:
            return Parsed(reason=TOO_SMALL if mime != PDF and not notes else NO_LETTERS, notes=tuple(notes))
        return self._told(models, lines, pieces, notes)

    def _told(self, models: Chosen | None, lines: list[Line], pieces: list[str], notes: list[Note]) -> Parsed:
        facts: dict[str, object] = {"by": self._engine.version}
        if models is not None:
            facts["models"] = [*models.names]
            notes += [
                Note(MODEL_MISSING, f"model {each} missing: read without it") for each in models.missing
            ]
        if lines:
            total = sum(len(each.text) for each in lines)
            facts["confidence"] = round(sum(len(each.text) * each.confidence for each in lines) / total)
        reason = "" if lines else NO_LETTERS
        return Parsed(text=pieces, meta={"ocr": facts}, reason=reason, notes=tuple(notes))

    def _chosen(self, page: Picture, around: Around) -> Chosen:
        """Return the models to read with. Raises Waits where the one that matters most is not there."""
        found = chosen(around.languages, self._models)
        if not around.languages:
            script = self._engine.script(page.image)
            name = OF_SCRIPT.get(script, "eng" if "eng" in self._models.names else self._models.languages[0])
            found = chosen([name], self._models)
        if not found.names or (found.missing and self._first(around) in found.missing):
            raise Waits(f"model {found.missing[0]} missing")
        return found

    def _first(self, around: Around) -> str:
        first = chosen(around.languages[:1], self._models)
        return next(iter((*first.missing, *first.names)), "")


def _is_even(page: Picture) -> bool:
    """Say whether a page is of one colour: there is nothing to read."""
    low, high = page.image.getextrema()
    return bool(low == high)


PARSER = Recognition()
