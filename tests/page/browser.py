"""A headless Chromium, and a page of it on which nothing may go wrong unnoticed."""

import os
import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LOOPBACK = "127.0.0.1"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {LOOPBACK}",
]
PATIENCE_MS = 20_000
"""How long to wait for what has to come; a busy machine needs more than the usual five seconds."""

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class NoBrowserError(Exception):
    """There is no Chromium; the text says what to do."""


def program() -> str:
    """Where Chromium is. Raises NoBrowserError."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found is None:
        raise NoBrowserError("no Chromium: `sh tests/browser.sh` installs it or says how to")
    return found


def launch(playwright: Playwright) -> Browser:
    """Start it; it can reach this machine and nothing else."""
    expect.set_options(timeout=PATIENCE_MS)
    return playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)


def context_of(browser: Browser, **more: Any) -> BrowserContext:
    """What a person's own browser is: nothing stored, everything in English, UTC."""
    usual = {"viewport": DESKTOP, "color_scheme": "light", "reduced_motion": "reduce"}
    context = browser.new_context(**{**usual, "locale": "en-GB", "timezone_id": "UTC", **more})
    context.set_default_timeout(PATIENCE_MS)
    return context


class Watched:
    """Writes down every trouble of a page: errors, failed requests, requests to elsewhere."""

    def __init__(self, page: Page) -> None:
        self.trouble: list[str] = []
        page.on("pageerror", lambda error: self._note("error", error))
        page.on("crash", lambda _: self._note("crash", page.url))
        page.on("requestfailed", self._failed)
        page.on("request", self._requested)
        page.on(
            "console",
            lambda said: (
                self._note("console", said.text) if said.type in ("error", "warning") else None
            ),
        )

    def _note(self, kind: str, what: object) -> None:
        self.trouble.append(f"{kind}: {what}")

    def _failed(self, request: Request) -> None:
        # A stream that the page itself lets go of, to look through somebody else's eyes.
        if not (urlsplit(request.url).path == "/live" and request.failure == "net::ERR_ABORTED"):
            self._note("failed", f"{request.method} {request.url}: {request.failure}")

    def _requested(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != LOOPBACK:
            self._note("elsewhere", request.url)
