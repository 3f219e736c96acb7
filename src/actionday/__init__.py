"""Actionday: from seized servers to a coordinated, lawful action day.

Start reading in ``model`` (the words), then ``pipeline`` (the one recursion). ``docs/architecture.md`` draws
the house: evidence goes in at ``sources``, decisions come out at ``app``, and every step is in ``ledger``.
"""

__version__ = "0.1.0"
