"""One thing that was looked at, and all of them together."""

import msgspec


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``found`` says what is here, ``costs`` what is lost where it is not ``ok``, ``package`` what would bring it.

    ``needed``: no ingest can run without it. ``package`` is a Debian package (or several, with blanks between),
    "" where none helps.
    """

    name: str
    ok: bool
    found: str
    needed: bool = False
    costs: str = ""
    package: str = ""


class Report(msgspec.Struct, frozen=True):
    """Every check, in a fixed order."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Say whether an ingest can run."""
        return all(check.ok for check in self.checks if check.needed)

    @property
    def packages(self) -> list[str]:
        """Return the Debian packages that would bring what is missing."""
        return sorted({name for check in self.checks if not check.ok for name in check.package.split()})
