"""The catalogue of what people read."""

import pytest

from jeeves_service.words import Catalogue, language_of


def test_what_a_person_wrote_is_never_read_as_a_template() -> None:  # P111
    words = Catalogue("jeeves_service", {"unknown": "I know no {place}."})
    assert words.text("unknown", place="{place.__class__} {0}") == "I know no {place.__class__} {0}."


def test_a_language_without_a_translation_is_answered_in_english() -> None:
    words = Catalogue("jeeves_service", {"yes": "Yes."})
    assert words.text("yes", "de-DE") == "Yes."


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-GB", "en"), ("pt_BR", "pt"), ("DE", "de"), (None, "en"), ("", "en"), ("../../etc", "en"), ("x" * 500, "en")],
)
def test_a_locale_names_a_language(locale: str | None, language: str) -> None:
    assert language_of(locale) == language
