"""What is written otherwise in a text: escapes, entities, codings, host names, read and given beside it.

A spelling is one file with one constant, ``SPELLING``, listed in ``spellings.ALL``, and says which signs stand in
every text that has it: ``watch`` looks for all of them at once. Start reading in ``layer``, which cuts the passages;
nothing is imported here, for ``bytewise`` needs no numpy and the process that writes has none. Knows ``mime`` and
``model`` alone.
"""
