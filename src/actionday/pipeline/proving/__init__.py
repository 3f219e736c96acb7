"""Proving a case whole: each file proves one thing and names the first that differs.

``app`` calls ``verify`` of ``run.py``; nothing here writes but the ledger entry that the proof was made.
"""

from actionday.pipeline.proving.report import Check, Proof
from actionday.pipeline.proving.run import torn, verify
from actionday.pipeline.proving.signers import Trust

__all__ = ["Check", "Proof", "Trust", "torn", "verify"]
