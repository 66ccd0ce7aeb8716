"""Settings of scheduler-service."""

from jeeves_service.settings import PeerSettings


class Settings(PeerSettings):
    """What every service with a bus and users-service has, and nothing more."""
