"""What leaves a case, in formats that others read: one file a kind of row, one a format.

Knows ``model``, ``storage``, ``ledger``, ``access``; ``app`` calls it. Start at ``export.py``. A kind is a module with
one constant ``EXPORT``; its fields are stable (``docs/exports.md``).
What people read, the intake report, is given out by ``reported.py``.
"""
