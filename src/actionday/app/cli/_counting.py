"""What the balance counts, beside it: so that the figures of one evidence, given in two ways, are told apart."""

from actionday.app.cli._common import counted, grouped

NOT_COUNTED = "folders, volumes and exhibits that were opened"
NO_ITEMS = "opened as an exhibit, or read with another file"


def rows(listed: int, found: int) -> str:
    """Return how many of the rows that ``export items`` gives the balance counts."""
    rest = f", {grouped(listed - found)} not ({NOT_COUNTED})" if listed > found else ""
    return f"of {counted(listed, 'row')} {grouped(found)} {_are(found)} counted{rest}"


def own_files(files: int, items: int) -> str:
    """Return how many of the files that exhibits consist of are items; "" where they are folders alone."""
    if not files:
        return ""
    rest = f", {grouped(files - items)} not ({NO_ITEMS})" if files > items else ""
    return f"of {counted(files, 'file')} taken in {grouped(items)} {_are(items)} counted{rest}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
