"""Who is in the workspace, and where they talk: people of different zones and languages, one of them its admin."""

from dataclasses import dataclass

TEAM, DOMAIN = "T0SANDBOX", "sandbox"
BOT_USER, BOT, APP, BOT_NAME = "U0JEEVES", "B0JEEVES", "A0JEEVES", "Jeeves"


@dataclass(frozen=True)
class Person:
    """`timezone` by its IANA name, `locale` as a BCP 47 tag."""

    id: str
    name: str
    real_name: str
    timezone: str
    locale: str
    admin: bool = False

    @property
    def email(self) -> str:
        """An address of theirs, which nobody answers."""
        return f"{self.name.lower() or self.id.lower()}@{DOMAIN}.example"


@dataclass(frozen=True)
class Channel:
    """A public channel, in which everybody is, and Jeeves."""

    id: str
    name: str
    topic: str


PEOPLE = (
    Person("U0ANA", "Ana", "Ana Ferreira", "Europe/London", "en-GB", admin=True),
    Person("U0BEN", "Ben", "Ben Carter", "America/New_York", "en-US"),
    Person("U0CHIYO", "Chiyo", "Chiyo Tanaka", "Asia/Tokyo", "ja-JP"),
)
CHANNELS = (
    Channel("C0GENERAL", "general", "Whatever concerns everybody"),
    Channel("C0TRAVEL", "travel", "Trips, trains and the weather where you are going"),
    Channel("C0RANDOM", "random", "Anything else"),
)


def is_person(name: str) -> bool:
    """Tell the id of a person from one of a conversation."""
    return name.startswith(("U", "W"))


def direct_id(person: str) -> str:
    """Return the id of the direct conversation of a person and Jeeves."""
    return "D" + person[1:]
