"""Hiding the case at once: no page shows anything of it until it is shown again."""
