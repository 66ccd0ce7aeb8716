"""The sandbox's page as a person uses it: by what it says, not by how it is built."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE = 30_000  # milliseconds: a browser on a machine with much else to do
expect.set_options(timeout=PATIENCE)
NARROW = 832  # pixels up to which the list of conversations is a drawer


class Chat:
    """One person at one page. `trouble` is what the browser complained of."""

    def __init__(self, browser: Browser, url: str, **device: Any) -> None:
        self.context = browser.new_context(locale="en-GB", **device)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.trouble: list[str] = []
        self.page.on("console", lambda said: self.trouble.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.narrow = device.get("viewport", {"width": 1280})["width"] <= NARROW
        self.page.goto(f"{url}/sandbox/")
        expect(self.page.locator("#live")).to_have_text("Live")

    def close(self) -> None:
        """Leave."""
        self.context.close()

    # where ---------------------------------------------------------------------------------------------------------

    @property
    def conversation(self) -> Locator:
        """The messages at the top level."""
        return self.page.get_by_role("group", name="Messages", exact=True)

    @property
    def thread(self) -> Locator:
        """The messages of the thread that is open."""
        return self.page.get_by_role("group", name="Messages of the thread")

    def _sidebar(self) -> Locator:
        if self.narrow:
            if self.page.get_by_role("button", name="Close this panel").is_visible():
                self.page.get_by_role("button", name="Close this panel").click()
            self.page.get_by_role("button", name="Conversations, and who you are").click()
        return self.page.get_by_role("navigation", name="Workspace")

    def go(self, name: str) -> None:
        """Open a conversation by its name."""
        self._sidebar().get_by_role("button", name=re.compile(rf"^(# ?)?{name}")).click()
        expect(self.page.get_by_role("heading", name=re.compile(rf"^#?{name}$"))).to_be_visible()

    def be(self, name: str) -> None:
        """Become another person."""
        self._sidebar().get_by_text(name, exact=True).click()
        expect(self.page.get_by_role("radio", name=re.compile(name))).to_be_checked()

    def show(self, panel: str) -> Locator:
        """Open `Protocol` or `Make trouble`; return it."""
        self._sidebar().get_by_role("button", name=panel).click()
        shown = self.page.get_by_role("region", name=panel)
        expect(shown).to_be_visible()
        return shown

    # what ----------------------------------------------------------------------------------------------------------

    def say(self, words: str, *, thread: bool = False) -> None:
        """Type, and press Enter."""
        box = self.page.get_by_role("textbox", name="Reply…" if thread else re.compile("^Say something"))
        box.fill(words)
        box.press("Enter")
        expect(box).to_have_value("")

    def open_thread(self, root: str | re.Pattern[str]) -> None:
        """Open the thread below a message that holds words."""
        if self.thread.is_visible():
            return  # it opens by itself where there is room
        self.message(root).get_by_role("button", name=re.compile(r"^\d+ repl")).click()
        expect(self.thread).to_be_visible()

    def message(self, words: str | re.Pattern[str], where: Locator | None = None) -> Locator:
        """Return the newest message that holds words."""
        return (where or self.conversation).get_by_role("listitem").filter(has_text=words).last

    def sees(self, words: str | re.Pattern[str], where: Locator | None = None) -> Locator:
        """Wait until a message holds words; return it."""
        found = self.message(words, where)
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def complaints(self) -> list[str]:
        """Return what axe finds wrong with the page as it is now: rule and place."""
        found = Axe().run(self.page).response["violations"]
        return [f"{wrong['id']}: {node['target']}" for wrong in found for node in wrong["nodes"]]
