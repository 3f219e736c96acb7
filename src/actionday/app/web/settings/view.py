"""``POST /settings``: the reader's language and colours; leads back to where one was.

Its cookies are sent along with a link of another site too (Lax): a page that asks has to be read.
"""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from actionday.app.web.links import safe_back
from actionday.app.web.visit import THEMES, Visit, act

KEPT_SECONDS = 365 * 24 * 3600


@act("/settings")
def settings(visit: Visit, data: dict[str, str]) -> Response[Any]:
    """Keep what was chosen, as far as it is on offer."""
    known = [each.tag for each in visit.house.renderer.languages]
    chosen = {
        "lang": data.get("lang", "") if data.get("lang") in known else "",
        "theme": data.get("theme", "") if data.get("theme") in THEMES else "",
    }
    back = safe_back(data.get("back", ""))
    cookies = [
        Cookie(key=name, value=value, max_age=KEPT_SECONDS, httponly=True, samesite="lax", path="/")
        for name, value in chosen.items()
        if value
    ]
    return Response("", status_code=303, headers={"location": back}, cookies=cookies)


ROUTES = [settings]
