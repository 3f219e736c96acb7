"""``actionday show``: one item, its facts and its text."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actionday.app.cli._caveats import code_of, say_caveats
from actionday.app.cli._common import (
    CASE,
    Command,
    counted,
    json_option,
    printable,
    readable,
    say_json,
    unlogged,
)
from actionday.app.cli._facts import lines_of

if TYPE_CHECKING:
    from actionday.access.asked_item import Asked
    from actionday.access.caveats import Caveats
    from actionday.access.shown import Shown
    from actionday.storage.case import Case


@click.command(cls=Command)
@CASE
@click.argument("item")
@click.option("--text", "only_text", is_flag=True, help="Print the text alone.")
@click.option(
    "--bytes", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write its bytes to this file."
)
@click.option("--reason", default="", help="Why the bytes leave the case; needed with --bytes.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
def command(
    case: Path, item: str, only_text: bool, out: Path | None, reason: str, force: bool, as_json: bool
) -> int:
    """Show ITEM of CASE: its facts, metadata and text; the look is recorded in the ledger.

    Metadata is of the item (what its container says of it) and of its content (what the bytes say of themselves).
    Of an exhibit its acquisition is shown too: each file with its hashes, and the imager's hash against ours;
    so it is of the images that lie in an exhibit, a folder or an archive, the first 20.

    ITEM is an id or an unambiguous beginning of one, EXHIBIT/PATH, or the SHA-256 of a content. Characters that
    would move, colour or turn a terminal are named (<U+001B>); `export texts` has them as found. Pictures are shown
    on the pages alone, blurred. Exit code 2 where there is no such item or more than one, 1 where its text or its
    bytes cannot be read, and while the last `verify` differed.

    \b
    Example:
      actionday show case S-01.E01/home/anna/letter.eml
      actionday show case 3fa9c1 --bytes letter.eml --reason "for translation"
    """
    from actionday.access.asked_item import asked_item
    from actionday.access.caveats import caveats
    from actionday.storage.case import Case

    if only_text and out is not None:
        raise click.UsageError("--text and --bytes are two looks: ask for one")
    if str(out) == "-":
        raise click.BadParameter("bytes of evidence go into a file, not to a terminal", param_hint="--bytes")
    opened, whole = Case.open(case), True
    try:
        said = caveats(opened)
        if not as_json:
            say_caveats(said)  # first: what is not found may be what is missing
        asked = asked_item(opened.database, item)
        if out is not None:
            whole = _give(opened, asked, out, reason, force=force, as_json=as_json, said=said)
        else:
            _show(opened, asked, only_text=only_text, as_json=as_json, said=said)
    finally:
        opened.close()
    return code_of(said) if whole else 1


def _give(
    case: "Case", asked: "Asked", out: Path, reason: str, *, force: bool, as_json: bool, said: "Caveats"
) -> bool:
    """Write the bytes; return whether they are all that the file has."""
    from actionday.access.download import lacking
    from actionday.access.shown import give
    from actionday.exchange.export import check_writable

    check_writable(case, out, force=force)
    count, sha256 = give(case, asked, out, reason), asked.item.sha256
    lacks = lacking(asked.item)
    if as_json:
        told = {
            "id": asked.item.id,
            "sha256": sha256,
            "size": count,
            "file": str(out),
            "cannot_be_had": lacks,
        }
        say_json({**told, **said.as_data(), "logged": not case.readonly})
    else:
        click.echo(f"{counted(count, 'byte')} written to {printable(str(out))}, SHA-256 {sha256}")
        if asked.item.status != "parsed" and asked.item.reason:
            click.echo(f"{asked.item.status}: {printable(asked.item.reason)}", err=True)
        if lacks:
            of = f"{counted(lacks['of'], 'byte')} of it" if isinstance(lacks["of"], int) else "it"
            click.echo(
                f"NOT the whole file: of {of} a part cannot be had; written is its beginning.", err=True
            )
        unlogged(case, "download")
    return lacks is None


def _show(case: "Case", asked: "Asked", *, only_text: bool, as_json: bool, said: "Caveats") -> None:
    from actionday.access.shown import look, text_of

    shown = look(case, asked)
    pieces = text_of(case, shown)
    if as_json:
        text = "".join(pieces) if shown.content and shown.content.text else None
        say_json({**_data(shown, text, only_text=only_text), **said.as_data()})
    else:
        if not only_text:
            for line in lines_of(shown):
                click.echo(line)
            click.echo()
        last = "\n"
        for piece in pieces:
            click.echo(readable(piece), nl=False)
            last = piece[-1:] or last
        if last != "\n":
            click.echo()
        if shown.content is None or shown.content.text is None:
            click.echo("No text was read out of it.", err=only_text)
    if not shown.logged:
        click.echo("The case is read-only: this look was not logged.", err=True)


def _data(shown: "Shown", text: str | None, *, only_text: bool) -> dict[str, Any]:
    """Return what ``--json`` prints: the fields of ``export items`` and ``texts``, and the item's issues."""
    item, content = shown.item, shown.content
    if only_text:
        return {"id": item.id, "sha256": item.sha256, "text": text}
    return {
        "id": item.id,
        "parent": item.parent,
        "exhibit": item.exhibit,
        "path": item.path,
        "path_raw": item.raw.hex() if item.raw else None,
        "place": item.place if item.parent else None,
        "place_unit": shown.place.unit.value if shown.place.unit else None,
        "kind": item.kind,
        "size": item.size,
        "sha256": item.sha256,
        "md5": content.md5 if content else None,
        "sha1": (content.sha1 or None) if content else None,
        "mime": item.mime,
        "mtime": item.mtime,
        "status": item.status,
        "reason": item.reason,
        "counted": item.counted,
        "meta": item.meta,
        "content": content.meta if content else {},
        "parser": content.parser if content else None,
        "language": content.language if content else None,
        "script": content.script if content else None,
        "confidence": content.confidence if content else None,
        "characters": content.characters if content else None,
        "disk": shown.disk,
        "acquisition": shown.acquired.as_data() if shown.acquired else None,
        "images": {
            "named": shown.within.as_data(),
            "more": shown.within.more,
            "differing": shown.within.differing,
        },
        "places": shown.places,
        "issues": [{"stage": each.stage, "code": each.code, "reason": each.reason} for each in shown.issues],
        "text": text,
        "logged": shown.logged,
    }
