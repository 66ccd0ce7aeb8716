"""Pictures and files of Jeeves's in the chat page: seen, told to who cannot see, and kept; by who may read them alone."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from e2e.chat import Chat
from jeeves.servers.processes import free_ports
from support.pictures import png

WIDTH, HEIGHT = 480, 200
CONTENT = b'{"facts": {"location": "London, UK"}}\n'


@dataclass
class Workspace:
    """A sandbox alone, in which a test speaks for Jeeves."""

    url: str
    token: str

    def call(self, method: str, **args: Any) -> dict[str, Any]:
        """Call the Web API until it agrees: it has a look at pictures before it shows them."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        end = time.monotonic() + 10
        while True:
            told: dict[str, Any] = json.loads(_post(f"{self.url}/sandbox/api/{method}", json.dumps(args).encode(), headers))
            if told["ok"]:
                return told
            assert time.monotonic() < end, told
            time.sleep(0.02)

    def upload(self, name: str, content: bytes, **where: str) -> str:
        """Upload a file, perhaps into a conversation; return its id."""
        begun = self.call("files.getUploadURLExternal", filename=name, length=len(content))
        _post(begun["upload_url"], content, {})
        self.call("files.completeUploadExternal", files=[{"id": begun["file_id"], "title": name}], **where)
        return str(begun["file_id"])


def _post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    request = urllib.request.Request(url, body, headers, method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as response:
        return bytes(response.read())


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "jeeves_sandbox", "--port", str(port), "--jeeves", "http://127.0.0.1:9"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = {name: value for name, _, value in (process.stdout.readline().strip().partition("=") for _ in range(5))}
        yield Workspace(f"http://127.0.0.1:{port}", told["export SLACK_BOT_TOKEN"])
        process.terminate()


@pytest.fixture
def page(browser: Browser, workspace: Workspace) -> Iterator[Chat]:
    one = Chat(browser, workspace.url)
    yield one
    one.close()
    assert not one.trouble


def test_a_picture_is_seen_in_a_message_and_told_to_who_cannot_see_it(page: Chat, workspace: Workspace) -> None:
    for number in range(20):
        workspace.call("chat.postMessage", channel="D0ANA", text=f"before it: {number}")
    page.sees("before it: 19")
    file_id = workspace.upload("chart.png", png(WIDTH, HEIGHT))
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "This week in numbers"}}
    image = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Messages a day: most on Thursday"}
    workspace.call("chat.postMessage", channel="D0ANA", text="This week in numbers", blocks=[words, image])
    message = page.sees("This week in numbers")
    picture = message.get_by_role("img", name="Messages a day: most on Thursday")
    expect(picture).to_be_visible()
    page.page.wait_for_function("image => image.complete && image.naturalWidth", arg=picture.element_handle())
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [WIDTH, HEIGHT]
    expect(picture).to_be_in_viewport(ratio=1)  # who is at the end stays there
    assert not page.complaints()


def test_a_file_is_kept_as_it_is_and_opens_nothing(page: Chat, workspace: Workspace, tmp_path: Path) -> None:
    workspace.upload("everything.json", CONTENT, channel_id="D0ANA")
    link = page.sees("everything.json").get_by_role("link", name=re.compile("everything.json"))
    expect(link).to_contain_text("38 bytes")
    with page.page.expect_download() as downloading:
        link.click()
    kept = tmp_path / "kept"
    downloading.value.save_as(kept)
    assert (downloading.value.suggested_filename, kept.read_bytes()) == ("everything.json", CONTENT)
    assert not page.complaints()


def test_nobody_else_sees_what_is_in_a_direct_conversation(page: Chat, workspace: Workspace) -> None:
    workspace.upload("anas.json", CONTENT, channel_id="D0ANA")
    page.sees("anas.json")
    page.be("Ben")
    expect(page.conversation.get_by_text("anas.json")).to_have_count(0)
