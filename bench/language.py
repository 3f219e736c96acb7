"""Accuracy, honesty and speed of language detection on the evaluation data.

    python bench/language.py [--json]            reads $ACTIONDAY_DATA, else ../shared/data

Accuracy is the mean over language-script pairs, at macrolanguage level, of what ``identify`` reports: ``und`` is
wrong. Speed is CPU time of one core with one BLAS thread.
"""

import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported: one core is measured

from actionday.detectors.language import Attribution, Identifier  # noqa: E402
from actionday.model.language import REPORTING_THRESHOLD, macro_of  # noqa: E402

FILES = ("sentences", "short-snippets", "short-pairs", "short-words", "other-scripts")
BATCH = 256
BINS = 10
SOURCE = Path(json.__file__).parents[1]  # the standard library: code, as most of a server's files are
_HAN = {"Hans", "Hant", "Hani"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    language: str
    script: str
    text: str


def rows(folder: Path, name: str) -> list[Row]:
    """Return the rows of one file of the evaluation data."""
    lines = (folder / f"{name}.tsv").read_text(encoding="utf-8").split("\n")[1:]
    return [Row(*line.split("\t")[:3]) for line in lines if line]


def attributed(identifier: Identifier, texts: Sequence[str]) -> list[Attribution]:
    """Return the attributions, asked for in batches as the pipeline does."""
    found: list[Attribution] = []
    for at in range(0, len(texts), BATCH):
        found += identifier.identify(texts[at : at + BATCH])
    return found


def right(row: Row, answer: Attribution) -> bool:
    """Return whether the macrolanguage is right."""
    return macro_of(answer.language) == macro_of(row.language)


def right_script(row: Row, answer: Attribution) -> bool:
    """Return whether the script is right; ``Hani`` stands for either form of Chinese."""
    same = answer.script == row.script
    return same or ("Hani" in (row.script, answer.script) and {row.script, answer.script} <= _HAN)


def by_pair(
    data: list[Row], answers: list[Attribution], judge: Callable[[Row, Attribution], bool]
) -> dict[tuple[str, str], float]:
    """Return the share of rows that ``judge`` accepts, by language and script."""
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row, answer in zip(data, answers, strict=True):
        hits[row.language, row.script].append(judge(row, answer))
    return {pair: sum(each) / len(each) for pair, each in hits.items()}


def calibration_error(data: list[Row], answers: list[Attribution]) -> float:
    """Return the expected calibration error of what is reported, over ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row, answer in zip(data, answers, strict=True):
        if answer.language != "und":
            bins[min(BINS - 1, int(answer.confidence * BINS))].append((answer.confidence, right(row, answer)))
    total = sum(map(len, bins.values()))
    gaps = (abs(sum(c for c, _ in each) - sum(r for _, r in each)) for each in bins.values())
    return sum(gaps) / total if total else 0.0


def known_languages(identifier: Identifier) -> frozenset[str]:
    """Return the macrolanguages that the model may report."""
    return frozenset(map(macro_of, identifier.languages))


def quality(identifier: Identifier, folder: Path) -> dict[str, dict[str, float]]:
    """Return the figures of every file."""
    known = known_languages(identifier)
    report: dict[str, dict[str, float]] = {}
    for name in FILES:
        data = [row for row in rows(folder, name) if macro_of(row.language) in known]
        answers = attributed(identifier, [row.text for row in data])
        pairs = by_pair(data, answers, right)
        report[name] = {
            "pairs": len(pairs),
            "accuracy": sum(pairs.values()) / len(pairs),
            "worst": min(pairs.values()),
            "script": sum(map(right_script, data, answers)) / len(data),
            "calibration_error": calibration_error(data, answers),
            "undetermined": sum(answer.language == "und" for answer in answers) / len(answers),
        }
    report["sentences-wide"] = strangers(identifier, folder, known)
    return report


def strangers(identifier: Identifier, folder: Path, known: frozenset[str]) -> dict[str, float]:
    """Return how often a text in a language that the model does not know is not reported, and not even named."""
    data = [row for row in rows(folder, "sentences-wide") if macro_of(row.language) not in known]
    answers = attributed(identifier, [row.text for row in data])
    below = [answer.confidence < REPORTING_THRESHOLD for answer in answers]
    unnamed = [answer.language == "und" for answer in answers]
    return {
        "rows": len(data),
        "below_threshold": sum(below) / len(below),
        "unnamed": sum(unnamed) / len(unnamed),
    }


def speed(identifier: Identifier, folder: Path) -> dict[str, float]:
    """Return sentences a second and microseconds a long document, the best of five runs of each."""
    texts = [row.text for row in rows(folder, "sentences")]
    random.Random(1).shuffle(texts)
    by_language: dict[str, list[str]] = defaultdict(list)
    for row in rows(folder, "sentences"):
        by_language[row.language].append(row.text)
    plain = [" ".join(each)[:20_000] for each in by_language.values()]
    mixed = [f"{a[:9_000]}\n{b[:9_000]}" for a, b in pairwise(plain)]
    code = [
        path.read_text(encoding="utf-8", errors="replace")[:20_000] for path in sorted(SOURCE.glob("*.py"))
    ]
    return {
        "sentences_a_second": len(texts) / _best(lambda: attributed(identifier, texts)),
        "microseconds_a_document_of_20_kb": _each(identifier, plain),
        "microseconds_a_mixed_document": _each(identifier, mixed),
        "microseconds_a_source_file": _each(identifier, code),
    }


def _each(identifier: Identifier, texts: list[str]) -> float:
    return _best(lambda: attributed(identifier, texts)) / len(texts) * 1e6


def _best(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return min(taken)


def main(as_json: bool) -> None:
    """Print the report."""
    data = os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[2] / "shared" / "data")
    folder = Path(data) / "lang"
    identifier = Identifier.load()
    report = {**quality(identifier, folder), "speed": speed(identifier, folder)}
    if as_json:
        print(json.dumps(report, indent=1))
        return
    for name, figures in report.items():
        print(
            name,
            *(f"{key}={value:.4f}" if value < 2 else f"{key}={value:.0f}" for key, value in figures.items()),
        )


if __name__ == "__main__":
    main("--json" in sys.argv[1:])
