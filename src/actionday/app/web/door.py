"""What stands before every page: whose request it is, and under which rules its answer is shown.

Only requests to the very address that was printed are let in (a name that somebody else points at the loopback
address, "DNS rebinding", is not), and nothing that another site's page asks for in the background.

Source: Fetch Metadata Request Headers (W3C); Content Security Policy Level 3; Trusted Types (W3C).
"""

import secrets
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

NONCE = "actionday.nonce"
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
        elif not _wanted(str(scope["method"]), headers, self._hosts):
            await _refuse(send, 403, "Another site's page asked for this: refused.")
        else:
            nonce = secrets.token_urlsafe(16)
            scope[NONCE] = nonce  # type: ignore[literal-required]
            await self._app(scope, receive, _Ruled(send, nonce, kept=scope["path"].startswith("/static/")))


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


def _wanted(method: str, headers: dict[bytes, str], hosts: frozenset[str]) -> bool:
    """Say whether the person wants this: no request of another site but a link that was followed."""
    origin = headers.get(b"origin", "")
    if origin and origin != "null" and origin.partition("://")[2] not in hosts:
        return False
    site = headers.get(b"sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        return True
    followed = headers.get(b"sec-fetch-mode") == "navigate" and headers.get(b"sec-fetch-dest") == "document"
    return method == "GET" and followed


async def _refuse(send: Send, status: int, sentence: str) -> None:
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")],
    }
    body: Any = {"type": "http.response.body", "body": sentence.encode(), "more_body": False}
    await send(start)
    await send(body)
