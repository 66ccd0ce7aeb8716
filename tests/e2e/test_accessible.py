"""axe finds nothing, the keyboard is enough, and nothing is wider than a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.browser import DEVICES
from e2e.chat import Chat
from support.processes import Embedded


@pytest.fixture(params=list(DEVICES))
def device(request: pytest.FixtureRequest, browser: Browser, jeeves: Embedded) -> Iterator[Chat]:
    chat = Chat(browser, jeeves.url, **DEVICES[request.param])
    yield chat
    chat.close()
    assert not chat.trouble


def fits(chat: Chat) -> bool:
    return bool(chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_axe_finds_nothing_wherever_one_is(device: Chat) -> None:
    found = {"welcome": device.complaints()}
    device.go("travel")
    device.say("@Jeeves weather in Springfield")
    device.say("@Jeeves help")
    device.open_thread("Springfield")
    device.sees(re.compile("Missouri"), device.thread)
    found["thread"] = device.complaints()
    assert fits(device)
    for panel in ("Protocol", "Make trouble"):
        shown = device.show(panel)
        found[panel] = device.complaints()
        assert fits(device)
        if panel == "Protocol":
            shown.locator("summary").first.click()
            expect(shown.get_by_role("group", name="Sent").first).to_be_visible()
            found["entry"] = device.complaints()
    device.go("general")
    found["general"] = device.complaints()
    if device.narrow:
        device.page.get_by_role("button", name="Conversations, and who you are").click()
        found["drawer"] = device.complaints()
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_the_keyboard_is_enough(chat: Chat) -> None:
    press = chat.page.keyboard.press
    expect(chat.page.get_by_role("textbox", name="Say something to Jeeves")).to_be_focused()
    chat.page.get_by_role("button", name="general").focus()
    press("Enter")
    box = chat.page.get_by_role("textbox", name="Say something in #general")
    expect(box).to_be_focused()
    chat.page.keyboard.type("@Jeeves weather in Springfield")
    press("Enter")
    chat.open_thread("Springfield")
    chat.thread.get_by_role("button", name=re.compile("Illinois")).focus()
    press("Enter")
    expect(chat.thread.get_by_role("listitem").last).to_contain_text(re.compile(r"Illinois.*°C", re.DOTALL))
    press("Escape")
    expect(chat.thread).to_be_hidden()
    expect(box).to_be_focused()
    chat.page.get_by_role("radio", name=re.compile("Ana")).focus()
    press("ArrowDown")
    expect(chat.page.get_by_role("radio", name=re.compile("Ben"))).to_be_focused()
    expect(chat.page.get_by_role("radio", name=re.compile("Ben"))).to_be_checked()


def test_what_jeeves_says_is_announced(chat: Chat) -> None:
    chat.say("weather in Reykjavik")
    expect(chat.page.get_by_role("log")).to_contain_text(re.compile("Jeeves in Jeeves: .*Reykjavík.*°C"))


def test_the_drawer_of_a_phone_opens_closes_and_gives_the_focus_back(browser: Browser, jeeves: Embedded) -> None:
    chat = Chat(browser, jeeves.url, **DEVICES["phone"])
    opener = chat.page.get_by_role("button", name="Conversations, and who you are")
    sidebar = chat.page.get_by_role("navigation", name="Workspace")
    expect(sidebar).to_be_hidden()
    opener.click()
    expect(sidebar).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    chat.page.touchscreen.tap(350, 300)  # beside it
    expect(sidebar).to_be_hidden()
    opener.click()
    chat.page.get_by_role("textbox", name="Say something to Jeeves").focus()
    expect(sidebar).to_be_hidden()
    chat.go("travel")
    expect(sidebar).to_be_hidden()
    chat.close()
