"""Visitors in a real Chromium. Each page they come to must be checked; errors on its console fail the test.

def test_a_class_is_found(new_visitor):
    visitor = new_visitor(width=390)
    visitor.visit("/")
    visitor.page.get_by_role("link", name="...").click()
    visitor.check()
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Request, Response, Route, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FAILED = pytest.StashKey[bool]()
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")  # a request ended because its page was left
PICTURES = Path(__file__).parent.parent / "test-results"


def assert_accessible(page: Page) -> None:
    """axe finds nothing against WCAG 2.2 AA, and the page does not scroll sideways."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the window"


class Visitor:
    """One person at one browser window."""

    def __init__(self, browser: Browser, base_url: str, *, width: int, javascript: bool) -> None:
        self.base_url, self.width = base_url, width
        self.context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            java_script_enabled=javascript,
        )
        self.page = self.context.new_page()
        # axe needs scripts: what somebody without them sees is read in a twin, where the page's own are blocked.
        self.twin = None if javascript else browser.new_context(base_url=base_url).new_page()
        if self.twin is not None:
            self.twin.route("**/*", self._answer_twin)
        self.copy = ""
        self.errors: list[str] = []
        self.unchecked: list[str] = []
        self.expected_refusals: set[str] = set()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)
        self.page.on("framenavigated", self._on_navigation)

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Opens an address of the site, which must answer with the status, and checks the page."""
        if status >= 400:
            self.expected_refusals.add(self.base_url + path)
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        self.check()
        return self.page

    def check(self) -> None:
        """To be called on every page come to by other ways than `visit`."""
        self.page.wait_for_load_state()
        if self.twin is None:
            assert_accessible(self.page)
        else:
            self._copy_to(self.twin)
            assert_accessible(self.twin)
        if self.unchecked:
            self.unchecked.pop()

    def sign_in(self, user) -> None:
        """Signs a user in without the sign-in page, which has tests of its own."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base_url}])

    def picture(self, name: str) -> Path:
        """Keeps the whole page as test-results/<name>-<width>.png."""
        file = PICTURES / f"{name}-{self.width}.png"
        self.page.screenshot(path=file, full_page=True)
        return file

    def close(self) -> None:
        self.context.close()
        if self.twin is not None:
            self.twin.context.close()

    def assert_content(self) -> None:
        """Nothing went wrong behind what was seen, and every page was checked."""
        assert self.errors == []
        assert self.unchecked == [], "pages come to but not checked: call visitor.check()"

    def _copy_to(self, twin: Page) -> None:
        self.copy = self.page.content()
        twin.set_viewport_size({"width": self.width, "height": 844})
        twin.goto(self.page.url)

    def _answer_twin(self, route: Route) -> None:
        if route.request.is_navigation_request():
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "script-src 'none'"}
            route.fulfill(body=self.copy, headers=headers)
        else:
            route.continue_()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(GIVEN_UP):
            return
        if message.type == "error" and message.location.get("url") not in self.expected_refusals:
            self.errors.append(f"{message.location.get('url')}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme.startswith("http") and not request.url.startswith(self.base_url):
            self.errors.append(f"asked another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.url} answered {response.status}")

    def _on_navigation(self, frame: Frame) -> None:
        elsewhere = frame != self.page.main_frame or not frame.url.startswith(self.base_url)
        if not elsewhere and not urlsplit(frame.url).fragment:
            self.unchecked.append(frame.url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("No Chromium was found: install the package chromium.")
    # Playwright's own loop runs in this thread; the tests' database calls are plain ones all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=found, args=QUIET + sandbox)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remembers whether the test itself failed: then its visitors' complaints would only repeat it."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def new_visitor(request, chromium, live_server, settings) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: new_visitor(width=390, javascript=False); plain is 1366 px wide with JavaScript."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    visitors: list[Visitor] = []

    def make(*, width: int = 1366, javascript: bool = True) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, width=width, javascript=javascript))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()
    if not request.node.stash.get(FAILED, False):
        for visitor in visitors:
            visitor.assert_content()


@pytest.fixture
def visitor(new_visitor) -> Visitor:
    """Somebody at a desk."""
    return new_visitor()


@pytest.fixture
def visitor_on_a_phone(new_visitor) -> Visitor:
    return new_visitor(width=390)


@pytest.fixture
def visitor_without_javascript(new_visitor) -> Visitor:
    return new_visitor(width=390, javascript=False)


@pytest.fixture
def screenshot(visitor) -> Callable[[str], Path]:
    """Keeps what the visitor sees: screenshot("staff-today")."""
    return visitor.picture
