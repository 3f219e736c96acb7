"""The spellings that are read, in the order in which one goes before another at the same place.

Source: none.
"""

from actionday.mime.otherwise import (
    chats,
    codings,
    colours,
    continued,
    controls,
    directory,
    dumped,
    entities,
    escapes,
    hidden,
    hosts,
    hyphens,
    mojibake,
    override,
    percent,
    quoted,
    seven,
    styles,
    unseen,
    words,
)
from actionday.mime.otherwise.spelling import Spelling

ALL: tuple[Spelling, ...] = (
    styles.SPELLING,
    escapes.SPELLING,
    percent.SPELLING,
    entities.SPELLING,
    words.SPELLING,
    hosts.SPELLING,
    codings.SPELLING,
    seven.SPELLING,
    directory.SPELLING,
    quoted.SPELLING,
    colours.SPELLING,
    chats.SPELLING,
    *controls.SPELLINGS,
    override.SPELLING,
    hyphens.SPELLING,
    continued.SPELLING,
    *unseen.SPELLINGS,
    *hidden.SPELLINGS,
    *mojibake.SPELLINGS,
    dumped.SPELLING,
)
