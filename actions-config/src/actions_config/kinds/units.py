"""Units: metric or imperial, by what people call them."""

from actions_config.values import meant

METRIC, IMPERIAL = "metric", "imperial"
SYNONYMS = {
    **dict.fromkeys(
        ("metric", "celsius", "centigrade", "c", "°c", "si", "degrees celsius", "degrees c", "kilometres", "kilometers", "km",
         "kmh", "km/h", "metrisch", "métrique", "metric system", "the metric system", "european", "degree celsius"), METRIC),
    **dict.fromkeys(
        ("imperial", "fahrenheit", "f", "°f", "us", "american", "us customary", "customary", "degrees fahrenheit", "degrees f",
         "miles", "mph", "imperial system", "the imperial system", "degree fahrenheit", "imperiale", "impérial"), IMPERIAL),
}  # fmt: skip


def read(words: str) -> str | None:
    """Return `metric` or `imperial`, or None when the words name neither."""
    plain = " ".join(meant(words).casefold().rstrip("!.").split())
    return SYNONYMS.get(plain.removesuffix(" units").removesuffix(" unit").removesuffix(" please").strip())
