"""Run the dispatcher."""

from dispatcher.app import create_app
from dispatcher.settings import Settings
from jeeves_service.serve import main

main(Settings, create_app, "dispatcher")
