"""What a person wants to know of the weather: whether it rains is another question than how it is."""

import re
from typing import Literal

About = Literal["rain", "umbrella", "snow", "wind", "sun", "warmth"]
ABOUTS: tuple[About, ...] = ("rain", "umbrella", "snow", "wind", "sun", "warmth")
#: How a question begins → what it is about. Each is a phrase of the manifest, alone and with words for a place or a time.
QUESTIONS: dict[str, About | None] = {
    "how is the weather": None,
    "how's the weather": None,
    "how the weather is": None,
    "what is up with the weather": None,
    "what's up with the weather": None,
    "what is the weather": None,
    "what's the weather": None,
    "what will the weather be": None,
    "what the weather is": None,
    "what the weather is like": None,
    "what the weather will be": None,
    "will it rain": "rain",
    "is it raining": "rain",
    "is it going to rain": "rain",
    "if it will rain": "rain",
    "what is the chance of rain": "rain",
    "what's the chance of rain": "rain",
    "will it snow": "snow",
    "is it snowing": "snow",
    "is it going to snow": "snow",
    "do i need an umbrella": "umbrella",
    "should i take an umbrella": "umbrella",
    "will it be sunny": "sun",
    "is it sunny": "sun",
    "how windy is it": "wind",
    "how hot is it": "warmth",
    "how cold is it": "warmth",
    "is it cold": "warmth",
    "how warm is it": "warmth",
    "how warm will it be": "warmth",
    "how cold will it be": "warmth",
    "how hot will it be": "warmth",
    "will it be cold": "warmth",
    "will it be warm": "warmth",
    "will it be hot": "warmth",
}
_BEGINNINGS = {tuple(begun.split()): about for begun, about in QUESTIONS.items()}
_WORD = re.compile(r"\S+")


def question_of(folded_text: str) -> About | None:
    """Return what a text that is one of the phrases asks about."""
    words = tuple(found[0].strip("?!.,") for found in _WORD.finditer(folded_text[:200]))
    return next((about for begun, about in _BEGINNINGS.items() if words[: len(begun)] == begun), None)


def about_of(name: object) -> About | None:
    """Return a question's subject by its name, whoever says it."""
    return next((about for about in ABOUTS if about == name), None)
