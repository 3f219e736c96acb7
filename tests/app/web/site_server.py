"""Serves a case as ``actionday serve`` does, in a thread, and asks it for pages without a browser."""

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from actionday.app.cli.serve import _server
from actionday.app.web.application import application
from actionday.app.web.house import House
from actionday.app.web.render import Renderer
from actionday.storage.case import Case
from case_tools import until

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)

GIVEN = "application/octet-stream"
"""The type of an answer that gives an item's bytes."""


@cache
def one_renderer() -> Renderer:
    """Return the renderer of all sites: it holds nothing of a case, and each would compile every page anew."""
    return Renderer()


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    text: str
    data: bytes


class Site:
    """One server; ``url("items", status="parsed")`` is an address in its case."""

    def __init__(self, folder: Path, renderer: Renderer | None = None) -> None:
        self.folder = folder
        self.house = House(folder, renderer or one_renderer())
        listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        ready = threading.Event()
        self._server = _server(application(self.house, frozenset({self.host})), ready.set)
        run = lambda: asyncio.run(self._server.serve(sockets=[listening]))  # noqa: E731 - one line of a thread
        self._server.capture_signals = _no_signals  # type: ignore[method-assign]
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(20)

    def url(self, page: str = "", **query: object) -> str:
        """Return the whole address of a page; "//help" is from the root."""
        pairs = urllib.parse.urlencode(query, doseq=True)
        path = page[1:] if page.startswith("//") else f"/c/{self.house.key}/{page}"
        return f"http://{self.host}{path}" + (f"?{pairs}" if pairs else "")

    def get(self, page: str = "", headers: Mapping[str, str] | None = None, **query: object) -> Answer:
        """Return the answer to a GET; an address that begins with / is taken as it is."""
        address = (
            f"http://{self.host}{page}"
            if page.startswith("/") and not page.startswith("//")
            else self.url(page, **query)
        )
        return self._ask(urllib.request.Request(address, headers=dict(headers or {})))

    def post(self, page: str, /, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
        """Return the answer to a form; to one that gives bytes, once their end is in the ledger."""
        data = urllib.parse.urlencode(form).encode()
        answer = self._ask(urllib.request.Request(self.url(page), data=data, headers=dict(headers or {})))
        if answer.headers.get("content-type") == GIVEN:
            until(self._all_ended)
        return answer

    def _ask(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_Still)
        try:
            with opener.open(request, timeout=30) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers, error.read())

    def entries(self) -> list[tuple[str, str, dict[str, object]]]:
        """Return the ledger: action, subject, details of each entry."""
        from actionday.ledger import Ledger
        from actionday.storage.ledger_store import SqliteLogStore

        case = Case.open(self.folder)
        found = [
            (str(e.action), e.subject, dict(e.details))
            for _, e in Ledger(SqliteLogStore(case.database)).entries()
        ]
        case.close()
        return found

    def _all_ended(self) -> bool:
        acts = [action for action, _, _ in self.entries()]
        return acts.count("download.begun") == acts.count("downloaded")

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        time.sleep(0)


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: object) -> None:  # type: ignore[override]
        return None


class _no_signals:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _answer(status: int, headers: Mapping[str, str], data: bytes) -> Answer:
    return Answer(
        status,
        {name.lower(): value for name, value in headers.items()},
        data.decode("utf-8", "replace"),
        data,
    )


class Node:
    """An element of a page: name, attributes, children and text."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Node | str] = []

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str = "", css: str = "") -> "list[Node]":
        """Return the elements below with this name and class."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                classes = child.attributes.get("class", "").split()
                if (not name or child.name == name) and (not css or css in classes):
                    found.append(child)
                found += child.all(name, css)
        return found

    def one(self, name: str = "", css: str = "") -> "Node":
        found = self.all(name, css)
        assert found, f"no <{name} class={css}>"
        return found[0]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].name == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parsed(text: str) -> Node:
    """Return a page as a tree."""
    parser = _Parser()
    parser.feed(text)
    return parser.root


def figure(text: str) -> int:
    """Return the number that a page shows."""
    return int("".join(char for char in text if char.isdigit()))
