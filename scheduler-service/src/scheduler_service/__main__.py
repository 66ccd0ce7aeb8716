"""Run scheduler-service."""

from jeeves_service.serve import main
from scheduler_service.app import NAME, create_app
from scheduler_service.settings import Settings

main(Settings, create_app, NAME)
