"""Numbers on pages stand before the form of a word that they ask for, in English and in Arabic."""

import io
import re

from babel.messages.pofile import read_po

from actionday.app.web.language import LANGUAGES, catalogue, locale_folder

COUNTED = re.compile(
    r"%\(\w+\)s (\w+ )?(items|bytes|lines|files|entries|places|contents|exhibits|words|values|losses|remarks)\b"
)
RECORDED = {"showing/sentences.py", "showing/queries.py"}
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
