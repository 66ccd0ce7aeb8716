"""Run the dispatcher."""

from jeeves_dispatcher.app import create_app
from jeeves_dispatcher.settings import Settings
from jeeves_service.serve import main

main(Settings, create_app, "dispatcher")
