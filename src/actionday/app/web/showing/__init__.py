"""How values are written on pages: numbers, times, names from evidence, prose. Pure functions, text in, markup out.

Used as filters by the templates (``render.py``). Start at ``names.py``: hostile names are the normal case.
"""
