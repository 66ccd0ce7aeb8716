"""Run users-service."""

from jeeves_service.serve import main
from users_service.app import create_app
from users_service.settings import Settings

main(Settings, create_app, "users-service")
