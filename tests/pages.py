"""Opens built pages in the system's Chromium: what tests of the page share."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest

from benchmarks.site.serve import make_server
from tests.engine import BROWSER, BROWSERS

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (group: dev)")
needs_browser = pytest.mark.skipif(BROWSER is None, reason=f"needs one of {BROWSERS} on the path")


@contextlib.contextmanager
def started_browser():
    """A Chromium without a window."""
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=BROWSER, args=list(ARGUMENTS))
        yield found
        found.close()


@contextlib.contextmanager
def served(folder):
    """The address of a server of a folder."""
    with make_server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextlib.contextmanager
def visiting(browser):
    """``visit(address, **context)``: a page that fails the test on any error it reports.

    ``before`` is a script that runs before those of the page, ``wrong`` may hold what is expected.
    """
    contexts, wrong = [], []

    def visit(address, before="", expected=(), **options):
        def note(text):
            if not any(words in text for words in expected):
                wrong.append(text)

        context = browser.new_context(**{"viewport": {"width": 1100, "height": 720}, **options})
        contexts.append(context)
        context.set_default_timeout(20_000)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("console", lambda m: note(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not wrong, wrong


def until(page, script, seconds=20.0):
    """Wait for what a script says. The page's policy forbids the driver's own way: it evaluates."""
    end = time.monotonic() + seconds
    while not page.evaluate(script):
        assert time.monotonic() < end, f"{script} did not come true in {seconds} s"
        page.wait_for_timeout(30)
