"""Sets of known hashes come in: one file a format, with one constant ``HASHES``; nothing else is touched.

Knows ``model`` and ``storage``. What a format gives is in ``_contract.py``; ``actionday.exchange.hash_import`` makes a
set of a case out of it.
"""
