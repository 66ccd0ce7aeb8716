"""Facts of a channel and of the workspace, and who sees what."""

import pytest

from jeeves_actions.testing import Caller, converse
from jeeves_contracts.actions import FactClear, FactDelete, FactSet
from support.hearing import hear


@pytest.fixture
def ana(ana: Caller) -> Caller:
    ana.is_direct = False
    return ana


async def test_a_channel_remembers_what_it_is_told_from_inside(ana: Caller) -> None:
    await converse(
        ana,
        ("what do you know about this channel", "I know nothing about this channel yet."),
        ("remember for this channel: standup is at 9:30", "This channel's standup is now at 9:30."),
        ("for this channel: standup is at 9:30", "This channel's standup is at 9:30 already."),
        ("for everybody here: wifi is Acme", "This channel's wifi is now Acme."),
        (
            "what is this channel's standup",
            "This channel's standup is at 9:30. Somebody told me in this channel on 9 March 2026.",
        ),
        ("what is our standup", "This channel's standup is at 9:30."),
        ("what is my standup", "I do not know your standup. This channel's standup is at 9:30."),
        ("what do you know about this channel", "standup: at 9:30"),
        ("remember for this channel: bring cake", 'Noted for this channel: "bring cake".'),
        ("forget the standup for this channel", "I have forgotten this channel's standup."),
        ("forget my wifi", "I do not know your wifi, so there is nothing to forget. This channel's wifi is Acme."),
    )
    assert await ana.press("Forget that") == "I have forgotten this channel's wifi."
    assert ana.notebook.channel == {"bring cake": "bring cake"}
    assert ana.facts == {}


async def test_in_a_direct_message_there_is_no_channel(ana: Caller) -> None:
    ana.is_direct = True
    about = "That is about a channel, and this is a direct message"
    await converse(
        ana,
        ("remember for this channel: standup is at 9:30", f"{about}: say it in the channel. For yourself: `my standup is …`."),
        ("this channel's location is Paris", about),
        ("remember for this channel: bring cake", about),
        ("forget this channel's standup", about),
        ("forget everything about this channel", about),
        ("what do you know about this channel", "there is no channel to know anything about"),
    )
    assert ana.notebook.channel == {}


async def test_the_workspace_listens_to_its_admins(ana: Caller) -> None:  # S110, S111
    no = "What I know of the workspace can be changed by its admins only."
    await converse(
        ana,
        ("for the whole workspace: wifi is Acme", no),
        ("the workspace's wifi is Acme", no),
        ("remember for everybody: bring cake", no),
        ("forget everything about the workspace", no),
        ("forget the workspace's wifi", no),
    )
    assert ana.notebook.workspace == {}
    ana.roles = ["member", "admin"]
    await converse(
        ana,
        ("for the whole workspace: wifi is Acme", "The workspace's wifi is now Acme."),
        ("the workspace's floor is 3", "The workspace's floor is now 3."),
        ("what is the workspace's wifi", "The workspace's wifi is Acme. An admin told me on 9 March 2026."),
        ("what do you know about the workspace", "floor: 3\nwifi: Acme"),
        ("forget the workspace's floor", "I have forgotten the workspace's floor."),
    )
    assert ana.notebook.workspace == {"wifi": "Acme"}


async def test_for_whom_something_of_ours_is_to_be_kept_is_asked(ana: Caller) -> None:
    assert await ana.say("our standup is at 10") == "For whom should I remember that?"
    with pytest.raises(LookupError):
        await ana.press("For the whole workspace")
    await ana.press("For this channel")
    await ana.say("our standup is at 10")
    await ana.press("Just for me")
    assert (ana.facts, ana.notebook.channel) == ({"standup": "at 10"}, {"standup": "at 10"})
    ana.roles = ["member", "admin"]
    await ana.say("our wifi is Acme")
    await ana.press("For the whole workspace")
    assert ana.notebook.workspace == {"wifi": "Acme"}


async def test_what_is_known_about_me_is_apart_from_what_is_known_around_me(ana: Caller) -> None:
    ana.facts["birthday"] = "3 May"
    ana.notebook.channel["standup"] = "at 9:30"
    ana.notebook.workspace["wifi"] = "Acme"
    mine = await ana.say("what do you know about me")
    assert "birthday: 3 May" in mine
    assert "standup:" not in mine
    assert "`facts about this channel`" in mine
    assert "birthday: 3 May\nstandup (this channel): at 9:30\nwifi (the workspace): Acme" in await ana.say("config")
    ana.is_direct = True
    assert "standup" not in await ana.say("config")


@pytest.mark.parametrize(
    "said",
    ["config", "my birthday is 3 May", "my location is Paris", "what is my birthday", "forget my birthday", "config help",
     "my computer is broken", "remember my pin is 1", "what do you know about this channel", "forget everything",
     "our wifi is Acme", "for the whole workspace: wifi is Acme", "remember that I am tall", "what was my birthday before"],
)  # fmt: skip
async def test_only_the_person_sees_what_is_theirs(ana: Caller, said: str) -> None:  # P14
    ana.facts["birthday"] = "2 May"
    answer = await hear(ana, said)
    assert [message.visibility for message in answer.messages] == ["ephemeral"]
    ana.is_direct = True
    assert [message.visibility for message in (await hear(ana, said)).messages] == ["channel"]


async def test_everybody_sees_what_is_changed_for_them(ana: Caller) -> None:
    ana.roles = ["member", "admin"]
    for said, change in (
        ("for this channel: wifi is Acme", FactSet(name="wifi", value="Acme", scope="channel")),
        ("for the whole workspace: wifi is Acme", FactSet(name="wifi", value="Acme", scope="workspace")),
        ("forget this channel's wifi", FactDelete(name="wifi", scope="channel")),
        ("forget everything about the workspace yes", FactClear(scope="workspace")),
    ):
        answer = await hear(ana, said)
        assert answer.changes == [change]
        assert [message.visibility for message in answer.messages] == ["channel"]
    same = await hear(ana, "what do you know about the workspace")
    assert same.messages[0].visibility == "ephemeral"
