"""Who acts, and when: for the ledger, until accounts exist."""

import os
import pwd
from datetime import UTC, datetime

MAX_ACTOR = 200


def actor() -> str:
    """Return ``$ACTIONDAY_ACTOR``, else the operating system's user."""
    named = "".join(c if c.isprintable() else "?" for c in os.environ.get("ACTIONDAY_ACTOR", "")).strip()
    if named:
        return named[:MAX_ACTOR]
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def moment() -> datetime:
    """Return this moment, UTC."""
    return datetime.now(UTC)
