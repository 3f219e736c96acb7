"""One request at one desk: what a view is given, and how it answers.

A view calls one function of the house and renders. It is made a route by ``page`` (GET) or ``act`` (POST).
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from actionday.app.web.bare import asked_first, broken_case, hidden
from actionday.app.web.desk import Desk
from actionday.app.web.door import FOREIGN, NONCE
from actionday.app.web.house import House
from actionday.app.web.language import Language, preferred
from actionday.app.web.links import Links, query_string, written
from actionday.app.web.shell.context import shell
from actionday.app.web.signs import FILTERS, mark
from actionday.app.web.takes import HEX, NUMBER, VIEWS, Takes, Unfit, checked
from actionday.ledger import Action, Json
from actionday.model import ActiondayError
from actionday.model.errors import NotAllowed, Transient
from actionday.storage.case import Case
from actionday.storage.room import no_room

HTML = "text/html"
THEMES = ("auto", "light", "dark")
TAKES = "takes"
"""In the ``opt`` of a route: the parameters that its page takes."""
OLD_FORM = mark("this form is too old or not of this page: open the page again")
AS_IT_IS = "as_it_is"
"""Marks a route whose answer is not packed on its way."""
LOCKED = "locked"
"""The cookie of a browser in which the case is hidden."""


class Missing(ActiondayError):
    """No such thing in this case."""


class Visit:
    """A request, its desk and its reader."""

    def __init__(
        self,
        request: "Request[Any, Any, Any]",
        house: House,
        desk: Desk,
        takes: Mapping[str, Takes] | None = None,
    ) -> None:
        """``takes``: the parameters of the page, by name; no other can be asked for."""
        self.request, self.house, self.desk, self.takes = request, house, desk, takes or {}
        self.case: Case = desk.case
        self.link = Links(house.key)
        self.nonce: str = request.scope[NONCE]  # type: ignore[literal-required]
        self.language: Language = preferred(
            request.cookies.get("lang", ""),
            request.headers.get("accept-language", ""),
            house.renderer.languages,
        )
        self.theme = request.cookies.get("theme", "auto")
        self.part = (
            request.headers.get("hx-target", "").rpartition("#")[2] if "hx-request" in request.headers else ""
        )

    def get(self, name: str, default: str = "") -> str:
        """Return the value of a parameter that the page takes."""
        return next(iter(self.all(name)), default)

    def all(self, name: str) -> list[str]:
        """Return all values of a parameter that the page takes, each once; empty ones are none."""
        if name not in self.takes:
            raise LookupError(f"{name!r} is not declared as a parameter of this page")
        return list(dict.fromkeys(filter(None, self.given.get(name, []))))

    def number(self, name: str, default: int = 0) -> int:
        """Return the value of a parameter that is a number >= 0, in digits or in hex behind 0x, else ``default``."""
        text = self.get(name)
        if HEX.fullmatch(text):
            return int(text, 16)
        return int(text) if NUMBER.fullmatch(text) else default

    @property
    def given(self) -> dict[str, list[str]]:
        """Return the query of the address as it came, by name."""
        query = self.request.query_params
        return {name: query.getall(name) for name in dict.fromkeys(query)}

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    @property
    def wants_json(self) -> bool:
        """Say whether the CLI command's answer is asked for."""
        return self.given.get("format") == ["json"]

    def same(self, **changes: object) -> str:
        """Return this page's address with some values of its query changed.

        With another ``item`` nothing stays of the view of the one before: its picture was shown clear, not this one's.
        """
        dropped = {"format", *(VIEWS if "item" in changes else ())}
        pairs: dict[str, object] = {
            name: list(dict.fromkeys(values)) for name, values in self.given.items() if name not in dropped
        }
        return written(self.request.scope["path"]) + query_string({**pairs, **changes})

    def without(self, name: str, /) -> str:
        """Return this page's address without one parameter, whatever it is called."""
        return written(self.request.scope["path"]) + query_string(
            {each: values for each, values in self.given.items() if each != name}
        )

    @property
    def filters(self) -> dict[str, list[str]]:
        """Return what the address narrows a list to, by the names of ``signs.FILTERS``."""
        return {name: self.all(name) for name in FILTERS if name in self.takes and self.all(name)}

    @property
    def here(self) -> str:
        """This page's address below the case's root: what a saved view keeps. It opens with every picture shielded."""
        return self.same(clear="").removeprefix(self.link())

    def log(self, action: Action, subject: str, **details: Json) -> None:
        """Record what the person saw or did, once."""
        self.desk.log(action, subject, details)

    def render(
        self, template: str, *, status: int = 200, parts: tuple[str, ...] = (), **context: Any
    ) -> "Response[Any]":
        """Return a page, or the named block of it that htmx asked for (one of ``parts``)."""
        values = {"visit": self, "link": self.link, "same": self.same, "nonce": self.nonce, **context}
        renderer = self.house.renderer
        if self.part in parts:
            text = renderer.block(self.language, template, self.part, values)
        else:
            text = renderer.page(self.language, template, {**shell(self), **values})
        return Response(text, status_code=status, media_type=HTML, headers={"vary": "hx-request, cookie"})

    def json(self, value: object) -> "Response[Any]":
        """Return what the CLI command prints with ``--json``."""
        return Response(msgspec.json.encode(value), media_type="application/json")

    def check_token(self, data: dict[str, str]) -> None:
        """Refuse a form that no page of ours made. Raises NotAllowed."""
        given = data.get("token", "").encode("utf-8", "replace")
        if not secrets.compare_digest(given, self.house.token.encode()):
            raise NotAllowed(OLD_FORM)


