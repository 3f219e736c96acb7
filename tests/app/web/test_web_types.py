"""Every type that the detectors can return is named in words."""

import re
from pathlib import Path

import actionday.detectors.filetype
from actionday.app.web.showing.formats import BY_KIND, FORMATS
from actionday.app.web.showing.types import WORDS, type_word

TYPE = re.compile(r'"((?:application|text|image|audio|video|font|message|inode)/[A-Za-z0-9.+_-]+)"')


def returned() -> set[str]:
    """Return every type that stands in the source of the detectors."""
    folder = Path(actionday.detectors.filetype.__file__).parent
    return {mime for path in folder.glob("*.py") for mime in TYPE.findall(path.read_text("utf-8"))}


def test_every_type_has_a_name_that_people_know() -> None:
    found = returned()
    assert len(found) > 200
    assert {"application/x-iso9660-image", "audio/AMR"} <= found
    assert [mime for mime in sorted(found) if not type_word(mime)[0]] == []


def test_a_type_has_one_name() -> None:
    assert WORDS.keys() & FORMATS.keys() == set()
    assert sum(map(len, BY_KIND.values())) == len(FORMATS)
    words = map(type_word, (*WORDS, *FORMATS))
    said = [message % {"name": name} if name else message for message, name in words]
    assert len(set(said)) == len(said), "two types of one name cannot be told apart in a filter"
    assert all(mime == mime.lower() for mime in (*WORDS, *FORMATS))
    assert type_word("audio/AMR; codecs=x") == ("Audio (%(name)s)", "AMR")
