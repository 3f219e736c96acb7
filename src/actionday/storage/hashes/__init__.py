"""Sets of known hashes in a case: files that are sorted, sealed and never changed, and the look-up in them.

``sets`` says which sets a case has (its ledger does), ``known`` looks hashes up, ``sorting`` and ``writing`` make a
file out of any number of rows in little memory. Knows ``model``, ``ledger`` and the rest of ``storage``. Start at
``layout.py``; the format is that of ``docs/case-format.md``.
"""
