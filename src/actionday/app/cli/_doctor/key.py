"""The installation's signing key: there, not yet, or not to be used. None is made here."""

import os
from collections.abc import Iterator
from pathlib import Path

from actionday.app.cli._doctor.report import Check
from actionday.ledger import KeyFileError, installation_signer
from actionday.ledger.keys import FILE, config_folder

COSTS = "nothing can be recorded in a ledger"


def key() -> Iterator[Check]:
    """Yield the state of the key."""
    try:
        folder = config_folder()
        if (folder / FILE).exists():
            found = str(installation_signer(folder).verifier)  # as another office lists it in trusted-keys
            yield Check(name="signing key", ok=True, found=found, needed=True)
        else:
            yield _to_be_made(folder)
    except (KeyFileError, OSError) as error:
        yield Check(name="signing key", ok=False, found=str(error), needed=True, costs=COSTS)


def _to_be_made(folder: Path) -> Check:
    above = next(each for each in (folder, *folder.parents) if each.exists())
    if os.access(above, os.W_OK | os.X_OK):
        return Check(
            name="signing key", ok=True, found=f"none yet: the first case makes it in {folder}", needed=True
        )
    return Check(name="signing key", ok=False, found=f"{above} cannot be written", needed=True, costs=COSTS)
