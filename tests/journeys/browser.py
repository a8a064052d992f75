"""What the journeys share: a visitor whose browser forgives nothing, and the accessibility check."""

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

from tests.accounts.factories import sign_in

WIDTHS = (1280, 320)
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: The last list given is the one that counts: that of the browser tool, as far as it bears on these
#: pages, then what suggests in an address bar that nobody sees: a process, half a second a window.
DISABLED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=fr-FR",
    f"--disable-features={DISABLED}",
]


def chromium_path() -> str | None:
    """Debian's browser when there is one; else None, the browser tool's own download."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Visitor:
    """A person in front of a browser. Any fault of the site fails the test.

    Attributes:
        page: the Playwright page, for everything not offered here.
        expected: status codes ≥ 400 that this test provokes on purpose.
    """

    page: Page
    origin: str
    javascript: bool = True
    expected: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def watch(self) -> "Visitor":
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._on_failed)
        self.page.on("response", self._on_response)
        return self

    def _on_console(self, message) -> None:
        refused = "Failed to load resource" in message.text and self.expected
        if message.type in {"error", "warning"} and not refused:
            self.faults.append(f"console {message.type}: {message.text}")

    def _on_failed(self, request) -> None:
        # a navigation or a preview that the person leaves is not a fault
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    def go(self, path: str) -> Page:
        """Open a page of the site and check that nothing went wrong."""
        self.page.goto(self.origin + path, wait_until="load")
        self.check()
        return self.page

    def press(self, name: str, *, role: str = "button", exact: bool = True) -> Page:
        """Press a button (or follow a link: `role="link"`) of the main part, up to the next page."""
        target = self.page.get_by_role("main").get_by_role(role, name=name, exact=exact)
        if not target.count():  # folded, perhaps: whoever looks for it unfolds
            self.unfold()
        return self.leave_by(target.first)

    def leave_by(self, target: Locator) -> Page:
        """Click on what leads away, up to the next page: a click alone does not wait for it."""
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.check()
        return self.page

    def unfold(self) -> None:
        """Open, one after the other, what the main part folds."""
        for summary in self.page.locator("main details:not([open]) > summary:visible").all():
            summary.click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_role("main").get_by_label(label).first.fill(value)

    def sign_in(self, user, membership=None) -> None:
        """Open a session, for themself or for a structure, without the e-mail code."""
        client = Client()
        sign_in(client, user, membership)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.origin}]
        )

    def check(self) -> None:
        assert not self.faults, f"{self.page.url}\n" + "\n".join(self.faults)

    def assert_accessible(self) -> None:
        """No axe violation and no sideways scroll, wide and narrow, on the page as it stands."""
        self.assert_fits(look=self._assert_axe if self.javascript else None)

    def assert_fits(self, look=None) -> None:
        """No sideways scroll, wide and narrow; `look(width)` sees more of each."""
        size = self.page.viewport_size
        for width in WIDTHS:
            self._resize({"width": width, "height": 900})
            overflow = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{self.page.url}: {overflow} px too wide at {width} px"
            if look:
                look(width)
        self._resize(size)
        self.screenshot()

    def _resize(self, size) -> None:
        if self.page.viewport_size != size:  # laying the same page out again takes time
            self.page.set_viewport_size(size)

    def _assert_axe(self, width: int) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        # all that axe says of what it approves is heavier than the page
        run = "options => axe.run(options).then(results => results.violations)"
        violations = self.page.evaluate(run, AXE_OPTIONS)
        lines = [
            f"{one['id']} ({one['impact']}): {node['html'][:200]}\n    {node['failureSummary']}"
            for one in violations
            for node in one["nodes"][:4]
        ]
        assert not violations, f"{self.page.url} at {width} px\n" + "\n".join(lines)

    def screenshot(self, name: str = "") -> None:
        """Keep pictures when `PREAU_SCREENSHOTS` names a folder: both widths, whole page."""
        folder = os.environ.get("PREAU_SCREENSHOTS")
        if not folder:
            return
        path = self.page.url.removeprefix(self.origin).strip("/") or "accueil"
        name = name or "".join(c if c.isalnum() else "-" for c in path)[:80]
        Path(folder).mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            file = str(Path(folder) / f"{name}-{width}.png")
            # Hiding the caret would add a style that the site's policy refuses.
            self.page.screenshot(path=file, full_page=True, caret="initial")
        self.page.set_viewport_size(size)


def open_context(browser: Browser, *, javascript: bool = True) -> BrowserContext:
    return browser.new_context(
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": 1280, "height": 900},
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )


def transferred(page: Page) -> int:
    """Bytes over the wire of the page and all it loaded."""
    script = """() => JSON.stringify(performance.getEntries()
        .filter(entry => entry.transferSize).map(entry => entry.transferSize))"""
    return sum(json.loads(page.evaluate(script)))
