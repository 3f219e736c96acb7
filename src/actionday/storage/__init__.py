"""Where a case keeps what it knows: ``database`` (rows and ledger), ``index`` (search), ``objects`` (bytes).

``pipeline``, ``review`` and ``app`` may import it; it imports ``model`` and ``ledger`` only. Read ``case.py``:
what a case folder is; then ``docs/case-format.md`` for the order of writes.
"""
