"""What Jeeves and Slack say to each other, and what Slack does on a bad day, seen and done in the page."""

import re

from playwright.sync_api import expect

from e2e.chat import Chat


def test_the_protocol_is_read_live_and_filtered(chat: Chat) -> None:
    protocol = chat.show("Protocol")
    chat.say("help")
    chat.sees("weather")
    entry = protocol.get_by_role("listitem").filter(has_text="chat.postMessage").first
    entry.locator("summary").click()
    expect(entry.get_by_role("group", name="Sent")).to_contain_text('"channel": "D0ANA"')
    expect(entry.get_by_role("group", name="Answered")).to_contain_text('"ok": true')
    event = protocol.get_by_role("listitem").filter(has_text="To Jeeves").filter(has_text="message").last
    event.locator("summary").click()
    expect(event.get_by_role("group", name="Headers")).to_contain_text('"X-Slack-Signature": "•••"')
    protocol.get_by_label("Filter").fill("postmessage")
    expect(protocol.get_by_role("listitem").filter(has_text="users.info")).to_have_count(0)
    expect(entry).to_be_visible()
    protocol.get_by_label("Both ways").select_option("To Jeeves")
    expect(protocol.get_by_text("Nothing fits this filter.")).to_be_visible()


def test_the_address_of_the_protocol_opens_it(chat: Chat) -> None:
    chat.page.goto(re.sub(r"/sandbox/.*", "/sandbox/protocol", chat.page.url))
    expect(chat.page.get_by_role("region", name="Protocol")).to_be_visible()


def test_slack_asks_to_slow_down_and_the_answer_comes_later(chat: Chat) -> None:
    trouble = chat.show("Make trouble")
    trouble.get_by_label("Retry after, seconds").fill("1")
    trouble.get_by_role("button", name="Make it so").click()
    expect(trouble.get_by_text("1 × chat.postMessage answers 429 ratelimited")).to_be_visible()
    chat.say("help")
    chat.sees("weather")
    expect(trouble.get_by_text("Nothing. All is well.")).to_be_visible()
    expect(trouble.get_by_text(re.compile(r"Last: chat\.postMessage was answered 429, (just now|\d+ s ago)\."))).to_be_visible()
    protocol = chat.show("Protocol")
    expect(protocol.get_by_role("listitem").filter(has_text="chat.postMessage").filter(has_text="429").first).to_be_visible()


def test_slack_is_dark_for_a_while(chat: Chat) -> None:
    trouble = chat.show("Make trouble")
    trouble.get_by_role("switch", name="Slack is dark").check()
    expect(chat.page.get_by_role("button", name=re.compile("Make trouble"))).to_contain_text("1")
    expect(trouble.get_by_text("Every call: Slack is dark")).to_be_visible()
    expect(trouble.get_by_text("All is well")).to_have_count(0)
    chat.say("what is my location")
    protocol = chat.show("Protocol")
    expect(protocol.get_by_role("listitem").filter(has_text="Slack is dark").first).to_be_visible()
    trouble = chat.show("Make trouble")
    expect(trouble.get_by_text("was left waiting, for Slack is dark")).to_be_visible()
    trouble.get_by_role("button", name="End all trouble").click()
    chat.sees("location")
    expect(trouble.get_by_role("switch", name="Slack is dark")).not_to_be_checked()
