"""What a pass over the ledger met that a person should know and that is no difference.

A clock that was set back, an act that only a later version knows. Source: docs/ledger-format.md, "Entries".
"""

from actionday.ledger import Report
from actionday.model.counted import grouped


def remarks(report: Report) -> tuple[str, ...]:
    """Return the remarks on a ledger, a line each, and how many more there are than are kept."""
    said = [f"remark: entry {each.entry}: {each.text}" for each in report.warnings]
    left = report.warned - len(said)
    return (*said, *([f"and {grouped(left)} more remarks"] if left else []))
