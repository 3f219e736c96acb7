"""What commands that take a query share: its language, and what is said of one that cannot be answered."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

LANGUAGE = re.compile("[A-Za-z]{2,3}")


def check_language(lang: str | None) -> None:
    """Raise BadParameter for ``--lang`` that is no code of a language."""
    from actionday.access.search import known_language

    if lang is not None and not (LANGUAGE.fullmatch(lang) and known_language(lang)):
        raise click.BadParameter(_meant(lang), param_hint="--lang")


def _meant(lang: str) -> str:
    """Return what to say of a language that is none: its code, if it can be told what was meant."""
    from actionday.model.codes import near_languages

    near = " or ".join(f"{each.code} ({each.name})" for each in near_languages(lang))
    return f"{lang!r} is no code of a language that is told here{f': write {near}' if near else ''}"


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a search cannot do into what a command says: exit code 2 for its query, 1 for its index."""
    from actionday.model import Transient, UsageError
    from actionday.storage.index import IndexDamaged, QueryError

    try:
        yield
    except QueryError as error:
        raise UsageError(f"query: {error}") from error
    except IndexDamaged as error:
        raise Transient(f"the index cannot be read ({error}): the next ingest makes it anew") from error
