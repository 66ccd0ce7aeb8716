"""All words of slack-ingest that people read."""

from jeeves_service.words import Catalogue

TEXTS = {"choose": "Choose…"}
say = Catalogue("slack_ingest", TEXTS).text
