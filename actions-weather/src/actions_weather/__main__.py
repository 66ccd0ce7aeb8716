"""Run this service alone."""

from actions_weather.app import create_app
from actions_weather.settings import Settings
from jeeves_service.serve import main

if __name__ == "__main__":
    main(Settings, create_app, "actions-weather")
