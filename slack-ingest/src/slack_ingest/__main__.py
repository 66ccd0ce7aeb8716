"""Run slack-ingest alone: `python -m slack_ingest`."""

from jeeves_service.serve import main
from slack_ingest.app import create_app
from slack_ingest.settings import Settings

if __name__ == "__main__":
    main(Settings, create_app, "slack-ingest")
