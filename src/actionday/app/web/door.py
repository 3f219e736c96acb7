"""What stands before every page: whose request it is, and under which rules its answer is shown.

Only requests to the very address that was printed are let in (a name that somebody else points at the loopback
address, "DNS rebinding", is not), nothing that another site's page asks for in the background, and nothing that a
browser fetches before anybody opens it. HEAD is answered as GET is, without its body; what is logged is logged.
Where another site's page leads here, the request is marked (``FOREIGN``): a page that would write it into the ledger
asks first.

Source: Fetch Metadata Request Headers (W3C); Content Security Policy Level 3; Trusted Types (W3C).
"""

import secrets
from enum import Enum
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

NONCE = "actionday.nonce"
FOREIGN = "actionday.foreign"
"""In the scope: whether a page of another site led here, by a link or by a script of its own."""
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx; report-uri /csp-report"
)
ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-dns-prefetch-control": b"off",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), interest-cohort=()",
    b"cache-control": b"no-store",
}
ASSET = b"private, max-age=31536000, immutable"
"""Styles, scripts and fonts are asked for with their digest in the address: no evidence is in them."""


EARLY = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
"""Headers by which a browser says that it fetches ahead: the standard's, and those before it."""


class Sender(Enum):
    """Who makes a request: the person or a page of ours, a page of another site that leads here, or nobody wanted."""

    OWN = "own"
    LED = "led"
    UNWANTED = "unwanted"


class Door:
    """An ASGI application around another; ``hosts`` are the only ``Host`` headers it answers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 421 or 403."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "") not in self._hosts:
            await _refuse(send, 421, "This address is not served here.")
        elif any(
            word in headers.get(name, "") for name in EARLY for word in ("prefetch", "prerender", "preview")
        ):
            await _refuse(send, 403, "Nothing is given before somebody opens it.")
        elif (sender := _sender(str(scope["method"]), headers, self._hosts)) is Sender.UNWANTED:
            await _refuse(send, 403, "Another site's page asked for this: refused.")
        else:
            scope[FOREIGN] = sender is Sender.LED  # type: ignore[literal-required]
            nonce = secrets.token_urlsafe(16)
            scope[NONCE] = nonce  # type: ignore[literal-required]
            ruled = _Ruled(send, nonce, kept=scope["path"].startswith("/static/"))
            if scope["method"] == "HEAD":
                bodiless = _Bodiless(receive, ruled)
                asked: Any = {**scope, "method": "GET"}
                await self._app(asked, bodiless.receive, bodiless)
            else:
                await self._app(scope, receive, ruled)


class _Ruled:
    """Adds the headers that every answer has; those it has already stay."""

    def __init__(self, send: Send, nonce: str, *, kept: bool) -> None:
        self._send, self._nonce, self._kept = send, nonce, kept

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            rules = {**ALWAYS, b"content-security-policy": POLICY.format(nonce=self._nonce).encode()}
            if self._kept and message["status"] == 200:
                rules[b"cache-control"] = ASSET
            message["headers"] = [*given, *((n, v) for n, v in rules.items() if n not in names)]
        await self._send(message)


class _Bodiless:
    """Gives the head of an answer alone; one that would go on, a stream, hears that nobody listens any more."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send, self._begun = receive, send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            await self._send(message)
            end: Any = {"type": "http.response.body", "body": b"", "more_body": False}
            await self._send(end)

    async def receive(self) -> Any:
        """Return what the browser sends, until the head has been given."""
        return {"type": "http.disconnect"} if self._begun else await self._receive()


def _sender(method: str, headers: dict[bytes, str], hosts: frozenset[str]) -> Sender:
    """Say who makes a request. A browser without Fetch Metadata is judged by ``Origin`` and ``Referer`` alone."""
    origin = headers.get(b"origin", "")
    site = headers.get(b"sec-fetch-site")
    if (
        origin
        and origin.partition("://")[2] not in hosts
        and (origin != "null" or (method == "GET" and not site))
    ):
        return Sender.UNWANTED
    if site is None:
        referer = headers.get(b"referer", "").partition("://")[2].partition("/")[0]
        foreign, followed = bool(referer) and referer not in hosts, True
    else:
        foreign = site not in ("same-origin", "none")
        followed = (
            headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"
        )
    if not foreign:
        return Sender.OWN
    return Sender.LED if method == "GET" and followed else Sender.UNWANTED


async def _refuse(send: Send, status: int, sentence: str) -> None:
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")],
    }
    body: Any = {"type": "http.response.body", "body": sentence.encode(), "more_body": False}
    await send(start)
    await send(body)
