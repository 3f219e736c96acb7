"""What a person may see of a case, and that they saw it: status, search, items, each with its ledger entry.

Knows ``model``, ``storage``, ``ledger`` and asks ``pipeline`` for bytes. Accounts and roles come here later. Start at
``search.py``.
"""
