"""`who am I`: who somebody is to Jeeves, why they may what they may, what is kept of them (S32)."""

from jeeves_contracts.actions import FactSet
from support.messages import item, message
from support.users import Users


async def test_a_member_reads_who_they_are_and_what_is_kept_of_them(users: Users) -> None:
    said = item(message(name="Ada", locale="en-GB", timezone="Europe/London"))
    await users.answered(said, "Noted.", changes=[FactSet(name="location", value="Paris")])
    (told,) = await users.show(item(message("who am I")), "whoami")
    assert told.visibility == "ephemeral"
    assert told.text.splitlines() == [
        "You are *Ada*: U1 in the Slack workspace T1.",
        "You are a member: what everybody may, you may.",
        "Your time zone is Europe/London, your language en-GB.",
        (
            "I keep 1 fact, 0 schedules and 2 messages of yours: `what do you know about me` shows it, `export my data` hands "
            "it to you, `delete everything about me` erases it."
        ),
        "Do you talk to me from another workspace, too? `link accounts` makes that one person.",
    ]


async def test_what_they_told_counts_before_what_the_platform_says(users: Users) -> None:
    changes = [FactSet(name="timezone", value="Asia/Tokyo"), FactSet(name="language", value="ja")]
    await users.change_facts(item(message(locale="en-GB", timezone="Europe/London")), *changes)
    (told,) = await users.show(item(message("who am I")), "whoami")
    assert "Your time zone is Asia/Tokyo, your language ja." in told.text


async def test_admins_and_operators_read_why_they_are_it(users: Users) -> None:
    (told,) = await users.show(item(message("who am I", user="UOP")), "whoami")
    assert "You are operator, because JEEVES_OPERATORS names T1:UOP." in told.text
    (told,) = await users.show(item(message("who am I", user="UADMIN")), "whoami")
    assert "You are admin of this workspace, because JEEVES_ADMINS names T1:UADMIN." in told.text
