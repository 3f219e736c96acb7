"""One content by its hash: the same views as an item, without a place."""
