"""`jeeves slack-manifest`: what is pasted at Slack's page to make the app."""

import json

from typer.testing import CliRunner

from jeeves.cli import app
from slack_ingest.manifest import manifest

ADDRESS = "https://jeeves.example.com"


def test_it_is_printed_for_the_public_address() -> None:  # S23, S31
    told = CliRunner().invoke(app, ["slack-manifest"], env={"JEEVES_PUBLIC_URL": ADDRESS + "/"})
    assert told.exit_code == 0
    assert json.loads(told.stdout) == manifest(ADDRESS)


def test_without_a_public_address_it_says_which_setting_is_missing() -> None:
    for address in (None, "http://jeeves.example.com"):
        refused = CliRunner().invoke(app, ["slack-manifest"], env={"JEEVES_PUBLIC_URL": address})
        assert isinstance(refused.exception, SystemExit)
        assert "JEEVES_PUBLIC_URL" in str(refused.exception)
