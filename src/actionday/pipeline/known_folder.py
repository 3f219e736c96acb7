"""A folder that is given again: how it is not what was acquired, in the words of the refusal."""

from pathlib import Path

from actionday.pipeline.relisting import Pair, changed_since

NOT_TOLD = "whether it is what was acquired cannot be told; nothing is read"
ANOTHER = "to take it in, give it another --exhibit"


def as_listed(folder: Path, pair: Pair, *, times: bool) -> str:
    """Return why a folder is not gone on with for the sake of one thing in it, "" where nothing speaks against it.

    What could not be listed at the intake is no part of the exhibit, and is not to pass for taken in; nobody is said
    to have put it there.
    """
    path = pair.row.path if pair.row is not None else pair.found.name if pair.found is not None else ""
    if (untold := pair.untold) is not None:
        if untold.when == "now":
            return f"{untold.at!r}: {untold.cause}: {NOT_TOLD}"
        stands = f"{path!r} stands there now" if untold.folder else "it can be now"
        return f"{untold.at!r}: {untold.cause}; {stands} and is no part of the exhibit; {ANOTHER}"
    try:
        why = changed_since(folder, pair, times=times)
    except OSError as error:
        return f"{path!r}: cannot be read ({error.strerror}): {NOT_TOLD}"
    return f"{path!r}: {why}: what is there now is not what was acquired; {ANOTHER}" if why else ""
