"""Looks into processes are told by layer."""

import pytest

from bench.profile import OTHER, layer, shares

LOOP = "main (jeeves_service/serve.py:152);run (uvloop/__init__.py:92);Runner.run (asyncio/runners.py:118)"


@pytest.mark.parametrize(
    ("stack", "named"),
    [
        (LOOP, OTHER),
        (f"{LOOP};claim (users_service/routes.py:30);execute (sqlalchemy/engine/base.py:1);get (weakref.py:9)", "SQLAlchemy"),
        (f"{LOOP};handle (jeeves_dispatcher/service.py:1);request (jeeves_service/http.py:1)", "HTTP client"),
        (f"{LOOP};handle (jeeves_dispatcher/service.py:1);loads (json/__init__.py:1)", "our code"),
        (f"{LOOP};publish (jeeves_service/bus/rabbit.py:1);put (aiormq/channel.py:1)", "bus: client library"),
    ],
)
def test_a_look_belongs_to_the_innermost_layer(stack: str, named: str) -> None:
    assert layer(stack) == named


def test_shares_are_of_all_looks_the_largest_first() -> None:
    lines = [f"{LOOP};a (quart/app.py:1) 30", f"{LOOP};b (quart/asgi.py:1) 30", f"{LOOP} 40"]
    assert shares(lines) == [("Quart", 0.6), (OTHER, 0.4)]
    assert shares([]) == []
