"""The sentences of which a proof is put together, for ``showing.told``. Knows nothing but how to mark them.

Read ``of_evidence`` first. A test walks the code that writes them: one that is not here fails it.
"""

from actionday.app.web.showing.proof import of_case, of_evidence, of_files, of_rows

SENTENCES = (*of_case.SENTENCES, *of_evidence.SENTENCES, *of_rows.SENTENCES, *of_files.SENTENCES)
