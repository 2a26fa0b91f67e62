"""A real browser for the tests marked `browser`: Debian's Chromium, driven by playwright.

Where no Chromium can be had those tests are skipped by name; under CI=true they fail instead,
since a build that tested nothing must not look like one that passed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.patience import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SCREENSHOTS = Path(
    os.environ.get("WORDMOUTH_SCREENSHOTS", Path(__file__).parents[1] / "screenshots")
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
]
_MISSING = "no Chromium here: apt-get install chromium fonts-noto-core fonts-noto-color-emoji"
_MILLISECONDS = PATIENCE * 1000
_AN_HOUR = 3_600_000
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str | None:
    """Return the path of the installed Chromium, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None or chromium() is not None:
        return
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(_MISSING, pytrace=False)
    pytest.skip(_MISSING)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One browser for the whole run; open profiles of your own with `new_profile`."""
    from playwright.sync_api import expect, sync_playwright

    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        expect.set_options(timeout=_MILLISECONDS)
        started = playwright.chromium.launch(
            executable_path=chromium(), args=_ARGUMENTS, timeout=_MILLISECONDS
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_profile(browser: "Browser") -> Iterator[Any]:
    """A function that opens a browser profile (own cookies); keywords as for `new_context`.

    Requests to any other machine fail, so that a page cannot depend on a third party.
    """
    opened: list[BrowserContext] = []

    def open_profile(**options: Any) -> "BrowserContext":
        options.setdefault("viewport", {"width": 1280, "height": 900})
        options.setdefault("locale", "en-GB")
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(_MILLISECONDS)
        context.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), lambda r: r.abort())
        opened.append(context)
        return context

    yield open_profile
    for context in opened:
        context.close()


@pytest.fixture
def page(new_profile: Any) -> "Page":
    """A page in a profile of its own, 1280 by 900."""
    fresh: Page = new_profile().new_page()
    return fresh


def press(page: "Page", button: str) -> None:
    """Press the button of that selector and wait until the page that it leads to is there."""
    with page.expect_navigation():
        page.click(button)


@contextmanager
def time_standing_still(page: "Page") -> Iterator[None]:
    """What the page shows for a moment only stays there, until the end of the block.

    The page's clock must be installed (`page.clock.install()`) before the page is opened.
    """
    page.clock.pause_at(page.evaluate("Date.now()") + _AN_HOUR)
    yield
    page.clock.resume()


def screenshot(page: "Page", name: str) -> Path:
    """Save the whole page as `name`.png in the folder of screenshots and return the path."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def assert_accessible(page: "Page") -> None:
    """Fail with axe's own words when the page breaks WCAG 2.2 A or AA, as far as axe can tell."""
    from axe_playwright_python.sync_playwright import Axe

    # Of the rules that were kept it would describe every element, which takes as long as looking.
    options = {"runOnly": {"type": "tag", "values": _WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()


def assert_no_sideways_scroll(page: "Page") -> None:
    """Fail when the page is wider than its window."""
    width, seen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert width <= seen, f"{page.url} is {width} px wide in a window of {seen} px"
