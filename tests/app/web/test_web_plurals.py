"""Numbers on pages stand before the form of a word that they ask for, in English and in Arabic."""

import io
import re

from babel.messages.pofile import read_po

from actionday.app.web.language import LANGUAGES, catalogue, locale_folder
from actionday.model.counted import grouped

COUNTED = re.compile(
    r"%\(\w+\)s (\w+ )?(items|bytes|lines|files|entries|places|contents|exhibits|words|values|losses|remarks)\b"
)
RECORDED = {
    "showing/sentences.py",
    "showing/queries.py",
    *(f"showing/proof/of_{part}.py" for part in ("case", "evidence", "files", "rows")),
}
"""Where sentences of the record and of the grammar are, which have a number of their own and are translated as they stand there."""


def test_every_number_before_a_plural_has_its_singular() -> None:
    path = locale_folder() / "ar" / "LC_MESSAGES" / "actionday.po"
    messages = [each for each in read_po(io.BytesIO(path.read_bytes()), locale="ar") if each.id]
    assert sum(each.pluralizable for each in messages) > 20
    pages = [each for each in messages if not {file for file, _ in each.locations} <= RECORDED]
    assert [each.id for each in pages if not each.pluralizable and COUNTED.search(str(each.id))] == []
    for each in messages:
        if each.pluralizable:
            one, many = each.id
            assert one != many or "more" in one, each.id
            assert len(each.string) == 6 and all(each.string), f"{each.id}: Arabic has six forms"


def test_one_two_a_few_and_many_items_read_as_people_write_them() -> None:
    said = {each.tag: catalogue(each.tag) for each in LANGUAGES}
    english = [said["en"].ngettext("%(n)s item", "%(n)s items", n) % {"n": n} for n in (0, 1, 2, 5)]
    assert english == ["0 items", "1 item", "2 items", "5 items"]
    arabic = [said["ar"].ngettext("%(n)s item", "%(n)s items", n) % {"n": n} for n in (1, 2, 3, 11, 100)]
    assert arabic == ["عنصر واحد", "عنصران", "3 عناصر", "11 عنصرًا", "100 عنصر"]


def test_eleven_and_a_hundred_have_the_case_of_their_own() -> None:
    """From 11 to 99 the counted noun is an accusative (قيدًا), from 100 to 102 a genitive (قيد): one form each."""
    path = locale_folder() / "ar" / "LC_MESSAGES" / "actionday.po"
    swapped = [
        each.id[0]
        for each in read_po(io.BytesIO(path.read_bytes()), locale="ar")
        if each.pluralizable and each.string[4].count("ًا") > each.string[5].count("ًا")
    ]
    assert swapped == []
    said = catalogue("ar")
    for one, many, wanted in (
        ("%(n)s entry", "%(n)s entries", {2: "قيدان", 10: "10 قيود", 11: "11 قيدًا", 99: "99 قيدًا", 100: "100 قيد", 102: "102 قيد", 103: "103 قيود", 111: "111 قيدًا"}),
        ("%(n)s loss", "%(n)s losses", {11: "11 نقصًا", 100: "100 نقص"}),
        ("of %(n)s file recorded:", "of %(n)s files recorded:", {11: "من 11 ملفًا مسجّلًا:", 200: "من 200 ملف مسجّل:"}),
    ):  # fmt: skip
        assert {n: said.ngettext(one, many, n) % {"n": n} for n in wanted} == wanted


BARE = re.compile(
    r"\{\{ *[\w.\[\]]*(?:total|count|number|length|\|length) *\}\}|\bn=(?!\w+\|)[\w.\[\]]+(?=[,)])"
)
"""A figure of a template with nothing that groups it."""
NO_FIGURE = {'value="{{ one.number }}"'}
"""What stands in a form and is read by nobody."""


def test_every_figure_of_a_page_is_grouped_titles_and_lists_too() -> None:
    pages = locale_folder().parent
    bare = []
    for path in sorted(pages.rglob("*.html")):
        text = path.read_text("utf-8")
        for each in NO_FIGURE:
            text = text.replace(each, "")
        bare += [(path.relative_to(pages).as_posix(), found[0]) for found in BARE.finditer(text)]
    assert bare == []


def test_a_number_of_seven_digits_is_parted_in_plain_text_as_on_a_page() -> None:
    assert grouped(1_234_567) == "1\u202f234\u202f567"
