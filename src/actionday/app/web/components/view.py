"""``/help/components``: every component with its states, with hostile values in it; itself tested and looked at."""

from typing import Any

from litestar import Response

from actionday.app.web.components.samples import CAPTIONS, DOMAINS, METADATA, NAMES
from actionday.app.web.visit import Visit, page


@page("/help/components", logs=False)
def show(visit: Visit) -> Response[Any]:
    """Show the gallery."""
    return visit.render(
        "components/page.html", hostile_names=NAMES, captions=CAPTIONS, domains=DOMAINS, metadata=METADATA
    )


ROUTES = [show]
