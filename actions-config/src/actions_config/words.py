"""All words of actions-config that people read. Backticks mark what is to be typed."""

from jeeves_service.words import Catalogue

COMMANDS = {
    "summary": "What I know about you: remember, show, forget",
    "config.usage": "config",
    "config.summary": (
        "Shows and changes what I know about you: where you live, your time zone, units, language, and anything else"
    ),
    "config.example.1": "what do you know about me",
    "config.example.2": "my working hours are 9 to 17",
    "config.example.3": "use fahrenheit",
    "config.example.4": "my location is Paris",
    "remember.usage": "remember <name> is <value>",
    "remember.summary": "Remembers anything that you tell me, about yourself, a channel or the workspace",
    "remember.example.1": "remember my birthday is 3 May",
    "remember.example.2": "remember that I am vegetarian",
    "remember.example.3": "remember for this channel: standup is at 9:30",
    "forget.usage": "forget <name>",
    "forget.summary": "Forgets one thing that I know about you, or everything",
    "forget.example.1": "forget my birthday",
    "forget.example.2": "forget everything",
    "facts.usage": "facts",
    "facts.summary": "Shows what I know about you, since when, and what it was before",
    "facts.example.1": "facts",
    "facts.example.2": "what is my birthday",
    "facts.example.3": "what was my location before",
}
HINTS = {
    "hint.help": (
        "Tell me anything: `my location is Paris`, `remember my birthday is 3 May`, `remember for this channel: standup is at "
        "9:30`. `what do you know about me` shows it, `forget my birthday` makes me forget it. I use your location, time zone, "
        "units, language and working hours."
    ),
    "hint.remember": (
        "What should I remember? Tell me for example `remember my birthday is 3 May` or `remember that I am vegetarian`."
    ),
    "hint.remind": "I keep facts, I do not remind. If you want it kept as a note: `remember: buy milk`.",
    "hint.forget": "What should I forget? For example `forget my birthday`, or `forget everything`.",
    "hint.forget_it": "All right. To take back your last change: `undo`. To make me forget one thing: `forget my birthday`.",
    "hint.set": "Tell me what it is, for example `set my location to Paris` or `my units are metric`.",
    "not.asked": "I have not asked you anything just now. `what do you know about me` shows what I keep.",
    "kept": "All right, I forget nothing.",
    "nowhere": "This is a direct message, where there is no channel to know anything about. Ask me in the channel.",
    "talk": "That sounds like news rather than something to keep. Shall I remember it all the same?",
    "ours": "For whom should I remember that?",
}
BUTTONS = {
    "button.remember": "Remember it",
    "button.me": "Just for me",
    "button.channel": "For this channel",
    "button.workspace": "For the whole workspace",
    "button.more": "Show more",
    "button.clear": "Yes, forget everything",
    "button.keep": "No, keep it",
    "button.forget_it": "Forget that",
}
REFUSALS = {
    "name.other": "I keep only what people tell me about themselves. What you note for yourself needs a plain name.",
    "name.secret": "I do not keep secrets such as passwords, tokens and card numbers: they belong in a password manager.",
    "name.long": "A name has at most {limit} characters. Find a shorter one, for example `remember my shoe size is 42`.",
    "name.none": "I need a name with letters or digits, for example `remember my shoe size is 42`.",
    "value.long": "That is too long: I keep up to {limit} characters of a thing.",
    "full": (
        "I remember at most 100 things, and that many I know. `what do you know about me` shows them; let me forget something "
        "first."
    ),
    "barred.channel": (
        "That is about a channel, and this is a direct message: say it in the channel. For yourself: `{example}`."
    ),
    "barred.workspace": "What I know of the workspace can be changed by its admins only. For yourself: `{example}`.",
}
ONE = {
    "name.location": "location",
    "name.timezone": "time zone",
    "name.units": "units",
    "name.language": "language",
    "name.working hours": "working hours",
    "whose.person": "your {name}",
    "whose.named": "{name}",
    "whose.channel": "this channel's {name}",
    "whose.workspace": "the workspace's {name}",
    "example.location": "location is Paris",
    "example.timezone": "time zone is Berlin",
    "example.units": "units are metric",
    "example.language": "language is German",
    "example.working hours": "working hours are 9 to 17",
    "example.any": "{name} is …",
    "example.note": "remember that I am vegetarian",
    "example.forget": "forget my birthday",
    "set.is": "{whose} is now {value}.",
    "set.are": "{whose} are now {value}.",
    "same.is": "{whose} is {value} already.",
    "same.are": "{whose} are {value} already.",
    "known.is": "{whose} is {value}.",
    "known.are": "{whose} are {value}.",
    "unknown": "I do not know {whose}. Tell me: `{example}`.",
    "unknown.called": 'I know nothing called "{topic}". Tell me: `{example}`.',
    "unknown.called.channel": 'I know nothing called "{topic}". Tell me: `{example}`, or for everybody here: `{here}`.',
    "unknown.own": "I do not know {whose}.",
    "unknown.about": 'I know nothing about "{topic}". `what do you know about me` shows what I keep.',
    "near": "Did you mean `{command}`?",
    "nothing": "I do not know {whose}, so there is nothing to forget.",
    "nothing.about": 'I know nothing called "{topic}", and I keep nothing about other people.',
    "forgotten": "I have forgotten {whose}.",
    "forgotten.note": 'I have forgotten it: "{text}".',
    "not.so.is": "Then what is {whose}? Tell me: `{example}`.",
    "not.so.are": "Then what are {whose}? Tell me: `{example}`.",
    "missing.is": "What is {whose}? Tell me: `{example}`.",
    "missing.are": "What are {whose}? Tell me: `{example}`.",
    "note.person": 'Noted: "{text}".',
    "note.channel": 'Noted for this channel: "{text}".',
    "note.workspace": 'Noted for the whole workspace: "{text}".',
    "note.same": 'I know that already: "{text}".',
    "note.known": 'I noted: "{text}".',
    "note.found": 'You told me: "{text}".',
    "source.said": "You told me on {date}.",
    "source.button": "You chose it with a button on {date}.",
    "source.schedule": "It came from one of your schedules on {date}.",
    "source.dashboard": "You set it on the dashboard on {date}.",
    "source.derived": "I took it from your location on {date}.",
    "source.channel": "Somebody told me in this channel on {date}.",
    "source.workspace": "An admin told me on {date}.",
    "past.is": "{whose} is {value} now. Before, it was:",
    "past.are": "{whose} are {value} now. Before, they were:",
    "past.line": "{value}, until {date}",
    "past.none.is": "{whose} is {value}, and I know of nothing that it was before.",
    "past.none.are": "{whose} are {value}, and I know of nothing that they were before.",
    "past.was": "It was",
    "past.until": "Until",
    "not.set": "not set",
    "date": "{day} {month} {year}",
    "months": "January February March April May June July August September October November December",
    "and": "{first} and {last}",
}
KINDS = {
    "missing.location": "Where are you? Type for example `my location is Paris`.",
    "missing.timezone": "Which time zone? Type for example `my time zone is Berlin`, or `Europe/Berlin`.",
    "missing.units": "Which units? Type for example `my units are metric`, or `imperial`.",
    "missing.language": "Which language? Type for example `my language is German`.",
    "missing.working hours": (
        "When do you work? Type for example `my working hours are 9 to 17`, or `9am to 5pm, Monday to Friday`."
    ),
    "long.location": "That is too long for the name of a place. Type for example `my location is Paris`.",
    "wrong.location": 'I know no place named "{words}". Check how it is spelt, or name a bigger place nearby.',
    "wrong.location.near": 'I know no place named "{words}". Did you mean one of these?',
    "wrong.timezone": (
        'I know no time zone "{words}". Name a city, as in `my time zone is Berlin`, or a zone such as `Europe/Berlin`.'
    ),
    "offset.timezone": (
        'I know no time zone that is always "{words}". Name a city that has your time: `my time zone is Berlin`.'
    ),
    "away.timezone": (
        'I cannot look up "{words}" just now. Name a zone such as `Europe/Berlin`, or try again in a few minutes.'
    ),
    "wrong.units": "I know the units metric and imperial. Type for example `my units are metric`.",
    "wrong.language": 'I know no language "{words}". Name it in English or in itself: `my language is German`.',
    "several.language": "Which one should I use with you?",
    "wrong.working hours": (
        'I cannot read "{words}" as working hours. Type for example `my working hours are 9 to 17`, or `9am to 5pm, Monday to '
        "Friday`."
    ),
    "remark.others": "If you meant another place of that name, choose it:",
    "remark.unchecked": "I could not look it up just now, so I keep it as you said it.",
    "remark.fixed": "That never changes to summer time; the zone of a city does: `my time zone is Berlin`.",
    "remark.language": "So far I answer in English, but I name places in {value}.",
    "zone.set": "Your time zone goes with it: {zone}.",
    "zone.stays": "Your time zone stays {zone}.",
}
ALL = {
    "all.person": "This is what I know about you.",
    "all.channel": "This is what I know about this channel.",
    "all.workspace": "This is what I know about the workspace.",
    "all.around": "I know nothing about you yet, but this about where you are.",
    "all.page": "{first} to {last} of {count}:",
    "all.line": "{name}: {value}",
    "all.around.more": "I also know something about where you are: `facts about this channel`, `facts about the workspace`.",
    "all.none.person": (
        "I know nothing about you yet. Tell me for example `my location is Paris` or `remember my birthday is 3 May`."
    ),
    "all.none.channel": (
        "I know nothing about this channel yet. Tell me for example `remember for this channel: standup is at 9:30`."
    ),
    "all.none.workspace": "I know nothing about the workspace yet. Its admins may tell me.",
    "named.person": "{name}",
    "named.channel": "{name} (this channel)",
    "named.workspace": "{name} (the workspace)",
    "column.name": "What",
    "column.value": "It is",
    "column.since": "Since",
    "how.person": "To change one: `my birthday is 4 May`. To forget one: `forget my birthday`.",
    "how.channel": "To change one: `this channel's standup is at 10`. To forget one: `forget this channel's standup`.",
    "how.workspace": "Its admins can change it: `the workspace's wifi is Acme`.",
    "untold": "I could also use your {names}.",
    "fact": "one thing",
    "facts": "{count} things",
    "clear.person": "Shall I forget everything that I know about you, {facts} in all? Undo brings it back for a day.",
    "clear.channel": "Shall I forget everything that I know about this channel, {facts} in all? Undo brings it back for a day.",
    "clear.workspace": (
        "Shall I forget everything that I know about the workspace, {facts} in all? Undo brings it back for a day."
    ),
    "clear.none.person": "I know nothing about you, so there is nothing to forget.",
    "clear.none.channel": "I know nothing about this channel, so there is nothing to forget.",
    "clear.none.workspace": "I know nothing about the workspace, so there is nothing to forget.",
    "cleared.person": "I have forgotten everything that I knew about you.",
    "cleared.channel": "I have forgotten everything that I knew about this channel.",
    "cleared.workspace": "I have forgotten everything that I knew about the workspace.",
}
TEXTS = COMMANDS | HINTS | BUTTONS | REFUSALS | ONE | KINDS | ALL

WORDS = Catalogue("actions_config", TEXTS)
