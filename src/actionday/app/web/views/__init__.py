"""Saved views: pages kept with a name, a person and a note."""
