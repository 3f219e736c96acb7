"""The palette: everything that can be gone to, by a few letters, an id or a hash."""
