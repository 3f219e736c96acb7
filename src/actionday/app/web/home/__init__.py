"""The root: leads to the one case that is served."""
