"""Secrets of a case as the bytes that a volume is opened by, and the trying of them one after another."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from actionday.model import Context, Encrypted, TooCostly
from actionday.model.counted import counted

HEX = "hex:"
"""How a secret begins that is bytes: key files and raw keys."""
TRYING = 600.0
"""Seconds that are spent on the secrets for one volume; of Argon2 as cryptsetup has it some 200 are tried in them."""

Opened = TypeVar("Opened")


def forms(secret: str) -> Iterator[bytes]:
    """Yield the bytes that a secret may be: of one that begins as ``hex:`` those it spells, then as it stands."""
    if secret.startswith(HEX):
        with contextlib.suppress(ValueError):
            yield bytes.fromhex(secret[len(HEX) :])
    yield secret.encode("utf-8", "surrogateescape")


def fitting(around: Context, what: str, opens: Callable[[str], Opened | None]) -> tuple[int, Opened]:
    """Return the number of the first secret of the case that opens ``what``, and what ``opens`` made of it.

    Raises Encrypted, which says how many were tried and why no more.
    """
    if not around.secrets:
        raise Encrypted(f"{what}: the case has no secret to try")
    begun, costly = time.monotonic(), ""
    for number, secret in enumerate(around.secrets, 1):
        if time.monotonic() - begun > TRYING:
            said = f"{number - 1} of {counted(len(around.secrets), 'secret')} of the case"
            raise Encrypted(
                f"{what}: none of the first {said} opens it, the {TRYING:.0f} s for one volume are over"
            )
        try:
            if (made := opens(secret)) is not None:
                return number, made
        except TooCostly as error:
            costly = str(error)
            break
    if costly:
        raise Encrypted(f"{what}: no secret is tried, it asks for {costly}")
    tried = f"{counted(len(around.secrets), 'secret')} tried"
    raise Encrypted(f"{what}: no secret of the case opens it ({tried})")
