"""Debian's Chromium, a tab that remembers what was said and asked for, and what is checked in it."""

from pathlib import Path
from typing import Any

from site_server import Site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]  # fmt: skip


class Tab:
    """A tab that remembers what the console said and what was asked for."""

    def __init__(
        self, browser: Any, site: Site, width: int = 1280, theme: str = "light", tag: str = "en", **given: Any
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, locale=tag, **given
        )
        self.page = self.context.new_page()
        self.site = site
        self.said: list[str] = []
        self.asked: list[Any] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request))

    def open(self, address: str) -> Any:
        """Open an address of the case and return the page once it is still."""
        self.page.goto(self.site.url(address), wait_until="load")
        return self.page

    def quiet(self) -> None:
        """Check that nothing was said and nothing outside asked for."""
        # an answer of 4xx is itself a line of the console: those pages are meant to be so
        assert [line for line in self.said if "status of 4" not in line] == []
        assert list(self.site.house.reports) == []
        assert [
            request.url for request in self.asked if not request.url.startswith(f"http://{self.site.host}/")
        ] == []

    def close(self) -> None:
        self.context.close()


def sideways(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def violations(page: Any, only: dict[str, object]) -> list[str]:
    """Return what axe finds against the rules asked for."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": only}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
        for each in found
    ]


def settled(page: Any, condition: str) -> None:
    """Wait until a condition holds in the page (Playwright's own waiting needs eval, which the policy forbids)."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)
