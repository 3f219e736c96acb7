"""Search: facets, hits with snippets in their own script, the item beside them."""
