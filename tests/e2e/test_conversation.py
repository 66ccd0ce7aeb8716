"""A newcomer's first minutes with Jeeves, in a browser, without a Slack (S164)."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.chat import Chat
from support.processes import Embedded

ONLY_YOU = "Only visible to you"


@pytest.fixture
def another(browser: Browser, jeeves: Embedded) -> Iterator[Callable[[str], Chat]]:
    """Open a second page as somebody else."""
    opened: list[Chat] = []

    def be(name: str) -> Chat:
        opened.append(Chat(browser, jeeves.url))
        opened[-1].be(name)
        return opened[-1]

    yield be
    for chat in opened:
        chat.close()


def test_one_is_answered_in_a_direct_conversation(chat: Chat) -> None:
    chat.say("weather in Paris")
    assert "°C" in chat.sees(re.compile("Paris.*France")).inner_text()


def test_a_suggestion_is_said_at_a_press(chat: Chat) -> None:
    chat.go("random")
    chat.page.get_by_role("group", name="Try").get_by_role("button", name="weather in Paris").click()
    chat.sees("@Jeeves weather in Paris")
    chat.open_thread("@Jeeves weather in Paris")
    chat.sees(re.compile("Paris.*France"), chat.thread)


def test_in_a_channel_one_press_calls_jeeves(chat: Chat) -> None:
    chat.go("general")
    box = chat.page.get_by_role("textbox", name="Say something in #general")
    box.fill("weather in London, UK")
    chat.page.get_by_role("button", name="@Jeeves", exact=True).first.click()
    expect(box).to_have_value("@Jeeves weather in London, UK")
    expect(box).to_be_focused()
    box.press("Enter")
    chat.open_thread("London, UK")
    chat.sees(re.compile("London.*United Kingdom"), chat.thread)


def test_a_key_makes_a_mention_of_its_beginning(chat: Chat) -> None:
    chat.go("general")
    box = chat.page.get_by_role("textbox", name="Say something in #general")
    box.press_sequentially("hello @je")
    expect(chat.page.get_by_text("Tab makes it @Jeeves")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("hello @Jeeves ")
    expect(box).to_be_focused()
    box.fill("")


def test_all_suggestions_are_seen_beside_a_thread(browser: Browser, jeeves: Embedded) -> None:
    chat = Chat(browser, jeeves.url, viewport={"width": 1280, "height": 800})
    chat.show("Protocol")
    row = chat.page.get_by_role("group", name="Try")
    expect(row.get_by_role("button", name="help")).to_be_in_viewport(ratio=1)
    assert row.evaluate("row => row.scrollWidth <= row.clientWidth")
    chat.close()


def test_a_button_is_pressed_and_its_answer_comes_in_the_thread(chat: Chat) -> None:
    chat.go("travel")
    chat.say("@Jeeves weather in Springfield")
    chat.open_thread("Springfield")
    chat.sees(re.compile("Missouri"), chat.thread)
    chat.thread.get_by_role("button", name=re.compile("Springfield, Illinois")).click()
    answer = chat.thread.get_by_role("listitem").last
    expect(answer).to_contain_text(re.compile(r"Springfield, Illinois.*°C", re.DOTALL))


def test_a_thread_is_taken_up_without_naming_the_subject_again(chat: Chat) -> None:  # S1
    chat.go("travel")
    chat.say("@Jeeves weather in Reykjavik")
    chat.open_thread("Reykjavik")
    chat.sees(re.compile("Reykjavík.*°C"), chat.thread)
    chat.say("@Jeeves and tomorrow?", thread=True)
    chat.sees(re.compile("Reykjavík.*Tomorrow"), chat.thread)
    expect(chat.thread.get_by_role("table")).to_be_visible()


def test_a_change_says_what_was_and_is_and_is_undone(chat: Chat) -> None:
    chat.be("Chiyo")
    chat.say("my location is Zürich")
    receipt = chat.sees(re.compile("location: not set → Zürich"))
    receipt.get_by_role("button", name="Undo").click()
    chat.sees(re.compile("location: Zürich.* → (not set|forgotten)"))


def test_what_jeeves_knows_of_somebody_it_tells_them_alone(chat: Chat) -> None:
    chat.go("general")
    chat.say("@Jeeves what do you know about me")
    chat.open_thread("what do you know about me")
    expect(chat.sees("about you", chat.thread)).to_contain_text(ONLY_YOU)


def test_what_is_for_one_person_alone_nobody_else_sees(chat: Chat, another: Callable[[str], Chat]) -> None:
    chat.go("general")
    chat.say("@Jeeves help")
    chat.open_thread("@Jeeves help")
    private = chat.sees("weather", chat.thread)
    expect(private).to_contain_text(ONLY_YOU)
    ben = another("Ben")
    ben.go("general")
    root = ben.sees("@Jeeves help")
    expect(root.get_by_role("button", name=re.compile(r"^\d+ repl"))).to_have_count(0)
    expect(ben.page.get_by_text(ONLY_YOU)).to_have_count(0)


def test_people_see_each_other_live_and_what_they_have_not_read(chat: Chat, another: Callable[[str], Chat]) -> None:
    chat.go("general")
    chiyo = another("Chiyo")
    chat.go("random")
    chat.go("general")  # all in #random is read
    chiyo.go("random")
    chiyo.say("おはようございます, Ana")
    expect(chat.page.get_by_role("button", name=re.compile(r"random.*\d unread"))).to_be_visible()
    chat.go("random")
    message = chat.sees("おはようございます")
    expect(message).to_contain_text("Chiyo")
    expect(chat.page.get_by_role("button", name=re.compile("random.*unread"))).to_have_count(0)


def test_direct_conversations_are_everybodys_own(chat: Chat, another: Callable[[str], Chat]) -> None:
    chat.say("help")
    chat.sees("weather")
    ben = another("Ben")
    ben.go("Jeeves")
    expect(ben.conversation.get_by_text("help", exact=True)).to_have_count(0)


def test_words_are_never_markup(chat: Chat) -> None:
    chat.go("random")
    chat.say(
        "<img src=x onerror=alert(1)> <b>bold</b> *really* [x](javascript:alert(1)) javascript:alert(1) https://example.org/?a=1&b=2"
    )
    message = chat.sees("<img src=x onerror=alert(1)> <b>bold</b>")
    expect(message.locator("img:not(.avatar), b")).to_have_count(0)
    expect(message.get_by_role("link")).to_have_count(1)
    expect(message.get_by_role("link")).to_have_attribute("href", "https://example.org/?a=1&b=2")


def test_two_lines_are_one_message(chat: Chat) -> None:
    chat.go("random")
    box = chat.page.get_by_role("textbox", name="Say something in #random")
    box.type("first line")
    box.press("Shift+Enter")
    box.type("second line")
    box.press("Enter")
    expect(chat.sees("first line")).to_contain_text("first line\nsecond line", use_inner_text=True)


def test_a_slash_is_explained(chat: Chat) -> None:
    box = chat.page.get_by_role("textbox", name="Say something to Jeeves")
    box.fill("/weather Paris")
    box.press("Enter")
    expect(chat.page.get_by_role("alert")).to_contain_text("without the slash")
    expect(box).to_have_value("/weather Paris")


def test_the_page_comes_back_after_jeeves_was_started_anew(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    jeeves = Embedded(tmp_path_factory.mktemp("restarted"))
    try:
        jeeves.start()
        chat = Chat(browser, jeeves.url)
        chat.say("help")
        chat.sees("weather")
        assert jeeves.end(15) == 0
        expect(chat.page.locator("#live")).not_to_have_text("Live")
        box = chat.page.get_by_role("textbox", name="Say something to Jeeves")
        box.fill("help")
        box.press("Enter")
        expect(chat.page.get_by_role("alert")).to_contain_text("did not get through")
        jeeves.start()
        expect(chat.page.locator("#live")).to_have_text("Live")
        expect(chat.page.get_by_text("A new run began: its rooms are empty.")).to_be_visible()
        expect(chat.page.get_by_role("alert")).to_have_count(0)
        expect(box).to_have_value("help")
        box.press("Enter")
        chat.sees("weather")
        expect(chat.page.get_by_text("A new run began")).to_have_count(0)
        chat.close()
    finally:
        jeeves.close()
