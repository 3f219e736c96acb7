"""Keys and words, and the gallery of components."""
