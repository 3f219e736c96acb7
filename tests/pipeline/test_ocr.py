"""Letters in pictures, from the file to the search: models by the languages around, and what lacks is named."""

import random
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from actionday.parsers._ocr_models import chosen, installed
from case_tools import Bench

SYSTEM = installed({})
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
ENGLISH = "The kestrel circled above the harbour and the club wrote down every hour of its flight."
RUSSIAN = "Пустельга кружила над гаванью, и клуб записывал каждый час её полёта."
ARABIC = "حلق العوسق فوق الميناء وكتب النادي كل ساعة من رحلته ولم يفته شيء من ذلك اليوم الطويل."
pytesseract = pytest.importorskip("tesserocr", reason="needs the extra ocr")
pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(
        not {"ara", "eng", "rus"} <= SYSTEM.names, reason="needs tesseract-ocr-ara, -eng, -rus"
    ),
    pytest.mark.skipif(not FONT.exists(), reason="needs fonts-dejavu-core"),
]


def page(text: str, *, size: int = 50, width: int = 1800, mode: str = "L") -> Image.Image:
    """Draw a text as a page at 300 dpi shows it."""
    font, rtl = ImageFont.truetype(str(FONT), size), text == ARABIC
    made = Image.new(mode, (width, 12 * size), "white")
    draw, words, y = ImageDraw.Draw(made), text.split(), size
    while words:
        line = [words.pop(0)]
        while words and draw.textlength(" ".join([*line, words[0]]), font=font) < width - 4 * size:
            line.append(words.pop(0))
        said = " ".join(line)
        x = width - 2 * size - draw.textlength(said, font=font) if rtl else 2 * size
        draw.text((x, y), said, font=font, fill="black", direction="rtl" if rtl else "ltr")
        y += size * 3 // 2
    return made


def models(folder: Path, *names: str) -> dict[str, str]:
    folder.mkdir()
    for name in names:
        shutil.copy(Path(SYSTEM.folder) / f"{name}.traineddata", folder)
    return {"TESSDATA_PREFIX": str(folder)}


