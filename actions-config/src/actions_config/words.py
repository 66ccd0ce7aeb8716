"""All words of actions-config that people read. Backticks mark what is to be typed."""

from jeeves_service.words import Catalogue

TEXTS = {
    "summary": "What I know about you: set, show, forget",
    "config.usage": "config [show | set <name> <value> | forget <name>]",
    "config.summary": "Shows and changes what I know about you: your location and your units",
    "example.set": "my location is Paris",
    "example.units": "use fahrenheit",
    "example.show": "what is my location",
    "example.forget": "forget my location",
    "example.all": "config",
    "set.location": "Your location is now {value}.",
    "set.units": "Your units are now {value}.",
    "changed.location": "Your location is now {value}. It was {was}.",
    "changed.units": "Your units are now {value}. They were {was}.",
    "same.location": "Your location is {value} already.",
    "same.units": "Your units are {value} already.",
    "forgotten.location": "I have forgotten your location. It was {was}.",
    "forgotten.units": "I have forgotten your units. They were {was}.",
    "nothing.location": "I do not know your location, so there is nothing to forget.",
    "nothing.units": "I do not know your units, so there is nothing to forget.",
    "known.location": "Your location is {value}.",
    "known.units": "Your units are {value}.",
    "unset.location": "I do not know your location. Tell me: `my location is Paris`.",
    "unset.units": "I do not know your units. Tell me: `my units are metric`.",
    "missing.location": "Where are you? Type for example `my location is Paris`.",
    "missing.units": "Which units? Type for example `my units are metric`, or `imperial`.",
    "wrong.location": "A location has 1 to 200 characters, for example `my location is Paris`.",
    "wrong.units": "I know the units metric and imperial. Type for example `my units are metric`.",
    "name.location": "Location",
    "name.units": "Units",
    "not.set": "not set",
    "all": "This is what I know about you. {facts}.",
    "all.none": "I know nothing about you yet. Tell me for example `my location is Paris` or `my units are metric`.",
    "all.one": "{name}: {value}",
    "change": "To change it: `my location is Paris`, `my units are metric`, `forget my location`.",
    "help": (
        "Tell me `my location is Paris` or `my units are metric` (or `imperial`); I use them for the weather. "
        "`config` shows what I know about you, `forget my location` makes me forget it."
    ),
    "unknown": 'I keep nothing called "{name}". What I keep: {names}. `config help` tells how to change it.',
}

WORDS = Catalogue("actions_config", TEXTS)
