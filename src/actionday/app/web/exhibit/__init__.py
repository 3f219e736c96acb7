"""One exhibit: acquisition, hashes, balance, custody, and the tree of what is inside."""
