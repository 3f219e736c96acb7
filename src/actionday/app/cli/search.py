"""``actionday search``."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._caveats import code_of, say_caveats
from actionday.app.cli._common import CASE, Command, counted, grouped, json_option, printable, say_json
from actionday.app.cli._facts import state_of
from actionday.app.cli._query import answered, check_language
from actionday.app.cli._unsearched import in_part, undated, unhashed, unlisted, unsearched

if TYPE_CHECKING:
    from actionday.access.hints import Counted, Hints
    from actionday.access.hits import Found, Nearest
    from actionday.access.items import Item

FARTHEST = 2**53 - 1  # what the ledger can hold as a number
BLANKS = re.compile(r"\s+")
MARKS = ("⟦", "⟧")
"""Around what was found, in a pipe: « and » stand in texts themselves."""


@click.command(cls=Command)
@CASE
@click.argument("words", nargs=-1, required=True, metavar="QUERY")
@click.option("--lang", help="Only texts in this language: ISO 639-1, 639-3 or a macrolanguage.")
@click.option("--limit", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Hits to show.")
@click.option("--offset", type=click.IntRange(0, FARTHEST), default=0, help="Hits to leave out before.")
@json_option
def command(
    case: Path, words: tuple[str, ...], lang: str | None, limit: int, offset: int, as_json: bool
) -> int:
    """Search the texts and metadata of CASE for QUERY, in single quotes; the search is recorded in the ledger.

    Words side by side must all be there. AND OR NOT ( ) "a phrase" prefix* fuzzy~ and fields: name: path: meta:
    lang: language: script: type: exhibit: year: status: kind: sha256:. Exit code 0 also without hits, 2 for a malformed
    query, 1 where the text of a hit cannot be read, and while the last `verify` differed. Where nothing is found, the
    nearest spelling that is there is named, and what each word finds alone. Items without a text, and those of whose
    text a part alone was read, are counted. What was found stands bold in a terminal and between ⟦ and ⟧ elsewhere;
    below the place of a hit are its type, language, date and id.

    \b
    Example:
      actionday search case '("radio schedule" OR إذاعة) lang:ar'
    """
    from actionday.access.items import find_items
    from actionday.access.search import Searcher
    from actionday.model import UsageError
    from actionday.storage.case import Case

    check_language(lang)
    if len(words) > 1:
        raise UsageError(
            f"a query of several words is one argument: put it in single quotes, {_quoted(words)}"
        )
    (query,) = words
    opened = Case.open(case)
    try:
        with answered():
            searcher = Searcher(opened)
            found = searcher.search(query, narrow=f"lang:{lang}" if lang else "", limit=limit, offset=offset)
            items = {} if as_json else find_items(opened.database, [hit.item for hit in found.hits])
            searcher.close()
    finally:
        opened.close()
    if as_json:
        say_json(found.as_data())
    else:
        _lines(found, items, offset)
        _say_rest(found, limit, offset)
        say_caveats(found.caveats)
    return 1 if any(hit.problem for hit in found.hits) else code_of(found.caveats)


def _quoted(words: Sequence[str]) -> str:
    """Return the words as the one argument that they were perhaps meant to be."""
    joined = " ".join(words).replace("'", "'\\''")
    return printable(f"actionday search CASE '{joined}'")


def _lines(found: "Found", items: "Mapping[str, Item]", offset: int) -> None:
    click.echo(f"{_items(found.total)}, {counted(found.contents, 'content')}")
    signs = None if sys.stdout.isatty() else MARKS
    for number, hit in enumerate(found.hits, offset + 1):
        click.echo(f"{number:5}. {printable(hit.exhibit)} › {printable(hit.path)}")
        click.echo(f"       {_facts(hit.item, items.get(hit.item))}")
        if hit.pieces:
            click.echo("       " + "".join(_marked(*piece, signs) for piece in hit.pieces).strip())
        elif hit.problem:
            click.echo(f"       its text cannot be read: {printable(hit.problem)}")
        if hit.looked_over:
            over = counted(hit.looked_over, "character", "characters")
            click.echo(f"       none of the words is in what was looked over of its text: {over}")
        for told in hit.told:
            value = "".join(_marked(*piece, signs) for piece in told.pieces).strip()
            click.echo(f"       {printable(told.label)}: {value}")


def _facts(number: str, item: "Item | None") -> str:
    """Return what is known of a hit: deleted, state (of one not read whole), type, language, date and id."""
    if item is None:
        return f"id {number}"
    language = f"{item.language}, a guess" if item.is_guess else item.language
    state = state_of(item) if item.not_whole or item.status != "parsed" else ""
    deleted = "deleted entry" if item.kind == "deleted" else ""  # the path does not show it
    known = (deleted, state, item.mime, language, item.mtime and item.mtime[:10], f"id {item.id}")
    return " · ".join(printable(each) for each in known if each)


def _say_rest(found: "Found", limit: int, offset: int) -> None:
    """Say how many hits are not shown and how to see them, then what a search without any may do."""
    shown = len(found.hits)
    if found.total and offset >= found.total:
        click.echo(f"None shown: --offset {offset} leaves out all that were found")
    elif limit and shown < found.total:
        click.echo(f"{grouped(shown)} of {grouped(found.total)} shown: --limit and --offset show others")
    if found.wider:
        click.echo(
            f"Varieties of one language are not surely told apart; all of them: {_counted(found.wider)}"
        )
    if found.nearest:
        click.echo(f"Nearest spelling that finds something: {_counted(found.nearest)}")
    if found.hints:
        _say_hints(found.hints)
    for sentence in (
        *unsearched(found.unsearched if found.by.text else {}),
        *in_part(found.in_part if found.by.text else 0),
        *unhashed(found.unhashed if found.by.content else {}),
        *undated(found.undated if found.by.time else 0),
        *unlisted(found.unlisted),
    ):
        click.echo(sentence)
    if not found.logged:
        click.echo("The case is read-only: this search was not logged.", err=True)


def _say_hints(hints: "Hints") -> None:
    """Say what each word finds alone and what was perhaps meant; see ``access.hints``."""
    if hints.operators:
        click.echo(f"Operators are in capitals: {_counted(hints.operators)}")
    for one in hints.words:
        names = f", in names {_items(one.names)}: {printable(f'name:{one.query}')}" if one.names else ""
        if len(hints.words) > 1 or names:
            click.echo(f"Alone: {printable(one.query)} ({_items(one.total)}){names}")
    for each in hints.exhibits:
        click.echo(f"{printable(each.file)} is of an exhibit: {printable(each.query)} ({_items(each.total)})")
    for left in hints.without:
        click.echo(f"Without {printable(left.left_out)}: {printable(left.query)} ({_items(left.total)})")
    if hints.unquoted:
        click.echo(f"With the words anywhere: {_counted(hints.unquoted)}")
    if hints.names and len(hints.words) > 1:
        click.echo(f"In file names: {_counted(hints.names)}")
    if hints.unfiltered:
        click.echo(f"In all languages: {_counted(hints.unfiltered)}")
    if hints.chinese:
        click.echo("Traditional and simplified characters are not one: try the other spelling too.")


def _counted(found: "Nearest | Counted") -> str:
    return f"{printable(found.query)} ({_items(found.total)})"


def _items(count: int) -> str:
    return counted(count, "item")


def _marked(text: str, mark: bool, signs: tuple[str, str] | None) -> str:
    plain = printable(BLANKS.sub(" ", text))
    if not mark:
        return plain
    return click.style(plain, bold=True) if signs is None else plain.join(signs)
