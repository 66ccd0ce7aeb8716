"""The API as it is described: the committed document, and the page for people."""

import asyncio
import re
from pathlib import Path

import pytest

from support.api import Api
from users_service.api.committed import files, main
from users_service.api.page import kind, marked


def test_the_document_is_made_without_a_database_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", str(tmp_path / "openapi.json")]) == 0
    assert main(["check", str(tmp_path)]) == 0
    (tmp_path / "openapi.json").write_text("{}", encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    assert "python -m users_service.api.openapi write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["openapi.json"]


async def test_what_runs_tells_what_is_made(api: Api) -> None:
    told = await api.ask("GET", "/openapi.json")
    (committed,) = (await asyncio.to_thread(files)).values()
    assert told.body.decode() == committed


async def test_the_page_leads_to_every_operation_without_a_script(api: Api) -> None:  # S94
    page = await api.ask("GET", "/docs")
    text = page.body.decode()
    document = (await api.ask("GET", "/openapi.json")).json
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert {one["operationId"] for way in document["paths"].values() for one in way.values()} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert "<script" not in text
    assert text.count("<h1") == 1
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_descriptions_are_text_whatever_is_in_them() -> None:
    assert str(marked("a <b> `<i>` c")) == "a &lt;b&gt; <code>&lt;i&gt;</code> c"
    assert kind({"type": "array", "items": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}]}}) == (
        "list of string, at most 5 characters or null"
    )