@pytest.fixture
def exhibit(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


HERE = {"TESSDATA_PREFIX": SYSTEM.folder}


def paths(bench: Bench, query: str) -> list[str]:
    return sorted(hit["path"] for hit in bench.search(query)["hits"])


def text_of(bench: Bench, path: str) -> str:
    return (bench.text(bench.item(path)["sha256"]) or "").strip()


def test_o03_a_russian_page_among_russian_files_is_read_with_the_russian_model(
    bench: Bench, exhibit: Path
) -> None:
    (exhibit / "note.txt").write_text(RUSSIAN * 5)
    page(RUSSIAN).save(exhibit / "page.png")
    bench.ingest(exhibit, env=HERE)
    row = bench.item("page.png")
    assert row["status"] == "parsed", row["reason"]
    read = " ".join(text_of(bench, "page.png").split())
    assert read.replace("ё", "е") == RUSSIAN.replace("ё", "е")  # dots are small
    told = row["content"]["ocr"]
    assert (told["by"], told["models"]) == ("Tesseract 5.5.4", ["rus"])
    assert told["confidence"] > 80
    assert paths(bench, "пустельга гаванью") == ["note.txt", "page.png"]
    assert bench.verify()["ok"]


def test_o04_the_words_of_an_arabic_page_are_found_in_their_order(bench: Bench, exhibit: Path) -> None:
    (exhibit / "note.txt").write_text("كتب النادي عن الرحلة الطويلة فوق البحر في ذلك اليوم.\n" * 5)
    page(ARABIC).save(exhibit / "page.png")
    bench.ingest(exhibit, env=HERE)
    assert paths(bench, '"كل ساعة من رحلته"') == ["page.png"]


def test_o05_a_language_without_its_model_is_named_and_never_empty(
    bench: Bench, exhibit: Path, tmp_path: Path
) -> None:
    (exhibit / "note.txt").write_text("كتب النادي عن الرحلة الطويلة فوق البحر في ذلك اليوم.\n" * 5)
    page(ARABIC).save(exhibit / "page.png")
    bench.ingest(exhibit, env=models(tmp_path / "tessdata", "eng", "rus"))
    row = bench.item("page.png")
    assert (row["status"], row["reason"]) == ("queued", "waits for OCR: model ara missing")
    bench.ingest(exhibit, env=HERE)
    assert bench.item("page.png")["status"] == "parsed"
    assert bench.verify()["ok"]


def test_t06_a_pdf_of_one_picture_with_blanks_as_its_text_waits_and_is_read(
    bench: Bench, exhibit: Path
) -> None:
    made = page(ENGLISH)
    made.save(exhibit / "titled.pdf", resolution=300)  # by its own name: a text, though no page has one
    made.save(exhibit / "scan.pdf", resolution=300, title="")
    bench.ingest(exhibit, "--no-slow")
    row = bench.item("scan.pdf")
    assert (row["status"], row["reason"]) == ("queued", "no characters: pages are pictures; waits for OCR")
    assert (bench.item("titled.pdf")["status"], paths(bench, "harbour")) == ("parsed", [])
    bench.ingest(exhibit, env=HERE)
    for name in ("scan.pdf", "titled.pdf"):
        row = bench.item(name)
        assert (row["status"], row["reason"]) == ("parsed", None)
        assert ENGLISH in " ".join(text_of(bench, name).split())
    assert paths(bench, "harbour") == ["scan.pdf", "titled.pdf"]
    proof = bench.verify()
    assert proof["ok"], proof


def test_every_page_of_a_tiff_is_read_and_what_is_too_small_says_so(bench: Bench, exhibit: Path) -> None:
    pages = [page(ENGLISH, mode="1"), page(RUSSIAN, mode="1")]
    pages[0].save(exhibit / "fax.tiff", save_all=True, append_images=pages[1:], dpi=(300, 300))
    Image.effect_noise((16, 16), 90).save(exhibit / "dot.png")
    (exhibit / "a.txt").write_text(RUSSIAN * 9)
    (exhibit / "b.txt").write_text(ENGLISH * 9)
    bench.ingest(exhibit, env=HERE)
    text = text_of(bench, "fax.tiff")
    assert "kestrel circled" in text
    assert "Пустельга кружила" in text
    dot = bench.item("dot.png")
    assert (dot["status"], dot["reason"]) == ("empty", "too small to hold letters that could be read")


def test_o01_a_picture_of_tiny_boxes_and_one_of_noise_hold_nobody_up(bench: Bench, exhibit: Path) -> None:
    dice = random.Random(4000)
    boxes = Image.new("L", (2400, 2400), 255)
    draw = ImageDraw.Draw(boxes)
    for _ in range(4000):
        x, y = dice.randrange(2390), dice.randrange(2390)
        draw.rectangle((x, y, x + dice.randrange(2, 9), y + dice.randrange(2, 9)), outline=0)
    boxes.save(exhibit / "boxes.png")
    Image.effect_noise((3300, 3300), 120).save(exhibit / "noise.png")
    page(ENGLISH).save(exhibit / "page.png")
    bench.ingest(exhibit, env=HERE)
    assert bench.item("page.png")["status"] == "parsed"
    assert {bench.item(name)["status"] for name in ("boxes.png", "noise.png")} <= {
        "parsed",
        "empty",
        "quarantined",
    }


def test_without_a_text_around_the_script_of_the_page_chooses_the_model(bench: Bench, exhibit: Path) -> None:
    if "osd" not in SYSTEM.names:
        pytest.skip("needs tesseract-ocr-osd")
    page(f"{RUSSIAN} {RUSSIAN} {RUSSIAN}").save(exhibit / "page.png")
    bench.ingest(exhibit, env=HERE)
    assert bench.item("page.png")["content"]["ocr"]["models"] == ["rus"]


def test_models_are_those_of_the_languages_and_the_first_that_lacks_is_told() -> None:
    there = SYSTEM._replace(names=frozenset({"ara", "rus", "osd"}))
    assert chosen(["rus", "ckb"], there) == (("rus", "ara"), ())
    assert chosen(["fas", "rus"], there) == (("rus",), ("fas",))
    assert chosen(["zho", "rus", "ara", "eng"], there) == (("rus", "ara"), ("chi_sim",))
    assert installed({"TESSDATA_PREFIX": "/nowhere"}).languages == []
