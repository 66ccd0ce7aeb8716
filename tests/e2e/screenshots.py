"""Pictures of the sandbox in a conversation, on every device: `python -m e2e.screenshots FOLDER` (with tests on PYTHONPATH)."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from e2e.browser import DEVICES, chromium
from e2e.chat import Chat
from support.openmeteo import OpenMeteo
from support.processes import embedded

DIRECT = ("weather in Paris", "my location is London", "weather tomorrow", "remember my birthday is 3 May")
TRAVEL = "@Jeeves weather in Springfield"
FOLLOW_UP, PRIVATE = "@Jeeves and tomorrow?", "@Jeeves what do you know about me"


def hold(browser: Browser, url: str) -> None:
    """Have the conversation that the pictures show."""
    ana, ben = Chat(browser, url), Chat(browser, url)
    ben.be("Ben")
    ben.go("travel")
    ben.say("I am off to Springfield on Thursday. Does anybody know what to pack?")
    for words in DIRECT:
        answered(ana, words)
    ana.go("travel")
    ana.say(TRAVEL)
    ana.open_thread(TRAVEL)
    answered(ana, FOLLOW_UP, thread=True)
    answered(ana, PRIVATE, thread=True)
    ben.say("Thank you both! :tada:")
    ben.go("general")
    ben.say("Lunch at one?")
    ana.close()
    ben.close()


def answered(chat: Chat, words: str, *, thread: bool = False) -> None:
    """Say something and wait for what Jeeves says to it."""
    where = chat.thread if thread else chat.conversation
    before = where.get_by_text("APP", exact=True).count()
    chat.say(words, thread=thread)
    where.get_by_text("APP", exact=True).nth(before).wait_for()


def take(chat: Chat, folder: Path, device: str) -> None:
    """Take the pictures of a device."""

    def shot(name: str, page: Page = chat.page) -> None:
        page.mouse.move(0, 0)
        page.screenshot(path=folder / f"{device}-{name}.png", animations="disabled")

    chat.sees("birthday")
    shot("direct")
    chat.go("travel")
    if chat.narrow:
        shot("channel")
    chat.open_thread(TRAVEL)
    shot("thread")
    for menu in chat.thread.get_by_role("button", name="More").all()[:1]:
        menu.click()
        shot("menu")
        chat.page.keyboard.press("Escape")
    chat.show("Protocol")
    shot("protocol")
    chat.show("Make trouble")
    shot("trouble")
    if chat.narrow:
        chat.go("travel")
        chat.page.get_by_role("button", name="Conversations, and who you are").click()
        chat.page.get_by_role("radio").first.wait_for()
        shot("drawer")


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="jeeves-pictures-") as data, OpenMeteo() as meteo, chromium() as browser:
        settings = {"JEEVES_WEATHER_URL": meteo.url, "JEEVES_GEOCODING_URL": meteo.url}
        with embedded(Path(data), settings) as jeeves:
            jeeves.wait(lambda: "slack knows us" in jeeves.log.read_text(encoding="utf-8"))
            hold(browser, jeeves.url)
            for device, options in DEVICES.items():
                chat = Chat(browser, jeeves.url, **options)
                take(chat, folder, device)
                chat.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python -m e2e.screenshots FOLDER")
    main(Path(sys.argv[1]))
