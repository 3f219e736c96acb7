"""What all requests share: the case served, its desks, the templates, the form token, reports of the browser."""

import secrets
from collections import deque
from pathlib import Path

from actionday.access.bytes import Bytes
from actionday.access.differing import Proofs
from actionday.access.tally import Tally
from actionday.access.views import Views
from actionday.app.web.desk import Desks
from actionday.app.web.ingest.watch import Watch
from actionday.app.web.ledger.proof import Proving
from actionday.app.web.links import case_key
from actionday.app.web.render import Renderer


class House:
    """One case being served."""

    def __init__(self, folder: Path, renderer: Renderer | None = None) -> None:
        self.key = case_key(folder)
        self.desks = Desks(folder)
        self.renderer = renderer or Renderer()
        self.token = secrets.token_urlsafe(24)
        self.proving = Proving(folder)
        self.proofs = Proofs()
        self.bytes = Bytes(folder)
        self.tally = Tally()
        self.views = Views()
        self.watch = Watch()
        self.reports: deque[str] = deque(maxlen=100)
        """What browsers report against the content security policy: it is expected to stay empty."""

    def close(self) -> None:
        """Close every desk, and end the worker."""
        self.bytes.close()
        self.desks.close()
