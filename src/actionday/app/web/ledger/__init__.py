"""The ledger page: entries, head, the last proof, and the button that proves the case again."""
