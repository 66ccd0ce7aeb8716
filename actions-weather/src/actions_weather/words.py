"""All words of actions-weather that people read. Backticks mark what is to be typed."""

from jeeves_service.words import Catalogue

TEXTS = {
    "summary": "Weather and forecasts",
    "weather.usage": "weather [in] <place>",
    "weather.summary": "The weather now and today, for a place or for where you live",
    "example.named": "weather in London, UK",
    "example.stored": "weather",
    "example.phrase": "will it rain in Reykjavík",
    "now": "{place}: {now} {degree}, {sky}.",
    "now.plain": "{place}: {now} {degree}.",
    "place": "{place}:",
    "today": "Today {parts}.",
    "today.range": "{low} to {high} {degree}",
    "today.rain": "{rain} % chance of rain",
    "today.snow": "{rain} % chance of snow",
    "today.wind": "wind {wind} {speed}",
    "stale": "That is as of {age} ago: the weather service does not answer just now.",
    "minutes": "{count} minutes",
    "minute": "a minute",
    "hours": "{count} hours",
    "hour": "an hour",
    "others": "If you meant another place of that name: {places}.",
    "field.feels": "Feels like",
    "field.today": "Today",
    "field.rain": "Chance of rain",
    "field.snow": "Chance of snow",
    "field.wind": "Wind",
    "attribution": "Weather data by Open-Meteo.com",
    "ask": "Which place? Type for example `weather in Paris`, or tell me where you live: `my location is Paris`.",
    "unknown": 'I know no place named "{place}". Check how it is spelt, or name a bigger place nearby.',
    "unknown.near": 'I know no "{place}". I do know: {places}.',
    "unknown.stored": 'I know no place named "{place}", which is your stored location. Change it: `my location is Paris`.',
    "long": "That is too long for the name of a place. Type for example `weather in Paris`.",
    "later": "I know the weather of now and of today only, not of another day.",
    "down": "Sorry, the weather service cannot be reached just now. Try again in a few minutes.",
}  # fmt: skip

#: WMO weather interpretation codes as Open-Meteo uses them. https://open-meteo.com/en/docs#weather_variable_documentation
SKIES = {
    0: "clear sky", 1: "mainly clear", 2: "partly cloudy", 3: "overcast", 45: "fog", 48: "freezing fog", 51: "light drizzle",
    53: "drizzle", 55: "heavy drizzle", 56: "light freezing drizzle", 57: "freezing drizzle", 61: "light rain", 63: "rain",
    65: "heavy rain", 66: "light freezing rain", 67: "freezing rain", 71: "light snow", 73: "snow", 75: "heavy snow",
    77: "snow grains", 80: "light showers", 81: "showers", 82: "violent showers", 85: "light snow showers",
    86: "heavy snow showers", 95: "thunderstorm", 96: "thunderstorm with hail", 99: "thunderstorm with heavy hail",
}  # fmt: skip
SNOW = frozenset({71, 73, 75, 77, 85, 86})

WORDS = Catalogue("actions_weather", TEXTS | {f"sky.{code}": words for code, words in SKIES.items()})
