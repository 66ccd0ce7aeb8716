"""Settings of actions-config: none of its own."""

from jeeves_service.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those of every service."""
