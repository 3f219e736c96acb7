"""What is written otherwise in a text: escapes, entities, codings, host names, read and given beside it.

A spelling is one file with one constant, ``SPELLING``, listed in ``spellings.ALL``, and says which signs stand in every
text that has it: ``watch`` looks for all of them at once. Start reading in ``layer``, which cuts the passages. Knows
``mime`` and ``model`` alone.
"""

from actionday.mime.otherwise.layer import MARK, Beside, beside

__all__ = ["MARK", "Beside", "beside"]