View = Callable[[Visit], "Response[Any]"]
Act = Callable[[Visit, dict[str, str]], "Response[Any]"]


def page(
    path: str, *, takes: Mapping[str, Takes] | None = None, logs: bool = True
) -> Callable[[View], HTTPRouteHandler]:
    """Make a view the route ``path``; ``{case:str}`` in it must be the case that is served.

    ``takes``: its parameters; any other, and any value that one of them cannot have, is answered with 400.
    ``logs``: it may write into the ledger. Where a page of another site leads to it, the person is asked first.
    """

    def made(view: View) -> HTTPRouteHandler:
        async def handler(request: Request[Any, Any, Any]) -> Response[Any]:
            return await asyncio.to_thread(answered, request, view, takes=takes or {}, logs=logs)

        return get(path, include_in_schema=False, name=path, opt={TAKES: takes or {}})(handler)

    return made


def act(path: str, *, locked: bool = False, gives: bool = False) -> Callable[[Act], HTTPRouteHandler]:
    """Make a function the route ``path`` for forms, which must carry the token of the house.

    ``locked``: it works while the case is hidden, too. ``gives``: bytes of the case, which are not packed.
    """

    def made(view: Act) -> HTTPRouteHandler:
        async def handler(request: Request[Any, Any, Any]) -> Response[Any]:
            form = await request.form()
            data = {name: value for name, value in form.items() if isinstance(value, str)}

            def checked(visit: Visit) -> Response[Any]:
                visit.check_token(data)
                return view(visit, data)

            return await asyncio.to_thread(answered, request, checked, locked=locked)

        opt = {AS_IT_IS: gives}
        return post(path, include_in_schema=False, name=f"POST {path}", status_code=200, opt=opt)(handler)

    return made


def answered(
    request: "Request[Any, Any, Any]",
    view: View,
    *,
    takes: Mapping[str, Takes] | None = None,
    locked: bool = False,
    logs: bool = False,
) -> "Response[Any]":
    """Return what a view says, an error of the house as a page that names it.

    ``takes``: the parameters that the address may have; None leaves it unread (forms, what is not there).
    """
    house: House = request.app.state.house
    if request.cookies.get(LOCKED) and not locked:
        return hidden(request)
    if logs and request.scope[FOREIGN]:  # type: ignore[literal-required]
        return asked_first(request)
    try:
        return _answered(request, view, house, takes)
    except (sqlite3.DatabaseError, ActiondayError) as error:  # of the case as a whole: no desk to work at
        return broken_case(request, error)


def _answered(
    request: "Request[Any, Any, Any]", view: View, house: House, takes: Mapping[str, Takes] | None
) -> "Response[Any]":
    with house.desks.borrow() as desk:
        visit = Visit(request, house, desk, takes)
        try:
            if request.path_params.get("case", house.key) != house.key:
                raise Missing(mark("no such case here"))
            if takes is not None:
                checked(takes, visit, visit.given)
            return view(visit)
        except Unfit as error:
            return unfit(visit, error)
        except Missing as error:
            return failed(visit, 404, error)
        except ActiondayError as error:
            return failed(visit, _code(error), error)


def _code(error: ActiondayError) -> int:
    """Return the status of an error: 503 where the same may work later, once there is room or nobody is at it."""
    if isinstance(error, NotAllowed):
        return 403
    return 503 if isinstance(error, Transient) or no_room(error) else 500


def unfit(visit: Visit, error: Unfit) -> "Response[Any]":
    """Return what is wrong with a parameter, and what it takes: as a page, or as JSON where that was asked for."""
    if visit.wants_json:
        told = {
            "error": str(error),
            "parameter": error.name,
            "takes": _taken(error),
            "page": sorted(visit.takes),
        }
        return Response(told, status_code=400, media_type="application/json")
    return visit.render("shell/unfit.html", status=400, error=error)


def _taken(error: Unfit) -> str:
    return "" if error.takes is None else " ".join((error.takes.words, ", ".join(error.takes.values))).strip()


def failed(visit: Visit, status: int, error: Exception) -> "Response[Any]":
    """Return the page of an error."""
    return visit.render(
        "shell/error.html",
        status=status,
        code=status,
        sentence=str(error),
        kind="" if isinstance(error, Missing) else type(error).__name__,
        ours=isinstance(error, Missing) or str(error) == OLD_FORM,
    )
