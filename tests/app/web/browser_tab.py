"""Debian's Chromium, a tab that remembers what was said and asked for, and what is checked in it."""

import os
import signal
from pathlib import Path
from threading import Timer
from typing import Any

from site_server import Site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync"]  # fmt: skip


class Chromium:
    """Debian's Chromium, begun anew where it had to be killed.

    Disposing of a context whose pages are just being loaded again has been seen never to be answered, on a loaded
    machine: Playwright then waits for ever. What a test asserts is settled before that, so the browser is killed.
    """

    def __init__(self, playwright: Any, patience: float = 60.0) -> None:
        """``patience``: seconds a context has for its end."""
        self.playwright = playwright
        self._patience = patience
        self._launch()

    def _launch(self) -> None:
        self._browser = self.playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        processes = self._browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        self.pid = next(int(each["id"]) for each in processes if each["type"] == "browser")

    def new_context(self, **given: Any) -> Any:
        """Return a context of its own, of a new browser if the last one is gone."""
        if not self._browser.is_connected():
            self._launch()
        context = self._browser.new_context(**given)
        context.set_default_timeout(60_000)
        return context

    def dispose(self, context: Any) -> None:
        """End a context and, if it does not end in time, the whole browser."""
        from playwright.sync_api import Error

        watch = Timer(self._patience, lambda: os.kill(self.pid, signal.SIGKILL))
        watch.start()
        try:
            context.close()
        except Error:
            if self._browser.is_connected():
                raise
        finally:
            watch.cancel()

    def close(self) -> None:
        if self._browser.is_connected():
            self._browser.close()


class Tab:
    """A tab that remembers what the console said and what was asked for."""

    def __init__(
        self,
        browser: Chromium,
        site: Site,
        width: int = 1280,
        theme: str = "light",
        tag: str = "en",
        **given: Any,
    ) -> None:
        self._browser = browser
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
        self._browser.dispose(self.context)


def sideways(page: Any) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def cut_lists(page: Any) -> list[int]:
    """Return by how many pixels each list that goes on beyond its edge is wider than its place."""
    script = "[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth - each.clientWidth)"
    return [extra for extra in page.evaluate(script) if extra > 0]


def violations(page: Any, only: dict[str, object]) -> list[str]:
    """Return what axe finds against the rules asked for; its script is put into a page once."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"], "runOnly": only}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} {each['nodes'][0]['failureSummary'][:200]}"
        for each in found
    ]


def settled(page: Any, condition: str) -> None:
    """Wait until a condition holds in the page (Playwright's own waiting needs eval, which the policy forbids)."""
    for _ in range(600):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)
