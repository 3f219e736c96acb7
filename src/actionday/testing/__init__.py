"""Contract suites that ship: what is registered must pass them, ours and third parties'.

One module a room (``ledger.py``: a store for the ledger, and a ledger in memory). Tests import it, nothing
in the house does; it may import every room but ``app``.
"""
