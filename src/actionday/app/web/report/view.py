"""``/c/<case>/report``: gives the intake report as PDF or HTML, as ``export CASE report`` writes it; logged as that."""

import io
from typing import Any

from litestar import Response

from actionday.app.web.signs import mark
from actionday.app.web.visit import Missing, Visit, act
from actionday.exchange.reported import report

TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@act("/c/{case:str}/report", gives=True)
def give(visit: Visit, data: dict[str, str]) -> Response[Any]:
    """Give the report as a file: ``form`` is pdf or html. No name out of the case is in the name of the file."""
    form = data.get("form", "")
    if form not in TYPES:
        raise Missing(mark("a report is given as pdf or html"))
    out = io.BytesIO()
    report(visit.case, form, visit.language.tag, out)
    headers = {
        "content-disposition": f'attachment; filename="intake-report.{form}"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(out.getvalue(), media_type=TYPES[form], headers=headers)


ROUTES = [give]
